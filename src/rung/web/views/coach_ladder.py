"""A ladder as a coach sees it, in the third person; made of what is shown, and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from rung.app import sentences
from rung.app.coaching.seeing import SharedLadder, SharedPlan, SharedStep, SharedTry
from rung.app.model import Did, StepId
from rung.app.sharing.fields import Field
from rung.engine import Estimate, Reason
from rung.engine.forecasting import MIN_ATTEMPTS
from rung.web import charts
from rung.web.forms import CAUSES, SPECIAL
from rung.web.views.coach import FlagView, flag_view, short_day
from rung.web.views.conditions import condition_words
from rung.web.views.ladder import CHIPS, RungView, facts_of, legend
from rung.web.views.standing import OFTEN, State
from rung.words import _, date_and_time, later, listed, number

__all__ = ["FIELDS", "CoachLadderView", "TryView", "coach_ladder_view", "default_step"]

FIELDS: Mapping[Field, str] = {
    Field.JUDGEMENTS: later("how sure they are"),
    Field.OUTCOMES: later("what was planned, tried and let pass"),
    Field.ATTRIBUTIONS: later("what it was put down to"),
    Field.FEARS: later("fears, and the body"),
    Field.TEXTS: later("what they wrote"),
}

REASONS: Mapping[str, str] = {
    "near-wanted-chance": later("It works %(chance)s, near the %(wanted)s that they chose."),
    "below-wanted-chance": later("It works %(chance)s, less often than the %(wanted)s that they chose."),
    "above-wanted-chance": later(
        "Every step open to them works more often than the %(wanted)s that they chose: this one %(chance)s."
    ),
    "likelier-than-wanted": later("It works %(chance)s, more often than the %(wanted)s that they chose."),
    "ahead": later(
        "Looking ahead, it leads up to the last step sooner than one nearer to the chance they chose."
    ),
    "managed-before": later("Their record at this step: %(worked)s of %(attempts)s worked."),
    "managed-below": later("Their record at the step below: %(worked)s of %(attempts)s worked."),
    "rated": later("They rated it %(rating)s of 100."),
    "not-judged-yet": later("They have not said yet how sure they are of it."),
    "not-enough-data": later("Little is known so far."),
    "two-failures": later("A harder step did not work %(failures)s times in a row, and rests."),
    "avoided": later("A harder step was let pass %(avoidances)s times in a row, and rests."),
    "easiest-fails": later(
        "Even the easiest step did not work %(failures)s times in a row: it may be too big."
    ),
    "easiest-avoided": later("Even the easiest step was let pass %(avoidances)s times in a row."),
    "belief-down-avoidance-up": later("For some weeks belief has fallen while much was let pass."),
    "judged-lower": later("They are about %(points)s points less sure than when they last said."),
    "all-stand-firm": later("Every step of this ladder stands firm."),
    "vary-context": later("The last step has worked; under other conditions it would stand firmer."),
    "test-again": later("It has worked, and was not tried for %(days)s days."),
    "before-model": later("Seeing somebody like them do it first may make it easier to go for it."),
    "before-assurance": later("An honest word from somebody who knows them may make it easier to go for it."),
    "before-reappraisal": later("Reading a fast heart as ready may make it easier to go for it."),
}
"""What each reason of `rung.engine.planning` says to somebody else."""


@dataclass(frozen=True, slots=True)
class NextView:
    """The next step, and why."""

    name: str
    chance: str
    bar: Markup
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TryView:
    """Something that was done or let pass."""

    event_id: str
    step: str
    day: str
    did: str
    mark: Markup
    facts: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    """Question and answer."""


@dataclass(frozen=True, slots=True)
class CoachLadderView:
    """The whole ladder, read only; a preview shows the same."""

    person: str
    title: str
    name: str
    """The ladder's, for the drawing of it."""
    rungs: tuple[RungView, ...]
    """Goal first."""
    is_archived: bool
    shown: str
    hidden: str
    """What is shown of it, and what is not, in a row of words."""
    flags: tuple[FlagView, ...]
    next: NextView | None
    plans: tuple[tuple[str, str], ...]
    """Step and when."""
    tries: tuple[TryView, ...]
    legend: tuple[tuple[Markup, str], ...]
    has_bars: bool


