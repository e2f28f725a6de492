"""A whole model fitted to logs, part by part, each of them taken only where it predicts others better.

    judgements        what evidence weighs, from everybody's sums, in parts              (`mixed`, `parts`)
    cases             what was said in cases like one, from a sample of whole people     (`expectations`)
    answers           how people repeat and round them, from the same                    (`answers`)
    attempt, choice   what evidence weighs for success and approach, from the same       (`chances`)

A part that is not better than that of `Model.default()` on people held out stays as it is there, and so does
whatever the logs say nothing of. Cases are learned, and compared, on top of the judgements that are taken,
and answers on top of both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rung.engine.parameters import Parameters
from rung.engine.prediction.habits import OWN, PERSONAL, Population
from rung.engine.prediction.model import Model
from rung.engine.prediction.rows import NAMES
from rung.errors import InvalidInput
from rung.research.fitting.answers import learn_answers
from rung.research.fitting.chances import learn_chances
from rung.research.fitting.expectations import Expectations, learn_tables
from rung.research.fitting.heldout import HeldOut, Learned, filled, hold_out_judgements
from rung.research.fitting.mixed import Fit
from rung.research.fitting.parts import Part, Piece, fit_pieces, weighed
from rung.research.fitting.samples import Sample, draw
from rung.research.fitting.workers import Workers

__all__ = ["Bar", "FittedModel", "Outcome", "fit_model"]

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
"""Shows how much of a named amount of work is done."""

_SHARE, _USUAL_STEPS = 1_000, 25
_NOTHING = 1e-12
"""A mean square below this comes from rounding."""
_COUNTED = {"attempt": "attempts", "choice": "choices"}
"""What a part is fitted to, where not to judgements."""


class Outcome(NamedTuple):
    """What came of one part of a model."""

    people: int
    """That it was fitted to."""
    people_known: int
    """Who might have been, had nobody been left undrawn."""
    answers: int
    """Judgements, attempts or choices that it was fitted to."""
    held_out: HeldOut | None
    is_taken: bool
    """True where the fitted part stands in the model."""

    @property
    def is_better(self) -> bool:
        """True where it predicts people better whom it has not met."""
        return self.held_out is not None and self.held_out.is_better


class FittedModel(NamedTuple):
    """What was fitted."""

    model: Model
    """With the parts that are taken."""
    candidate: Model
    """With all parts that were fitted."""
    outcomes: Mapping[str, Outcome]
    """Of each part that the logs tell of, by its name in the model."""
    judgements: Fit | None
    seen: frozenset[str]
    """Names of the numbers of a row that the logs have."""

    @property
    def is_better(self) -> bool:
        """True where some part is that was not to be kept."""
        return any(outcome.is_better and outcome.is_taken for outcome in self.outcomes.values())


@contextmanager
def _silent(title: str, total: int) -> Iterator[Callable[[int], object]]:
    yield lambda done: None


def fit_model(
    parts: Sequence[Part],
    folder: Path,
    workers: Workers,
    logs: Sequence[str] = (),
    *,
    seed: int = 0,
    force: bool = False,
    keep: Collection[str] = (),
    bar: Bar = _silent,
) -> FittedModel:
    """Fit all that the parts have evidence for; with `force`, take every part that could be fitted.

    `keep` names parts of the model that stay as they are given, `folder` is one that every worker can write
    to, and `logs` the names that the model keeps. Raises `InvalidInput` where there is nothing to fit.
    """
    making = _Making(Model.default(), logs, force, keep, seed, bar)
    with bar("Weighing the evidence", len(parts)) as show:
        pieces = weighed(parts, folder, workers, Parameters(), show)
    fit, without = None, dict[int, Population]()
    if pieces:
        fit, without = _take_judgements(making, parts, pieces, workers)
    with bar("Drawing people", len(parts)) as show:
        sample = draw(parts, folder, workers, seed, progress=show)
    _take_sampled(making, sample, without)
    if not making.outcomes:
        raise InvalidInput(
            "there is nothing to fit: no judgement has an earlier one of the same person and domain, no "
            "attempt has a known outcome, and there is no choice"
        )
    seen = frozenset(np.array(NAMES)[_seen(pieces)].tolist())
    return FittedModel(making.model, making.candidate, making.outcomes, fit, seen)


class _Making:
    """A model in the making, as parts of it are fitted one after the other."""

    def __init__(
        self, given: Model, logs: Sequence[str], force: bool, keep: Collection[str], seed: int, bar: Bar
    ) -> None:
        self.given = self.model = self.candidate = given
        self.outcomes: dict[str, Outcome] = {}
        self.seed = seed
        self.bar = bar
        self._logs = list(logs)
        self._force = force
        self._keep = keep

    def takes(self, part: str) -> bool:
        """True where the fitted part was taken."""
        return part in self.outcomes and self.outcomes[part].is_taken

    def take(
        self,
        part: str,
        learned: Learned[Any] | None,
        people_known: int,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Take a part where it is better, or all are taken; None is one that the logs say nothing of."""
        if learned is None:
            return
        people, answers, held_out = learned.people, learned.answers, learned.held_out
        is_better = held_out is not None and held_out.is_better
        told = {"logs": self._logs, "people": people, _COUNTED.get(part, "judgements"): answers}
        told |= {"is_better": is_better}
        told |= more or {}
        is_taken = (is_better or self._force) and part not in self._keep
        if part not in self._keep:
            self.candidate = _with_part(self.candidate, part, learned.fitted, told)
        if is_taken:
            self.model = _with_part(self.model, part, learned.fitted, told)
        self.outcomes[part] = Outcome(people, people_known, answers, held_out, is_taken)


