"""How judgements moved between two sessions, and how a person's judgements waver without any cause.

What stood at the beginning is held against what was said since, over the steps of which there is both.
Whether the difference is more than noise tells the reliable change index, with the person's own noise where
eight or more pairs of successive judgements show it, and else the model's (`rung.engine.measures.change`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import sqrt

from rung.app.deeds import TRIES, did_in
from rung.app.model import Ladder, StepId
from rung.app.sheets.lines import Moved
from rung.engine import Event, Parameters
from rung.engine.measures import Noise, noise_of_mean, own_noise, reliable_change

__all__ = ["SHARED", "moved", "noise_in", "ratings_at"]

SHARED = 0.5
"""Share of the noise that the judgements of one day have in common, where it is not known (assumption)."""


def ratings_at(events: Iterable[Event], after: float, until: float) -> dict[StepId, float]:
    """The last judgement of each step after a moment, and up to another one."""
    return {
        StepId(event.task): event.value
        for event in events
        if event.kind == "judgement" and event.value is not None and after < event.time <= until
    }


def noise_in(events: Sequence[Event], parameters: Parameters) -> Noise:
    """How far one judgement of the person strays: their own noise, or what the model assumes."""
    rounding = parameters.rating_step / sqrt(12.0)
    assumed = Noise(sqrt(parameters.rating_noise**2 + rounding**2), SHARED)
    standing: dict[str, float] = {}
    occasions: defaultdict[float, list[float]] = defaultdict(list)
    for event in events:
        if did_in(event) in TRIES:
            standing.pop(event.task, None)
        elif event.kind == "judgement" and event.value is not None:
            if event.task in standing:
                occasions[event.time].append(event.value - standing[event.task])
            standing[event.task] = event.value
    return own_noise(list(occasions.values()), assumed, least_error=rounding)


def moved(
    ladder: Ladder, events: Sequence[Event], since: float, until: float, parameters: Parameters
) -> Moved | None:
    """How judgements moved; None where no step was judged both before and since."""
    before = ratings_at(events, float("-inf"), since)
    after = ratings_at(events, since, until)
    steps = [step for step in ladder.climbing if step.id in before and step.id in after]
    if not steps:
        return None
    noise = noise_in(events, parameters)
    then = sum(before[step.id] for step in steps) / len(steps)
    now = sum(after[step.id] for step in steps) / len(steps)
    changes = [
        (step, reliable_change(before[step.id], after[step.id], noise_of_mean(noise, 1))) for step in steps
    ]
    return Moved(
        steps=len(steps),
        before=then,
        after=now,
        change=reliable_change(then, now, noise_of_mean(noise, len(steps))),
        noise=noise,
        single=tuple((step, change) for step, change in changes if change.is_reliable),
    )
