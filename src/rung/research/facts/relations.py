"""Efficacy and performance between and within persons, and what efficacy comes from: findings 1 to 10.

How complex a task is, is the one thing that tells the tasks of these studies apart: it is the `luck` of a
deed, the sd (logits) of what else decides one performance. The three values below were set once, by finding
2; every other experiment takes them from here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import Deed, People
from rung.research.facts.finding import Numbers
from rung.research.facts.measuring import betas, correlation, explained, ratio, strength, within

__all__ = [
    "COMPLEX",
    "MEDIUM",
    "MINUTES",
    "SIMPLE",
    "across_waves",
    "of_complexity",
    "of_four_sources",
    "over_trials",
    "scale",
    "under_all_conditions",
]

SIMPLE, MEDIUM, COMPLEX = 0.3, 1.4, 2.4
MINUTES = 1.0 / (24.0 * 60.0)
"""Days in a minute."""
_TRIALS = 20
_TAUGHT = 0.15


def scale(deed: Deed) -> list[Deed]:
    """A scale of the same deed in five grades, as a guide for such scales advises (Bandura 2006)."""
    return [deed._replace(difficulty=deed.difficulty + grade) for grade in (-2.0, -1.0, 0.0, 1.0, 2.0)]


def of_complexity(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """A scale for one task, which is then done once for a score of 20; other people at each complexity."""
    found = {}
    for name, luck in (("low", SIMPLE), ("medium", MEDIUM), ("high", COMPLEX)):
        group, task = People(people, seed=random, parameters=p), Deed("the task", luck=luck, parts=20)
        sure = strength(group, scale(task))
        found[name] = correlation(sure, group.attempt(task).outcome)
    return {
        "r": found["medium"],
        **found,
        "low - medium": found["low"] - found["medium"],
        "medium - high": found["medium"] - found["high"],
        "low - high": found["low"] - found["high"],
    }


class _Course(NamedTuple):
    """What was said and done over trials, shape (trials, people)."""

    sure: FloatArray
    score: FloatArray

    def numbers(self) -> Numbers:
        """Past performance with efficacy, and efficacy with performance."""
        both = {}
        for name, detrended in (("", False), (", detrended", True)):
            both[f"past to efficacy{name}"] = within(self.score[:-1], self.sure[1:], detrended=detrended)
            both[f"efficacy to performance{name}"] = within(self.sure, self.score, detrended=detrended)
        return both


def over_trials(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Twenty trials of a task of medium complexity in one sitting: judge, do it, be told the score, go on.

    People are taught between trials (.15 logits each time), since in such studies skill grows; five minutes
    a trial.
    """
    return _course(people, random, p, MEDIUM, _TAUGHT).numbers()


def under_all_conditions(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """The twenty trials at each complexity, and at the medium one without teaching.

    By how much past performance goes with efficacy more than efficacy with performance, detrended or not:
    the least of the eight differences.
    """
    conditions = ((SIMPLE, _TAUGHT), (MEDIUM, _TAUGHT), (COMPLEX, _TAUGHT), (MEDIUM, 0.0))
    courses = [_course(people, random, p, luck, taught).numbers() for luck, taught in conditions]
    leads = [
        each[f"past to efficacy{name}"] - each[f"efficacy to performance{name}"]
        for each in courses
        for name in ("", ", detrended")
    ]
    return {"least lead": min(leads)}


def _course(people: int, random: np.random.Generator, p: Parameters, luck: float, taught: float) -> _Course:
    group, task = People(people, seed=random, parameters=p), Deed("the task", luck=luck, parts=20)
    sure, score = [], []
    for _ in range(_TRIALS):
        sure.append(strength(group, scale(task)))
        score.append(group.attempt(task).outcome)
        group.change(ability=group.crowd().ability + taught)
        group.wait(5 * MINUTES)
    return _Course(np.array(sure), np.array(score))


def across_waves(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """Two terms of a school subject of four months, holidays of two between: a scale, then the mark.

    A mark is the mean of three exams of 20 parts, which they are told. Weights are standardized, each with
    the earlier state of the outcome beside it.
    """
    group, exam = People(people, seed=random, parameters=p), Deed(luck=MEDIUM, parts=20)
    sure, marks = [], []
    for _ in range(2):
        sure.append(strength(group, scale(exam)))
        scores = []
        for _ in range(3):
            scores.append(group.attempt(exam).outcome)
            group.wait(40.0)
        marks.append(np.mean(scores, axis=0))
        group.wait(60.0)
    to_efficacy = betas(sure[1], [marks[0], sure[0]])[0]
    to_marks = betas(marks[1], [sure[0], marks[0]])[0]
    return {
        "performance to efficacy": to_efficacy,
        "efficacy to performance": to_marks,
        "ratio": ratio(to_efficacy, to_marks),
    }


def of_four_sources(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """A survey after eight weeks in which people differ in what they went through.

    Each week one attempt, one model and one assurance. How well models do, what is said to somebody and how
    tense they are differ from person to person, and a third of that goes together (a supportive setting).
    The survey asks for each source (a reading of what happened, reliability .8) and for efficacy on a scale.
    """
    group, task = People(people, seed=random, parameters=p), Deed(luck=MEDIUM, parts=20)
    support = random.standard_normal(people)
    models, words, calm = (_mixed(support, random) for _ in range(3))
    shown, said = (1.0 / (1.0 + np.exp(-each)) for each in (models, words))
    tense = 1.0 / (1.0 + np.exp(calm))
    scores = []
    for _ in range(8):
        group.watch(task, outcome=shown, similarity=0.6)
        group.assure(task, said, credibility=0.6)
        group.feel(arousal=tense, appraisal=-0.5)
        scores.append(group.attempt(task).outcome)
        group.wait(7.0)
    group.assure(task, said, credibility=0.6)
    group.wait(1.0)
    group.feel(arousal=tense, appraisal=-0.5)
    told = [_read(each, random) for each in (np.mean(scores, axis=0), shown, said, tense)]
    sure = strength(group, scale(task))
    mastery, *others = (abs(weight) for weight in betas(sure, told))
    return {
        "mastery": mastery,
        "next": max(others),
        "mastery - 2 next": mastery - 2.0 * max(others),
        "R2": explained(sure, told),
    }


def _mixed(shared: FloatArray, random: np.random.Generator) -> FloatArray:
    own = random.standard_normal(shared.size)
    mixed: FloatArray = (1.0 / 3.0) ** 0.5 * shared + (2.0 / 3.0) ** 0.5 * own
    return mixed


def _read(values: FloatArray, random: np.random.Generator) -> FloatArray:
    noise: FloatArray = values.std() * 0.25**0.5 * random.standard_normal(values.size)
    return values + noise
