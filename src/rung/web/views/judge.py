"""The page on which steps are judged: those of which an answer tells most first, the rest below."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from rung.app.judging import Why, first_questions, left_out, reasons_to_ask
from rung.app.model import Step, StepId
from rung.app.outlook import Today
from rung.web.forms import Typed
from rung.web.views.conditions import condition_words
from rung.words import _, later, listed, ngettext, number

__all__ = ["Answers", "AskView", "JudgeView", "JudgedStep", "ask_view", "judge_view"]

WHYS: Mapping[Why, str] = {
    "new": later("You have not said it of this one yet."),
    "tried": later("You have tried it since you last said."),
    "wider": later("It is some time since anything told Rung how sure you are of it."),
    "long": later("You last said it more than two weeks ago, and something has happened since."),
    "tells": later("Your answer here tells most of the others, too."),
}
WHYS_OF_SEVERAL: Mapping[Why, str] = {
    "new": later("You have not said it of some of them yet."),
    "tried": later("You have tried one of them since you last said."),
    "wider": later("It is some time since anything told Rung how sure you are of them."),
    "long": later("You last said it more than two weeks ago, and something has happened since."),
    "tells": later("Your answers there tell most of the others, too."),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What was typed, by step and whole."""

    ratings: Typed = field(default_factory=Typed)
    likely: Typed = field(default_factory=Typed)
    bad: Typed = field(default_factory=Typed)
    resources: str = ""


@dataclass(frozen=True, slots=True)
class JudgedStep:
    """One step with what was said of it."""

    id: StepId
    name: str
    conditions: str
    why: str
    """Why it is asked; empty where it merely can be answered."""
    rating: str
    likely: str
    bad: str
    fault: str
    fear_fault: str


@dataclass(frozen=True, slots=True)
class JudgeView:
    """The whole page."""

    name: str
    href: str
    event_id: str
    """Names the judgement, so that sending it twice stores it once."""
    practice: bool
    steps: tuple[JudgedStep, ...]
    """Those that are asked, easiest first."""
    others: tuple[JudgedStep, ...]
    others_words: str
    others_loss: str
    """What leaving them out loses."""
    others_open: bool
    asks: str
    """What is asked, where it is not all."""
    resources: str


@dataclass(frozen=True, slots=True)
class AskView:
    """The prompt to judge some steps once more, for the pages that lead here."""

    words: str
    why: str
    href: str
    label: str
    steps: int


def ask_view(today: Today) -> AskView | None:
    """What it would tell most to judge now; None where there is nothing to ask."""
    asked = reasons_to_ask(today)
    if not asked:
        return None
    count = len(asked)
    ids = ",".join(one.step.id for one in asked)
    why = next((one.why for one in asked if one.why == "tried"), asked[0].why)
    return AskView(
        words=ngettext(
            "It would tell most to say now how sure you are of one step.",
            "It would tell most to say now how sure you are of %(count)s steps.",
            count,
        ),
        why=_((WHYS if count == 1 else WHYS_OF_SEVERAL)[why]),
        href=f"/ladders/{today.ladder.id}/judge?steps={ids}",
        label=_("Say how sure I am of each") if count == len(today.steps) > 1 else _only(count),
        steps=count,
    )


def _only(count: int) -> str:
    return ngettext("Only this step", "Only these %(count)s steps", count)


def judge_view(
    today: Today,
    answers: Answers,
    faults: Mapping[str, str],
    event_id: str = "",
    only: Collection[str] = (),
) -> JudgeView:
    """Steps easiest first, empty: an earlier answer in the box would be an answer suggested.

    `only` are the steps to ask; without it they are those of which an answer tells most now, or all.
    """
    whys = {asked.step.id: _(WHYS[asked.why]) for asked in reasons_to_ask(today)}
    ladder = today.ladder
    is_first = all(outlook.judged_at is None for outlook in today.steps)
    known = [step for step in ladder.climbing if step.id in only] or [
        step for step in ladder.climbing if step.id in whys
    ]
    asked = known or list(first_questions(today) if is_first else ladder.climbing)
    others = [step for step in ladder.climbing if step not in asked]

    def rows(steps: Collection[Step]) -> tuple[JudgedStep, ...]:
        return tuple(_row(step, answers, faults, whys.get(step.id, "")) for step in steps)

    return JudgeView(
        name=ladder.name,
        href=f"/ladders/{ladder.id}",
        event_id=event_id or str(uuid4()),
        practice=is_first,
        steps=rows(asked),
        others=rows(others),
        others_words=ngettext("The other step", "The other %(count)s steps", len(others)),
        others_loss=_loss(today, [step.id for step in asked]),
        others_open=any(_is_touched(step, answers, faults) for step in others),
        asks=_asks(len(asked)) if others else "",
        resources=answers.resources,
    )


def _asks(count: int) -> str:
    return ngettext(
        "One step is enough today: the one where your answer tells most.",
        "These %(count)s steps are enough today: the ones where your answer tells most.",
        count,
    )


def _loss(today: Today, asked: Collection[StepId]) -> str:
    """What leaving out the other steps loses, in points of 100; empty where it cannot be said."""
    loss = left_out(today, asked)
    if loss is None:
        return ""
    return _(
        "You can leave out the rest. Rung then knows them from your other answers, to within about "
        "%(points)s points of 100 as a rule; to within about %(fewer)s if you say them, too.",
        points=number(round(100 * loss.error)),
        fewer=number(round(100 * loss.error_if_asked)),
    )


def _is_touched(step: Step, answers: Answers, faults: Mapping[str, str]) -> bool:
    typed = (answers.ratings, answers.likely, answers.bad)
    return any(one[step.id] for one in typed) or f"rating-{step.id}" in faults or f"fear-{step.id}" in faults


def _row(step: Step, answers: Answers, faults: Mapping[str, str], why: str) -> JudgedStep:
    return JudgedStep(
        id=step.id,
        name=step.name,
        conditions=listed(condition_words(step.conditions)),
        why=why,
        rating=answers.ratings[step.id],
        likely=answers.likely[step.id],
        bad=answers.bad[step.id],
        fault=faults.get(f"rating-{step.id}", ""),
        fear_fault=faults.get(f"fear-{step.id}", ""),
    )
