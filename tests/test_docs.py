"""The documents say what the code says."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

DOCS = Path(__file__).parents[1] / "docs"
RENEW = runpy.run_path(str(DOCS / "renew.py"))
in_step = cast(Callable[[str], str], RENEW["in_step"])


@pytest.mark.parametrize("page", RENEW["PAGES"], ids=lambda page: page.name)
def test_the_generated_tables_are_in_step_with_the_code(page: Path) -> None:
    text = page.read_text("utf-8")
    assert in_step(text) == text, "run: python docs/renew.py"


def test_a_renewed_page_replaces_what_stood_between_the_marks() -> None:
    page = "before\n<!-- kinds -->\n| old |\n<!-- end -->\nafter\n"
    renewed = in_step(page)
    assert "old" not in renewed
    assert "| `judgement` | needed |" in renewed
    assert renewed.startswith("before\n<!-- kinds -->\n")
    assert renewed.endswith("<!-- end -->\nafter\n")