def coach_ladder_view(shared: SharedLadder) -> CoachLadderView:
    """Everything that the page shows of the ladder."""
    proposal = shared.proposal
    proposed = proposal.task.name if proposal and proposal.task else ""
    resting = {task.name for task in proposal.resting} if proposal else set[str]()
    rungs = [
        _rung(shared, place, one, _state(one, proposed, resting))
        for place, one in enumerate(shared.steps, start=1)
    ]
    return CoachLadderView(
        person=shared.name,
        title=shared.title,
        name=shared.title,
        rungs=tuple(reversed(rungs)),
        is_archived=shared.is_archived,
        shown=_("; ").join(_(words) for field, words in FIELDS.items() if shared.shows(field)),
        hidden=_("; ").join(_(words) for field, words in FIELDS.items() if not shared.shows(field)),
        flags=tuple(flag_view(flag, shared.at) for flag in shared.flags),
        next=_next(shared),
        plans=tuple(_plan(shared, plan) for plan in shared.plans),
        tries=tuple(_try(shared, one) for one in shared.tries),
        legend=legend() if shared.shows(Field.OUTCOMES) else (),
        has_bars=shared.shows(Field.JUDGEMENTS),
    )


def _state(one: SharedStep, proposed: str, resting: set[str]) -> State:
    if one.step.id == proposed:
        return "next"
    if one.step.id in resting:
        return "resting"
    tries = [did for did in one.dids or () if did in (Did.DONE, Did.PARTLY, Did.TRIED)]
    return "firm" if tries.count(Did.DONE) >= OFTEN and tries[-1] is Did.DONE else "open"


def _rung(shared: SharedLadder, place: int, one: SharedStep, state: State) -> RungView:
    count = len(shared.steps)
    facts = [*_sure(one, shared.at), *_record(one)]
    words = [
        _("Step %(place)s of %(count)s: %(name)s.", place=place, count=count, name=one.step.name),
        *(f"{fact}." for fact in facts),
        _("This is the next step.") if state == "next" else "",
    ]
    return RungView(
        name=one.step.name,
        href="",
        state=state,
        chip=_(CHIPS[state]) if CHIPS[state] else "",
        is_goal=place == count,
        sentence=" ".join(filter(None, words)),
        facts=" · ".join(facts),
        bar=charts.bar(*one.belief[:3], proposed=state == "next") if one.belief else Markup(""),
        marks=charts.marks([str(did) for did in one.dids]) if one.dids else Markup(""),
        conditions=listed(condition_words(one.step.conditions)),
    )


def _sure(one: SharedStep, now: datetime) -> list[str]:
    found = [facts_of(one.belief)] if one.belief else []
    if one.judged is not None and one.judged_at is not None:
        found.append(
            _(
                "rated %(rating)s on %(day)s",
                rating=round(100 * one.judged),
                day=short_day(one.judged_at, now),
            )
        )
    if one.feared is not None:
        found.append(_("feared %(feared)s of 100", feared=round(100 * one.feared)))
    return found


def _record(one: SharedStep) -> list[str]:
    """Tries k of n, and what was let pass."""
    if one.tried is None:
        return []
    found = []
    if one.tried:
        found.append(_("worked %(worked)s of %(tried)s", worked=one.worked, tried=one.tried))
    if one.avoided:
        found.append(_("let pass %(times)s", times=sentences.times(one.avoided)))
    return found or [_("not tried")]


def _next(shared: SharedLadder) -> NextView | None:
    proposal = shared.proposal
    standing = shared.standing(proposal.task) if proposal else None
    if proposal is None or standing is None:
        return None
    missing = proposal.chance.missing
    pause = [proposal.pause] if proposal.pause else []
    return NextView(
        name=standing.step.name,
        chance=_("Too early to say.") if missing else sentences.chance(proposal.chance),
        bar=charts.bar(*proposal.chance[:3], proposed=True),
        reasons=tuple(dict.fromkeys(_reason(one) for one in [*pause, *proposal.reasons])),
    )


