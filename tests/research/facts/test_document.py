"""docs/facts.md says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rung.research.facts import FINDINGS, run_facts
from rung.research.facts.page import markdown

PAGE = (Path(__file__).parents[3] / "docs" / "facts.md").read_text("utf-8")


def rows(table: str) -> list[list[str]]:
    """The cells that do not depend on a run."""
    return [line.strip("|\n").split(" | ")[:5] for line in table.strip().splitlines()]


def test_the_table_of_the_document_is_that_of_the_registry() -> None:
    found = re.search(r"<!-- facts -->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found
    quick = run_facts(FINDINGS, people=lambda _: 30, times=1)
    assert rows(found[1]) == rows(markdown(quick)), "run: rung facts --markdown"
    assert found[1].count("| met |") == sum(len(finding.bands) for finding in FINDINGS)


def test_the_experiment_of_the_document_runs_and_says_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    said = re.search(r"It prints `(\w+)`", PAGE)
    assert code
    assert said
    exec(code[1], {})
    assert capsys.readouterr().out.strip() == said[1]
