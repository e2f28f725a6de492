"""The application security checklist has every line, and each of its tests is there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "asvs.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d+\.\d+\.\d+ \|", line)
]
LINES = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
}
"""Lines of levels 1 and 2 in each chapter of ASVS 5.0.0; the seventeenth has seven."""


def test_every_line_of_levels_one_and_two_is_there_once() -> None:
    lines = [row[0] for row in ROWS]
    assert len(set(lines)) == len(lines)
    assert Counter(int(line.split(".")[0]) for line in lines) == LINES | {17: 7}
    assert Counter(row[1] for row in ROWS) == {"1": 70, "2": 183}


def test_every_line_says_whether_it_holds_and_how_or_why_not() -> None:
    assert {row[2] for row in ROWS} == {"yes", "*partly*", "**no**", "–"}
    assert [row for row in ROWS if len(row) != 5 or not row[3] or not row[4]] == []


def test_the_sum_at_the_top_is_that_of_the_lines() -> None:
    holds = Counter(row[2] for row in ROWS)
    said = re.search(r"\*\*(\d+) lines hold, (\d+) in part, (\d+) do not, (\d+) ask about", PAGE)
    assert said is not None
    assert [int(n) for n in said.groups()] == [holds[sign] for sign in ("yes", "*partly*", "**no**", "–")]
    in_part = ", ".join(row[0] for row in ROWS if row[2] == "*partly*")
    assert f"- in part: {in_part}\n" in PAGE
    assert re.findall(r"^- (\d+\.\d+\.\d+), ", PAGE, re.M) == [row[0] for row in ROWS if row[2] == "**no**"]


def test_every_test_that_is_named_exists() -> None:
    pages = PAGE + (ROOT / "docs" / "reliability.md").read_text()
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert set(re.findall(r"`(test_\w+)`", pages)) - set(re.findall(r"def (test_\w+)", tests)) == set()
