"""The ladder that the first page shows: an example, drawn with the parts of the real one."""

from __future__ import annotations

from rung.web import charts
from rung.web.views.ladder import CHIPS, RungView
from rung.web.views.standing import State

__all__ = ["EXAMPLE"]


def _rung(name: str, state: State, bar: tuple[float, float, float], *dids: str) -> RungView:
    mean, low, high = bar
    return RungView(
        name=name,
        href="",
        state=state,
        chip=CHIPS[state],
        is_goal=not dids,
        sentence="",
        facts=f"{mean * 100:.0f} sure, between {low * 100:.0f} and {high * 100:.0f}",
        bar=charts.bar(mean, low, high, proposed=state == "next"),
        marks=charts.marks(dids),
    )


EXAMPLE = (
    _rung("Have the whole conversation", "open", (0.25, 0.1, 0.45)),
    _rung("Ask my manager for twenty minutes", "next", (0.6, 0.45, 0.75), "tried"),
    _rung(
        "Say it to a friend who interrupts me",
        "open",
        (0.75, 0.65, 0.85),
        "avoided",
        "tried",
        "partly",
        "done",
    ),
    _rung("Say it aloud, alone", "firm", (0.95, 0.9, 1.0), "done", "done", "done"),
)
"""Goal first."""