def _with_part(model: Model, part: str, fitted: object, told: Mapping[str, Any]) -> Model:
    changed: dict[str, Any] = {part: fitted, "fitted": {**model.fitted, part: told}}
    return model._replace(**changed)


def _take_judgements(
    making: _Making, parts: Sequence[Part], pieces: Sequence[Piece], workers: Workers
) -> tuple[Fit, dict[int, Population]]:
    """The fit to everyone, and the populations by which those of each fold are predicted, if taken."""
    given, seen, held_out = making.given.judgements, _seen(pieces), None
    fit, without = _fit_folds(pieces, workers, given, making.bar)
    if without:
        with making.bar("Predicting people held out", len(parts)) as show:
            held_out = hold_out_judgements(
                parts, without, given, workers, Parameters(), seed=making.seed, progress=show
            )
    learned = Learned(_population(fit, seen, given), fit.people, fit.judgements, held_out)
    making.take("judgements", learned, fit.people, _told_of(fit, seen))
    return fit, without if making.takes("judgements") else {}


def _take_sampled(making: _Making, sample: Sample, without: Mapping[int, Population]) -> None:
    """What is fitted to a sample."""
    given, seed, bar = making.given, making.seed, making.bar
    expectations = Expectations(sample, making.model.judgements, without, Parameters(), seed)
    with bar("Fitting cases", len(expectations.fold)) as show:
        cases = learn_tables(expectations, given.cases, seed=seed, progress=show)
    making.take("cases", cases, sample.people_of("judgement"))
    with bar("Fitting answers", len(expectations.fold)) as show:
        kept = None if making.takes("cases") else given.cases
        answers = learn_answers(expectations, kept, given.answers, seed=seed, progress=show)
    making.take("answers", answers, sample.people_of("judgement"))
    with bar("Fitting attempts", len(sample.of("attempt"))) as show:
        attempt = learn_chances(sample, "attempt", given.attempt, seed=seed, progress=show)
    making.take("attempt", attempt, sample.people_of("attempt"))
    with bar("Fitting choices", len(sample.of("choice"))) as show:
        choice = learn_chances(sample, "choice", given.choice, seed=seed, progress=show)
    making.take("choice", choice, sample.people_of("choice"))


def _fit_folds(
    pieces: Sequence[Piece], workers: Workers, given: Population, bar: Bar
) -> tuple[Fit, dict[int, Population]]:
    """The fit to everyone, and the populations fitted without each fold that leaves somebody."""
    held = sorted({piece.fold for piece in pieces})
    held = held if len(held) > 1 else []
    with bar("Fitting judgements", _SHARE * (len(held) + 1)) as show:

        def shown(fits: int) -> Callable[[int], object]:
            return lambda steps: show(round(_SHARE * (fits + steps / (steps + _USUAL_STEPS))))

        fit = fit_pieces(pieces, workers, progress=shown(0))
        without = {
            fold: _population(fit_pieces(pieces, workers, fold, shown(number)), _seen(pieces, fold), given)
            for number, fold in enumerate(held, start=1)
        }
    return fit, without


def _seen(pieces: Sequence[Piece], without: int | None = None) -> NDArray[np.bool_]:
    """Which numbers of a row are ever other than nought, shape (k,)."""
    seen = np.zeros(len(NAMES), np.bool_)
    for piece in pieces:
        if piece.fold != without:
            seen |= piece.squares > _NOTHING * piece.judgements
    return seen


def _population(fit: Fit, seen: NDArray[np.bool_], given: Population) -> Population:
    """What was fitted; what nobody's evidence told of, and what is not fitted, as it is given."""
    fitted = fit.population
    return given._replace(
        weights=np.where(seen, fitted.weights, given.weights),
        spread=filled(fitted.spread, given.spread, seen[OWN]),
        noise=fitted.noise,
    )


def _told_of(fit: Fit, seen: NDArray[np.bool_]) -> dict[str, Any]:
    """How well it is known, and how far the fit got."""
    own = seen[OWN]
    return {
        "log_likelihood": fit.log_likelihood,
        "steps": fit.steps,
        "converged": fit.converged,
        "starts": list(fit.starts),
        "errors": dict(zip(np.array(NAMES)[seen].tolist(), fit.errors[seen].tolist(), strict=True)),
        "spread_errors": dict(
            zip(np.array(PERSONAL)[own].tolist(), fit.spread_errors[own].tolist(), strict=True)
        ),
        "noise_error": fit.noise_error,
    }
