"""Time zones to choose from, by continent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from rung.words import _, later

__all__ = ["Zones", "zones"]

REGIONS = {
    "Africa": later("Africa"),
    "America": later("America"),
    "Antarctica": later("Antarctica"),
    "Asia": later("Asia"),
    "Atlantic": later("Atlantic Ocean"),
    "Australia": later("Australia"),
    "Europe": later("Europe"),
    "Indian": later("Indian Ocean"),
    "Pacific": later("Pacific Ocean"),
}


@dataclass(frozen=True, slots=True)
class Zones:
    """One continent, and its zones: name in the database, name to read."""

    region: str
    zones: tuple[tuple[str, str], ...]


def zones(chosen: str) -> tuple[Zones, ...]:
    """All zones by continent; one that was chosen and is none of them comes last."""
    found = [Zones(_(region), listed) for region, listed in _listed()]
    if chosen and all(chosen != name for one in found for name, _words in one.zones):
        found.append(Zones(_("Other"), ((chosen, chosen),)))
    return tuple(found)


@cache
def _listed() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    by_region = defaultdict(list)
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region in REGIONS:
            by_region[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return tuple((REGIONS[region], tuple(by_region[region])) for region in REGIONS)
