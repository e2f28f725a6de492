"""A fitted model of judgements as JSON: weights with their standard errors, and what they were fitted to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rung.engine.habits import PERSONAL, Population
from rung.engine.rows import NAMES
from rung.errors import InvalidParameters
from rung.research.fitting.mixed import PRIOR, Fit

__all__ = ["content_of", "fitted_to", "given", "population_of", "text_of"]

_FORMAT, _VERSION = "rung-model", 1
_SETTINGS = ("noise", "drift", "noise_weight", "noise_memory")


def given() -> Population:
    """What the fitted weights are held against: those of theory alone."""
    return Population(PRIOR.copy(), 0.001 * np.eye(len(PERSONAL)), 0.02)


def fitted_to(fit: Fit, logs: Sequence[str]) -> dict[str, Any]:
    """To how much it was fitted, and how far that got; `logs` by name, without their folders."""
    return {
        "people": fit.people,
        "judgements": fit.judgements,
        "log_likelihood": fit.log_likelihood,
        "steps": fit.steps,
        "converged": fit.converged,
        "starts": list(fit.starts),
        "logs": list(logs),
    }


def content_of(fit: Fit, logs: Sequence[str]) -> dict[str, Any]:
    """What is written of a fit."""
    population = fit.population
    errors = zip(NAMES, population.weights.tolist(), fit.errors.tolist(), strict=True)
    judgements = {
        "weights": {name: {"value": value, "error": error} for name, value, error in errors},
        "spread": {
            "names": list(PERSONAL),
            "covariance": population.spread.tolist(),
            "errors": fit.spread_errors.tolist(),
        },
        **{name: getattr(population, name) for name in _SETTINGS},
        "noise_error": fit.noise_error,
    }
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "judgements": judgements,
        "fitted": fitted_to(fit, logs),
    }


def text_of(fit: Fit, logs: Sequence[str]) -> str:
    """The same as the text of a file."""
    return json.dumps(content_of(fit, logs), indent=1, ensure_ascii=False) + "\n"


def population_of(text: str) -> Population:
    """The population of such a file; `InvalidParameters` where it is none."""
    try:
        content = json.loads(text)
        if content["format"] != _FORMAT or content["version"] != _VERSION:
            raise InvalidParameters([f"no file of a fitted model of Rung, version {_VERSION}"])
        told: Mapping[str, Any] = content["judgements"]
        weights = np.array([told["weights"][name]["value"] for name in NAMES], np.float64)
        places = [told["spread"]["names"].index(name) for name in PERSONAL]
        spread = np.array(told["spread"]["covariance"], np.float64)[np.ix_(places, places)]
        noise, drift, noise_weight, noise_memory = (float(told[name]) for name in _SETTINGS)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise InvalidParameters([f"no file of a fitted model of Rung ({error!r})"]) from error
    return Population(weights, spread, noise, drift, noise_weight, noise_memory)
