"""The page on planning can be renewed from what the command prints."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from tests.research.planning.test_results import fared

from rung.cli.output import print_json
from rung.research.planning.contestants import contestants
from rung.research.planning.results import compared
from rung.research.planning.worlds import AVOIDING, DOUBTING

DOCS = Path(__file__).parents[3] / "docs"
SCRIPT = runpy.run_path(str(DOCS / "planned.py"))


def printed(capsys: Any) -> dict[str, Any]:
    """As `rung simulate plan --json` prints it: every policy 10 days slower than the one before."""
    everybody = contestants()
    table = {one.name: fared(50.0 + 10.0 * place, assured=1.0) for place, one in enumerate(everybody)}
    scenes = [DOUBTING, AVOIDING]
    found = {(scene.name, name): one for scene in scenes for name, one in table.items()}
    print_json(compared(scenes, everybody, found, seed=0, wanted=0.75))
    content: dict[str, Any] = json.loads(capsys.readouterr().out)
    return content


def test_the_page_has_a_place_for_every_table() -> None:
    page = (DOCS / "planning.md").read_text("utf-8")
    assert [name for name in SCRIPT["TABLES"] if page.count(f"<!-- {name} -->\n") != 1] == []
    assert page.count("<!-- end -->") == len(SCRIPT["TABLES"])


def test_every_table_is_whole(capsys: Any) -> None:
    planned = SCRIPT["Planned"](printed(capsys))
    for table in SCRIPT["TABLES"].values():
        lines = table(planned).splitlines()
        assert len(lines) > 3
        assert len({line.count("|") for line in lines}) == 1


def test_ratios_and_verdicts_are_those_that_were_measured(capsys: Any) -> None:
    planned = SCRIPT["Planned"](printed(capsys))
    assert "| fixed order | 80.0 (" in SCRIPT["days"](planned)
    marks = SCRIPT["marks"](planned)
    assert "able but doubting | 0.75 | .63 (" in marks
    assert ") reached |" in marks
    assert ") **missed** |" in marks
