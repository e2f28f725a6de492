import pytest

from rung.app.wording import LONGEST_TEXT, checked_name, checked_text
from rung.errors import InvalidInput


@pytest.mark.parametrize("name", ["\u200b", "\u00ad\ufeff", "\u0301", "\u200b \u3000", "\u2800\u2028x"])
def test_a_name_that_nobody_could_see_or_click_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        checked_name(name, "The name")


@pytest.mark.parametrize("name", ["a\u2028b", "a\u2029b", "a\nb", "a\0b"])
def test_a_name_stands_on_one_line(name: str) -> None:
    with pytest.raises(InvalidInput, match="one line"):
        checked_name(name, "The name")


@pytest.mark.parametrize("name", ["é", "e\u0301", "שָׁלוֹם", "می‌خواهم", "👩‍👧", "1", "?"])
def test_a_name_of_any_script_is_taken(name: str) -> None:
    assert checked_name(name, "The name") == name


def test_a_line_break_counts_once_however_it_is_sent() -> None:
    text = "a\n" * (LONGEST_TEXT // 2 - 1) + "ab"
    assert checked_text(text.replace("\n", "\r\n"), "The text") == text
    with pytest.raises(InvalidInput, match=f"{LONGEST_TEXT + 1:,} characters"):
        checked_text(text.replace("\n", "\r\n") + "c", "The text")
