"""Who meets, and policies from a file."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from tests.research.planning.views import column, view

from rung.engine.simulation import Climb, Knowing, Policy, climb
from rung.errors import InvalidInput
from rung.research.planning.contestants import chosen, contestants, from_file

DOCS = Path(__file__).parents[3] / "docs"
HEAD = "from rung.engine.simulation import Advice, View\n\n\n"
PLAIN = """class Same:
    name = "always the same"

    def advise(self, view: View) -> Advice:
        return Advice(0 * view.last + self.at)

    at = 1
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.py"
    path.write_text(HEAD + text, "utf-8")
    return path


def test_every_contestant_makes_a_policy_of_its_name_and_travels_to_other_processes() -> None:
    for one in pickle.loads(pickle.dumps(contestants())):
        policy = one.make()
        assert isinstance(policy, Policy | Knowing)
        assert policy.name == one.name
        assert one.make() is not policy or one.role == "rule"


def test_the_policy_of_the_documentation_runs(tmp_path: Path) -> None:
    (text,) = re.findall(r"```py\n(.*?)```", (DOCS / "planning.md").read_text("utf-8"), re.DOTALL)
    assert len(text.splitlines()) <= 20
    path = tmp_path / "mine.py"
    path.write_text(text, "utf-8")
    (mine,) = from_file(path)
    assert mine.name == "near sixty"
    policy = mine.make()
    assert isinstance(policy, Policy)
    assert policy.advise(view(ratings=column(0.9, 0.7, 0.55, 0.1))).step.tolist() == [2]
    assert climb(mine.make(), 50, Climb(days=30)).attempts.sum() > 0


def test_a_class_of_a_file_is_a_policy_in_any_process(tmp_path: Path) -> None:
    (mine,) = from_file(written(tmp_path, PLAIN))
    assert (mine.name, mine.role, mine.meaning) == ("always the same", "own", "from mine.py")
    assert pickle.loads(pickle.dumps(mine)).make().advise(view()).step.tolist() == [1]


def test_an_instance_counts_in_place_of_its_class(tmp_path: Path) -> None:
    text = PLAIN + "\n    def __init__(self, at):\n        self.at = at\n\n\nmine = Same(2)\n"
    (mine,) = from_file(written(tmp_path, text))
    policy = mine.make()
    assert isinstance(policy, Policy)
    assert policy.advise(view()).step.tolist() == [2]


def test_what_is_imported_or_private_does_not_count(tmp_path: Path) -> None:
    text = "from rung.research.planning.rules import Staircase\n\n\n" + PLAIN.replace("Same", "_Base")
    text += "\n\nclass Other(_Base):\n    name = 'other'\n"
    assert [one.name for one in from_file(written(tmp_path, text))] == ["other"]


@pytest.mark.parametrize(
    "text, told",
    [
        ("x = 1\n", "no policy in it"),
        ("def advise(view: View) -> Advice: ...\n", "no policy in it"),
        ("class A\n", r"mine\.py, line 4: SyntaxError"),
        ("1 / 0\n", r"mine\.py, line 4: ZeroDivisionError"),
        ("import nowhere\n", "ModuleNotFoundError: No module named 'nowhere'"),
        (PLAIN.replace('name = "always the same"', ""), "Same has no `name`"),
        (PLAIN.replace('"always the same"', "5"), "name must be a text, it is 5"),
        (PLAIN + "\n    def __init__(self, at):\n        self.at = at\n", r"Same\(\) cannot be made"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=told):
        from_file(written(tmp_path, text))


def test_a_file_that_is_not_there_or_no_python_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        from_file(tmp_path / "nothing.py")
    other = tmp_path / "mine.txt"
    other.write_text("x = 1")
    with pytest.raises(InvalidInput, match=r"must end in \.py"):
        from_file(other)


def test_names_are_taken_as_they_are_typed() -> None:
    everybody = contestants()
    assert chosen([], everybody, lambda one: one.name) == everybody
    found = chosen(["four-cells", "Rung, step alone"], everybody, lambda one: one.name)
    assert [one.name for one in found] == ["Rung, step alone", "four cells (Muoviti!)"]
    with pytest.raises(InvalidInput, match="stairs: none of these: rung, rung-no-bridges"):
        chosen(["stairs"], everybody, lambda one: one.name)
