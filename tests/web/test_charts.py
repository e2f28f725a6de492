"""Charts: well-formed SVG without inline style, with shapes that carry the meaning."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.app.model import Did
from rung.web import charts
from rung.web.charts import BeliefPoint, CalibrationPoint, FearPoint, MarkPoint

START = datetime(2026, 10, 26, tzinfo=UTC)
HOSTILE = "</title><script>alert(1)</script>"

share = st.floats(0, 1)
moments = st.integers(0, 10**7).map(lambda seconds: START + timedelta(seconds=seconds))
dids = st.sampled_from([did.value for did in Did])
beliefs = st.lists(st.builds(BeliefPoint, moments, share, share, share), min_size=1, max_size=30).map(
    lambda points: sorted(points, key=lambda point: point.at)
)


def tree(svg: str) -> ElementTree.Element:
    """The drawing, if it is one: every number in it finite, no inline style."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        assert "style" not in element.attrib
        assert not any(word in value for value in element.attrib.values() for word in ("nan", "inf"))
    return root


def test_a_bar_is_solid_up_to_the_low_end_and_soft_over_the_band() -> None:
    root = tree(charts.bar(0.55, 0.45, 0.65))
    widths = {element.get("class"): element.get("width") for element in root.iter("rect")}
    assert (widths["d-sure"], widths["d-band"]) == ("45%", "20%")


def test_outcomes_differ_by_shape() -> None:
    drawn = {did: charts.marks([did.value]) for did in Did if did is not Did.SKIPPED}
    assert len({svg.replace("d-full", "").replace("d-open", "") for svg in drawn.values()}) == 4
    assert "circle" not in drawn[Did.AVOIDED]


def test_what_was_skipped_leaves_no_mark() -> None:
    assert tree(charts.marks(["skipped"])).get("width") == "0"


@given(st.lists(dids, max_size=40))
def test_marks_show_the_last_ten(done: list[str]) -> None:
    counted = [did for did in done if did != "skipped"]
    assert tree(charts.marks(done)).get("width") == str(16 * min(10, len(counted)))


@given(beliefs, st.lists(st.builds(MarkPoint, moments, dids), max_size=20))
def test_any_history_can_be_drawn(points: list[BeliefPoint], attempts: list[MarkPoint]) -> None:
    root = tree(charts.belief_chart(points, attempts, "Belief", "In words"))
    gaps = sum(attempt.did == "avoided" for attempt in attempts)
    assert sum(element.get("class") == "d-gap" for element in root.iter()) == gaps


@given(share, share, share)
def test_any_estimate_can_be_drawn(mean: float, low: float, high: float) -> None:
    tree(charts.bar(mean, low, high, proposed=True))


@pytest.mark.parametrize(
    "svg",
    [
        charts.belief_chart([BeliefPoint(START, 0.5, 0.4, 0.6)], [], HOSTILE, HOSTILE),
        charts.firm_chart([(START, 0), (START, 1)], 2, HOSTILE, HOSTILE),
        charts.calibration_chart([CalibrationPoint(0.4, 0.6, 0.2, 0.9, 3)], HOSTILE, HOSTILE),
        charts.fear_chart([FearPoint(START, 0.7, 0.1)], HOSTILE, HOSTILE),
    ],
)
def test_a_chart_has_a_title_and_a_description_and_hostile_text_stays_text(svg: str) -> None:
    root = tree(svg)
    assert root.get("role") == "img"
    assert [root[0].text, root[1].text] == [HOSTILE, HOSTILE]
    assert (root.get("aria-labelledby") or "").split() == [root[0].get("id"), root[1].get("id")]


def test_the_small_ladder_has_a_rung_for_each_step() -> None:
    root = tree(charts.small_ladder(["firm", "next", "open"]))
    rungs = [element.get("class") for element in root.iter() if "d-rung" in (element.get("class") or "")]
    assert rungs == ["d-rung firm", "d-rung next", "d-rung open"]
