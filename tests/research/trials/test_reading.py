"""Design files: what they may hold, and how faults are told."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
from tests.research.trials.designs import PLAIN, changed, design

from rung.errors import InvalidDesign
from rung.research.trials.design import Arm, Dose, DropOut, Measure, Recruits, Task, Trial, sizes_of
from rung.research.trials.examples import example, names
from rung.research.trials.reading import read_design

PAGE = Path(__file__).parents[3] / "docs" / "trials.md"
TABLES: dict[str, Any] = {
    "trial": Trial,
    "people": Recruits,
    "drop_out": DropOut,
    "tasks": Task,
    "arms": Arm,
    "doses": Dose,
    "measures": Measure,
}


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidDesign) as told:
        read_design(text)
    return told.value.faults


def test_a_file_is_read_with_its_defaults() -> None:
    plain = design()
    assert plain.trial.alpha == 0.05
    assert [arm.name for arm in plain.arms] == ["doing", "watching"]
    assert plain.arms[0].doses[0].days == (0.0, 2.0)
    assert plain.arms[1].doses[0].similarity == 0.5
    assert plain.primary == (plain.measures[0], 9.0)
    assert [deed.name for deed in plain.deeds(plain.measures[0])] == ["touch", "hold"]
    assert plain.moments == (0.0, 2.0, 9.0)
    assert not plain.loses_people


def test_days_stand_in_order() -> None:
    assert design(("days = [0, 2]", "days = [2, 0]")).arms[0].doses[0].days == (0.0, 2.0)


def test_leaving_out_of_doubt_makes_every_day_matter() -> None:
    doubtful = design(("[[tasks]]", '[drop_out]\nfrom_doubt = true\ntask = "hold"\n\n[[tasks]]'))
    assert doubtful.moments == tuple(map(float, range(10)))
    assert doubtful.loses_people


def test_arms_have_their_sizes() -> None:
    assert sizes_of(design(('name = "watching"', 'name = "watching"\nratio = 0.5')).arms, 21) == (21, 10)


FAULTS = [
    ("people = 20", "peple = 20", "[trial]: peple: no such key; do you mean people?"),
    ("people = 20", "colour = 3", "[trial]: colour: no such key; there are name, note"),
    ("people = 20", "people = 1", "[trial]: people: 1 is out of range; it goes from 2 to 5000"),
    ("people = 20", "people = 2.5", "[trial]: people: 2.5 is not a whole number"),
    ("people = 20", "people = true", "[trial]: people: True is not a whole number"),
    ("people = 20", f"people = 1{'0' * 400}", "is not a whole number"),
    ("people = 20", "alpha = nan", "[trial]: alpha: nan is not a number"),
    ("people = 20", "alpha = '5 %'", "[trial]: alpha: '5 %' is not a number"),
    ("people = 20", 'primary = "eficacy"', 'primary: there is no measure "eficacy"; do you mean "efficacy"?'),
    ("people = 20", "primary_day = 3", 'primary_day: "efficacy" is not measured on day 3; its days are 2, 9'),
    ('name = "Doing against watching"', "", "[trial]: name: is missing; it says heading of the report"),
    ('name = "Doing against watching"', 'name = " "', "[trial]: name: is empty"),
    ("difficulty = 0.5", "difficulty = 9", 'difficulty: 9 is out of range; it goes from -6 to 6 logits'),
    ('name = "hold"', 'name = "touch"', 'task "touch": there are 2 of this name; give each its own'),
    ('name = "watching"', 'name = "doing"', 'arm "doing": there are 2 of this name'),
    ('name = "score"', 'name = "efficacy"', 'measure "efficacy": there are 2 of this name'),
    ('snake = ["touch", "hold"]', 'snake = ["touch", "hols"]', 'snake: there is no task "hols"; do you mean'),
    ('snake = ["touch", "hold"]', 'snake = ["hold", "hold"]', "[ladders]: snake: has a step twice"),
    ('snake = ["touch", "hold"]', "snake = []", "[ladders]: snake: is no list of tasks"),
    ('kind = "model"', 'kind = "modell"', "is none of attempt, feedback, model, persuasion or state; do you"),
    ('= "model"', '= "model"\naid = 0.5', "1: aid: a dose of kind model has none; it is of attempt"),
    ('= "model"', '= "model"\nsimilarity = 2', "1: similarity: 2 is out of range; it goes from 0 to 1"),
    ('kind = "model"', 'kind = "persuasion"', 'arm "watching", dose 1: conveyed: is missing'),
    ('kind = "model"', 'kind = "state"', 'arm "watching", dose 1: task: a state is of no task'),
    ('kind = "attempt"', 'kind = "attempt"\nladder = "snake"', "dose 1: task: there is a ladder too"),
    ('kind = "attempt"', 'kind = "attempt"\nclimbs = true', 'arm "doing", dose 1: climbs: needs a ladder'),
    ('task = "touch"', "", 'arm "doing", dose 1: task: is missing; name a task or a ladder'),
    ('task = "touch"', 'task = "fly"', 'there is no task "fly"; describe it, or name one of touch, hold'),
    ("days = [0, 2]", "days = [0, 12]", "day 12 is after the last measurement (day 9)"),
    ("days = [0, 2]", "days = [0, 0]", "names a day twice"),
    ("days = [0, 2]", "days = []", "holds 0 days; write 1 to 400"),
    ("days = [0, 2]", "days = 2", "2 is not a list of numbers"),
    ("days = [0, 2]", "days = [-1]", "-1 is out of range; it goes from 0 to 3650 days"),
    ("[ladders]", "[drop_out]\nfrom_doubt = true\n\n[ladders]", "[drop_out]: task: is missing"),
    ("[ladders]", '[drop_out]\na_day = "some"\n\n[ladders]', "[drop_out]: a_day: 'some' is not a number"),
    ("[ladders]", "[ladder]", "ladder: no such key; do you mean ladders?"),
    ("[trial]", "[[trial]]", "[trial]: is no table of keys and values"),
    ("[trial]", "[trial", "not TOML: "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), FAULTS, ids=[told for *_, told in FAULTS])
def test_a_fault_says_where_it_is_and_what_to_do(old: str, new: str, told: str) -> None:
    found = faults(changed((old, new)))
    assert any(told in fault for fault in found), found


def test_all_faults_are_told_at_once() -> None:
    text = changed(
        ("people = 20", "people = 0"),
        ('kind = "model"', 'kind = "model"\nsimilarty = 0.3'),
        ("difficulty = 1.5", "luck = 9"),
    )
    assert len(faults(text)) == 3


def test_a_trial_has_arms_measures_and_tasks() -> None:
    told = faults('[trial]\nname = "nothing"')
    assert {fault.split(":")[0] for fault in told} == {"[[tasks]]", "[[arms]]", "[[measures]]"}
    lone = PLAIN.replace(PLAIN[PLAIN.index('[[arms]]\nname = "watching"') : PLAIN.index("[[measures]]")], "")
    assert faults(lone) == ("[[arms]]: there is one; a trial compares two or more",)


def test_an_arm_may_get_nothing() -> None:
    start, end = PLAIN.index('[[arms.doses]]\nkind = "model"'), PLAIN.index("[[measures]]")
    assert read_design(PLAIN[:start] + PLAIN[end:]).arms[1].doses == ()


def test_what_is_carried_forward_needs_a_baseline() -> None:
    text = changed(
        ("[ladders]", "[drop_out]\na_day = 0.1\nfollowed = false\n\n[ladders]"),
        ('name = "score"', 'name = "score"\nbaseline = false'),
    )
    assert 'measure "score": baseline: is needed' in faults(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "tasks = 3",
        "tasks = [1, 2]",
        "arms = [3]",
        "ladders = 2",
        "trial = 1",
        "measures = [[1]]",
        "arms = [{doses = 3}]",
    ],
)
def test_what_is_of_the_wrong_shape_is_told(text: str) -> None:
    assert all(re.match(r"[^:]+: .+", fault) for fault in faults(text))


@pytest.mark.parametrize("name", names())
def test_every_example_is_read_and_names_its_source(name: str) -> None:
    trial = read_design(example(name)).trial
    assert re.search(r"(19|20)\d\d", trial.source)
    assert example(name).startswith("#")
    assert all(len(line) <= 120 for line in example(name).splitlines())


def cell(value: Any) -> str:
    if value is MISSING:
        return "needed"
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"[{', '.join(f'{one:g}' for one in value)}]" if isinstance(value, tuple) else str(value)


def row(item: Any) -> str:
    told = item.metadata
    kind = told["type"] if not told["among"] else " \\| ".join(told["among"])
    span = "" if told["low"] is None else f"{told['low']:g} to {told['high']:g} {told['unit']}".strip()
    meaning = told["meaning"] + (f" ({', '.join(told['of'])})" if told["of"] else "")
    return f"| `{item.name}` | {kind} | {span} | {cell(item.default)} | {meaning} |"


@pytest.mark.parametrize("name", TABLES)
def test_the_page_has_every_key(name: str) -> None:
    block = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", PAGE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    rows = [row(item) for item in fields(TABLES[name]) if item.metadata]
    head = ["| key | type | range | default | meaning |", "| --- | --- | --- | --- | --- |"]
    assert block[1].splitlines() == [*head, *rows]


def test_the_page_names_every_example() -> None:
    told = PAGE.read_text("utf-8")
    assert re.findall(r"^### `([a-z-]+)`: ", told, re.MULTILINE) == [
        "participant-modelling",
        "feedback",
        "reappraisal",
    ]
    assert set(names()) == {"participant-modelling", "feedback", "reappraisal"}
