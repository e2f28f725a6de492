"""Graded steps from the parts of a thing, or from the conditions that make it harder; easiest first.

Components first: each part alone, then all of it, then all of it as it will really be. By conditions: one act
under its easier conditions, then one condition after the other turned to its harder end, never two at once:
each step differs from the one below in one thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rung.app.wording import checked_name
from rung.errors import InvalidInput
from rung.words import _, later

__all__ = ["DIMENSIONS", "Range", "from_components", "from_conditions"]

DIMENSIONS = {
    "support": later("Support"),
    "place": later("Place"),
    "people": later("People"),
    "time": later("Time"),
    "stakes": later("Stakes"),
}
"""What makes an act harder, in the order in which it is varied: what is easiest to change comes first."""


@dataclass(frozen=True, slots=True)
class Range:
    """The two ends of one condition; empty where there is none."""

    easier: str = ""
    harder: str = ""


def from_components(parts: Sequence[str]) -> list[str]:
    """The parts, then all of them together, then as it will really be.

    >>> from_components(["Open with a question", "Show the figures"])[2:]
    ['All of it together', 'All of it, as it will really be']
    """
    if len(parts) < 2:
        raise InvalidInput(_("Write at least two parts, one on each line"))
    return [*parts, _("All of it together"), _("All of it, as it will really be")]


def from_conditions(act: str, ranges: Mapping[str, Range]) -> list[str]:
    """One act under its easier conditions, and then with one of them harder at a time.

    >>> from_conditions("Say it", {"people": Range("to a friend", "to my boss"), "place": Range("at home")})
    ['Say it, at home, to a friend', 'Say it, at home, to my boss']
    """
    act = checked_name(act, _("What you do"))
    told = {name: ranges.get(name, Range()) for name in DIMENSIONS}
    turning = [name for name in DIMENSIONS if told[name].harder and told[name].harder != told[name].easier]
    if not turning:
        raise InvalidInput(_("Say of at least one thing what would be easier and what harder"))
    return [_step(act, told, set(turning[:count])) for count in range(len(turning) + 1)]


def _step(act: str, told: Mapping[str, Range], turned: set[str]) -> str:
    ends = (told[name].harder if name in turned else told[name].easier for name in DIMENSIONS)
    name = act
    for end in filter(None, ends):
        name = _("%(act)s, %(condition)s", act=name, condition=end)
    return name
