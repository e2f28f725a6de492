"""Every finding of the table has its experiment, its band and its source."""

from __future__ import annotations

import math

import numpy as np
import pytest

from rung import Parameters
from rung.errors import NotFound
from rung.research.facts import FINDINGS, Finding, named

NUMBERS = [*range(1, 13), *range(15, 27), *range(28, 35), 36]
EXPERIMENTS = sorted({finding.experiment for finding in FINDINGS}, key=lambda each: each.__name__)


def test_every_row_of_the_table_has_its_finding_once() -> None:
    assert [finding.number for finding in FINDINGS] == NUMBERS
    assert len({finding.name for finding in FINDINGS}) == len(FINDINGS)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.name)
def test_a_finding_says_what_was_found_where_and_how_it_is_run(finding: Finding) -> None:
    assert finding.claim
    assert finding.published
    assert (
        any(part.strip("();,.").isdigit() for part in finding.source.split()) or "no study" in finding.source
    )
    assert finding.experiment.__doc__
    assert finding.bands
    for band in finding.bands:
        assert band.low < band.high
        assert math.isfinite(band.low) or math.isfinite(band.high)
        assert band.published is None or band.holds(band.published), band.number


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment.__name__)
def test_every_experiment_gives_all_its_numbers_with_few_people_and_the_same_again(
    experiment: object,
) -> None:
    of_it = [finding for finding in FINDINGS if finding.experiment is experiment]
    first, again = (of_it[0].experiment(60, np.random.default_rng(5), Parameters()) for _ in range(2))
    assert first == again
    assert {band.number for finding in of_it for band in finding.bands} <= set(first)
    assert np.isfinite(list(first.values())).all()


def test_a_finding_goes_by_its_number_and_its_name() -> None:
    assert named("18") is named("treatments")
    with pytest.raises(NotFound, match="18 treatments"):
        named("13")
