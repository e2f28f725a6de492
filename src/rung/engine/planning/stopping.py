"""The rules of safety, before anything is looked ahead (docs/decisions/0011).

A step *rests*, and so does every harder one that is no likelier, after two failures or three avoidances in a
row, until enough has worked elsewhere without help. Nothing harder that is no likelier than a step that
failed three times and never worked. And difficulty *pauses* at what has worked, with the advice to talk to
somebody, when belief falls while avoidance rises or stays high over two windows, when most steps are judged a
good deal lower than the time before, and when even the easiest step keeps failing. And what the sequential
tests see (`loops`) narrows the choice while the sign stands: in a loop of letting pass, to steps that the
person will rather go for than not; where somebody over-reaches, to steps whose mean chance is near the wanted
one; a stuck step itself is left out, and to be split. All numbers are assumptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import floor

from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.loops import AVOIDANCE_LOOP, OVER_REACH, STUCK_STEP, Sign
from rung.engine.parameters import Parameters
from rung.engine.planning.reasons import Reason
from rung.engine.planning.rungs import NEAR, Rung
from rung.engine.state import DomainState, Window

__all__ = ["allowed_of", "pause_of", "resting_of"]

_GONE_FOR = 0.6
"""Chance of approach that a step needs while much is let pass."""
_TALK = 4
"""Failures in a row at the easiest step after which talking to somebody is advised."""
_FALL = 0.1
"""Fall of belief, in logits, that counts from one window to the next; more than drift alone."""
_OCCASIONS = 2
"""Occasions that a window needs to count."""
_HIGH = 0.8
"""Share of occasions avoided that counts as high."""
_DROP = 0.2
"""Mean fall of judgements, of 1, that counts as a good deal: beyond what their noise makes likely."""


def pause_of(state: DomainState, rungs: list[Rung], resting: Rung | None, p: Parameters) -> Reason | None:
    """Why difficulty should not be raised, if so."""
    if resting is not None and resting.place == 0 and resting.record.failures_in_a_row >= _TALK:
        return Reason("easiest-fails", {"failures": float(resting.record.failures_in_a_row)})
    if _is_loop(state.windows, floor(state.time / (p.window_days * SECONDS_PER_DAY))):
        return Reason("belief-down-avoidance-up", {"windows": 2.0})
    falls = [
        rung.record.rating_before - rung.record.rating
        for rung in rungs
        if rung.record.rating is not None and rung.record.rating_before is not None
    ]
    if len(falls) >= 2 and sum(falls) / len(falls) >= _DROP:
        return Reason("judged-lower", {"points": 100.0 * sum(falls) / len(falls)})
    return None


def _is_loop(windows: tuple[Window, ...], now: int) -> bool:
    """Belief down while avoidance is up, or stays high, over two windows, each against the one before."""
    if len(windows) < 3 or now - windows[2].number > 1:
        return False
    numbers = [window.number for window in windows]
    occasions = [window.approached + window.avoided for window in windows]
    if numbers != [numbers[0] + step for step in range(3)] or min(occasions) < _OCCASIONS:
        return False
    first, second, last = (window.avoided / count for window, count in zip(windows, occasions, strict=True))
    falls = all(earlier.belief - later.belief >= _FALL for earlier, later in pairwise(windows))
    return falls and ((first <= second <= last and first < last) or min(second, last) >= _HIGH)


def allowed_of(rungs: list[Rung], pause: Reason | None, signs: Sequence[Sign], wanted: float) -> list[Rung]:
    """The steps that the rules leave; at least the easiest."""
    worked = [rung.place for rung in rungs if rung.record.worked_at is not None]
    last = max(worked, default=0) if pause is not None else len(rungs) - 1
    left = [rung for rung in rungs[: last + 1] if not _is_barred(rung, rungs)] or rungs[:1]
    kinds = {sign.kind for sign in signs}
    stuck = {sign.task for sign in signs if sign.kind == STUCK_STEP}
    left = [rung for rung in left if rung.task.name not in stuck] or left
    if OVER_REACH in kinds:
        left = [rung for rung in left if rung.away_from(wanted) >= -NEAR] or left[:1]
    if AVOIDANCE_LOOP in kinds:
        left = [rung for rung in left if rung.goes >= _GONE_FOR] or [max(left, key=lambda rung: rung.goes)]
    return left


def resting_of(rungs: list[Rung]) -> list[Rung]:
    """The steps that rest until something else has worked, easiest first."""
    first = next((rung.place for rung in rungs if rung.rests), len(rungs))
    return [rung for rung in rungs[first:] if _rests_with(rung, rungs)]


def _is_barred(rung: Rung, rungs: list[Rung]) -> bool:
    above = any(lower.is_hopeless and rung.is_no_likelier_than(lower) for lower in rungs[: rung.place])
    return above or _rests_with(rung, rungs)


def _rests_with(rung: Rung, rungs: list[Rung]) -> bool:
    return rung.rests or any(lower.rests and rung.is_no_likelier_than(lower) for lower in rungs[: rung.place])
