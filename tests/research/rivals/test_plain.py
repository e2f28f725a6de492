"""The simplest rivals, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.research.rivals.crowd import answers, series

from rung.engine.events import Event
from rung.research.rivals.plain import AR1, CONSTANT, PERSISTENCE, RUNNING_MEAN
from rung.research.rivals.spread import NO_SPREAD_KNOWN, SCORES, gaussian


def test_persistence_expects_the_last_answer_and_errs_as_others_changed_theirs() -> None:
    model = PERSISTENCE.fit([answers([0.2, 0.4, 0.1])], "judgement", 0)
    found = model.predict(answers([0.5, 0.6, 0.9]), "judgement")
    assert found.mean.tolist() == [0.5, 0.6]
    assert found.sd == pytest.approx(np.sqrt((0.2**2 + 0.3**2) / 2))


def test_each_domain_has_its_own_last_answer_and_rows_keep_their_order() -> None:
    told = [("a", 0.1), ("b", 0.9), ("b", 0.8), ("a", 0.2), ("b", 0.7), ("a", 0.3)]
    person = series(
        "p", [Event("p", domain, "", float(i), "judgement", v) for i, (domain, v) in enumerate(told)]
    )
    model = PERSISTENCE.fit([], "judgement", 0)
    found = model.predict(person, "judgement")
    assert found.mean.tolist() == [0.9, 0.1, 0.8, 0.2]
    assert (found.sd == NO_SPREAD_KNOWN).all()


def test_the_running_mean_is_of_all_answers_before() -> None:
    found = RUNNING_MEAN.fit([], "judgement", 0).predict(answers([0.2, 0.4, 0.9, 0.5]), "judgement")
    assert found.mean == pytest.approx([0.2, 0.3, 0.5])


def test_the_constant_is_the_mean_of_what_is_scored() -> None:
    training = [answers([0.9, 0.2, 0.4])]
    found = CONSTANT.fit(training, "judgement", 0).predict(answers([0.5, 0.6]), "judgement")
    assert found.mean.tolist() == pytest.approx([0.3])
    assert found.sd.tolist() == pytest.approx([0.1])


def test_ar_1_is_the_straight_line_of_least_squares() -> None:
    generator = np.random.default_rng(0)
    training = [answers(generator.random(20).tolist(), f"p{i}") for i in range(5)]
    pairs = np.concatenate([np.c_[t[:-1], t[1:]] for t in ([e.value for e in p.events] for p in training)])
    slope, start = np.polyfit(pairs[:, 0], pairs[:, 1], 1)
    found = AR1.fit(training, "judgement", 0).predict(answers([0.2, 0.5]), "judgement")
    assert found.mean == pytest.approx([start + slope * 0.2])


def test_a_rate_of_ones_own_begins_at_that_of_others_and_counts_up() -> None:
    def person(name: str, values: list[float]) -> list[Event]:
        return [Event(name, "d", "", float(i), "choice", v) for i, v in enumerate(values)]

    model = RUNNING_MEAN.fit([series("q", person("q", [1, 1, 1, 0]))], "choice", 0)
    found = model.predict(series("p", person("p", [1, 0, 0])), "choice")
    assert found.mean == pytest.approx([0.75, (3 + 1) / 5, (3 + 1) / 6])


def test_gaussians_are_cut_off_at_the_ends_of_the_scale() -> None:
    found = gaussian(np.array([0.5, 1.2]), 0.1)
    assert found.mean.tolist() == [0.5, 1.0]
    assert found.quantiles[0] == pytest.approx(0.5 + 0.1 * SCORES)
    assert found.quantiles[1].max() == 1.0
    assert SCORES[49] == pytest.approx(0.0)
    assert SCORES[89] == pytest.approx(1.2815515655446004)
