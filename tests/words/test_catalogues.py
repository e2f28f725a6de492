"""Every language says everything that Rung says, with the same numbers, links and names in it."""

import re
import runpy
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel.messages.catalog import Message

from rung.words import LANGUAGES, _, ngettext, speaking

SCRIPT = Path(__file__).parents[2] / "docs" / "translate.py"
TRANSLATE: dict[str, Any] = runpy.run_path(str(SCRIPT), run_name="translate")
CODES = [language.code for language in LANGUAGES if language.code != "en"]
PLACE = re.compile(r"%\(\w+\)s|<[^>]+>|%(?!\()")


def messages(code: str) -> list[Message]:
    return [message for message in TRANSLATE["catalogue"](code) if message.id]


def strings(message: Message) -> list[str]:
    return list(TRANSLATE["strings"](message))


@pytest.mark.parametrize("code", CODES)
def test_a_language_says_all_that_rung_says_and_nothing_else(code: str) -> None:
    said = {message.id for message in TRANSLATE["said"]() if message.id}
    known = {message.id for message in messages(code)}
    assert said - known == set(), "python docs/translate.py adds these"
    assert known - said == set(), "python docs/translate.py drops these"
    assert [message.id for message in messages(code) if not all(strings(message))] == []


@pytest.mark.parametrize("code", CODES)
def test_a_translation_keeps_every_number_link_and_name(code: str) -> None:
    for message in messages(code):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = sorted(PLACE.findall(ids[-1]))
        for number, string in enumerate(strings(message)):
            found = sorted(PLACE.findall(string))
            may_lack = isinstance(message.id, tuple) and number < len(strings(message)) - 1
            missing = [place for place in wanted if place not in found]
            assert [place for place in found if place not in wanted] == [], (message.id, string)
            assert missing == [] or (may_lack and missing == ["%(count)s"]), (message.id, string)


@pytest.mark.parametrize("code", CODES)
def test_a_translation_is_not_fuzzy_and_shouts_no_more_than_the_original(code: str) -> None:
    for message in messages(code):
        assert not message.fuzzy
        assert not any("!" in string for string in strings(message))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 11, 100, 1234])
@pytest.mark.parametrize("code", CODES)
def test_every_count_has_its_plural_form(code: str, count: int) -> None:
    with speaking(code):
        words = ngettext("%(count)s time", "%(count)s times", count)
    assert "%(" not in words
    assert "time" not in words


def test_a_text_that_is_not_known_is_said_in_english() -> None:
    with speaking("de"):
        assert _("A text that nobody translated") == "A text that nobody translated"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script that renews the catalogues, at work on copies of them."""
    spec = spec_from_file_location("translate", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    shutil.copytree(module.CATALOGUES, tmp_path / "catalogues", ignore=shutil.ignore_patterns("*.new"))
    monkeypatch.setattr(module, "CATALOGUES", tmp_path / "catalogues")
    monkeypatch.setattr(sys, "argv", ["translate.py"])
    return module


def test_renewing_the_catalogues_keeps_every_translation(script: ModuleType) -> None:
    before = {code: {str(one.id): strings(one) for one in script.catalogue(code)} for code in CODES}
    script.main()
    for code in CODES:
        after = {str(one.id): strings(one) for one in script.catalogue(code)}
        kept = after.keys() & before[code].keys()
        assert len(kept) > 1000
        assert {id: after[id] for id in kept} == {id: before[code][id] for id in kept}
    assert sorted(path.name for path in script.CATALOGUES.iterdir()) == sorted(f"{code}.po" for code in CODES)


def test_a_catalogue_that_cannot_be_renewed_stays_as_it_was(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object, **_options: object) -> None:
        raise OSError("No space left on device")

    before = {path: path.read_bytes() for path in script.CATALOGUES.iterdir()}
    monkeypatch.setattr(script, "write_po", breaks)
    with pytest.raises(OSError, match="No space"):
        script.main()
    assert {path: path.read_bytes() for path in script.CATALOGUES.iterdir()} == before
