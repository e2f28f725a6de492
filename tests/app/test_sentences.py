"""The words for what the engine answers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.app import sentences
from rung.app.model import Did
from rung.engine import Estimate, Missing, Reason, loops, planning
from rung.engine.loops import AVOIDANCE_LOOP, OVER_REACH, STUCK_STEP, Sign
from rung.engine.planning.rungs import REACH
from rung.engine.scales import logit, sigmoid
from rung.words import LANGUAGES, speaking

share = st.floats(0, 1)


def numbers_of(reason_id: str) -> dict[str, float]:
    """The numbers that the engine sends with a reason, by its own description."""
    named = planning.REASONS[reason_id].rpartition(":")[2]
    known = {"chance": 0.7, "wanted": 0.75, "rating": 0.5, "worked": 2.5, "attempts": 4.0, "failures": 2.0}
    known |= {"judgements": 1.0, "windows": 2.0, "avoidances": 3.0, "points": 34.4}
    known |= {"days": 34.25, "instead": 41.5, "sooner": 1.75}
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


def seen(kind: str, missed: float, occasions: float, expected: float) -> Sign:
    numbers = {"missed": missed, "occasions": occasions, "expected": expected, "days": 11.0}
    return Sign(kind, "a", 0.0, int(occasions), 1.0, numbers)


def test_every_sign_of_the_engine_has_words_but_that_of_letting_pass_which_has_a_notice() -> None:
    assert sentences.SIGNS.keys() == loops.SIGNS.keys() - {AVOIDANCE_LOOP}


def test_over_reach_is_told_by_what_was_expected_and_what_came() -> None:
    words = sentences.sign(seen(OVER_REACH, 4.0, 5.0, 4.2))
    assert "4 of 5 did not work, and you expected that of about 1 of them." in words
    assert "of hardly any of them." in sentences.sign(seen(OVER_REACH, 4.0, 5.0, 4.8))


def test_a_stuck_step_is_told_by_its_name_and_its_tries() -> None:
    words = sentences.sign(seen(STUCK_STEP, 5.0, 6.0, 3.0), "Say it aloud")
    assert words.startswith("“Say it aloud” did not work in 5 of the last 6 tries.")


@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_what_looking_ahead_says_is_a_guess_and_so_it_is_told_in_every_language(code: str) -> None:
    guesses = {
        "de": "soweit Rung das sagen kann",
        "es": "hasta donde Rung puede saberlo",
        "ar": "بقدر ما يستطيع Rung أن يقدّر",
    }
    with speaking(code):
        words = sentences.sentence(Reason("ahead", numbers_of("ahead")))
        assert guesses.get(code, "as far as Rung can tell") in words
        for reason_id in ("ahead", "before-model", "before-assurance", "before-reappraisal"):
            assert not re.search(r"\d", sentences.sentence(Reason(reason_id, numbers_of(reason_id))))


def test_a_word_of_encouragement_is_said_to_fade_and_doing_it_to_last() -> None:
    words = sentences.sentence(Reason("before-assurance", {"sooner": 1.75}))
    assert "fades" in words
    assert words.endswith("what lasts is doing it.")


def test_what_was_long_not_tried_says_for_how_many_days() -> None:
    words = sentences.sentence(Reason("test-again", {"days": 34.25}))
    assert "34 days have passed" in words


@pytest.mark.parametrize("wanted", [0.6, 0.75, 0.9])
def test_the_least_chance_that_is_told_is_the_one_that_the_engine_keeps_to(wanted: float) -> None:
    least = sigmoid(logit(wanted) - REACH)
    told = re.fullmatch(r"about (\d) in 10", sentences.least(wanted))
    assert told
    assert int(told[1]) / 10 == pytest.approx(least, abs=0.051)


def test_a_bridge_is_told_by_the_steps_on_its_sides() -> None:
    assert sentences.bridge(None, "Ask").startswith("A step below “Ask” would help")
    assert sentences.bridge("Write", "Ask").startswith("A step between “Write” and “Ask” would help")
