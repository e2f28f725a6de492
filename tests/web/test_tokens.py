"""Contrast, computed from the tokens in both themes: text 4.5 to 1, marks and borders of controls 3 to 1."""

import re
from importlib.resources import files

import pytest

SHEETS = {
    sheet.name: sheet.read_text(encoding="utf-8")
    for sheet in (files("rung.web") / "static").iterdir()
    if sheet.name.endswith(".css")
}
SHEET = SHEETS["tokens.css"]
COMPONENTS = "\n".join(css for name, css in SHEETS.items() if name != "tokens.css")


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


LIGHT = colours(SHEET.partition("@media")[0])
DARK = {**LIGHT, **colours(SHEET.partition("@media")[2])}
GROUNDS = ("paper", "card")

TEXT = [(ink, ground) for ink in ("ink", "ink-soft", "green", "green-strong") for ground in GROUNDS]
TEXT += [("amber", ground) for ground in GROUNDS]
TEXT += [("ink", ground) for ground in ("sunken", "green-soft", "amber-soft")]
TEXT += [("ink-soft", "sunken"), ("on-green", "green"), ("on-green", "green-strong"), ("green", "amber-soft")]
MARKS = [(mark, ground) for mark in ("edge", "mark", "belief", "green", "focus") for ground in GROUNDS]
MARKS += [
    ("belief", "track"),
    ("green", "track"),
    ("belief", "band"),
    ("focus", "green-soft"),
    ("amber", "amber-soft"),
]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(theme: dict[str, str]) -> None:
    assert [pair for pair in TEXT if contrast(theme[pair[0]], theme[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_can_be_seen(theme: dict[str, str]) -> None:
    assert [pair for pair in MARKS if contrast(theme[pair[0]], theme[pair[1]]) < 3.0] == []


def test_both_themes_set_every_colour_that_they_need() -> None:
    assert colours(SHEET.partition("@media")[2]).keys() >= LIGHT.keys() - {"on-green"}


def test_components_use_tokens_and_logical_properties_alone() -> None:
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", COMPONENTS) == []
    physical = (
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|^\s*(?:left|right|top|bottom|width|height):"
    )
    assert re.findall(physical, COMPONENTS, re.MULTILINE) == []
    assert set(re.findall(r"var\(--([\w-]+)", COMPONENTS)) <= set(re.findall(r"--([\w-]+):", SHEET))
