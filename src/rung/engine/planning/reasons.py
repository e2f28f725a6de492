"""Why a step is proposed: message ids with numbers; the words are the app's."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from rung.engine.planning.rungs import NEAR, Rung, are_all_firm

__all__ = ["REASONS", "Numbers", "Reason", "about", "nearness", "record_of", "why_it_rests"]

REASONS = {
    "near-wanted-chance": "its chance of success is near the wanted one: chance, wanted",
    "below-wanted-chance": "its chance of success is below the wanted one: chance, wanted",
    "above-wanted-chance": "every step that the rules leave is likelier than wanted: chance, wanted",
    "likelier-than-wanted": "its chance of success is above the wanted one: chance, wanted",
    "ahead": "looking ahead, it leads to the last step sooner than the one nearest to the wanted chance: "
    "days, instead",
    "managed-before": "the person's record at this step: worked, attempts",
    "managed-below": "the record at the step below: worked, attempts",
    "rated": "the last judgement of this step: rating",
    "not-judged-yet": "this step has not been judged",
    "not-enough-data": "too little is known to say: judgements and attempts still needed",
    "two-failures": "a harder step did not work this many times in a row and rests: failures",
    "avoided": "a harder step was let pass this many times in a row and rests: avoidances",
    "easiest-fails": "even the easiest step did not work this many times in a row: failures",
    "easiest-avoided": "even the easiest step was let pass this many times in a row: avoidances",
    "all-stand-firm": "every step of the ladder stands firm",
    "vary-context": "the last step has worked; the same under other conditions makes it hold: worked",
    "test-again": "it has worked, and not been tried for long: days",
    "belief-down-avoidance-up": "belief fell while much was let pass over windows: windows",
    "judged-lower": "most steps are judged lower than the time before: points",
    "before-model": "seeing somebody alike do it first makes going for it likelier: sooner",
    "before-assurance": "an honest word of somebody who knows them makes going for it likelier today: sooner",
    "before-reappraisal": "reading the heartbeat as getting ready makes going for it likelier: sooner",
}
"""Every message id, and the numbers that come with it."""

Numbers: TypeAlias = dict[str, float]


class Reason(NamedTuple):
    """Why: a message id of `REASONS` and its numbers; the words are the app's."""

    id: str
    numbers: Numbers


def nearness(allowed: list[Rung], chosen: Rung, wanted: float) -> Reason:
    """How the chance of the chosen step stands to the wanted one."""
    aways = [rung.away_from(wanted) for rung in allowed]
    away = chosen.away_from(wanted)
    if abs(away) <= NEAR:
        told = "near-wanted-chance"
    elif away < 0.0:
        told = "below-wanted-chance"
    else:
        told = "above-wanted-chance" if min(aways) > 0.0 else "likelier-than-wanted"
    return Reason(told, {"chance": chosen.chance.mean, "wanted": wanted})


def why_it_rests(resting: Rung) -> Reason:
    """Why a step rests."""
    record, easiest = resting.record, resting.place == 0
    if resting.has_failed:
        return Reason(
            "easiest-fails" if easiest else "two-failures", {"failures": float(record.failures_in_a_row)}
        )
    return Reason("easiest-avoided" if easiest else "avoided", {"avoidances": float(record.avoided_in_a_row)})


def about(
    rungs: list[Rung], allowed: list[Rung], chosen: Rung, resting: Rung | None, wanted: float
) -> list[Reason]:
    """What speaks for the chosen step, the rules of safety first."""
    reasons = [] if resting is None else [why_it_rests(resting)]
    if are_all_firm(rungs):
        reasons.append(Reason("all-stand-firm", {}))
    reasons.append(nearness(allowed, chosen, wanted))
    if chosen.record.attempts:
        reasons.append(record_of(chosen, "managed-before"))
    below = rungs[chosen.place - 1] if chosen.place else None
    if below is not None and below.record.attempts:
        reasons.append(record_of(below, "managed-below"))
    if chosen.record.rating is None:
        reasons.append(Reason("not-judged-yet", {}))
    else:
        reasons.append(Reason("rated", {"rating": chosen.record.rating}))
    if missing := chosen.chance.missing:
        needed = {"judgements": float(missing.judgements), "attempts": float(missing.attempts)}
        reasons.append(Reason("not-enough-data", needed))
    return reasons


def record_of(rung: Rung, reason: str) -> Reason:
    """How often a step was tried, and worked."""
    return Reason(reason, {"worked": rung.record.worked, "attempts": float(rung.record.attempts)})
