"""The ladder as the central image: one view a rung, goal on top, and each as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from rung.app import sentences
from rung.app.model import Did, Step
from rung.app.outlook import Deed, Today
from rung.engine import Estimate
from rung.web import charts
from rung.web.views.standing import State, firm_words, states

__all__ = ["CHIPS", "LEGEND", "LadderView", "RungView", "Todo", "ladder_view", "record_of"]

LEGEND = (
    (charts.marks(["done"]), "worked"),
    (charts.marks(["partly"]), "partly"),
    (charts.marks(["tried"]), "did not work"),
    (charts.marks(["avoided"]), "let pass"),
)

CHIPS: Mapping[State, str] = {"next": "next", "firm": "done often", "resting": "resting", "open": ""}
STATES: Mapping[State, str] = {
    "next": "This is the next step.",
    "firm": "It is done often.",
    "resting": "It rests for now.",
    "open": "",
}


@dataclass(frozen=True, slots=True)
class RungView:
    """One rung as it is shown."""

    name: str
    href: str
    state: State
    chip: str
    is_goal: bool
    sentence: str
    facts: str
    bar: Markup
    marks: Markup


@dataclass(frozen=True, slots=True)
class Todo:
    """The one thing to do on the page of a ladder."""

    title: str
    words: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class LadderView:
    """A ladder as it is shown."""

    name: str
    href: str
    is_archived: bool
    rungs: tuple[RungView, ...]
    """Goal first."""
    retired: tuple[Step, ...]
    firm: str
    todo: Todo | None
    legend: tuple[tuple[Markup, str], ...] = LEGEND


def ladder_view(today: Today) -> LadderView:
    """Everything that the page of a ladder shows."""
    ladder = today.ladder
    rungs = [_rung(today, place, state) for place, state in enumerate(states(today), start=1)]
    return LadderView(
        name=ladder.name,
        href=f"/ladders/{ladder.id}",
        is_archived=ladder.archived_at is not None,
        rungs=tuple(reversed(rungs)),
        retired=tuple(step for step in ladder.steps if step.retired_at is not None),
        firm=firm_words(today),
        todo=_todo(today),
    )


def record_of(deeds: tuple[Deed, ...]) -> str:
    """What became of the tries at a step."""
    dids = [deed.did for deed in deeds]
    tried = len(dids) - dids.count(Did.AVOIDED) - dids.count(Did.SKIPPED)
    let_pass = dids.count(Did.AVOIDED)
    words = sentences.record(tried, dids.count(Did.DONE))
    return f"{words} Let pass {sentences.times(let_pass)}." if let_pass else words


def _rung(today: Today, place: int, state: State) -> RungView:
    outlook, count = today.steps[place - 1], len(today.steps)
    sure = outlook.efficacy
    words = [
        f"Step {place} of {count}: {outlook.step.name}.",
        sentences.TOO_EARLY if sure.missing else sentences.sure(sure),
        record_of(outlook.deeds),
        STATES[state],
        "This is the goal." if place == count else "",
    ]
    return RungView(
        name=outlook.step.name,
        href=f"/ladders/{today.ladder.id}/log?step={outlook.step.id}",
        state=state,
        chip=CHIPS[state],
        is_goal=place == count,
        sentence=" ".join(filter(None, words)),
        facts=_facts(sure),
        bar=charts.bar(*sure[:3], proposed=state == "next"),
        marks=charts.marks([str(deed.did) for deed in outlook.deeds]),
    )


def _facts(sure: Estimate) -> str:
    if sure.missing:
        return "too early to say"
    mean, low, high = (round(100 * number) for number in sure[:3])
    return f"{mean} sure, between {low} and {high}"


def _todo(today: Today) -> Todo | None:
    href = f"/ladders/{today.ladder.id}"
    if not today.steps:
        words = "From one you could do this week, up to the thing itself."
        return Todo("First, the steps", words, f"{href}/steps", "Break it into steps")
    if all(outlook.efficacy.missing for outlook in today.steps):
        words = "Then Rung can say which step to take next, and why."
        return Todo("How sure are you, as things are now?", words, f"{href}/judge", "Say how sure I am")
    outlook = today.outlook_of(today.recommendation.task)
    if outlook is None:
        return None
    log = f"{href}/log?step={outlook.step.id}"
    return Todo("Next rung", outlook.step.name, log, "I did something about it")
