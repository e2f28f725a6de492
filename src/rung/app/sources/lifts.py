"""What is left of each assurance: the engine's one lift of a ladder, told apart by who gave it.

The engine holds the sum u of all lifts. Each assurance keeps its part of it through all that the engine
does to u:

    time        every part fades alike, by half in a half-life
    outcome     one that speaks against u cuts every part alike (`rung.engine.persuasion.left_after`)
    judgement   tells that u was more or less than thought; that is shared out by how unsure each part is

so that the parts add up to u at any moment (tested). The third rule is that of a Kalman filter for parts
that are independent of each other, which a judgement makes them not quite.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rung.engine import Engine, Event, Person, Task
from rung.engine.dynamics import SECONDS_PER_DAY, retained
from rung.engine.scales import logit, sigmoid
from rung.engine.state import LIFT

__all__ = ["Held", "held_of"]

_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Held:
    """What an assurance lifted, and what the engine holds of it now."""

    given: float
    """Points of 100 that efficacy for its step rose by right then; below 0 where it fell."""
    share: float
    """Of the lift, what is left now, 0 to 1."""
    lift: float
    """Logits of the engine's lift that are its own now."""
    left: float
    """Points of 100 that efficacy stands on it now, as far as it is no more than was given."""
    cut: bool
    """True where an outcome that spoke against it took some of it."""


@dataclass(slots=True)
class _Part:
    task: Task
    first: float
    points: float
    lift: float
    variance: float
    cut: bool = False

    def scale(self, factor: float) -> None:
        self.lift *= factor
        self.variance *= factor * factor


def held_of(engine: Engine, events: Iterable[Event], now: float) -> dict[str, Held]:
    """What is left of each assurance of one ladder, by its event's id; events in canonical order."""
    person, parts, total, time = Person(), dict[str, _Part](), 0.0, 0.0
    for event in events:
        total *= _fade(engine, parts, event.time - time)
        time = event.time
        task = Task(event.domain, event.task, event.difficulty)
        before = engine.efficacy(person, task, time).mean if event.kind == "persuasion" else 0.0
        person = engine.observe(person, event)
        held = float(person.domains[event.domain].belief.mean[LIFT])
        if event.kind == "persuasion":
            lift, after = held - total, engine.efficacy(person, task, time).mean
            unsure = (engine.parameters.learning_spread * lift) ** 2
            parts[event.id] = _Part(task, lift, 100.0 * (after - before), lift, unsure)
        elif event.kind == "judgement":
            _share_out(parts, held - total)
        elif abs(total) > _NOTHING and abs(held - total) > _NOTHING:
            for part in parts.values():
                part.scale(held / total)
                part.cut = True
        total = held
    _fade(engine, parts, now - time)
    return {id: _held(engine, person, part, now) for id, part in parts.items()}


def _fade(engine: Engine, parts: dict[str, _Part], seconds: float) -> float:
    """Let time pass; the share that is left of every lift."""
    share = retained(max(0.0, seconds) / SECONDS_PER_DAY, engine.parameters.persuasion_half_life)
    for part in parts.values():
        part.scale(share)
    return share


def _share_out(parts: dict[str, _Part], change: float) -> None:
    unsure = sum(part.variance for part in parts.values())
    if unsure > 0.0:
        for part in parts.values():
            part.lift += change * part.variance / unsure


def _held(engine: Engine, person: Person, part: _Part, now: float) -> Held:
    share = min(1.0, max(0.0, part.lift / part.first)) if abs(part.first) > _NOTHING else 0.0
    sure = engine.efficacy(person, part.task, now).mean
    without = sigmoid(logit(sure) - engine.parameters.slope * share * part.first)
    return Held(part.points, share, part.lift, 100.0 * (sure - without), part.cut)