def _reason(reason: Reason) -> str:
    words = {name: number(round(value)) for name, value in reason.numbers.items()}
    for name in ("worked", "attempts"):
        if name in reason.numbers:
            words[name] = number(round(reason.numbers[name], 1))
    for name in ("wanted", "rating"):
        if name in reason.numbers:
            words[name] = number(round(100 * reason.numbers[name]))
    if "wanted" in words:
        words["wanted"] = _("%(percent)s in 100", percent=words["wanted"])
    if "chance" in reason.numbers:
        mean = reason.numbers["chance"]
        words["chance"] = sentences.chance(Estimate(mean, mean, mean))
    return _(REASONS[reason.id], **words)


def _plan(shared: SharedLadder, plan: SharedPlan) -> tuple[str, str]:
    step = shared.step(plan.step)
    when = date_and_time(plan.at) if plan.at else _("No day is set yet.")
    told = [when, plan.where]
    if plan.if_text and plan.then_text:
        told.append(
            _("If %(situation)s, then I %(response)s.", situation=plan.if_text, response=plan.then_text)
        )
    return step.name if step else "", " · ".join(filter(None, told))


_FELT = 0.05
"""Arousal from which there is one to tell of."""
_QUESTIONS: Mapping[str, str] = {
    "what_helped": later("What helped"),
    "what_next": later("What next time"),
    "what_feared": later("What was feared"),
}


def _try(shared: SharedLadder, one: SharedTry) -> TryView:
    step = shared.step(one.step)
    return TryView(
        event_id=one.event_id,
        step=step.name if step else "",
        day=short_day(one.at, shared.at),
        did=sentences.did(one.did) if one.did else "",
        mark=charts.marks([str(one.did)]) if one.did else Markup(""),
        facts=tuple(_facts(one)),
        words=tuple((_(_QUESTIONS[name]), text) for name, text in one.words.items()),
    )


def _facts(one: SharedTry) -> Sequence[str]:
    numbers, found = one.numbers, list[str]()
    if one.answers.get("cause") in CAUSES:
        found.append(_("Put down to: %(cause)s", cause=_(CAUSES[one.answers["cause"]][0])))
    elif "internal" in numbers:
        found.append(
            _("Put down to oneself") if numbers["internal"] >= 0.5 else _("Put down to the situation")
        )
    found += [_(SPECIAL[key]) for key in one.answers.get("circumstances", "").split() if key in SPECIAL]
    if "stable" in numbers:
        found.append(
            _("likely to be so again") if numbers["stable"] >= 0.5 else _("not likely to be so again")
        )
    if "controllable" in numbers:
        found.append(_("in their hands") if numbers["controllable"] >= 0.5 else _("out of their hands"))
    if "effort" in numbers:
        found.append(_("effort %(effort)s of 100", effort=round(100 * numbers["effort"])))
    if numbers.get("aid"):
        found.append(_("help carried %(aid)s of 100", aid=round(100 * numbers["aid"])))
    if "feared" in numbers and "happened" in numbers:
        found.append(
            _(
                "feared %(feared)s, came true %(happened)s of 100",
                feared=round(100 * numbers["feared"]),
                happened=round(100 * numbers["happened"]),
            )
        )
    if numbers.get("arousal", 0.0) >= _FELT:
        found.append(_("heart at %(arousal)s of 10", arousal=round(10 * numbers["arousal"])))
    if numbers.get("appraisal"):
        found.append(_("read as ready") if numbers["appraisal"] > 0 else _("read as “I can’t”"))
    return found


def default_step(shared: SharedLadder) -> StepId | None:
    """The step to begin a form with: the next one, or else the easiest that has not worked often."""
    standing = shared.standing(shared.proposal.task) if shared.proposal else None
    if standing is not None:
        return standing.step.id
    open_steps = [one for one in shared.steps if (one.worked or 0) < MIN_ATTEMPTS]
    return next((one.step.id for one in open_steps or shared.steps), None)
