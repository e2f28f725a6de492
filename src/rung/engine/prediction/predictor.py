"""What a person will say, choose and manage next: asked before each event, learning from each.

    predictor, ana = Predictor(), Predictor().begin()
    for each event:  ask `answer` or `chance` what it will be;  ana = observe(ana, event)

Everything starts from what people have in common (`Model`), and from there each person's own is learned:
weights and noise of their judgements (`habits`), ways of answering (`answers`), weights of success and of
approach (`chances`). The same is made for many people at once by `crowd`; tests hold both to be equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from rung.engine.events import Event, asked, turned
from rung.engine.parameters import Parameters
from rung.engine.prediction import answers, cases, chances, habits, judging
from rung.engine.prediction.answers import Answer, Respondent
from rung.engine.prediction.chances import Weights
from rung.engine.prediction.judging import Judging
from rung.engine.prediction.memory import Memory, remembered
from rung.engine.prediction.model import Model
from rung.engine.prediction.rows import CUE_PLACES
from rung.engine.scales import FloatArray
from rung.errors import InvalidEvent

__all__ = ["Known", "Predictor"]


class Known(NamedTuple):
    """What is known of a person: all of it from their log, and to be had again from it at any time."""

    judging: Judging
    respondent: Respondent
    memory: Memory
    attempt: Weights
    choice: Weights


class _Expected(NamedTuple):
    """A judgement before it is made."""

    last: float
    mean: float
    habits: habits.Expected
    cues: Sequence[float]

    @property
    def sd(self) -> float:
        return float(self.habits.sd)


@dataclass(frozen=True, slots=True)
class Predictor:
    """Foretells a person's next judgement, choice or outcome. Holds no state.

    >>> predictor = Predictor()
    >>> ana = predictor.begin()
    >>> question = Event("ana", "talks", "say it to the team", 60.0, "judgement")
    >>> predictor.answer(ana, question) is None
    True
    >>> ana = predictor.observe(ana, question._replace(time=0.0, value=0.4))
    >>> 0.3 < predictor.answer(ana, question).mean < 0.6
    True
    """

    model: Model = field(default_factory=Model.default)
    parameters: Parameters = field(default_factory=Parameters)

    def begin(self) -> Known:
        """Somebody of whom nothing is known."""
        model = self.model
        return Known(
            judging.begun(model.judgements),
            answers.begin(model.answers),
            Memory(),
            model.attempt,
            model.choice,
        )

    def answer(self, known: Known, question: Event) -> Answer | None:
        """Distribution of a judgement; None before the first one of its domain.

        Of `question` only domain, task, time and difficulty are used.
        """
        told = self._expected(known, asked(question))
        if told is None:
            return None
        return answers.forecast(
            known.respondent, told.last, told.mean, told.sd, told.cues, self.model.answers
        )

    def chance(self, known: Known, question: Event) -> float:
        """Chance that an attempt works, that a task is approached, or that it is chosen over another, 0 to 1.

        Of `question` only kind, domain, task, time, difficulty and the other task are used. Raises
        `InvalidEvent` for another kind than attempt and choice.
        """
        if question.kind not in ("attempt", "choice"):
            raise InvalidEvent([f"kind: {question.kind!r} has no chance; attempts and choices have"])
        first = turned(question)
        row = np.array(chances.evidence_of(known.memory, asked(first)))
        weights = known.attempt if question.kind == "attempt" else known.choice
        chance = chances.chance(weights, row)
        return chance if first.task == question.task else 1.0 - chance

    def observe(self, known: Known, event: Event) -> Known:
        """The person after one more event; events come in order of time."""
        event = turned(event)
        if event.value is not None:
            if event.kind == "judgement":
                known = self._answered(known, event, event.value)
            elif event.kind in ("attempt", "choice"):
                known = _weighed(known, event, event.value)
        return known._replace(
            judging=judging.after(known.judging, event, self.parameters),
            memory=remembered(known.memory, event),
        )

    def _expected(self, known: Known, question: Event) -> _Expected | None:
        before = judging.before(known.judging, question)
        if before is None:
            return None
        last, row = before
        told = habits.expected(known.judging.habits, row, self.model.judgements)
        mean = float(told.mean)
        if len(self.model.cases.values):
            mean = float(cases.expected(self.model.cases, row[None], np.array([mean]))[0])
        return _Expected(last, last + mean, told, _cues(row))

    def _answered(self, known: Known, event: Event, value: float) -> Known:
        told = self._expected(known, asked(event))
        if told is None:
            return known
        respondent = answers.observe(
            known.respondent, told.last, told.mean, told.sd, told.cues, value, self.model.answers
        )
        change = value - told.last
        learned = judging.learned(known.judging, told.habits, change, self.model.judgements)
        return known._replace(judging=learned, respondent=respondent)


def _cues(row: FloatArray) -> list[float]:
    cues: list[float] = np.abs(row[CUE_PLACES]).tolist()
    return cues


def _weighed(known: Known, event: Event, value: float) -> Known:
    """What an outcome or a choice tells of the person's weights."""
    row = np.array(chances.evidence_of(known.memory, asked(event)))
    if event.kind == "attempt":
        return known._replace(attempt=chances.learned(known.attempt, row, value))
    return known._replace(choice=chances.learned(known.choice, row, value))
