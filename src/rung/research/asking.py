"""What a judgement of a ladder loses where only some of its steps are asked about.

People who judged a whole ladder are asked again from the beginning, one step after the other, by the filter
itself, in five orders. After k answers, the estimates of all steps are held against what is true of the
person (`ladders`), and

    information   1 - (squared error after k - after all) / (squared error before any - after all)

of strength (the mean of the ladder's efficacies), of the steps one by one, and of those steps alone that
have not been asked about yet. In points of 100: how far the estimates stand from those of a full judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.random import Generator

from rung.engine import Engine, Event, Ladder, Person
from rung.engine.scales import FloatArray
from rung.research.ladders import Judged
from rung.research.resampling import Draws, Measure, draw_means, measure

__all__ = ["ORDERS", "Asked", "Line", "measure_asking"]

Order: TypeAlias = Callable[[Engine, Ladder, Generator], list[int]]
AGAIN = "expected information, chosen anew after each answer"


def _by_information(engine: Engine, ladder: Ladder, random: Generator) -> list[int]:
    return _places(engine, Person(), ladder)


def _at_random(engine: Engine, ladder: Ladder, random: Generator) -> list[int]:
    return [int(place) for place in random.permutation(len(ladder.tasks))]


def _evenly(engine: Engine, ladder: Ladder, random: Generator) -> list[int]:
    """The middle first, then always the step that is farthest from all those before it."""
    left = list(range(len(ladder.tasks)))
    order = [left.pop(len(left) // 2)]
    while left:
        farthest = max(left, key=lambda place: (min(abs(place - other) for other in order), -place))
        left.remove(farthest)
        order.append(farthest)
    return order


def _from_the_easiest(engine: Engine, ladder: Ladder, random: Generator) -> list[int]:
    return list(range(len(ladder.tasks)))


ORDERS: dict[str, Order] = {
    "expected information": _by_information,
    AGAIN: _by_information,
    "at random": _at_random,
    "evenly spread": _evenly,
    "from the easiest": _from_the_easiest,
}


class Line(NamedTuple):
    """After some answers in some order."""

    order: str
    answers: int | None
    """None = half of each person's steps, rounded up."""
    strength: Measure
    """Share of the information on strength."""
    steps: Measure
    """Share of the information on the steps one by one."""
    rest: float | None
    """The same of the steps that are not asked about yet; None where none is left."""
    points: float
    """Root mean square distance of the steps' estimates from those of a full judgement, of 100."""
    points_of_strength: float
    """The same of strength."""
    promised: float | None
    """Share of the information on strength that `Questions` promised before the first answer."""


class Asked(NamedTuple):
    """Everything that was measured."""

    people: int
    steps: tuple[int, int]
    """The shortest and the longest ladder."""
    lines: tuple[Line, ...]

    def half(self, order: str) -> Line:
        """What half of the questions tell."""
        return next(line for line in self.lines if line.order == order and line.answers is None)


class _Errors(NamedTuple):
    """Squared errors of one person after 0, 1, .. n answers, each of shape (n + 1,)."""

    strength: FloatArray
    steps: FloatArray
    rest: FloatArray
    """Sums over the steps not asked about."""
    rest_before: FloatArray
    rest_full: FloatArray
    gap: FloatArray
    gap_of_strength: FloatArray


def measure_asking(
    judged: Sequence[Judged], *, seed: int = 0, progress: Callable[[int], object] | None = None
) -> Asked:
    """Ask everyone again in every order; `progress` is called with the number of people done."""
    random = np.random.default_rng(seed)
    errors: dict[str, list[_Errors]] = {name: [] for name in ORDERS}
    promised = []
    for number, one in enumerate(judged, start=1):
        engine = Engine(one.parameters)
        promised.append([0.0, *(question.known for question in engine.questions(Person(), one.ladder).asked)])
        for name, order in ORDERS.items():
            errors[name].append(_errors(engine, one, name, order(engine, one.ladder, random)))
        if progress:
            progress(number)
    sizes = [len(one.ladder.tasks) for one in judged]
    lines = [
        line
        for name in ORDERS
        for line in _lines(name, errors[name], promised if name == _FIRST else None, seed)
    ]
    return Asked(len(judged), (min(sizes, default=0), max(sizes, default=0)), tuple(lines))


