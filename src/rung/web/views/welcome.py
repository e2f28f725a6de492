"""The ladder that the first page shows: an example, drawn with the parts of the real one."""

from __future__ import annotations

from rung.web import charts
from rung.web.views.ladder import CHIPS, RungView
from rung.web.views.standing import State
from rung.words import _, number

__all__ = ["example"]


def _rung(name: str, state: State, bar: tuple[float, float, float], *dids: str) -> RungView:
    mean, low, high = bar
    return RungView(
        name=name,
        href="",
        state=state,
        chip=_(CHIPS[state]) if CHIPS[state] else "",
        is_goal=not dids,
        sentence="",
        facts=_(
            "%(sure)s sure, between %(low)s and %(high)s",
            sure=number(round(mean * 100)),
            low=number(round(low * 100)),
            high=number(round(high * 100)),
        ),
        bar=charts.bar(mean, low, high, proposed=state == "next"),
        marks=charts.marks(dids),
    )


def example() -> tuple[RungView, ...]:
    """The ladder, goal first."""
    return (
        _rung(_("Have the whole conversation"), "open", (0.25, 0.1, 0.45)),
        _rung(_("Ask my manager for twenty minutes"), "next", (0.6, 0.45, 0.75), "tried"),
        _rung(
            _("Say it to a friend who interrupts me"),
            "open",
            (0.75, 0.65, 0.85),
            "avoided",
            "tried",
            "partly",
            "done",
        ),
        _rung(_("Say it aloud, alone"), "firm", (0.95, 0.9, 1.0), "done", "done", "done"),
    )
