"""What is worth looking at in a session: rules over what is shown, each with the numbers that speak for it.

A rule speaks only where every field that it stands on is shown; the estimates that it uses are made from
what is shown alone. No rule concludes: it names what stands out. The limits are assumptions, but for those
of the signs (`rung.engine.loops`) and of reliable change (`rung.engine.measures`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from rung.app.avoiding import fear_record, loop_notice
from rung.app.deeds import TRIES
from rung.app.model import Did, Step, StepId
from rung.app.outlook import Today
from rung.app.sharing.fields import Field
from rung.app.sheets.lines import Focus, Sheet
from rung.engine import Event
from rung.engine.loops import OVER_REACH, STUCK_STEP
from rung.engine.measures import share_interval

__all__ = ["MOST", "RULES", "Evidence", "focus_of"]

MOST = 4
"""Things that a sheet proposes to look at, the next step not counted."""

LEAST = 3
"""Tries from which a person's own record is spoken of, as in the engine."""
LESS_THAN_FEARED = 0.2
LASTING, WITH_HELP = 0.5, 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules look at: all of it already without what is not shown."""

    sheet: Sheet
    """Without the focus, which is found here."""
    today: Today
    """The ladder as it stood at the end."""
    events: Sequence[Event]
    """Of this time, oldest first."""
    expectations: Sequence[tuple[float, float]]
    """Of each try of this time, efficacy just before it and outcome; 0 to 1 both."""
    last_judged: datetime | None


class _Rule(NamedTuple):
    needs: frozenset[Field]
    find: Callable[[Evidence], Iterator[Focus]]


def focus_of(evidence: Evidence) -> tuple[Focus, ...]:
    """What stands out, the most telling first, and then the next step."""
    shown = evidence.sheet.fields
    found = [
        focus
        for kind, rule in RULES.items()
        if rule.needs <= shown and kind != "next"
        for focus in rule.find(evidence)
    ]
    following = RULES["next"].find(evidence) if RULES["next"].needs <= shown else ()
    return (*found[:MOST], *following)


def _loop(evidence: Evidence) -> Iterator[Focus]:
    notice = loop_notice(evidence.today)
    if notice is not None and evidence.sheet.count(Did.AVOIDED):
        numbers = {"passed": notice.passed, "occasions": notice.occasions, "weeks": notice.weeks}
        yield Focus("loop", notice.often, numbers=numbers)


def _signs(kind: str, told: str) -> Callable[[Evidence], Iterator[Focus]]:
    def find(evidence: Evidence) -> Iterator[Focus]:
        for sign in evidence.today.signs:
            if sign.kind == kind:
                step = evidence.sheet.ladder.step(StepId(sign.task)) if sign.task else None
                yield Focus(told, step, numbers=sign.numbers)

    return find


def _less_sure(evidence: Evidence) -> Iterator[Focus]:
    moved = evidence.sheet.moved
    if moved is not None and moved.change.is_reliable and moved.change.difference < 0:
        yield Focus("less-sure", numbers={"points": -100 * moved.change.difference, "steps": moved.steps})


def _lasting_blame(evidence: Evidence) -> Iterator[Focus]:
    blamed = [
        event
        for event in _tries(evidence)
        if event.value is not None
        and event.value < 0.5
        and (event.internal or 0.0) >= LASTING
        and (event.stable or 0.0) >= LASTING
    ]
    if len(blamed) > 1:
        yield Focus("lasting-blame", _only_step(evidence, blamed), numbers={"tries": len(blamed)})


def _fears(evidence: Evidence) -> Iterator[Focus]:
    record = fear_record(evidence.sheet.fears or ())
    if record and record.tries >= LEAST and record.feared - record.happened >= LESS_THAN_FEARED:
        numbers = {"tries": record.tries, "milder": record.milder}
        yield Focus(
            "fears", numbers={**numbers, "feared": 100 * record.feared, "happened": 100 * record.happened}
        )


def _gap(kind: str, is_stricter: bool) -> Callable[[Evidence], Iterator[Focus]]:
    def find(evidence: Evidence) -> Iterator[Focus]:
        found, count = evidence.expectations, len(evidence.expectations)
        if count < LEAST:
            return
        expected = sum(expected for expected, _ in found) / count
        worked = sum(outcome for _, outcome in found) / count
        low, high = share_interval(worked, count)
        if (expected < low) if is_stricter else (expected > high):
            yield Focus(
                kind, numbers={"tries": count, "expected": count * expected, "worked": count * worked}
            )

    return find


def _helped(evidence: Evidence) -> Iterator[Focus]:
    helped = [event for event in _tries(evidence) if event.value == 1.0 and (event.aid or 0.0) >= WITH_HELP]
    if len(helped) >= LEAST:
        yield Focus("with-help", _only_step(evidence, helped), numbers={"tries": len(helped)})


def _open_plans(evidence: Evidence) -> Iterator[Focus]:
    plans = [
        plan
        for plan in evidence.sheet.plans or ()
        if plan.state == "planned" and plan.at is not None and plan.at <= evidence.sheet.until
    ]
    if plans:
        step = evidence.sheet.ladder.step(plans[-1].step) if len(plans) == 1 else None
        yield Focus("open-plans", step, numbers={"plans": len(plans)})


def _quiet(evidence: Evidence) -> Iterator[Focus]:
    if not evidence.sheet.deeds and not evidence.sheet.is_empty:
        yield Focus("quiet")


def _not_judged(evidence: Evidence) -> Iterator[Focus]:
    last = evidence.last_judged
    if (last is None or last <= evidence.sheet.since) and evidence.sheet.count(*TRIES):
        yield Focus("not-judged", numbers={"tries": evidence.sheet.count(*TRIES)})


def _bridge(evidence: Evidence) -> Iterator[Focus]:
    bridge = evidence.today.recommendation.bridge
    if bridge is not None and not evidence.sheet.is_empty:
        ladder = evidence.sheet.ladder
        below = ladder.step(StepId(bridge.below.name)) if bridge.below else None
        yield Focus("bridge", ladder.step(StepId(bridge.above.name)), below)


def _next(evidence: Evidence) -> Iterator[Focus]:
    found = evidence.today.recommendation
    if found.task is not None and not evidence.sheet.is_empty:
        chance = found.chance
        numbers = {} if chance.missing else {"mean": chance.mean, "low": chance.low, "high": chance.high}
        yield Focus("next", evidence.sheet.ladder.step(StepId(found.task.name)), numbers=numbers)


_JUDGED, _CAME, _PUT_DOWN = Field.JUDGEMENTS, Field.OUTCOMES, Field.ATTRIBUTIONS

RULES: Mapping[str, _Rule] = {
    "loop": _Rule(frozenset({_CAME}), _loop),
    "less-sure": _Rule(frozenset({_JUDGED}), _less_sure),
    "stuck": _Rule(frozenset({_CAME}), _signs(STUCK_STEP, "stuck")),
    "over-reach": _Rule(frozenset({_CAME, _JUDGED}), _signs(OVER_REACH, "over-reach")),
    "lasting-blame": _Rule(frozenset({_CAME, _PUT_DOWN}), _lasting_blame),
    "surer": _Rule(frozenset({_CAME, _JUDGED}), _gap("surer", False)),
    "stricter": _Rule(frozenset({_CAME, _JUDGED}), _gap("stricter", True)),
    "fears": _Rule(frozenset({Field.FEARS}), _fears),
    "with-help": _Rule(frozenset({_CAME, _PUT_DOWN}), _helped),
    "bridge": _Rule(frozenset({_CAME, _JUDGED}), _bridge),
    "open-plans": _Rule(frozenset({_CAME}), _open_plans),
    "quiet": _Rule(frozenset({_CAME}), _quiet),
    "not-judged": _Rule(frozenset({_CAME, _JUDGED}), _not_judged),
    "next": _Rule(frozenset({_CAME, _JUDGED}), _next),
}
"""Every kind of focus, the most telling first, with the fields that it stands on."""


def _tries(evidence: Evidence) -> list[Event]:
    return [event for event in evidence.events if event.kind == "attempt"]


def _only_step(evidence: Evidence, events: Sequence[Event]) -> Step | None:
    """The step that all or most of these are about; None where two are, as often."""
    (first, count), *rest = Counter(event.task for event in events).most_common(2)
    return None if rest and rest[0][1] == count else evidence.sheet.ladder.step(StepId(first))
