"""The loop of letting pass: it brings no evidence, and so the doubt keeps itself alive.

It is spoken of where something was let pass at least `LEAST` times in two weeks, or else in four, and either
nothing was tried in that time, or the engine sees a loop: more is let pass than is usual
(`rung.engine.loops`), belief falls while avoidance is up, or even the easiest step is let pass in a row. How
often that is said of people who are in no loop is measured (docs/loops.md). What lies longer back is left in
peace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from rung.app.deeds import TRIES, Deed
from rung.app.history import Fear
from rung.app.model import Did, LadderId, Step
from rung.app.outlook import Today
from rung.engine.loops import AVOIDANCE_LOOP

__all__ = ["LEAST", "WEEKS", "FearRecord", "LoopNotice", "fear_record", "loop_notice"]

LEAST = 3
"""Times let pass from which it is spoken of (assumption)."""
WEEKS = (2, 4)
"""The stretches of time that are looked at, the shortest first."""

_EASIEST = "easiest-avoided"
_FALLING = "belief-down-avoidance-up"


@dataclass(frozen=True, slots=True)
class FearRecord:
    """What was feared, and how far it came true, over several tries."""

    tries: int
    milder: int
    """Tries that went milder than feared."""
    feared: float
    happened: float
    """Means, 0 to 1."""


@dataclass(frozen=True, slots=True)
class LoopNotice:
    """What is seen of the loop on one ladder."""

    ladder: LadderId
    passed: int
    """How often a step was let pass."""
    occasions: int
    """How often one was due: let pass or tried."""
    weeks: int
    is_less_sure: bool
    """True where belief fell meanwhile, by the engine's rule."""
    step: Step | None
    """The step let pass last."""
    often: Step | None
    """The step let pass most often; None where several were, as often."""
    fears: FearRecord | None


def loop_notice(today: Today, fears: Sequence[Fear] = ()) -> LoopNotice | None:
    """What to say of the loop; None where there is none, or it lies far back."""
    proposal = today.recommendation
    is_less_sure = proposal.pause is not None and proposal.pause.id == _FALLING
    is_seen = is_less_sure or any(reason.id == _EASIEST for reason in proposal.reasons)
    is_seen = is_seen or any(sign.kind == AVOIDANCE_LOOP for sign in today.signs)
    deeds = [deed for outlook in today.steps for deed in outlook.deeds]
    for weeks in WEEKS:
        recent = [deed for deed in deeds if deed.at >= today.at - timedelta(weeks=weeks)]
        passed = [deed for deed in recent if deed.did is Did.AVOIDED]
        tried = sum(deed.did in TRIES for deed in recent)
        if len(passed) >= LEAST and (is_seen or not tried):
            return LoopNotice(
                ladder=today.ladder.id,
                passed=len(passed),
                occasions=len(passed) + tried,
                weeks=weeks,
                is_less_sure=is_less_sure,
                step=today.ladder.step(max(passed, key=lambda deed: deed.at).step),
                often=_most_passed(today, passed),
                fears=fear_record(fears),
            )
    return None


def fear_record(fears: Sequence[Fear]) -> FearRecord | None:
    """What was feared and what happened, as one; None where nothing is known of it."""
    if not fears:
        return None
    return FearRecord(
        tries=len(fears),
        milder=sum(fear.happened < fear.feared for fear in fears),
        feared=sum(fear.feared for fear in fears) / len(fears),
        happened=sum(fear.happened for fear in fears) / len(fears),
    )


def _most_passed(today: Today, passed: Sequence[Deed]) -> Step | None:
    (first, count), *rest = Counter(deed.step for deed in passed).most_common(2)
    return None if rest and rest[0][1] == count else today.ladder.step(first)
