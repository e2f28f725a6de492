"""The benchmark: Rung and its rivals on one log, under one protocol, with no code for any log in particular.

1. everyone's events in order of time (`folds`), and the rows to be predicted (`series`, `questions`)
2. each model is fitted to the people of the other folds, and predicts each person from earlier rows
3. it is tried whether a model looks ahead (`leaks`); one that does is left out
4. scores (`scoring`), their intervals over people and the paired difference to Rung (`resampling`)
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.errors import InvalidInput, MissingExtra
from rung.log import Log
from rung.research.folds import FOLDS, Fold, folds_of, series_of
from rung.research.forecasts import Forecasts, Model, Rival
from rung.research.leaks import looks_ahead
from rung.research.questions import Questions, questions_of
from rung.research.resampling import Difference, Draws, Measure, difference, measure
from rung.research.series import TARGETS, Series, Target
from rung.research.tally import MAIN, Tally, Traces, check_forecasts

__all__ = ["Benchmark", "Entry", "Result", "TargetResult", "Written", "run_benchmark"]

Written = Callable[[Target, str, NDArray[np.intp], Forecasts], object]
"""Takes the forecasts of one person: target, model, rows of the file, and forecasts of what the file says."""

_TRIED = 3
"""People on whom it is tried, for each model and target, whether it looks ahead."""
_logger = logging.getLogger(__name__)


class Entry(NamedTuple):
    """One model on one target."""

    model: str
    source: str
    scores: dict[str, Measure]
    differences: dict[str, Difference]
    """Its scores minus Rung's; empty for Rung itself."""
    left_out: str
    """Why there are no scores; empty where there are."""


class TargetResult(NamedTuple):
    """Every model on one target: Rung first, the others by their main score, those left out at the end."""

    target: Target
    rows: int
    people: int
    entries: tuple[Entry, ...]


class Result(NamedTuple):
    """One log."""

    log: str
    people: int
    folds: int
    notes: tuple[str, ...]
    """What so small a log does not allow."""
    targets: tuple[TargetResult, ...]


class Benchmark(NamedTuple):
    """A result, and beside it the rows and what each model made of them, target by target, for the report."""

    result: Result
    questions: tuple[Questions, ...]
    traces: tuple[dict[str, Traces], ...]


def run_benchmark(
    log: Log,
    name: str,
    rivals: Sequence[Rival],
    *,
    seed: int = 0,
    write: Written | None = None,
    progress: Callable[[str, float], object] | None = None,
) -> Benchmark:
    """Predict every row of a log that can be, by each of the rivals; the first of them is Rung.

    `progress` takes the model at work and the share that is done. Raises `InvalidInput` where the log has
    nothing to predict.
    """
    series = series_of(log)
    asked = [found for target in TARGETS if len((found := questions_of(series, target)).values)]
    if not asked:
        raise InvalidInput(_nothing(name, series))
    work = _Work(series, list(folds_of(series)), seed, write)
    tallies: dict[Target, list[Tally]] = {questions.target: [] for questions in asked}
    for number, rival in enumerate(rivals):
        started = time.perf_counter()
        mine = [Tally(rival, questions) for questions in asked if questions.target in rival.targets]
        for done in work.run(mine):
            if progress:
                progress(rival.name, (number + done) / len(rivals))
        for tally in mine:
            tallies[tally.questions.target].append(tally)
        _logger.info("%s: %s took %.1f s", name, rival.name, time.perf_counter() - started)
    targets = tuple(_target_result(questions, tallies[questions.target], seed) for questions in asked)
    traces = tuple(
        {tally.rival.name: tally.traces() for tally in tallies[questions.target] if not tally.left_out}
        for questions in asked
    )
    result = Result(name, len(series), len(work.folds), _notes(len(series)), targets)
    return Benchmark(result, tuple(asked), traces)


def _nothing(name: str, series: Sequence[Series]) -> str:
    kinds = {event.kind for one in series for event in one.events}
    if not kinds:
        return f"{name}: there are no events, so there is nothing to predict"
    return (
        f"{name}: there is nothing to predict. It takes a person's second judgement in a domain, a choice, "
        f"or an attempt with a known outcome after another event of its domain; "
        f"the log has {', '.join(sorted(kinds))}, but none of these"
    )


