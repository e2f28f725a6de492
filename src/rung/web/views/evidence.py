"""Logging a deed with one tap, and looking back at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from markupsafe import Markup

from rung.app import sentences
from rung.app.model import Did, Ladder, Step
from rung.app.outlook import LookBack
from rung.app.sources import Proof
from rung.content import domain
from rung.engine.events import Event
from rung.web import charts
from rung.web.forms import AGAIN, AMOUNTS, HANDS, IN_THE_WAY, MADE_IT, READINGS, SPECIAL, Typed
from rung.web.views.conditions import condition_words
from rung.web.views.sources_mastery import ProofView, proof_view
from rung.words import _, later, listed, speech

__all__ = ["Choice", "LogView", "ReflectView", "choices", "log_view", "reflect_view", "typed_before"]

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
    ladder_id: str
    step_id: str
    conditions: str
    """What the step is done under, in words."""


CHOICES = {
    Did.DONE: (later("Done"), later("It worked.")),
    Did.PARTLY: (later("Partly"), later("Some of it worked.")),
    Did.TRIED: (later("Tried"), later("It did not work this time.")),
    Did.AVOIDED: (later("Avoided"), later("I let it pass.")),
    Did.SKIPPED: (later("Not today"), later("It waits, and nothing counts against you.")),
}
"""What each button says."""


def choices() -> tuple[Choice, ...]:
    """The five buttons, in the language of the moment."""
    return tuple(
        Choice(did.value, _(name), _(words), charts.marks([did.value]))
        for did, (name, words) in CHOICES.items()
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
        choices=choices(),
        others=tuple(Link(other.name, f"{href}/log?step={other.id}") for other in others),
        ladder_id=ladder.id,
        step_id=step.id,
        conditions=listed(condition_words(step.conditions)),
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
    event_id: str
    step: str
    action: str
    title: str
    evidence: str
    body: str
    """What an earlier time with a body as awake came to; empty where there is none."""
    proof: tuple[ProofView, ...]
    """The person's own record against "I can't", after it did not work or was let pass."""
    first: Question
    second: Question
    prompts: tuple[str, ...]
    """Further questions of the domain, to think of."""
    asks_act: bool
    """False where nothing was tried: then there is no outcome to explain."""
    smaller: str
    """Where to make a smaller step, after it was let pass; empty otherwise."""
    why: str
    causes: Options
    agains: Options
    hands: Options
    amounts: Options
    readings: Options
    specials: Options


TITLES = {
    Did.DONE: later("It worked."),
    Did.PARTLY: later("Some of it worked."),
    Did.TRIED: later("It did not work this time."),
    Did.AVOIDED: later("You let it pass. That happens, and it is worth knowing."),
}

_NEXT = ("what_next", later("What would you do differently: the moment, the words, or who is there?"))
_HELPED = ("what_helped", later("What helped, if only a little?"))
_MADE_IT = ("what_helped", later("What did you do that made it work?"))
_AGAIN = ("what_next", later("What will you do the same way next time?"))
_FEARED = ("what_feared", later("What did you fear would happen?"))
_SMALLER = (
    "what_next",
    later("What would make it possible: a smaller step, another moment, somebody there?"),
)

QUESTIONS = {
    Did.DONE: (_MADE_IT, _AGAIN),
    Did.PARTLY: (_MADE_IT, _NEXT),
    Did.TRIED: (_NEXT, _HELPED),
    Did.AVOIDED: (_SMALLER, _FEARED),
}
"""What is asked first, and what second: after a failure the way, not the person."""


def reflect_view(look: LookBack, proof: Sequence[Proof] = ()) -> ReflectView | None:
    """The page for one deed; None where there is nothing to look back on."""
    did = look.deed.did
    if did is Did.SKIPPED:
        return None
    (first, first_label), (second, second_label) = QUESTIONS[did]
    href = f"/ladders/{look.ladder.id}"
    worked = did in (Did.DONE, Did.PARTLY)
    return ReflectView(
        ladder=look.ladder.name,
        ladder_href=href,
        event_id=look.deed.event_id,
        step=look.step.name,
        action=f"/attempts/{look.deed.event_id}/reflect",
        title=_(TITLES[did]),
        evidence=_evidence(look),
        body=_body(look),
        proof=() if worked else tuple(proof_view(one) for one in proof),
        first=Question(first, _(first_label)),
        second=Question(second, _(second_label)),
        prompts=_prompts(look.ladder, did),
        asks_act=did is not Did.AVOIDED,
        smaller=f"{href}/steps#step-{look.step.id}" if did is Did.AVOIDED else "",
        why=_("What made it work?") if did is Did.DONE else _("What got in the way?"),
        causes=_told(MADE_IT if did is Did.DONE else IN_THE_WAY),
        agains=_told(AGAIN),
        hands=_told(HANDS),
        amounts=_told(AMOUNTS),
        readings=_told(READINGS),
        specials=tuple((key, _(words)) for key, words in SPECIAL.items()),
    )


def _told(answers: Mapping[str, tuple[str, float]]) -> Options:
    return tuple((key, _(words)) for key, (words, _number) in answers.items())


def _prompts(ladder: Ladder, did: Did) -> tuple[str, ...]:
    """What else the domain would ask, where the ladder is of one that Rung knows."""
    known = domain(ladder.template, speech().language.code) if ladder.template else None
    if known is None:
        return ()
    if did is Did.AVOIDED:
        return known.questions.let_pass
    return known.questions.not_yet if did is Did.TRIED else known.questions.worked


def _evidence(look: LookBack) -> str:
    """The record at this step up to this deed, where there is more than this deed to tell."""
    if look.deed.did is Did.AVOIDED or look.tried < 2:
        return ""
    if look.deed.did is Did.DONE:
        return _("That is %(worked)s of %(tried)s times.", worked=look.worked, tried=look.tried)
    return sentences.record(look.tried, look.worked)


def _body(look: LookBack) -> str:
    """The last earlier time that it worked although the body was going."""
    if look.strong is None:
        return ""
    return _(
        "A fast heart also means ready. The last time it was at %(arousal)s, it worked.",
        arousal=f"{10 * look.strong:.0f}",
    )


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
    )
    for name, options, value in answers:
        form[name] = next((key for key, (_words, number) in options.items() if number == value), "")
    return form
