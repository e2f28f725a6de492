"""Reading a log: one event in, one newer state out.

Time passes first (`dynamics`); then the event does its work, one function a kind below:

    judgement     tells us about belief; teaches the person nothing
    attempt       tells us about ability; what the person saw of it is mastery experience
    feedback      performance information that comes later: mastery experience at its credibility
    model         vicarious experience
    persuasion    a lift that fades, at its credibility and the trust that is left
    state         arousal and its appraisal, from now on
    choice        tells us about the bias to approach; belief stays where it is (avoidance teaches nothing)
    note          nothing

What was learned in one domain spreads to related ones: dm' = s^2 dm, with s the relatedness
(near .9, related .5; after Bandura, Adams & Beyer 1977 and Weitlauf 2001; the square is a choice).
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor
from typing import NamedTuple, TypeAlias

from rung.engine import approach, attribution, loops, mastery, persuasion, vicarious
from rung.engine.dynamics import SECONDS_PER_DAY, advance, new_domain
from rung.engine.events import Event
from rung.engine.gaussian import condition, move, scale
from rung.engine.observation import expected_chance, judgement_likelihood, outcome_likelihood, read
from rung.engine.parameters import Parameters
from rung.engine.performance import circumstances, practice
from rung.engine.scales import information
from rung.engine.situation import Situation, meet_event
from rung.engine.state import BELIEF, LIFT, DomainState, Person, TaskRecord, Window
from rung.errors import EventOutOfOrder, InvalidEvent

__all__ = ["observe"]


class _Effect(NamedTuple):
    state: DomainState
    learned: float = 0.0
    """Change of the belief m, in logits, that spreads to related domains."""


_READ_RISE = 0.2
"""Share of the way by which one better reading of the body changes what is usual; an assumption."""

_Handler: TypeAlias = Callable[[DomainState, Event, Situation, Parameters], _Effect]


def observe(person: Person, event: Event, p: Parameters) -> Person:
    """The person after one more event, which must not be older than the last."""
    if person.time is not None and event.time < person.time:
        raise EventOutOfOrder(
            f"event at {event.time:.0f} s after one at {person.time:.0f} s: replay the whole log instead"
        )
    state = person.domains.get(event.domain)
    state = new_domain(event.time, p) if state is None else advance(state, event.time, p)
    state, situation = meet_event(state, event, p)
    effect = _HANDLERS[event.kind](state, event, situation, p)
    changed = {event.domain: _window_closed(effect.state, event.time, p)}
    if effect.learned and person.relatedness:
        changed |= _spread(person, event, effect.learned, p)
    return person.with_domains(changed, event.time)


def _judgement(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    reading = read(at.mean, at.variance, judgement_likelihood(_value(event), p))
    state = state._replace(
        belief=condition(state.belief, at.belief, reading.mean - at.offset, reading.variance),
        judgements=state.judgements + 1,
    )
    return _Effect(loops.judged(_recorded(state, event, at, judgements=1), p))


def _attempt(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    if event.value is not None:
        state = _ability_learned(state, event, event.value, at, p)
    state = _bodily(_one_more_occasion(state), event)
    seen, weight = _seen(event, p)
    state = _recorded(state, event, at, outcome=seen if event.value is None else event.value)
    return _Effect(state) if seen is None else _own_outcome(state, event, at, seen, weight, p)


def _feedback(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    reliability = 1.0 if event.credibility is None else event.credibility
    return _own_outcome(_recorded(state, event, at), event, at, _value(event), reliability, p)


def _model(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    similarity = p.similarity_unknown if event.similarity is None else event.similarity
    felt = vicarious.felt_similarity(similarity, event.coping or 0.0, p)
    learned = vicarious.shift(state.openness, at.efficacy, _value(event), felt, state.models_seen, p)
    state = state._replace(
        belief=move(state.belief, BELIEF, learned, _unknown(state, (p.learning_spread * learned) ** 2, p)),
        models_seen=state.models_seen + 1,
    )
    return _Effect(state, learned)


def _persuasion(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    credibility = p.credibility_unknown if event.credibility is None else event.credibility
    lift = persuasion.lift(at.efficacy, _value(event), credibility * state.trust, p)
    belief = move(state.belief, LIFT, lift, (p.learning_spread * lift) ** 2)
    return _Effect(state._replace(belief=belief, since_assured=0))


def _state(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    return _Effect(state._replace(arousal=at.arousal, appraisal=at.appraisal))


def _choice(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    if event.versus is not None:
        return _Effect(_recorded(state, event, at))
    went = _value(event) == 1.0
    state = loops.occasion(state if went else _one_more_occasion(state), at, went, event.time, p)
    feared = 0.0 if at.place is None else state.tasks[at.place].feared
    drive = approach.drive(at.efficacy, feared, p)
    reading = read(drive + state.approach_mean, state.approach_variance, outcome_likelihood(_value(event)))
    state = state._replace(approach_mean=reading.mean - drive, approach_variance=reading.variance)
    return _Effect(_occasion_counted(_recorded(state, event, at, went=went), event, p))


def _note(state: DomainState, event: Event, at: Situation, p: Parameters) -> _Effect:
    return _Effect(state)


_HANDLERS: dict[str, _Handler] = {
    "judgement": _judgement,
    "attempt": _attempt,
    "feedback": _feedback,
    "model": _model,
    "persuasion": _persuasion,
    "state": _state,
    "choice": _choice,
    "note": _note,
}


def _value(event: Event) -> float:
    if event.value is None:
        raise InvalidEvent([f"value: is empty; a {event.kind} needs one"])
    return event.value


def _seen(event: Event, p: Parameters) -> tuple[float | None, float]:
    """What the person got to know of their attempt, and its weight: told, else their own sense of it."""
    if event.feedback is not None:
        return event.feedback, 1.0
    return event.confidence, p.own_sense_weight


def _own_outcome(
    state: DomainState, event: Event, at: Situation, outcome: float, weight: float, p: Parameters
) -> _Effect:
    """Mastery experience, and what it does to the lift of persuasion."""
    credit = weight * attribution.credit(
        at.efficacy,
        outcome > at.efficacy,
        p,
        aid=event.aid or 0.0,
        internal=event.internal,
        stable=event.stable,
        controllable=event.controllable,
    )
    rate = mastery.rate(state.openness, at.efficacy, outcome, credit, p)
    learned = rate * (outcome - at.efficacy)
    noise = _unknown(state, (p.learning_spread * learned) ** 2 + p.belief_wander**2, p)
    belief = move(state.belief, BELIEF, learned, noise, at.belief, -rate * information(at.efficacy))
    lift = float(state.belief.mean[LIFT])
    state = state._replace(
        belief=scale(belief, LIFT, persuasion.left_after(lift, outcome, at.efficacy, p)),
        openness=mastery.openness_after(state.openness, at.efficacy, credit, p),
        trust=persuasion.trust_after(state.trust, lift, outcome, at.efficacy, p),
        news=state.news + 1,
    )
    return _Effect(state, learned)


def _unknown(state: DomainState, noise: float, p: Parameters) -> float:
    """A variance to add to the belief, so that no more is ever unknown of it than of a stranger's."""
    left = p.set_point_spread**2 + p.belief_spread**2 - float(state.belief.covariance[BELIEF, BELIEF])
    return max(0.0, min(noise, left))


