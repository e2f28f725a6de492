"""The page of a planned trial."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.research.trials.designs import PLAIN, design

from rung.research.trials import plan, read_design, report
from rung.research.trials.examples import example
from rung.research.trials.tables import lead, tables

VOID = {"meta", "br", "hr"}


class Nested(HTMLParser):
    """Checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        return

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(text: str = PLAIN, trials: int = 30) -> str:
    return report(plan(read_design(text), trials), text)


def test_a_page_is_whole_and_loads_nothing() -> None:
    html = page()
    nested = Nested()
    nested.feed(html)
    assert nested.open == []
    assert "default-src 'none'" in html
    assert not re.search(r"(src|href)=|url\(|@import|<script", html)
    assert "prefers-color-scheme: dark" in html
    assert "nan" not in re.sub(r"<pre>.*</pre>", "", html, flags=re.DOTALL).replace("tabindex", "")


def test_the_same_trials_give_the_same_page() -> None:
    assert page() == page()


def test_a_page_says_what_its_numbers_are_worth() -> None:
    html = page(example("participant-modelling"))
    for words in (
        "no evidence of what a real trial would find",
        "Bandura, Adams &amp; Beyer 1977",
        "seed 0",
        "of 100",
    ):
        assert words in html


def test_every_picture_is_there_and_is_told_in_words() -> None:
    html = page(example("participant-modelling"))
    charts = re.findall(r'<svg viewBox="0 0 360 [^"]*" role="img" aria-label="([^"]+)"', html)
    assert len(charts) == 3 + 3 + 2
    assert all(len(told) > 20 for told in charts)
    assert html.count("<figcaption>") == len(charts)


def test_names_from_the_file_are_escaped() -> None:
    html = page(PLAIN.replace("doing", "<b>doing&").replace("Doing against", "<i>Doing against"))
    assert "<b>doing" not in html
    assert "<i>Doing" not in html
    assert "&lt;b&gt;doing&amp;" in html


@pytest.mark.parametrize("days", ["[0]", "[0, 9]", "[9]"])
def test_a_measure_may_have_one_day_or_the_first(days: str) -> None:
    html = page(PLAIN.replace("days = [2, 9]", f"days = {days}").replace("days = [0, 2]", "days = [0]"))
    assert html.count("<figure>") == 1 + 1 + 2


def test_what_nobody_has_is_told_as_a_dash() -> None:
    gone = ("[ladders]", "[drop_out]\na_day = 1.0\nfollowed = false\n\n[ladders]")
    planned = plan(design(gone), 20)
    assert "nan" not in report(planned)
    assert any("-" in row for table in tables(planned) for row in table.rows)


def test_what_it_comes_down_to_is_told_in_sentences() -> None:
    planned = plan(read_design(example("reappraisal")), 300)
    told = lead(planned)
    assert told[0].startswith("With 60 people in an arm, ")
    assert told[1].startswith("A power of 80 % takes ")
    assert "half of that" in told[-1]
    same = plan(design(('kind = "model"', 'kind = "attempt"')), 100, seed=1)
    assert lead(same)[-1] == "No sample size is told: these trials do not tell the difference from none."


def test_in_brief_there_are_sizes_for_what_is_primary_alone() -> None:
    planned = plan(design(), 20)
    whole, brief = tables(planned)[-1], tables(planned, is_brief=True)[-1]
    assert (len(whole.rows), len(brief.rows)) == (6, 2)
    assert all(len(row) == len(whole.headings) for row in whole.rows)