_FIRST = next(iter(ORDERS))


def _places(engine: Engine, person: Person, ladder: Ladder) -> list[int]:
    return [ladder.tasks.index(question.task) for question in engine.questions(person, ladder).asked]


def _answered(engine: Engine, one: Judged, name: str, order: list[int]) -> Iterator[tuple[int, Person]]:
    """Each step as it is asked about, and the person after their answer."""
    person, left = Person(), order
    while left:
        place, task = left[0], one.ladder.tasks[left[0]]
        event = Event(
            one.person, task.domain, task.name, 0.0, "judgement", one.ratings[place], task.difficulty
        )
        person = engine.observe(person, event)
        yield place, person
        left = left[1:]
        if name == AGAIN:
            left = [other for other in _places(engine, person, one.ladder) if other in left]


def _errors(engine: Engine, one: Judged, name: str, order: list[int]) -> _Errors:
    def estimated(person: Person) -> list[float]:
        return [engine.efficacy(person, task).mean for task in one.ladder.tasks]

    told = [estimated(Person())]
    there = [np.ones(len(order), dtype=bool)]
    for place, person in _answered(engine, one, name, order):
        told.append(estimated(person))
        there.append(there[-1].copy())
        there[-1][place] = False
    estimates, rest, truth = np.array(told), np.array(there), np.array(one.truth)
    squares = (estimates - truth) ** 2
    return _Errors(
        strength=(estimates - truth).mean(axis=1) ** 2,
        steps=squares.mean(axis=1),
        rest=(squares * rest).sum(axis=1),
        rest_before=(squares[0] * rest).sum(axis=1),
        rest_full=(squares[-1] * rest).sum(axis=1),
        gap=((estimates - estimates[-1]) ** 2).mean(axis=1),
        gap_of_strength=(estimates - estimates[-1]).mean(axis=1) ** 2,
    )


def _lines(
    name: str, everyone: Sequence[_Errors], promised: list[list[float]] | None, seed: int
) -> Iterator[Line]:
    """One line for each number of answers, and one for half of them."""
    longest = max((len(one.steps) for one in everyone), default=1) - 1
    counts: list[int | None] = [*range(1, longest + 1), None] if longest else []
    for count in counts:
        # Who has fewer steps than are asked about has answered all of them.
        places = [
            min((len(one.steps)) // 2 if count is None else count, len(one.steps) - 1) for one in everyone
        ]

        def at(field: str, places: list[int] = places) -> FloatArray:
            found = zip(everyone, places, strict=True)
            return np.array([getattr(one, field)[place] for one, place in found])

        rest_told, rest_all = at("rest_before") - at("rest"), at("rest_before") - at("rest_full")
        yield Line(
            name,
            count,
            _share(everyone, "strength", at("strength"), seed),
            _share(everyone, "steps", at("steps"), seed),
            float(rest_told.sum() / rest_all.sum()) if rest_all.any() else None,
            100.0 * float(at("gap").mean()) ** 0.5,
            100.0 * float(at("gap_of_strength").mean()) ** 0.5,
            None
            if promised is None
            else float(np.mean([one[place] for one, place in zip(promised, places, strict=True)])),
        )


def _share(everyone: Sequence[_Errors], field: str, now: FloatArray, seed: int) -> Measure:
    before = np.array([getattr(one, field)[0] for one in everyone])
    full = np.array([getattr(one, field)[-1] for one in everyone])
    values, drawn = draw_means((before - now)[:, None], before - full, seed)
    return measure(Draws(float(values[0]), drawn[:, 0]))
