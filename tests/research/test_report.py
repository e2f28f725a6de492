"""The report: one file, nothing from elsewhere, readable on a phone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.research.logs import ODD, study
from tests.research.toys import AVERAGE, CONSTANT, LAST, NEEDS_MORE

from rung.research.benchmark import Benchmark, run_benchmark
from rung.research.figures import differences
from rung.research.report import report
from rung.research.resampling import Difference
from rung.research.rivals.theory import THEORY


def benchmark(name: str = "a <b> study.csv") -> Benchmark:
    return run_benchmark(study(), name, (THEORY, LAST, AVERAGE, CONSTANT, NEEDS_MORE))


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


def tags(page: str) -> _Tags:
    parser = _Tags()
    parser.feed(page)
    parser.close()
    return parser


def test_the_page_is_whole_and_loads_nothing() -> None:
    page = report([benchmark()])
    found = tags(page)
    assert found.open == []
    assert found.loads == []
    assert not re.search(r"https?:|url\(|@import|<script", page)
    assert "default-src 'none'" in page


def test_it_has_every_model_every_picture_and_who_is_left_out() -> None:
    page = report([benchmark()])
    assert "a &lt;b&gt; study.csv" in page
    for model in ("Rung (theory alone)", "last", "average", "constant"):
        assert page.count(f'<th scope="row">{model}</th>') == 3
    assert page.count("missing is left out: this model needs") == 3
    for heading, times in (("Every rival", 3), ("Calibration: cov", 1), ("Residuals", 3), ("Person by", 3)):
        assert page.count(f"<h4>{heading}") == times
    assert page.count("<title>") == 1 + page.count('role="img"')


def test_the_folder_of_a_log_is_not_told() -> None:
    assert "/some/where" not in report([benchmark("/some/where/log.csv")])


def test_the_same_run_gives_the_same_page() -> None:
    assert report([benchmark()]) == report([benchmark()])


@pytest.mark.parametrize("name", ODD)
def test_an_odd_log_has_a_page_without_holes(name: str) -> None:
    page = report([run_benchmark(ODD[name](), "odd", (THEORY, LAST, AVERAGE, CONSTANT))])
    assert tags(page).open == []
    assert not re.search(r"\b(nan|inf|None)\b", page.split("</style>")[1])


def test_a_rival_far_off_is_an_arrow_with_its_number_so_that_the_others_can_be_told_apart() -> None:
    near, far = Difference(0.001, 0.0005, 0.002, "Rung"), Difference(2.0, 1.5, 2.5, "Rung")
    svg = differences("crps", 0.08, [("near", near), ("far", far)]).svg
    assert "2.0000 →" in svg
    assert svg.count("<circle") == 1
