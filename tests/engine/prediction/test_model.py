"""A model as a file: read back exactly, or refused with what is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.prediction.answers import REPEAT_CUES, SHARES, AnswerHabits
from rung.engine.prediction.cases import Cases, as_lists
from rung.engine.prediction.chances import ATTEMPT, CHOICE, Weights
from rung.engine.prediction.habits import PERSONAL, Population
from rung.engine.prediction.model import MODEL_VERSION, Model
from rung.engine.prediction.rows import NAMES
from rung.errors import InvalidParameters

SHIPPED = Model.default()


def same(one: Any, other: Any) -> bool:
    """The same to the last bit, whatever it is made of."""
    if isinstance(one, tuple):
        return type(one) is type(other) and all(map(same, one, other))
    return bool(np.array_equal(one, other)) and type(one) is type(other)


def some_model(seed: int) -> Model:
    """Numbers with as many digits as there are."""
    random = np.random.default_rng(seed)

    def covariance(size: int) -> Any:
        root = random.normal(size=(size, size))
        return (root @ root.T + (root @ root.T).T) / 2.0

    def weights(size: int) -> Weights:
        return Weights(random.normal(size=size), covariance(size), float(random.uniform(0.1, 1.0)))

    settings = random.uniform(0.1, 2.0, 4).tolist()
    tables = int(random.integers(1, 4))
    return Model(
        Population(random.normal(size=len(NAMES)), covariance(len(PERSONAL)), *settings),
        Cases(
            random.integers(0, len(NAMES) + 1, (tables, 2)),
            random.normal(size=(tables, 2)),
            random.normal(size=(tables, 4)),
        ),
        AnswerHabits(
            random.normal(size=len(REPEAT_CUES)),
            float(random.uniform(0.1, 1.0)),
            random.random(len(SHARES)),
            random.random(101),
        ),
        weights(len(ATTEMPT)),
        weights(len(CHOICE)),
        {"people": 17, "log": 'a "log"\nof ours', "converged": True},
    )


@given(st.integers(0, 2**32))
def test_a_model_is_the_same_after_json_to_the_last_bit(seed: int) -> None:
    model = some_model(seed)
    back = Model.from_json(model.to_json())
    assert same(back._replace(fitted={}), model._replace(fitted={}))
    assert back.fitted == model.fitted
    assert back.to_json() == model.to_json()


def test_the_model_of_the_package_is_the_same_after_json() -> None:
    back = Model.from_json(SHIPPED.to_json())
    assert same(back._replace(fitted={}), SHIPPED._replace(fitted={}))
    assert back.fitted == SHIPPED.fitted
    assert Model.default() is SHIPPED


def test_the_model_of_the_package_is_one_to_begin_with() -> None:
    assert SHIPPED.judgements.weights.shape == (len(NAMES),)
    assert SHIPPED.judgements.noise > 0.0
    for covariance in (SHIPPED.judgements.spread, SHIPPED.attempt.covariance, SHIPPED.choice.covariance):
        np.testing.assert_allclose(covariance, covariance.T, atol=1e-12)
        assert np.linalg.eigvalsh(covariance).min() > 0.0
    assert 0.0 < SHIPPED.attempt.dispersion <= 1.0
    assert 0.0 < SHIPPED.choice.dispersion <= 1.0


def test_the_saved_text_is_plain_json_that_names_every_number() -> None:
    content = json.loads(SHIPPED.to_json())
    assert (content["format"], content["version"]) == ("rung-model", MODEL_VERSION)
    assert list(content["judgements"]["weights"]) == list(NAMES)
    assert content["judgements"]["personal"] == list(PERSONAL)
    assert list(content["attempt"]["weights"]) == [item.name for item in ATTEMPT]
    assert list(content["choice"]["weights"]) == [item.name for item in CHOICE]


def test_weights_are_read_by_their_names_in_any_order() -> None:
    content = json.loads(SHIPPED.to_json())
    for part in ("judgements", "attempt", "choice"):
        content[part]["weights"] = dict(reversed(content[part]["weights"].items()))
    assert same(Model.from_json(json.dumps(content)).judgements, SHIPPED.judgements)


# What is refused


@pytest.mark.parametrize(
    "text, told",
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a fitted model"),
        ("{}", "not a fitted model"),
        ("3", "not a fitted model"),
        ('{"format": "rung-person", "version": 2}', "not a fitted model"),
        ('{"format": "rung-model"}', "version None is not"),
        ('{"format": "rung-model", "version": 0}', "version 0 is not"),
        (f'{{"format": "rung-model", "version": {MODEL_VERSION}}}', "judgements.*fit it anew"),
        (f'{{"format": "rung-model", "version": {MODEL_VERSION}, "judgements": []}}', "fit it anew"),
    ],
)
def test_anything_but_a_model_is_refused_with_what_it_is(text: str, told: str) -> None:
    with pytest.raises(InvalidParameters, match=told):
        Model.from_json(text)


def without(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        for name in path[:-1]:
            content = content[name]
        del content[path[-1]]

    return change


def having(value: Any, *path: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        for name in path[:-1]:
            content = content[name]
        content[path[-1]] = value

    return change


def with_cases(**columns: Any) -> Callable[[dict[str, Any]], None]:
    """One table, but for some of its columns."""
    one = Cases(np.zeros((1, 2), np.intp), np.zeros((1, 2)), np.zeros((1, 4)))
    return having({**as_lists(one), **columns}, "cases")


SIZE = len(PERSONAL)
LOPSIDED = [
    [float(column == row + 1) + 2.0 * (column == row) for column in range(SIZE)] for row in range(SIZE)
]
NEGATIVE = (-np.eye(SIZE)).tolist()


@pytest.mark.parametrize(
    "change, told",
    [
        (without("judgements"), "judgements"),
        (without("judgements", "weights", NAMES[-1]), NAMES[-1]),
        (without("judgements", "spread"), "spread"),
        (without("judgements", "noise"), "noise"),
        (without("answers"), "answers"),
        (without("answers", "popularity"), "popularity: expected 101"),
        (without("cases"), "cases"),
        (without("attempt", "weights", "ability"), "ability"),
        (without("choice", "dispersion"), "dispersion"),
        (without("fitted"), "fitted"),
        (having([*PERSONAL, "other"], "judgements", "personal"), "other personal weights; fit it anew"),
        (having(math.nan, "judgements", "weights", NAMES[0]), "finite numbers"),
        (having("much", "judgements", "weights", NAMES[0]), "much"),
        (having(None, "judgements", "weights", NAMES[0]), "fit it anew"),
        (having([[1.0]], "judgements", "spread"), "shape"),
        (having(LOPSIDED, "judgements", "spread"), "symmetric"),
        (having(NEGATIVE, "judgements", "spread"), "negative variance"),
        (having(0.0, "judgements", "noise"), "or more, not 0.0"),
        (having(-1.0, "judgements", "drift"), "or more, not -1.0"),
        (having(math.nan, "judgements", "noise"), "or more, not nan"),
        (having(math.inf, "judgements", "noise_weight"), "or more, not inf"),
        (having("loud", "judgements", "noise"), "loud"),
        (having([-1.0] * len(SHARES), "answers", "shares"), "shares: expected numbers above 0"),
        (having(7, "answers"), "fit it anew"),
        (having(["x"], "answers", "variance"), "fit it anew"),
        (having(0.0, "attempt", "dispersion"), "or more, not 0.0"),
        (having([], "attempt", "covariance"), "shape"),
        (having((-np.eye(len(CHOICE))).tolist(), "choice", "covariance"), "negative variance"),
        (with_cases(thresholds=[]), "cases: .*number of tables"),
        (with_cases(asked=[[len(NAMES) + 1] * 2]), "cases: asked"),
        (
            with_cases(thresholds=[[math.nan] * 2]),
            "cases: .*finite",
        ),
        (having({}, "cases"), "asked"),
        (having(3, "fitted"), "fit it anew"),
    ],
)
def test_a_broken_model_is_refused_with_what_is_wrong(
    change: Callable[[dict[str, Any]], None], told: str
) -> None:
    content = json.loads(SHIPPED.to_json())
    change(content)
    with pytest.raises(InvalidParameters, match=told):
        Model.from_json(json.dumps(content))
