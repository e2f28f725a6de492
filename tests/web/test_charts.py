"""Charts: well-formed SVG without inline style, with shapes that carry the meaning."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.app.model import Did
from rung.web import charts
from rung.web.charts import (
    BeliefPoint,
    CalibrationPoint,
    EventPoint,
    FearPoint,
    JudgedPoint,
    MarkPoint,
    TickPoint,
)
from rung.words import speaking

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
    drawn = sum(element.get("class") == "d-gap" for element in root.iter())
    assert min(gaps, 1) <= drawn <= gaps, "what lies on one spot is drawn once"


kinds = st.sampled_from(["persuasion", "model", "state"])


@given(
    beliefs,
    st.lists(st.builds(TickPoint, moments, share), max_size=20),
    st.lists(st.builds(EventPoint, moments, kinds), max_size=20),
)
def test_each_kind_of_event_has_a_thread_and_a_shape_of_its_own(
    points: list[BeliefPoint], ticks: list[TickPoint], events: list[EventPoint]
) -> None:
    last = max([one.at for one in points] + [one.at for one in events] + [one.at for one in ticks])
    points.append(BeliefPoint(last, 0.5, 0.4, 0.6))
    root = tree(charts.belief_chart(points, [], "Belief", "In words", ticks, events))
    threads = [element for element in root.iter() if element.get("class") == "d-thread"]
    assert len(threads) == len({event.kind for event in events})
    height = float((root.get("viewBox") or "").split()[3])
    ys = [float(element.get("y") or 0) for element in root.iter("text")]
    assert max(ys) < height


def test_glyphs_differ_by_shape() -> None:
    kinds = ("done", "partly", "tried", "persuasion", "model", "state", "judgement")
    assert len({charts.glyph(kind).replace("d-full", "").replace("d-open", "") for kind in kinds}) == 7


def test_time_runs_from_left_to_right_in_every_language() -> None:
    points = [BeliefPoint(START + timedelta(days=day), 0.5, 0.4, 0.6) for day in (0, 20)]
    places = {}
    for language in ("en", "ar"):
        with speaking(language):
            root = tree(charts.belief_chart(points, [], "Belief", "In words"))
        line = next(element for element in root.iter() if element.get("class") == "d-line")
        texts = list(root.iter("text"))
        places[language] = (line.get("points"), [(one.get("x"), one.get("y")) for one in texts])
        assert {one.get("direction") for one in texts} == {"rtl" if language == "ar" else None}
        anchors = [one.get("text-anchor") for one in texts[-2:]]
        assert anchors == (["end", "start"] if language == "ar" else ["start", "end"])
    assert places["en"] == places["ar"]


@given(share, share, share)
def test_any_estimate_can_be_drawn(mean: float, low: float, high: float) -> None:
    tree(charts.bar(mean, low, high, proposed=True))


@pytest.mark.parametrize(
    "svg",
    [
        charts.belief_chart([BeliefPoint(START, 0.5, 0.4, 0.6)], [], HOSTILE, HOSTILE),
        charts.filling_chart([START, None], START, START, HOSTILE, HOSTILE),
        charts.judged_chart([JudgedPoint(1, 0.4, "done")], 2, HOSTILE, HOSTILE),
        charts.esteem_chart([(START, 3)], 7, HOSTILE, HOSTILE),
        charts.change_bar("row-1", (0.5, 0.4, 0.6), 0.3, HOSTILE, HOSTILE),
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


@given(
    st.lists(
        st.builds(JudgedPoint, st.integers(1, 9), share, dids.filter(lambda did: did != "avoided")),
        max_size=60,
    )
)
def test_any_judgements_and_acts_can_be_drawn(found: list[JudgedPoint]) -> None:
    root = tree(charts.judged_chart(found, 9, "Judged", "In words"))
    labels = [element.text for element in root.iter("text")]
    assert all(str(place) in labels for place in range(1, 10))
    xs = [float(element.get("cx") or 0) for element in root.iter("circle")]
    assert all(30 <= x <= 350 for x in xs)


def test_tries_that_were_judged_and_went_alike_stand_as_one_with_their_number() -> None:
    root = tree(charts.judged_chart([JudgedPoint(1, 0.4, "done")] * 3, 1, "Judged", "In words"))
    assert len(list(root.iter("circle"))) == 1
    assert "×3" in [element.text for element in root.iter("text")]


@given(st.lists(moments | st.none(), min_size=1, max_size=12))
def test_the_filling_ladder_has_a_whole_rung_for_each_step_that_worked(firsts: list[datetime | None]) -> None:
    end = START + timedelta(seconds=10**7)
    root = tree(charts.filling_chart(firsts, START, end, "Filling", "In words"))
    whole = [element for element in root.iter() if element.get("class") == "d-rung firm"]
    assert len(whole) == sum(first is not None for first in firsts)
