"""Published laws, by hand, and the one way in which all of them are fitted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.research.rivals.crowd import crowd, series

from rung.engine.events import Event
from rung.research.rivals.beta import KATYAL, ROUAULT
from rung.research.rivals.delta import ONE_RATE, TWO_RATES
from rung.research.rivals.elo import ELO
from rung.research.rivals.entry import Entry
from rung.research.rivals.fixed import FIXED_CONSTANTS
from rung.research.rivals.hewitson import HEWITSON
from rung.research.rivals.laws import fit_law, follow
from rung.research.rivals.moebius import MOEBIUS
from rung.research.rivals.sax import SAX
from rung.research.series import Series, Target

LAWS = [ONE_RATE, TWO_RATES, ROUAULT, KATYAL, MOEBIUS, HEWITSON, SAX, ELO]


def story(*told: tuple[str, float] | tuple[str, float, dict[str, Any]]) -> Series:
    """Events of one person and domain: kind, value, other columns."""
    events = []
    for time, (kind, value, *rest) in enumerate(told):
        columns: dict[str, Any] = rest[0] if rest else {}
        events.append(Event("p", "d", "", float(time), kind, value, **columns))
    return series("p", events)


def said(law: Entry, numbers: list[float], person: Series, target: Target = "judgement") -> list[float]:
    """What a law expects with these numbers."""
    model: Any = law.fit([], target, 0)
    found: list[float] = type(model)(model.law, numbers, 0.1).predict(person, target).mean.tolist()
    return found


PERSON = story(
    ("judgement", 0.4),
    ("feedback", 1.0),
    ("judgement", 0.5),
    ("feedback", 0.0),
    ("attempt", 1.0, {"feedback": 1.0}),
    ("judgement", 0.7),
)


def test_the_delta_rule_by_hand() -> None:
    first = 0.4 + 0.2 * 0.6
    pulled = first + 0.25 * (0.5 - first)
    down = pulled - 0.2 * pulled
    assert said(ONE_RATE, [0.2, 0.25], PERSON) == pytest.approx([first, down + 0.2 * (1 - down)])


def test_good_and_bad_news_have_each_their_rate() -> None:
    first = 0.4 + 0.1 * 0.6
    down = 0.5 - 0.3 * 0.5
    assert said(TWO_RATES, [0.1, 0.3, 1.0], PERSON) == pytest.approx([first, down + 0.1 * (1 - down)])


def test_the_beta_belief_by_hand() -> None:
    sure = story(
        ("judgement", 0.5),
        ("attempt", 1.0, {"feedback": 1.0, "confidence": 0.2}),
        ("judgement", 0.6),
        ("attempt", 1.0, {"confidence": 0.3}),
        ("judgement", 0.7),
    )
    first = (4.5 + 1) / 10
    assert said(ROUAULT, [0.0], sure) == pytest.approx([first, (5.5 + 0.3) / 11])
    # Beta(2, 2) pulled to .5 at first; what is told counts twice, own confidence half.
    first = (2 + 2) / 6
    assert said(KATYAL, [4.0, 2.0, 0.5, 1.0], sure) == pytest.approx([first, (0.6 * 6 + 0.5 * 0.3) / 6.5])


def test_the_logit_update_by_hand() -> None:
    signals = story(
        ("judgement", 0.6),
        ("feedback", 1.0, {"credibility": 0.75}),
        ("judgement", 0.7),
        ("feedback", 0.0, {"credibility": 0.9}),
        ("judgement", 0.2),
        ("feedback", 1.0),
        ("judgement", 0.2),
    )
    odds = np.array(
        [
            0.9 * np.log(0.6 / 0.4) + 0.4 * np.log(3),
            0.9 * np.log(0.7 / 0.3) - 0.3 * np.log(9),
            0.9 * np.log(0.2 / 0.8) + 0.4 * np.log(3),
        ]
    )
    assert said(MOEBIUS, [0.9, 0.4, 0.3, 1.0], signals) == pytest.approx(1 / (1 + np.exp(-odds)))


def test_the_error_model_by_hand() -> None:
    reach = story(
        ("attempt", 0.5, {"feedback": 0.75}), ("judgement", 0.9), ("feedback", 0.5), ("judgement", 0.8)
    )
    before = 0.5 * 0.25**2
    after = before + 0.5 * (0.5**2 - before)
    assert said(HEWITSON, [0.5, 2.0, 1.5, 0.3], reach) == pytest.approx([0.9 + 1.5 * before - 1.5 * after])


def test_the_weighted_blend_by_hand() -> None:
    percentiles = story(
        ("attempt", 0.3), ("judgement", 0.5), ("feedback", 0.8), ("attempt", 0.2), ("judgement", 0.6)
    )
    after = 0.5 + 0.4 * (0.6 * 0.3 + 0.4 * 0.8 - 0.5)
    then = after + 0.4 * (0.6 * 0.2 + 0.4 * 0.8 - after)
    assert said(SAX, [0.4, 0.6, 0.4, 0.5], percentiles) == pytest.approx([then])


def test_elo_by_hand() -> None:
    tries = story(
        ("judgement", 0.5),
        ("attempt", 1.0, {"difficulty": 1.0}),
        ("attempt", 0.0, {"difficulty": -1.0}),
        ("attempt", 1.0),
    )
    theta, expected = 0.2, []
    for outcome, difficulty in ((1, 1.0), (0, -1.0), (1, 0.0)):
        p = 1 / (1 + np.exp(-(theta - 0.5 * difficulty)))
        expected.append(p)
        theta += 0.3 * (outcome - p)
    assert said(ELO, [0.2, 0.5, 0.3], tries, "attempt") == pytest.approx(expected)


def test_efficacy_of_fixed_constants_by_hand() -> None:
    diary = story(
        ("judgement", 0.5),
        ("attempt", 1.0),
        ("attempt", 1.0, {"feedback": 0.0}),
        ("model", 1.0),
        ("judgement", 0.5),
    )
    found = FIXED_CONSTANTS.fit([], "judgement", 0).predict(diary, "judgement")
    assert found.mean == pytest.approx([0.4 * 0.5 + 0.2 * 1.0 + 0.2 * 0.5 + 0.2 * 0.5])


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_floats_and_arrays_follow_a_law_alike(law: Entry) -> None:
    target = law.targets[0]
    model: Any = law.fit([], target, 0)
    numbers = model.numbers
    generator = np.random.default_rng(3)
    names = [name for column in (*model.law.evidence, *model.law.own) for name in (column, f"has_{column}")]
    steps, people = 15, 4
    columns = {name: generator.random((steps, people)) for name in names}
    for name in names:
        if name.startswith("has_"):
            columns[name] = columns[name].round()
            columns[name[4:]] *= columns[name]
    seen = np.where(generator.random((steps, people)) < 0.4, np.nan, generator.random((steps, people)))
    sets = [np.array([[number], [0.7 * number]]) for number in numbers]
    together = [np.broadcast_to(said, (2, people)) for said in follow(model.law, sets, columns, seen)]
    for person in range(people):
        own = {name: column[:, person].tolist() for name, column in columns.items()}
        for place, factor in enumerate((1.0, 0.7)):
            alone = follow(model.law, [factor * number for number in numbers], own, seen[:, person].tolist())
            assert alone == pytest.approx([said[place, person] for said in together], abs=1e-12)


def test_the_fit_recovers_the_rates_that_made_the_answers() -> None:
    generator = np.random.default_rng(4)
    people = []
    for number in range(40):
        b, events = generator.uniform(0.3, 0.7), []
        for time in range(40):
            events.append(Event(f"p{number}", "d", "", 2.0 * time, "judgement", float(b)))
            news = float(generator.random())
            events.append(Event(f"p{number}", "d", "", 2.0 * time + 1, "feedback", news))
            b += (0.1 if news > b else 0.25) * (news - b) + generator.normal(0, 0.01)
            b = min(max(b, 0.0), 1.0)
        people.append(series(f"p{number}", events))
    model: Any = TWO_RATES.fit(people, "judgement", 0)
    assert model.numbers[:2] == pytest.approx([0.1, 0.25], abs=0.005)
    assert model.numbers[2] == pytest.approx(1.0, abs=0.05)
    assert model.sd == pytest.approx(0.01, rel=0.1)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_no_other_numbers_near_by_fit_better(law: Entry) -> None:
    people, target = crowd(12, turns=20), law.targets[0]
    model: Any = law.fit(people, target, 0)
    _, errors = fit_law(model.law, people, target)
    for place, (_, low, high) in enumerate(model.law.bounds.values()):
        for step in (-0.02, 0.02):
            numbers = list(model.numbers)
            numbers[place] = min(max(numbers[place] + step * (high - low), low), high)
            worse: Any = type(model)(model.law, numbers, 0.1)
            total = sum(
                ((worse.predict(p, target).mean - [p.events[i].value for i in p.scored(target)]) ** 2).sum()
                for p in people
            )
            assert total >= errors @ errors * (1 - 2e-4)


def test_with_nobody_to_learn_from_the_published_numbers_stand() -> None:
    model: Any = MOEBIUS.fit([], "judgement", 0)
    assert model.numbers[:3] == [0.924, 0.370, 0.302]
