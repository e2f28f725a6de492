"""The page with pictures says what the simulated month comes to with the code as it is."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

DOCS = Path(__file__).parents[1] / "docs"
MADE = runpy.run_path(str(DOCS / "how_it_works.py"))
in_step = cast(Callable[[str], str], MADE["in_step"])
pictures = cast(Callable[[], dict[str, str]], MADE["pictures"])
PAGE: Path = MADE["PAGE"]
PICTURES: Path = MADE["PICTURES"]


def test_the_page_is_in_step_with_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert in_step(text) == text, "run: python docs/how_it_works.py"


def test_the_pictures_are_in_step_with_the_code_and_there_are_no_others() -> None:
    kept = {path.name: path.read_text("utf-8").rstrip("\n") for path in PICTURES.iterdir()}
    assert kept == pictures(), "run: python docs/how_it_works.py"


@pytest.mark.parametrize("name", sorted(pictures()))
def test_a_picture_stands_by_itself_in_both_themes(name: str) -> None:
    svg = pictures()[name]
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert "prefers-color-scheme:dark" in svg
    assert "url(" not in svg
    used = set(re.findall(r'class="(d-[\w-]+)"', svg))
    assert [one for one in used if f".{one}{{" not in svg] == []
    assert set(re.findall(r"var\((--[\w-]+)\)", svg)) <= set(re.findall(r"(--[\w-]+):#", svg))
