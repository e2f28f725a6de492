"""Published figures come out again on the published data, where it is at hand; it is not ours."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from rung.log import read_log
from rung.research.forecasts import LEVELS
from rung.research.rivals import named
from rung.research.rivals.moebius import published_fit, published_updates
from rung.research.rivals.plain import joined, values_of
from rung.research.series import Series

FOLDER = Path(os.environ.get("RUNG_DATA") or Path(__file__).parents[4] / "shared" / "data")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the development data is not here; set RUNG_DATA to its folder"
)


@cache
def people(name: str) -> tuple[Series, ...]:
    log = read_log(FOLDER / f"{name}.csv.gz")
    return tuple(
        Series.of(person, events, [int(row) for row in log.rows(person)])
        for person, events in log.by_person()
    )


def test_the_coefficients_of_moebius_2022_come_out() -> None:
    updates = published_updates(people("moebius2022"))
    weights, explained = published_fit(updates)
    assert len(updates) == 2448
    assert weights == pytest.approx([0.924, 0.370, 0.302], abs=0.0005)
    assert explained == pytest.approx(0.854, abs=0.0005)


def scores(rival: str, log: str) -> tuple[float, float]:
    """RMSE and CRPS over five folds of people."""
    everyone = people(log)
    names = sorted(one.person for one in everyone)
    np.random.default_rng(0).shuffle(names)
    fold = {name: place % 5 for place, name in enumerate(names)}
    errors, losses = [], []
    for number in range(5):
        training = [one for one in everyone if fold[one.person] != number]
        model = named([rival])[0].fit(training, "judgement", 0)
        for one in everyone:
            if fold[one.person] == number:
                values, found = values_of(one, "judgement"), model.predict(one, "judgement")
                gap = values[:, None] - found.quantiles
                errors.append(values - found.mean)
                losses.append(2.0 * np.maximum(LEVELS * gap, (LEVELS - 1.0) * gap).mean(axis=1))
    return float(np.sqrt(np.mean(joined(errors) ** 2))), float(joined(losses).mean())


# What the data's own description gives for each rival: RMSE and CRPS, None where it gives none.
MARKS: dict[str, dict[str, tuple[float | None, float]]] = {
    "persistence": {
        "moebius2022": (0.1577, 0.0816),
        "sax2023_exp1": (0.1306, 0.0668),
        "hewitson2023_exp1": (0.1430, 0.0710),
        "hewitson2023_exp3": (0.1214, 0.0608),
        "ledenmat2025": (0.2259, 0.1153),
    },
    "AR + evidence": {
        "moebius2022": (0.1242, 0.0648),
        "sax2023_exp1": (0.1149, 0.0609),
        "hewitson2023_exp1": (0.1315, 0.0681),
        "hewitson2023_exp3": (0.1147, 0.0587),
        "ledenmat2025": (0.1706, 0.0895),
    },
    "AR + evidence, personal": {
        "moebius2022": (0.1247, 0.0631),
        "sax2023_exp1": (0.1107, 0.0580),
        "hewitson2023_exp1": (0.1152, 0.0589),
        "hewitson2023_exp3": (0.1072, 0.0556),
        "ledenmat2025": (0.1645, 0.0864),
    },
    "AR + evidence, personal, repeats": {
        "moebius2022": (None, 0.0594),
        "sax2023_exp1": (None, 0.0553),
        "hewitson2023_exp1": (None, 0.0567),
        "hewitson2023_exp3": (None, 0.0496),
        "ledenmat2025": (None, 0.0752),
    },
}


@pytest.mark.parametrize("log", list(MARKS["persistence"]))
@pytest.mark.parametrize("rival", list(MARKS))
def test_a_rival_is_as_strong_here_as_elsewhere(rival: str, log: str) -> None:
    rmse, crps = scores(rival, log)
    mark_rmse, mark_crps = MARKS[rival][log]
    assert mark_rmse is None or rmse < 1.01 * mark_rmse
    assert crps < 1.01 * mark_crps
    if rival == "persistence":
        assert rmse == pytest.approx(mark_rmse, abs=0.00006)
