"""The interval of a share against its definition."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.engine.measures import share_interval
from rung.errors import InvalidInput


@given(st.floats(0, 1), st.integers(1, 500))
def test_its_ends_are_where_what_was_seen_is_just_z_errors_away(share: float, count: int) -> None:
    low, high = share_interval(share, count, 1.96)
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1
    for end in (low, high):
        assert abs(share - end) == pytest.approx(1.96 * sqrt(end * (1 - end) / count), abs=1e-6)


@given(st.floats(0, 1), st.integers(1, 500))
def test_more_of_the_same_is_never_less_sure(share: float, count: int) -> None:
    few, many = share_interval(share, count), share_interval(share, 2 * count)
    assert many[1] - many[0] <= few[1] - few[0] + 1e-12


@pytest.mark.parametrize(("share", "count"), [(0.5, 0), (-0.1, 3), (1.1, 3)])
def test_what_is_no_share_is_refused(share: float, count: int) -> None:
    with pytest.raises(InvalidInput):
        share_interval(share, count)
