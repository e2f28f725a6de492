"""The page of a comparison."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.research.planning.test_results import found

from rung.research.planning.report import report
from rung.research.planning.tables import brief_tables


class Nested(HTMLParser):
    """Checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_is_whole_and_loads_nothing() -> None:
    html = report(found())
    nested = Nested()
    nested.feed(html)
    assert nested.open == []
    assert "default-src 'none'" in html
    assert not re.search(r"(src|href)=|url\(|@import|<script", html)
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"\bnan\b", html)
    assert html.count("<figure>") == 8
    assert "no evidence about people" in html


def test_the_same_numbers_give_the_same_page() -> None:
    assert report(found()) == report(found())


def test_the_fewest_days_are_marked_and_rules_are_said_to_pick_steps_alone() -> None:
    html = report(found())
    assert html.count("●</td>") == 3
    assert "Rules pick steps and nothing else" in html


def test_every_row_has_a_cell_for_each_heading() -> None:
    for table in brief_tables(found()):
        assert {len(row) for row in table.rows} == {len(table.headings)}
