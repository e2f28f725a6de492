"""The page of findings: one file, nothing from elsewhere, every finding drawn."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from rung.research.facts import FINDINGS, Facts, run_facts
from rung.research.facts.page import markdown, page, summary


@pytest.fixture(scope="module")
def facts() -> Facts:
    return run_facts(people=lambda _: 30, times=2)


class _Tags(HTMLParser):
    """Every tag closes in its turn, and what the page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "path", "rect", "circle"):
            self.open.append(tag)
        self.loads += [name for name, _ in attrs if name in ("src", "href", "srcset", "data", "action")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_loads_nothing_and_is_the_same_again(facts: Facts) -> None:
    text = page(facts)
    tags = _Tags()
    tags.feed(text)
    assert (tags.open, tags.loads) == ([], [])
    assert "default-src 'none'" in text
    assert not re.search(r"\b(nan|inf|None)\b", text.split("</style>")[1])
    assert page(facts) == text


def test_every_finding_is_drawn_with_its_words(facts: Facts) -> None:
    text = page(facts)
    assert text.count('role="img"') == len(FINDINGS)
    assert text.count('class="band"') == 1 + sum(len(finding.bands) for finding in FINDINGS)
    for finding in FINDINGS:
        assert f'id="finding-{finding.number}"' in text


def test_the_summary_names_what_is_missed_and_what_is_open(facts: Facts) -> None:
    told = summary(facts)
    assert told.startswith(f"{len(facts.that_are('met'))} of 32 findings met.")
    for verdict in ("missed", "open"):
        for outcome in facts.that_are(verdict):
            assert f"{outcome.finding.number} {outcome.finding.name}" in told


def test_the_table_has_a_row_for_each_number_that_is_judged(facts: Facts) -> None:
    lines = markdown(facts).splitlines()
    assert len(lines) == 2 + sum(len(outcome.judged) for outcome in facts.outcomes)
    assert {line.count(" | ") for line in lines} == {6}
    assert "nan" not in markdown(facts)


def test_a_study_done_once_has_a_page_too() -> None:
    once = run_facts(FINDINGS[:2], people=lambda _: 30, times=1)
    assert 'whisker"' not in page(once).split("</style>")[1].split("<section>", 1)[1]