def _ability_learned(
    state: DomainState, event: Event, outcome: float, at: Situation, p: Parameters
) -> DomainState:
    """What the true outcome tells about ability, and what the attempt adds to it."""
    h = at.ability(state.ability.mean.size, p)
    around = circumstances(event.effort, event.aid or 0.0, at.arousal, at.appraisal, p)
    offset = p.slope * (around - at.difficulty)
    forecast, variance = float(h @ state.ability.mean) + offset, float(h @ state.ability.covariance @ h)
    sure = expected_chance(at.mean, at.variance)
    state = loops.tried(state, event, at, outcome, sure, p)
    reading = read(forecast, variance, outcome_likelihood(outcome))
    ability = condition(state.ability, h, reading.mean - offset, reading.variance)
    gained = practice(outcome, float(state.attempts), p)
    return state._replace(
        ability=move(ability, 0, gained, gained**2),
        practised=state.practised + gained,
        practised_at=event.time,
        attempts=state.attempts + 1,
        worked=state.worked + outcome,
        successes=state.successes + (outcome >= 0.5 and (event.aid or 0.0) < 0.5),
        expected=state.expected + sure,
    )


def _recorded(
    state: DomainState,
    event: Event,
    at: Situation,
    *,
    judgements: int = 0,
    outcome: float | None = None,
    went: bool | None = None,
) -> DomainState:
    """The task's record with this event in it."""
    if at.place is None:
        return state
    record = state.tasks[at.place]
    record = record._replace(
        seen=event.time,
        difficulty=record.difficulty if _untold(event) else at.difficulty,
        judgements=record.judgements + judgements,
        rating=event.value if judgements else record.rating,
        rating_before=record.rating if judgements else record.rating_before,
        attempts=record.attempts + (outcome is not None),
        worked=record.worked + (outcome or 0.0),
        failures_in_a_row=_failures(record, outcome),
        tried_at=record.tried_at if outcome is None else event.time,
        worked_at=record.worked_at if outcome is None or outcome < 0.5 else event.time,
        approached=record.approached + (went is True),
        avoided=record.avoided + (went is False),
        avoided_in_a_row=_avoidances(record, outcome, went),
        successes_then=record.successes_then if outcome is None and went is not False else state.successes,
        feared=record.feared if event.feared is None else event.feared,
    )
    return state._replace(tasks=(*state.tasks[: at.place], record, *state.tasks[at.place + 1 :]))