def _notes(people: int) -> tuple[str, ...]:
    if people == 1:
        return ("one person: no intervals over people, and only models that learn from nobody else",)
    if people < FOLDS:
        return (f"{people} people: {people} folds, one for each, and wide intervals",)
    return ()


@dataclass(slots=True)
class _Work:
    """What is the same for every model."""

    series: list[Series]
    folds: list[Fold]
    seed: int
    write: Written | None

    def run(self, tallies: Sequence[Tally]) -> Iterator[float]:
        """One model on its targets; yields the share that is done."""
        for tally in tallies:
            tally.left_out = self._nobody_to_learn_from(tally)
        done = 0
        for fold in self.folds:
            models = [(tally, model) for tally in tallies if (model := self._fitted(tally, fold))]
            for place in fold.test:
                for tally, model in models:
                    if place in tally.questions.spans:
                        self._predict(tally, model, place)
                done += 1
                yield done / len(self.series)

    def _nobody_to_learn_from(self, tally: Tally) -> str:
        if not tally.rival.needs_training:
            return ""
        known = tally.questions.spans.keys()
        for fold in self.folds:
            if not known.isdisjoint(fold.test) and known.isdisjoint(fold.training):
                return "it learns from other people, and there are none to learn from"
        return ""

    def _fitted(self, tally: Tally, fold: Fold) -> Model | None:
        """The model of a fold; None where it has nothing to predict, or the model is left out."""
        target, mine = tally.questions.target, [p for p in fold.test if p in tally.questions.spans]
        if tally.left_out or not mine:
            return None
        try:
            model = tally.rival.fit([self.series[place] for place in fold.training], target, self.seed)
        except MissingExtra as missing:
            tally.left_out = str(missing)
            return None
        if not tally.is_tried:
            tally.is_tried = True
            tally.left_out = self._caught(model, target, mine)
        return None if tally.left_out else model

    def _caught(self, model: Model, target: Target, places: Sequence[int]) -> str:
        """Try it on a few people, at a row each."""
        generator = np.random.default_rng(self.seed)
        for place in generator.permutation(places)[:_TRIED]:
            series = self.series[place]
            event = int(generator.choice(series.scored(target)))
            if looks_ahead(model, series, target, event, generator):
                return (
                    f"it looks ahead: its forecast of row {series.rows[event]} changes with what comes later"
                )
        return ""

    def _predict(self, tally: Tally, model: Model, place: int) -> None:
        questions, span = tally.questions, tally.questions.spans[place]
        forecasts = model.predict(self.series[place], questions.target)
        check_forecasts(forecasts, span.stop - span.start, questions.target, tally.rival.name)
        tally.add(place, forecasts)
        if self.write:
            mirrored = questions.mirrored[span]
            told = forecasts._replace(mean=np.where(mirrored, 1.0 - forecasts.mean, forecasts.mean))
            self.write(questions.target, tally.rival.name, questions.rows[span], told)


def _target_result(questions: Questions, tallies: Sequence[Tally], seed: int) -> TargetResult:
    drawn = {tally.rival.name: tally.draws(seed) for tally in tallies if not tally.left_out}
    rung = drawn.get(tallies[0].rival.name) if tallies else None
    entries = [_entry(tally, drawn.get(tally.rival.name), rung) for tally in tallies]
    main = MAIN[questions.target]
    others = sorted(entries[1:], key=lambda entry: _place(entry, main))
    return TargetResult(
        questions.target, len(questions.values), len(questions.names), (*entries[:1], *others)
    )


def _place(entry: Entry, main: str) -> tuple[bool, float]:
    value = entry.scores[main].value if entry.scores else None
    return value is None, value or 0.0


def _entry(tally: Tally, own: dict[str, Draws] | None, rung: dict[str, Draws] | None) -> Entry:
    name, source = tally.rival.name, tally.rival.source
    if own is None:
        return Entry(name, source, {}, {}, tally.left_out)
    scores = {score: measure(draws) for score, draws in own.items()}
    if rung is None or rung is own:
        return Entry(name, source, scores, {}, "")
    differences = {
        score: difference(own[score], rung[score], higher_is_better=score == "auc")
        for score in own
        if not score.startswith(("cover", "closed"))
    }
    return Entry(name, source, scores, differences, "")
