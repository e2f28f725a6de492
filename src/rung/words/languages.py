"""The languages that Rung speaks, and which of them somebody reads best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["LANGUAGES", "Language", "best_language", "language_of"]


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface."""

    code: str
    """ISO 639-1."""
    name: str
    """As those who speak it write it."""
    direction: Literal["ltr", "rtl"]
    locale: str
    """Whose dates and numbers it takes."""

    @property
    def tag(self) -> str:
        """The same as a browser knows it (BCP 47), with the digits that Rung writes everywhere."""
        return f"{self.locale.replace('_', '-')}-u-nu-latn"


LANGUAGES: Final = (
    Language("en", "English", "ltr", "en_GB"),
    Language("de", "Deutsch", "ltr", "de"),
    Language("es", "Español", "ltr", "es"),
    Language("ar", "العربية", "rtl", "ar"),
)
_BY_CODE = {language.code: language for language in LANGUAGES}
_MOST = 20
"""Languages of a header that are looked at."""


def language_of(code: str) -> Language | None:
    """The language of a code; None where Rung does not speak it."""
    return _BY_CODE.get(code)


def best_language(accepted: str) -> Language:
    """What a browser's `Accept-Language` asks for first, of those that Rung speaks; else English.

    >>> best_language("pt-BR, es;q=0.8, en;q=0.9").code
    'en'
    >>> best_language("ar-EG").code, best_language("").code
    ('ar', 'en')
    """
    wanted = [_wanted(part) for part in accepted.split(",")[:_MOST]]
    for _, code in sorted(wanted, key=lambda pair: -pair[0]):
        if code in _BY_CODE:
            return _BY_CODE[code]
    return LANGUAGES[0]


def _wanted(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";")
    code = tag.strip().lower().partition("-")[0]
    try:
        return (float(weight.strip().removeprefix("q=")) if weight else 1.0), code
    except ValueError:
        return 0.0, code