def _one_more_occasion(state: DomainState) -> DomainState:
    return state if state.since_assured is None else state._replace(since_assured=state.since_assured + 1)


def _bodily(state: DomainState, event: Event) -> DomainState:
    """How somebody usually comes to a step: what an attempt told of it."""
    if event.arousal is None:
        return state
    read = state.read if event.appraisal is None else event.appraisal
    if read > state.read:
        read = state.read + _READ_RISE * (read - state.read)
    return state._replace(roused=event.arousal, read=read)


def _failures(record: TaskRecord, outcome: float | None) -> int:
    if outcome is None:
        return record.failures_in_a_row
    return record.failures_in_a_row + 1 if outcome < 0.5 else 0


def _avoidances(record: TaskRecord, outcome: float | None, went: bool | None) -> int:
    if went is False:
        return record.avoided_in_a_row + 1
    return record.avoided_in_a_row if outcome is None and went is None else 0


def _untold(event: Event) -> bool:
    return event.difficulty is None and event.difficulty_rated is None


def _occasion_counted(state: DomainState, event: Event, p: Parameters) -> DomainState:
    """One more occasion, gone for or avoided, in the window of its time."""
    number = floor(event.time / (p.window_days * SECONDS_PER_DAY))
    belief = float(state.belief.mean[BELIEF])
    windows = state.windows
    if not windows or windows[-1].number != number:
        windows = (*windows[-2:], Window(number, 0, 0, belief))
    last, went = windows[-1], event.value == 1.0
    last = last._replace(approached=last.approached + went, avoided=last.avoided + (not went))
    return state._replace(windows=(*windows[:-1], last))


def _window_closed(state: DomainState, time: float, p: Parameters) -> DomainState:
    """The last window remembers the belief at its end, while it lasts."""
    if not state.windows or state.windows[-1].number != floor(time / (p.window_days * SECONDS_PER_DAY)):
        return state
    last = state.windows[-1]._replace(belief=float(state.belief.mean[BELIEF]))
    return state._replace(windows=(*state.windows[:-1], last))


def _spread(person: Person, event: Event, learned: float, p: Parameters) -> dict[str, DomainState]:
    """Related domains after something was learned in one."""
    changed = {}
    for name, relatedness in person.related_to(event.domain).items():
        state = person.domains.get(name)
        state = new_domain(event.time, p) if state is None else advance(state, event.time, p)
        change = relatedness**2 * learned
        changed[name] = state._replace(
            belief=move(state.belief, BELIEF, change, _unknown(state, (p.learning_spread * change) ** 2, p))
        )
    return changed
