"""The language and the time zone of the request at hand, and what a text is in that language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from rung.words.languages import LANGUAGES, Language, language_of

__all__ = ["Speech", "_", "is_zone", "later", "ngettext", "speaking", "speech"]


@dataclass(frozen=True, slots=True)
class Speech:
    """In which language to speak, and by which clock."""

    language: Language = LANGUAGES[0]
    zone: str = "UTC"
    """Name of the IANA time zone."""

    @property
    def locale(self) -> Locale:
        """What babel needs to know to write dates and numbers."""
        return Locale.parse(self.language.locale)

    @property
    def clock(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.zone)


_PLAIN = Speech()
_speech: ContextVar[Speech] = ContextVar("rung_speech", default=_PLAIN)


def speech() -> Speech:
    """In which language and by which clock to speak just now."""
    return _speech.get()


@contextmanager
def speaking(language: str, zone: str = "UTC") -> Iterator[Speech]:
    """Speak a language by a clock until the block ends; what is not known is English, and UTC."""
    now = Speech(language_of(language) or LANGUAGES[0], zone if is_zone(zone) else "UTC")
    token = _speech.set(now)
    try:
        yield now
    finally:
        _speech.reset(token)


def is_zone(name: str) -> bool:
    """True for the name of an IANA time zone, such as Europe/Berlin."""
    return name in _zones()


def later(text: str) -> str:
    """Mark a text for translation that is shown later, by `_`."""
    return text


def _(text: str, /, **values: object) -> str:
    """The text in the language of the moment, with its `%(name)s` filled in."""
    told = _catalogue(speech().language.code).gettext(text)
    return told % values if values else told


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """The text for a count, in the plural form that the language has for it; `%(count)s` is the count."""
    now = speech()
    told = _catalogue(now.language.code).ngettext(one, many, count)
    return told % {"count": format_decimal(count, locale=now.locale), **values}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _catalogue(code: str) -> NullTranslations:
    """The catalogue of a language, read from its text file: nothing needs to be compiled beforehand."""
    file = files("rung.words") / "catalogues" / f"{code}.po"
    if not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as source:
        write_mo(compiled, read_po(source, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
