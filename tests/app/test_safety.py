import unicodedata
from typing import Literal

import pytest
from tests.content.safety_goals import FINE, REFUSED

from rung.app.safety import screen_goal
from rung.errors import RefusedGoal

REFUSALS = [(topic, text) for topics in REFUSED.values() for topic, texts in topics.items() for text in texts]
FINE_TEXTS = [text for texts in FINE.values() for text in texts]
ONE_OF_EACH = [texts[0] for topics in REFUSED.values() for texts in topics.values()]


def topic_of(text: str) -> str | None:
    try:
        screen_goal(text)
    except RefusedGoal as refusal:
        return refusal.topic
    return None


@pytest.mark.parametrize("topic, text", REFUSALS)
def test_a_dangerous_goal_is_refused_with_its_topic(topic: str, text: str) -> None:
    assert topic_of(text) == topic


@pytest.mark.parametrize("text", FINE_TEXTS)
def test_a_harmless_goal_is_let_through(text: str) -> None:
    assert topic_of(text) is None


@pytest.mark.parametrize("topic, text", REFUSALS[:: len(REFUSALS) // 40])
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_text_is_the_same_however_its_letters_are_put_together(
    form: Literal["NFC", "NFD", "NFKC", "NFKD"], topic: str, text: str
) -> None:
    written = unicodedata.normalize(form, text)
    assert [topic_of(written), topic_of(written.upper())] == [topic, topic]


@pytest.mark.parametrize(
    "one, other",
    [
        ("Die Dosis erhöhen", "Die Dosis erhoehen"),
        ("Ihn schließlich verprügeln", "Ihn schliesslich verpruegeln"),
        ("Hacerme daño", "hacerme dano"),
        ("Dejar la medicación", "dejar la medicacion"),
        ("إيذاء نفسي", "ايذا نفسى"),
        ("مضاعفة الجرعة", "مضاعفه الجرعه"),
        ("أن أنتحر", "اَن اَنتَحِر"),
        ("أن أنتحر", "أن أنـتـحـر"),
        ("آكل أقل من 500 سعرة", "آكل أقل من ٥٠٠ سعرة"),
    ],
)
def test_what_people_leave_out_or_write_otherwise_changes_nothing(one: str, other: str) -> None:
    assert topic_of(one) == topic_of(other) is not None


@pytest.mark.parametrize(
    "end", [" " + "tell " * 40, " " + "sagen " * 40, " " + "decir " * 40, " " + "أخبر " * 40]
)
@pytest.mark.parametrize("text", ONE_OF_EACH)
def test_no_text_keeps_the_screening_busy_for_ever(text: str, end: str) -> None:
    assert topic_of(text + end * 10) in (*REFUSED["en"], None)


LONG = [
    *("not ", "fast for a ", "go move ", "de la ", "mich ", "no me ", "أن ", "لا "),
    *("x", "\u0300", "a\u0301", "😀"),
]


@pytest.mark.parametrize("text", ["", " ", "…", *(piece * 500 for piece in LONG)])
def test_a_text_that_names_nothing_passes(text: str) -> None:
    assert topic_of(text) is None
