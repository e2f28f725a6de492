"""What a policy is asked and answers."""

from __future__ import annotations

import numpy as np
from tests.research.planning.views import column, view

from rung.engine.simulation import ASSURANCE, MODEL, NOTHING, REAPPRAISAL, Advice, Policy


class Easiest:
    name = "easiest"

    def advise(self, view: object) -> Advice:
        return Advice(np.zeros(1, dtype=np.int64))


def test_a_policy_needs_a_name_and_advise_and_nothing_else() -> None:
    assert isinstance(Easiest(), Policy)
    assert not isinstance(object(), Policy)


def test_advice_is_a_step_alone_unless_it_says_more() -> None:
    advice = Easiest().advise(None)
    assert advice.before == NOTHING
    assert advice.bridge is False


def test_sources_can_be_added_up_and_told_apart() -> None:
    every = MODEL + ASSURANCE + REAPPRAISAL
    assert [every & source for source in (MODEL, ASSURANCE, REAPPRAISAL)] == [MODEL, ASSURANCE, REAPPRAISAL]
    assert NOTHING & every == NOTHING


def test_a_view_tells_its_size_and_each_persons_own_number() -> None:
    seen = view(steps=3, people=2, ratings=np.array([[0.9, 0.8], [0.5, 0.4], [0.2, 0.1]]))
    assert (seen.steps, seen.people) == (3, 2)
    assert seen.at(seen.ratings, np.array([2, 0])).tolist() == [0.2, 0.8]
    assert column(1.0, 2.0).shape == (2, 1)
