"""What is worth looking at: each rule speaks where its evidence is there, and where its fields are shown."""

import pytest
from tests.app.sheets.stage import Lived, live
from tests.conftest import join
from tests.databases import SetClock

from rung.app.model import Did, Reflection
from rung.app.ports import Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets import Focus
from rung.app.sheets.focus import MOST, RULES


@pytest.fixture
def lived(sqlite_services: Services, clock: SetClock) -> Lived:
    return live(sqlite_services, clock, join(sqlite_services))


def found(lived: Lived, fields: frozenset[Field] = ALL_FIELDS) -> dict[str, Focus]:
    return {focus.kind: focus for focus in lived.sheet(fields).focus}


def test_nothing_is_worth_looking_at_where_nothing_is_known(lived: Lived) -> None:
    assert found(lived) == {}


def test_letting_pass(lived: Lived) -> None:
    lived.judge(60, 60, 60, 60)
    for _ in range(4):
        lived.go(1, Did.AVOIDED)
        lived.clock.move(days=2)
    focus = found(lived)["loop"]
    assert focus.step is not None
    assert (focus.step.name, focus.numbers["passed"]) == ("step 1", 4)
    assert "loop" not in found(lived, frozenset({Field.JUDGEMENTS, Field.TEXTS}))
    lived.clock.move(weeks=9)
    assert "loop" not in found(lived), "long past"


def test_less_sure(lived: Lived) -> None:
    lived.judge(80, 80, 80, 80)
    lived.clock.move(weeks=5)
    lived.judge(40, 40, 40, 40)
    assert found(lived)["less-sure"].numbers["points"] == pytest.approx(40)
    assert "less-sure" in found(lived, frozenset({Field.JUDGEMENTS}))
    assert "less-sure" not in found(lived, ALL_FIELDS - {Field.JUDGEMENTS})


def test_a_stuck_step_and_one_reached_for_too_early(lived: Lived) -> None:
    lived.judge(90, 90, 90, 90)
    for _ in range(9):
        lived.go(2, Did.TRIED)
        lived.clock.move(days=1)
    focus = found(lived)
    assert focus["stuck"].step is not None
    assert focus["stuck"].step.name == "step 2"
    assert focus["over-reach"].numbers["missed"] > 2
    assert "over-reach" not in found(lived, frozenset({Field.OUTCOMES}))
    assert len(lived.sheet().focus) <= MOST + 1


def test_failures_put_down_to_oneself_for_good(lived: Lived) -> None:
    lived.judge(50, 50, 50, 50)
    for _ in range(2):
        lived.go(1, Did.TRIED, Reflection(internal=1.0, stable=1.0))
    assert found(lived)["lasting-blame"].numbers["tries"] == 2
    assert "lasting-blame" not in found(lived, ALL_FIELDS - {Field.ATTRIBUTIONS})


def test_less_happened_than_was_feared(lived: Lived) -> None:
    lived.judge(50, 50, 50, 50)
    for _ in range(3):
        lived.go(0, Did.DONE, Reflection(feared=0.8, happened=0.1))
    numbers = found(lived)["fears"].numbers
    assert [numbers["feared"], numbers["happened"]] == pytest.approx([80, 10])
    assert "fears" not in found(lived, ALL_FIELDS - {Field.FEARS})


@pytest.mark.parametrize(("rating", "did", "kind"), [(20, Did.DONE, "stricter"), (90, Did.TRIED, "surer")])
def test_expected_otherwise_than_it_went(lived: Lived, rating: int, did: Did, kind: str) -> None:
    lived.judge(*[rating] * 4)
    for _ in range(4):
        lived.go(0, did)
    focus = found(lived)
    assert focus[kind].numbers["tries"] == 4
    assert {"stricter", "surer"} & set(focus) == {kind}
    assert kind not in found(lived, ALL_FIELDS - {Field.JUDGEMENTS})


def test_with_help_alone(lived: Lived) -> None:
    lived.judge(90, 50, 50, 50)
    for _ in range(3):
        lived.go(0, Did.DONE, Reflection(aid=1.0))
    assert found(lived)["with-help"].numbers["tries"] == 3


def test_a_plan_of_which_nothing_is_logged(lived: Lived, clock: SetClock) -> None:
    lived.judge(50, 50, 50, 50)
    clock.move(hours=1)
    lived.plan(1, at=clock.now())
    clock.move(days=2)
    focus = found(lived)["open-plans"]
    assert focus.step is not None
    assert focus.step.name == "step 1"


def test_a_quiet_time_and_tries_without_a_judgement(lived: Lived) -> None:
    lived.judge(50, 50, 50, 50)
    lived.clock.move(weeks=6)
    assert "quiet" in found(lived)
    assert "quiet" not in found(lived, ALL_FIELDS - {Field.OUTCOMES})
    lived.go(0, Did.DONE)
    assert "quiet" not in found(lived)
    assert found(lived)["not-judged"].numbers["tries"] == 1


def test_the_next_step_comes_last_and_only_with_what_it_stands_on(lived: Lived) -> None:
    lived.judge(90, 60, 40, 20)
    lived.go(0, Did.DONE)
    assert lived.sheet().focus[-1].kind == "next"
    for hidden in (Field.JUDGEMENTS, Field.OUTCOMES):
        assert "next" not in found(lived, ALL_FIELDS - {hidden})


def test_every_rule_stands_on_a_field() -> None:
    assert all(rule.needs for rule in RULES.values())
    assert list(RULES)[-1] == "next"
