"""The ladder as the central image: one view a rung, goal on top, and each as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from rung.app import sentences
from rung.app.model import Did, Step
from rung.app.outlook import Deed, Today
from rung.engine import Estimate
from rung.web import charts
from rung.web.views.conditions import condition_words
from rung.web.views.judge import AskView, ask_view
from rung.web.views.notices import Notice
from rung.web.views.standing import State, firm_words, states
from rung.words import _, later, listed

__all__ = [
    "CHIPS",
    "LadderView",
    "RungView",
    "Todo",
    "facts_of",
    "ladder_view",
    "legend",
    "record_of",
    "restored_notice",
]

LEGEND = (
    ("done", later("worked")),
    ("partly", later("partly")),
    ("tried", later("did not work")),
    ("avoided", later("let pass")),
)

CHIPS: Mapping[State, str] = {
    "next": later("next"),
    "firm": later("done often"),
    "resting": later("resting"),
    "open": "",
}
STATES: Mapping[State, str] = {
    "next": later("This is the next step."),
    "firm": later("It is done often."),
    "resting": later("It rests for now."),
    "open": "",
}


def legend() -> tuple[tuple[Markup, str], ...]:
    """What each mark on a rung means."""
    return tuple((charts.marks([did]), _(words)) for did, words in LEGEND)


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
    conditions: str = ""
    """What it is done under, in words."""


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
    ask: AskView | None
    """The steps that it would tell most to judge now."""
    legend: tuple[tuple[Markup, str], ...] = field(default_factory=legend)


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
        ask=ask_view(today),
    )


def restored_notice(today: Today) -> Notice:
    """What the page says first after a ladder was taken up again, with the way back."""
    undo = f"/ladders/{today.ladder.id}/archive"
    return Notice(_("It is back on Today."), undo=undo, undo_words=_("Put it away after all"))


def record_of(deeds: tuple[Deed, ...]) -> str:
    """What became of the tries at a step."""
    dids = [deed.did for deed in deeds]
    tried = len(dids) - dids.count(Did.AVOIDED) - dids.count(Did.SKIPPED)
    let_pass = dids.count(Did.AVOIDED)
    words = sentences.record(tried, dids.count(Did.DONE))
    return f"{words} {_('Let pass %(times)s.', times=sentences.times(let_pass))}" if let_pass else words


def facts_of(sure: Estimate) -> str:
    """How sure somebody is, as short as it stands below a rung."""
    if sure.missing:
        return _("too early to say")
    mean, low, high = (round(100 * number) for number in sure[:3])
    return _("%(mean)s sure, between %(low)s and %(high)s", mean=mean, low=low, high=high)


def _rung(today: Today, place: int, state: State) -> RungView:
    outlook, count = today.steps[place - 1], len(today.steps)
    sure, step = outlook.efficacy, outlook.step
    conditions = listed(condition_words(step.conditions))
    words = [
        _("Step %(place)s of %(count)s: %(name)s.", place=place, count=count, name=step.name),
        _("Done under these conditions: %(conditions)s.", conditions=conditions) if conditions else "",
        sentences.too_early() if sure.missing else sentences.sure(sure),
        record_of(outlook.deeds),
        _(STATES[state]) if STATES[state] else "",
        _("This is the goal.") if place == count else "",
    ]
    return RungView(
        name=step.name,
        href=f"/ladders/{today.ladder.id}/steps/{step.id}",
        state=state,
        chip=_(CHIPS[state]) if CHIPS[state] else "",
        is_goal=place == count,
        sentence=" ".join(filter(None, words)),
        facts=facts_of(sure),
        bar=charts.bar(*sure[:3], proposed=state == "next"),
        marks=charts.marks([str(deed.did) for deed in outlook.deeds]),
        conditions=conditions,
    )


def _todo(today: Today) -> Todo | None:
    href = f"/ladders/{today.ladder.id}"
    if not today.steps:
        words = _("From one you could do this week, up to the thing itself.")
        return Todo(_("First, the steps"), words, f"{href}/steps", _("Break it into steps"))
    if all(outlook.efficacy.missing for outlook in today.steps):
        words = _("Then Rung can say which step to take next, and why.")
        title = _("How sure are you, as things are now?")
        return Todo(title, words, f"{href}/judge", _("Say how sure I am"))
    outlook = today.outlook_of(today.recommendation.task)
    if outlook is None:
        return None
    log = f"{href}/log?step={outlook.step.id}"
    return Todo(_("Next rung"), outlook.step.name, log, _("I did something about it"))
