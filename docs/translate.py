"""Bring the catalogues of translations up to date with what the pages and the program say.

    python docs/translate.py            reads src/rung, and rewrites src/rung/words/catalogues/*.po
    python docs/translate.py --check    changes nothing; says what is missing, and ends with 1 if anything is

A text that is new stands in each catalogue with an empty translation, one that is no longer said is dropped.
Nothing is guessed: a text that was changed must be translated again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from rung.words import LANGUAGES

SOURCE = Path(__file__).resolve().parent.parent / "src" / "rung"
CATALOGUES = SOURCE / "words" / "catalogues"
METHODS = [("**.py", "python"), ("web/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "later": None, "ngettext": (1, 2)}
OPTIONS = {
    "web/templates/**.html": {
        "extensions": "jinja2.ext.i18n",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "silent": "false",
    }
}
HEADER = "# What Rung says in another language: docs/translations.md says how to change it."
MADE = datetime(2026, 11, 24, tzinfo=UTC)
"""A date that stays: the history of the file is elsewhere."""


def said() -> Catalog:
    """Every text that the program can say, with the file that says it."""
    found = Catalog(charset="utf-8")
    texts = extract_from_dir(SOURCE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",))
    for file, _line, message, comments, context in texts:
        found.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return found


def catalogue(code: str) -> Catalog:
    """The catalogue of a language as it stands in its file; empty where there is none."""
    path = CATALOGUES / f"{code}.po"
    if not path.exists():
        return Catalog(locale=code, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=code)


def renewed(code: str) -> Catalog:
    """The catalogue of a language with all that is said, and with the translations that there are."""
    before, after = catalogue(code), _empty(code)
    for message in said():
        if message.id:
            known = before.get(message.id)
            files = [(file, 0) for file in sorted({file for file, _line in message.locations})]
            empty = "" if isinstance(message.id, str) else ("",) * after.num_plurals
            string = known.string if known else empty
            after.add(message.id, string, files, flags=message.flags)
    return after


def _empty(code: str) -> Catalog:
    return Catalog(
        locale=code,
        header_comment=HEADER,
        project="Rung",
        version="1",
        msgid_bugs_address="the issues of the project",
        last_translator="the contributors of Rung",
        language_team=code,
        creation_date=MADE,
        revision_date=MADE,
        charset="utf-8",
        fuzzy=False,
    )


def rewrite(path: Path, wording: Catalog) -> None:
    """Put a catalogue into its file: the whole of it, or what stood there before."""
    text = BytesIO()
    write_po(text, wording, width=110, include_lineno=False)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(text.getvalue())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def strings(message: Message) -> tuple[str, ...]:
    """The translation: one text, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def missing(code: str) -> Iterator[Message]:
    """What a language cannot say yet."""
    for message in renewed(code):
        if message.id and not all(strings(message)):
            yield message


def main() -> int:
    """Rewrite the catalogues, or say what they lack."""
    lacking = 0
    for code in [language.code for language in LANGUAGES[1:]]:
        if "--check" not in sys.argv:
            rewrite(CATALOGUES / f"{code}.po", renewed(code))
        count = sum(1 for _ in missing(code))
        print(f"{code}: {count} to translate")
        lacking += count
    return int("--check" in sys.argv and lacking > 0)


if __name__ == "__main__":
    sys.exit(main())
