"""How judgements go with what people can do, what they choose, and the moment: findings 31 to 36."""

from __future__ import annotations

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, Kind, People, Seen
from rung.research.facts.finding import Numbers
from rung.research.facts.measuring import correlation, effect, ratio, share_within, strength
from rung.research.facts.relations import MEDIUM, SIMPLE, scale

__all__ = ["against_others", "from_moment_to_moment", "of_themselves", "raised", "to_other_fields"]


def of_themselves(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """People rate how well they do something, once for all of it, and then do it."""
    group, task = People(people, seed=random, parameters=p), Deed(luck=MEDIUM, parts=20)
    rated = group.judge(task)
    return {"r": correlation(rated, group.attempt(task).outcome)}


def against_others(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Self-ratings as ranks of 100, against the ranks in a test: its lowest and its highest quarter."""
    group, task = People(people, seed=random, parameters=p), Deed(luck=MEDIUM, parts=40)
    rated = 100.0 * group.judge(task)
    score = group.attempt(task).outcome + 1e-6 * random.random(people)
    rank = 100.0 * (np.argsort(np.argsort(score)) + 0.5) / people
    over = rated - rank
    return {
        "lowest quarter": float(over[rank < 25.0].mean()),
        "highest quarter": float(over[rank > 75.0].mean()),
    }


def raised(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Efficacy is raised by feedback, models and an assurance; a day later people go for it or let it pass.

    The dose was chosen to bring about what such studies bring about (d .77 of efficacy).
    """
    task, rated, went = Deed("exercise"), [], []
    for is_treated in (False, True):
        group = People(people, seed=random, parameters=p, kind=Kind("doubting", belief=-0.5))
        if is_treated:
            for _ in range(2):
                group.feedback(task, 1.0, seen=Seen(1.0, internal=1.0))
                group.watch(task, similarity=0.8, coping=1.0)
            group.assure(task, 0.8, credibility=0.8)
        group.wait(1.0)
        rated.append(strength(group, scale(task)))
        went.append(group.choose(task).astype(np.float64))
    return {"efficacy, d": effect(rated[1], rated[0]), "behaviour, d": effect(went[1], went[0])}


def to_other_fields(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Ten successes in one field; efficacy in a near (.9), a related (.5) and an unrelated one."""
    fields = ["trained", "near", "related", "unrelated"]
    related = {("trained", "near"): 0.9, ("trained", "related"): 0.5}
    group = People(people, seed=random, parameters=p, kind=Kind("doubting", belief=-1.0), relatedness=related)
    tasks = [Deed("the task", domain=field) for field in fields]
    before = [strength(group, scale(task)) for task in tasks]
    for _ in range(10):
        group.attempt(tasks[0], seen=Seen(1.0))
    gains = [
        float(np.mean(strength(group, scale(task)) - was)) for task, was in zip(tasks, before, strict=True)
    ]
    return {field: ratio(gain, gains[0]) for field, gain in zip(fields[1:], gains[1:], strict=True)}


def from_moment_to_moment(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """A week of five questions a day: how sure are you that you can be active in the next hours?

    The next hours differ (sd of their difficulty .8: weather, duties, company), and people know it. Each
    evening they have been active or not.
    """
    group = People(people, seed=random, parameters=p)
    rated: list[FloatArray] = []
    for _ in range(7):
        for _ in range(5):
            hours = Deed(difficulty=0.8 * random.standard_normal(people))
            rated.append(group.judge(hours))
            group.wait(3.0 / 24.0)
        group.attempt(Deed(luck=SIMPLE))
        group.wait(9.0 / 24.0)
    return {"share": share_within(np.array(rated))}
