"""One step: how it stands, what was said of it and done at it, and all that can be changed about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rung.app import sentences
from rung.app.judging import Judgement
from rung.app.model import Step
from rung.app.outlook import StepOutlook, Today
from rung.web import charts
from rung.web.views.conditions import ConditionView, condition_choices, condition_words, ways_to_vary
from rung.web.views.ladder import CHIPS, legend, record_of
from rung.web.views.standing import State, is_firm, states
from rung.words import _, day, ngettext, number

__all__ = ["StepView", "name_varied", "step_view"]

MOST_SAID = 8
"""Judgements that are told one by one; the newest ones."""


@dataclass(frozen=True, slots=True)
class StepView:
    """The page of one step."""

    ladder: str
    ladder_href: str
    href: str
    name: str
    is_retired: bool
    place: str
    state: State
    chip: str
    conditions: tuple[str, ...]
    sure: str
    bar: Markup
    chance: str
    record: str
    marks: Markup
    said: tuple[str, ...]
    """What was said of it, newest first."""
    said_more: str
    judge_href: str
    log_href: str
    prepare_href: str
    choices: tuple[ConditionView, ...]
    """Every condition, to set."""
    ways: tuple[ConditionView, ...]
    """What it could be varied by."""
    is_firm: bool
    below: str
    """The step below; empty for the easiest."""
    after: str
    """Its id, as the form for a step in between sends it."""
    places: tuple[tuple[int, str], ...]
    """Where it can move to."""
    at: int
    legend: tuple[tuple[Markup, str], ...]


def step_view(today: Today, step: Step, judgements: Sequence[Judgement]) -> StepView:
    """Everything that the page shows; a retired step has its history alone."""
    ladder = today.ladder
    place = next((at for at, outlook in enumerate(today.steps) if outlook.step.id == step.id), None)
    outlook = today.steps[place] if place is not None else None
    below = today.steps[place - 1].step if place else None
    base, count = f"/ladders/{ladder.id}", len(today.steps)
    state: State = states(today)[place] if place is not None else "open"
    return StepView(
        ladder=ladder.name,
        ladder_href=base,
        href=f"{base}/steps/{step.id}",
        name=step.name,
        is_retired=step.retired_at is not None,
        place=_place(place, count),
        state=state,
        chip=_(CHIPS[state]) if CHIPS[state] else "",
        conditions=condition_words(step.conditions),
        sure=_sure(outlook),
        bar=charts.bar(*outlook.efficacy[:3], proposed=state == "next") if outlook else Markup(""),
        chance=sentences.chance(outlook.chance) if outlook and not outlook.chance.missing else "",
        record=record_of(outlook.deeds) if outlook else "",
        marks=charts.marks([str(deed.did) for deed in outlook.deeds] if outlook else []),
        said=tuple(_said(one) for one in reversed(judgements[-MOST_SAID:])),
        said_more=_more(len(judgements) - MOST_SAID),
        judge_href=f"{base}/judge?steps={step.id}",
        log_href=f"{base}/log?step={step.id}",
        prepare_href=f"{base}/prepare?step={step.id}",
        choices=condition_choices(step.conditions),
        ways=ways_to_vary(step.conditions),
        is_firm=outlook is not None and is_firm(outlook),
        below=below.name if below else "",
        after=str(below.id) if below else "",
        places=tuple(_places(count)),
        at=(place or 0) + 1,
        legend=legend(),
    )


def name_varied(name: str, condition: str) -> str:
    """The name of a step for the same thing under another condition, where nobody gave it another."""
    (words,) = condition_words([condition]) or ("",)
    return _("%(act)s, %(condition)s", act=name, condition=words) if words else name


def _place(place: int | None, count: int) -> str:
    if place is None:
        return _("A retired step")
    if place == count - 1:
        return _("The goal, step %(place)s of %(count)s", place=count, count=count)
    return _("Step %(place)s of %(count)s", place=place + 1, count=count)


def _places(count: int) -> list[tuple[int, str]]:
    def words(place: int) -> str:
        if place == count:
            return _("%(place)s, the goal", place=place)
        return _("%(place)s, the easiest", place=place) if place == 1 else number(place)

    return [(place, words(place)) for place in range(count, 0, -1)]


def _sure(outlook: StepOutlook | None) -> str:
    if outlook is None:
        return ""
    return sentences.too_early() if outlook.efficacy.missing else sentences.sure(outlook.efficacy)


def _said(one: Judgement) -> str:
    rating, at = f"{100 * one.rating:.0f}", day(one.at)
    if one.feared is None:
        return _("%(day)s: %(rating)s sure", day=at, rating=rating)
    feared = f"{100 * one.feared:.0f}"
    return _("%(day)s: %(rating)s sure, feared %(feared)s of 100", day=at, rating=rating, feared=feared)


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("And once more before that.", "And %(count)s times more before that.", count)
