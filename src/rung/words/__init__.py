"""What Rung says, in whose language: gettext catalogues, and dates and numbers as people there write them.

The language and the time zone hold for the request (or the message) at hand, as a context variable:
`speaking` sets them, everything else asks. Without it Rung speaks English, and tells times in UTC.

    from rung.words import _, ngettext

    _("Step %(place)s of %(count)s", place=4, count=9)
    ngettext("%(count)s step", "%(count)s steps", count)

Texts that are defined at import are marked with `later`, and translated with `_` where they are shown.
"""

from rung.words.formats import (
    clock_time,
    date_and_time,
    day,
    day_and_month,
    listed,
    local,
    month,
    number,
    weekday,
)
from rung.words.languages import LANGUAGES, Language, best_language, language_of
from rung.words.speaking import Speech, _, is_zone, later, ngettext, speaking, speech

__all__ = [
    "LANGUAGES",
    "Language",
    "Speech",
    "_",
    "best_language",
    "clock_time",
    "date_and_time",
    "day",
    "day_and_month",
    "is_zone",
    "language_of",
    "later",
    "listed",
    "local",
    "month",
    "ngettext",
    "number",
    "speaking",
    "speech",
    "weekday",
]
