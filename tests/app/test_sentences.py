"""The words for what the engine answers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.app import sentences
from rung.app.model import Did
from rung.engine import Estimate, Missing, Reason, planning

share = st.floats(0, 1)


def numbers_of(reason_id: str) -> dict[str, float]:
    """The numbers that the engine sends with a reason, by its own description."""
    named = planning.REASONS[reason_id].rpartition(":")[2]
    known = {"chance": 0.7, "wanted": 0.75, "rating": 0.5, "worked": 2.5, "attempts": 4.0, "failures": 2.0}
    known |= {"judgements": 1.0, "windows": 2.0, "avoidances": 3.0, "points": 34.4}
    return {name: number for name, number in known.items() if re.search(rf"\b{name}\b", named)}


def test_every_reason_of_the_engine_has_words() -> None:
    assert sentences.REASONS.keys() == planning.REASONS.keys()
    assert set(sentences.CONCERNS) <= sentences.REASONS.keys()


@pytest.mark.parametrize("reason_id", planning.REASONS)
def test_a_reason_reads_as_a_sentence(reason_id: str) -> None:
    words = sentences.sentence(Reason(reason_id, numbers_of(reason_id)))
    assert words[0].isupper()
    assert words[-1] in ".?"
    assert not re.search(r"[{}_%]|\.\d{3}", words)


@pytest.mark.parametrize(
    ("worked", "attempts", "words"),
    [
        (0.0, 2.0, "twice, and it has not worked yet"),
        (1.0, 1.0, "once, and it worked"),
        (0.5, 1.0, "once, and it worked partly"),
        (3.0, 3.0, "3 times, and it worked each time"),
        (3.0, 4.0, "4 times, and it worked 3 times"),
        (1.5, 2.0, "twice, and it worked once and partly once more"),
        (0.5, 2.0, "twice, and it worked partly"),
    ],
)
def test_a_record_is_told_as_people_tell_it(worked: float, attempts: float, words: str) -> None:
    said = sentences.sentence(Reason("managed-before", {"worked": worked, "attempts": attempts}))
    assert said == f"You have tried this step {words}."


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (None, "Too early to say."),
        (Missing(0, 2), "Too early to say. 2 more tries, and Rung can tell you something."),
        (Missing(0, 1), "Too early to say. One more try, and Rung can tell you something."),
        (
            Missing(1, 0),
            "Too early to say. Say how sure you are of one step, and Rung can tell you something.",
        ),
    ],
)
def test_too_little_is_said_to_be_too_little(missing: Missing | None, words: str) -> None:
    assert sentences.too_early(missing) == words


@given(share, share, share)
def test_a_chance_never_leaves_its_range(one: float, two: float, three: float) -> None:
    low, mean, high = sorted((one, two, three))
    words = sentences.chance(Estimate(mean, low, high))
    assert re.fullmatch(r"(about \d in 10|hardly ever|nearly always)( \(\d+ to \d+( in 10)?\))?", words)
    assert "nan" not in sentences.sure(Estimate(mean, low, high))


def test_every_outcome_has_a_word() -> None:
    assert len({sentences.did(outcome) for outcome in Did}) == len(Did)
