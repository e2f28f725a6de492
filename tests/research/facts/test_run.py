"""Runs: their seeds, their intervals and their verdicts, and that a finding can be missed."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from rung import Parameters
from rung.research.facts import (
    FINDINGS,
    Band,
    Facts,
    Finding,
    Numbers,
    Outcome,
    Simulated,
    named,
    run_facts,
    run_finding,
)
from rung.research.facts.page import page
from rung.research.fitting.workers import processes


def toss(people: int, random: np.random.Generator, p: Parameters) -> Numbers:
    """A study of a mean that is known."""
    return {"mean": float(np.mean(random.normal(0.5, 1.0, people))), "more": float(people)}


def of_toss(low: float, high: float = math.inf) -> Finding:
    return Finding(99, "toss", "It is a half", ".5", "Us 2026", (Band("mean", low, high),), toss, 100, 30)


def test_the_interval_holds_the_truth_in_19_of_20_cases() -> None:
    held = 0
    for seed in range(400):
        found = run_finding(of_toss(0.0), seed=seed, people=10, times=5).judged[0]
        assert found.low is not None
        assert found.high is not None
        held += found.low < 0.5 < found.high
    assert held / 400 == pytest.approx(0.95, abs=0.03)


@pytest.mark.parametrize(
    "band, verdict", [((0.2, 0.8), "met"), ((0.8, 0.9), "missed"), ((0.5,), "open"), ((-1.0,), "met")]
)
def test_the_verdict_is_of_the_whole_interval(band: tuple[float, ...], verdict: str) -> None:
    outcome = run_finding(of_toss(*band), seed=3)
    assert outcome.verdict == verdict
    assert outcome.content()["verdict"] == verdict


def test_a_study_that_is_done_once_has_no_interval_and_is_judged_by_its_mean() -> None:
    outcome = run_finding(of_toss(0.0, 1.0), times=1)
    assert outcome.judged[0].low is None
    assert outcome.verdict == "met"


def test_numbers_without_a_band_are_told_after_the_others_and_judged_by_nothing() -> None:
    outcome = run_finding(of_toss(0.0))
    assert [number.number for number in outcome.numbers] == ["mean", "more"]
    assert [number.number for number in outcome.judged] == ["mean"]


def test_another_finding_and_more_workers_change_nothing() -> None:
    two = (named("24"), named("25"))
    few = {"seed": 4, "people": lambda finding: 30, "times": 7}
    alone = run_facts(two[1:], **few)  # type: ignore[arg-type]
    together = run_facts(two, **few)  # type: ignore[arg-type]
    with processes(2) as workers:
        spread = run_facts(two, workers=workers, **few)  # type: ignore[arg-type]
    assert alone.outcomes[0] == together.outcomes[1]
    assert together == spread
    assert together != run_facts(two, **{**few, "seed": 5})  # type: ignore[arg-type]


def test_progress_ends_where_it_said_it_would() -> None:
    told: list[tuple[int, int]] = []
    run_facts((named("24"),), times=12, people=lambda _: 20, progress=lambda *at: told.append(at))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_everything_is_plain_json_with_open_ends_as_null() -> None:
    facts = run_facts((named("25"),), times=3)
    content = json.loads(json.dumps(facts.content(), allow_nan=False))
    finding = content["findings"][0]
    assert finding["numbers"][0]["band"] == [None, 0.55]
    assert {"claim", "published", "source", "design", "people", "times", "verdict"} <= set(finding)
    assert content["met"] + content["missed"] + content["open"] == 1


MUTANTS = [
    ("18", {"vicarious_rate": 0.0}),
    ("22", {"vicarious_rate": 0.0}),
    ("23", {"coping_similarity": 0.0}),
    ("24", {"persuasion_rate": 0.0}),
    ("24", {"persuasion_half_life": 30.0}),
    ("25", {"persuasion_left": 1.0}),
    ("26", {"arousal_on_performance": 0.0, "arousal_on_belief": 0.0}),
    ("11", {"weight_good": 1.2, "weight_bad": 0.8}),
    ("15", {"external_weight": 1.0}),
    ("16", {"passing_weight": 1.0}),
    ("17", {"external_good": 0.0, "external_bad": 0.0}),
    ("29", {"own_sense_weight": 0.0, "external_good": 0.9}),
    ("1", {"belief_ability_link": 0.0, "effort_belief": 0.0}),
    ("5", {"practice_good": 0.0, "practice_bad": 0.0, "rating_noise": 0.4}),
    ("33", {"approach_slope": 0.0}),
    ("36", {"mood_spread": 0.0}),
]


@pytest.mark.parametrize("number, values", MUTANTS, ids=lambda value: str(value))
def test_a_finding_is_not_met_by_people_who_lack_what_makes_it(number: str, values: dict[str, float]) -> None:
    finding = named(number)
    lacking = Parameters().with_values(values, "assumption", "a mutant")
    people = min(finding.people, 500)
    assert run_finding(finding, parameters=lacking, people=people, times=10).verdict != "met"
    assert run_finding(finding, people=people, times=10).verdict != "missed"


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.name)
def test_the_default_parameters_miss_nothing_in_a_quick_run(finding: Finding) -> None:
    quick = run_finding(finding, seed=20, people=min(finding.people, 300), times=8)
    assert quick.verdict != "missed", quick.judged


def test_a_number_that_there_is_not_is_missed_and_null() -> None:
    deaf = Parameters().with_values({"persuasion_rate": 0.0}, "assumption", "deaf to words")
    outcome = run_finding(named("25"), parameters=deaf, times=3)
    assert math.isnan(outcome.judged[0].mean)
    assert outcome.verdict == "missed"
    assert outcome.content()["numbers"][0]["mean"] is None
    assert "nan" not in page(Facts(0, (outcome,))).split("</style>")[1]


def test_a_run_counts_its_verdicts() -> None:
    met = Simulated("mean", 0.5, 0.4, 0.6, Band("mean", 0.0, 1.0))
    outcomes = tuple(
        Outcome(of_toss(0.0, 1.0), 10, 2, (met._replace(mean=mean, low=mean - 0.1, high=mean + 0.1),))
        for mean in (0.5, 1.0, 2.0)
    )
    facts = Facts(0, outcomes)
    assert [len(facts.that_are(verdict)) for verdict in ("met", "open", "missed")] == [1, 1, 1]
