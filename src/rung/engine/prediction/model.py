"""What people have in common, as it was learned from logs: everything a forecast of a stranger starts from.

`Model.default()` is what comes with the package (docs/fitting.md says what it was fitted to); `rung fit`
makes others. A model is a plain JSON file:

    judgements   weights of the evidence, how far people differ in them, noise        (`rows`, `habits`)
    cases        tables of what people said in cases like this one                    (`cases`)
    answers      how people repeat and round their answers                            (`answers`)
    attempt      weights of the evidence for success                                  (`chances`)
    choice       weights of the evidence for approach, or for the first of two tasks  (`chances`)
    fitted       to how many people and judgements, and how far that converged
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from rung.engine.prediction import answers, cases
from rung.engine.prediction.answers import AnswerHabits
from rung.engine.prediction.cases import NONE, Cases
from rung.engine.prediction.chances import ATTEMPT, CHOICE, Evidence, Weights, theory
from rung.engine.prediction.habits import PERSONAL, Population
from rung.engine.prediction.rows import NAMES
from rung.engine.scales import FloatArray
from rung.errors import InvalidParameters

__all__ = ["MODEL_VERSION", "Model"]

MODEL_VERSION = 1
_LEAST = 1e-9
_SETTINGS = {"noise": _LEAST, "drift": 0.0, "noise_weight": _LEAST, "noise_memory": 0.0}
"""Numbers of a population that stand by themselves, and the least that each may be."""


class Model(NamedTuple):
    """What is known of people at large."""

    judgements: Population
    cases: Cases = NONE
    answers: AnswerHabits = AnswerHabits()
    attempt: Weights = theory(ATTEMPT)
    choice: Weights = theory(CHOICE)
    fitted: Mapping[str, Any] = {}
    """To what, in numbers and names; empty where nothing was fitted."""

    @classmethod
    def default(cls) -> Model:
        """The model that comes with the package.

        >>> len(Model.default().judgements.weights) == len(NAMES)
        True
        """
        return _shipped()

    def to_json(self) -> str:
        """The model as text; numbers exact."""
        p = self.judgements
        content = {
            "format": "rung-model",
            "version": MODEL_VERSION,
            "judgements": {
                "weights": dict(zip(NAMES, p.weights.tolist(), strict=True)),
                "personal": list(PERSONAL),
                "spread": p.spread.tolist(),
                **{name: getattr(p, name) for name in _SETTINGS},
            },
            "cases": cases.as_lists(self.cases),
            "answers": answers.as_lists(self.answers),
            "attempt": _of_weights(self.attempt, ATTEMPT),
            "choice": _of_weights(self.choice, CHOICE),
            "fitted": dict(self.fitted),
        }
        return json.dumps(content, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Model:
        """Read what `to_json` wrote. Raises `InvalidParameters` for anything else."""
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InvalidParameters([f"not JSON: {error}"]) from error
        if not isinstance(content, dict) or content.get("format") != "rung-model":
            raise InvalidParameters(["not a fitted model of Rung (format is not 'rung-model')"])
        if content.get("version") != MODEL_VERSION:
            version = content.get("version")
            raise InvalidParameters([f"version {version!r} is not {MODEL_VERSION}, which this Rung reads"])
        try:
            judged = content["judgements"]
            if judged["personal"] != list(PERSONAL):
                raise InvalidParameters(["judgements: made for other personal weights; fit it anew"])
            return cls(
                Population(
                    _numbers([judged["weights"][name] for name in NAMES], len(NAMES)),
                    _covariance(judged["spread"], len(PERSONAL)),
                    *(_at_least(judged[name], least) for name, least in _SETTINGS.items()),
                ),
                cases.from_lists(content["cases"]),
                answers.from_lists(content["answers"]),
                _to_weights(content["attempt"], ATTEMPT),
                _to_weights(content["choice"], CHOICE),
                dict(content["fitted"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise InvalidParameters([f"the model cannot be read ({error!r}): fit it anew"]) from error


@lru_cache(maxsize=1)
def _shipped() -> Model:
    return Model.from_json(files("rung.engine.prediction").joinpath("model.json").read_text(encoding="utf-8"))


def _of_weights(weights: Weights, evidence: Sequence[Evidence]) -> dict[str, Any]:
    names = [item.name for item in evidence]
    return {
        "weights": dict(zip(names, weights.mean.tolist(), strict=True)),
        "covariance": weights.covariance.tolist(),
        "dispersion": weights.dispersion,
    }


def _to_weights(told: Mapping[str, Any], evidence: Sequence[Evidence]) -> Weights:
    size = len(evidence)
    mean = _numbers([told["weights"][item.name] for item in evidence], size)
    return Weights(mean, _covariance(told["covariance"], size), _at_least(told["dispersion"], _LEAST))


def _covariance(values: Any, size: int) -> FloatArray:
    array = _numbers(values, size, size)
    if not np.allclose(array, array.T) or np.linalg.eigvalsh(array).min() < -_LEAST * np.abs(array).max():
        raise ValueError("expected a covariance: symmetric, with no negative variance in any direction")
    return array


def _at_least(value: Any, least: float) -> float:
    if not least <= float(value) < math.inf:
        raise ValueError(f"expected a finite number of {least:g} or more, not {value!r}")
    return float(value)


def _numbers(values: Any, *shape: int) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"expected finite numbers of shape {shape}")
    return array
