"""The adversary: perfect where only coverage and bins are counted, poor by every proper score."""

from __future__ import annotations

import numpy as np
import pytest
from tests.research.rivals.crowd import crowd

from rung.research.forecasts import Forecasts, Rival
from rung.research.rivals.adversary import ADVERSARY
from rung.research.rivals.plain import CONSTANT, joined, values_of
from rung.research.scoring import score_judgements

PEOPLE = crowd(60, turns=30)
HALF = len(PEOPLE) // 2


def of_the_other_half(rival: Rival) -> tuple[Forecasts, np.ndarray]:
    model = rival.fit(PEOPLE[:HALF], "judgement", 0)
    found = [model.predict(person, "judgement") for person in PEOPLE[HALF:]]
    values = joined(values_of(person, "judgement") for person in PEOPLE[HALF:])
    return Forecasts(*(np.concatenate(column) for column in zip(*found, strict=True))), values


def test_its_intervals_cover_what_they_say_and_its_mean_is_right_in_its_bin() -> None:
    found, values = of_the_other_half(ADVERSARY)
    for out, share in ((25, 0.5), (10, 0.8), (5, 0.9)):
        inside = (values >= found.quantiles[:, out - 1]) & (values <= found.quantiles[:, 99 - out])
        assert inside.mean() == pytest.approx(share, abs=0.03)
    assert found.mean.mean() == pytest.approx(values.mean(), abs=0.06)


def test_proper_scores_see_through_it() -> None:
    found, values = of_the_other_half(ADVERSARY)
    honest, _ = of_the_other_half(CONSTANT)
    tricked, plain = score_judgements(values, found)[0], score_judgements(values, honest)[0]
    assert tricked["crps"].mean() > 1.4 * plain["crps"].mean()
    assert tricked["log_score"].mean() > plain["log_score"].mean() + 0.5
