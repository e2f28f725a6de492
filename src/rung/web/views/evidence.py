"""Logging a deed with one tap, and looking back at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from markupsafe import Markup

from rung.app import sentences
from rung.app.model import Did, Ladder, Step
from rung.app.outlook import LookBack
from rung.engine.events import Event
from rung.web import charts
from rung.web.forms import AGAIN, AMOUNTS, CAUSES, HANDS, READINGS, Typed

__all__ = ["LogView", "ReflectView", "log_view", "reflect_view", "typed_before"]

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One big button."""

    did: str
    name: str
    words: str
    glyph: Markup


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class LogView:
    """The page with the five buttons."""

    ladder: str
    href: str
    step: str
    action: str
    event_id: str
    choices: tuple[Choice, ...]
    others: tuple[Link, ...]


CHOICES = tuple(
    Choice(did.value, name, words, charts.marks([did.value]))
    for did, name, words in (
        (Did.DONE, "Done", "It worked."),
        (Did.PARTLY, "Partly", "Some of it worked."),
        (Did.TRIED, "Tried", "It did not work this time."),
        (Did.AVOIDED, "Avoided", "I let it pass."),
        (Did.SKIPPED, "Not today", "It waits, and nothing counts against you."),
    )
)


def log_view(ladder: Ladder, step: Step) -> LogView:
    """The five buttons for one step."""
    href = f"/ladders/{ladder.id}"
    others = [other for other in reversed(ladder.climbing) if other.id != step.id]
    return LogView(
        ladder=ladder.name,
        href=href,
        step=step.name,
        action=f"{href}/log?step={step.id}",
        event_id=str(uuid4()),
        choices=CHOICES,
        others=tuple(Link(other.name, f"{href}/log?step={other.id}") for other in others),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A field to write in."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ReflectView:
    """The page to look back on."""

    ladder: str
    ladder_href: str
    step: str
    action: str
    title: str
    evidence: str
    body: str
    """What an earlier time with a body as awake came to; empty where there is none."""
    first: Question
    second: Question
    asks_act: bool
    """False where nothing was tried: then there is no outcome to explain."""
    causes: Options = field(default=tuple((key, words) for key, (words, _) in CAUSES.items()))
    agains: Options = field(default=tuple((key, words) for key, (words, _) in AGAIN.items()))
    hands: Options = field(default=tuple((key, words) for key, (words, _) in HANDS.items()))
    amounts: Options = field(default=tuple((key, words) for key, (words, _) in AMOUNTS.items()))
    readings: Options = field(default=tuple((key, words) for key, (words, _) in READINGS.items()))


TITLES = {
    Did.DONE: "It worked.",
    Did.PARTLY: "Some of it worked.",
    Did.TRIED: "It did not work this time.",
    Did.AVOIDED: "You let it pass. That happens, and it is worth knowing.",
}

_NEXT = Question("what_next", "What would you do differently: the moment, the words, or who is there?")
_HELPED = Question("what_helped", "What helped, if only a little?")
_MADE_IT = Question("what_helped", "What did you do that made it work?")
_AGAIN = Question("what_next", "What will you do the same way next time?")
_FEARED = Question("what_feared", "What did you fear would happen?")
_SMALLER = Question(
    "what_next", "What would make it possible: a smaller step, another moment, somebody there?"
)

QUESTIONS = {
    Did.DONE: (_MADE_IT, _AGAIN),
    Did.PARTLY: (_MADE_IT, _NEXT),
    Did.TRIED: (_NEXT, _HELPED),
    Did.AVOIDED: (_SMALLER, _FEARED),
}


def reflect_view(look: LookBack) -> ReflectView | None:
    """The page for one deed; None where there is nothing to look back on."""
    did = look.deed.did
    if did is Did.SKIPPED:
        return None
    first, second = QUESTIONS[did]
    return ReflectView(
        ladder=look.ladder.name,
        ladder_href=f"/ladders/{look.ladder.id}",
        step=look.step.name,
        action=f"/attempts/{look.deed.event_id}/reflect",
        title=TITLES[did],
        evidence=_evidence(look),
        body=_body(look),
        first=first,
        second=second,
        asks_act=did is not Did.AVOIDED,
    )


def _evidence(look: LookBack) -> str:
    """The record at this step up to this deed, where there is more than this deed to tell."""
    if look.deed.did is Did.AVOIDED or look.tried < 2:
        return ""
    if look.deed.did is Did.DONE:
        return f"That is {look.worked} of {look.tried} times."
    return sentences.record(look.tried, look.worked)


def _body(look: LookBack) -> str:
    """The last earlier time that it worked although the body was going."""
    if look.strong is None:
        return ""
    return f"A fast heart also means ready. The last time it was at {10 * look.strong:.0f}, it worked."


def typed_before(event: Event, texts: Mapping[str, str]) -> Typed:
    """What was answered before, as it stands in the fields."""
    numbers = {
        "arousal": (event.arousal, 10),
        "feared": (event.feared, 100),
        "happened": (event.happened, 100),
    }
    form = Typed(texts)
    form.update({name: f"{value * top:.0f}" for name, (value, top) in numbers.items() if value is not None})
    answers = (
        ("again", AGAIN, event.stable),
        ("hands", HANDS, event.controllable),
        ("effort", AMOUNTS, event.effort),
        ("aid", AMOUNTS, event.aid),
        ("appraisal", READINGS, event.appraisal),
        ("cause", CAUSES, event.internal),
    )
    for name, options, value in answers:
        form[name] = next((key for key, (_, number) in options.items() if number == value), "")
    return form
