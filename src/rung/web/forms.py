"""What forms send: parsed from text, with a fault beside the field and what was typed kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel

from rung.app.model import Reflection
from rung.errors import InvalidInput, RefusedGoal, RungError

__all__ = [
    "AGAIN",
    "AMOUNTS",
    "CAUSES",
    "HANDS",
    "READINGS",
    "SENT_BEFORE",
    "Faults",
    "ReflectionForm",
    "Text",
    "Texts",
    "Typed",
    "choice",
    "fault",
    "lines",
    "number",
    "parsed",
    "percent",
]

LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")

SENT_BEFORE = (
    "This form was sent before, with something else in it. Send it again if this is to come in, too."
)
"""The fault of a form that was gone back to, changed, and sent once more under its old id."""

Text = Annotated[str, Form()]
Texts = Annotated[list[str], Form(default_factory=list)]


class Typed(dict[str, str]):
    """What was typed, by field; the empty text where nothing was."""

    def __missing__(self, key: str) -> str:
        return ""


class Faults(Typed):
    """What is wrong, by field."""


# What each answer says in the terms of the evidence log, 0 to 1 (appraisal -1 to 1): assumptions.
CAUSES = {
    "me": ("What I did", 1.0),
    "help": ("Help", 0.0),
    "luck": ("Luck or circumstances", 0.0),
    "day": ("The day", 0.5),
}
AGAIN = {"yes": ("Yes", 1.0), "perhaps": ("Perhaps", 0.5), "no": ("No", 0.0)}
HANDS = {"yes": ("Yes", 1.0), "partly": ("Partly", 0.5), "no": ("No", 0.0)}
AMOUNTS = {
    "none": ("None", 0.0),
    "little": ("A little", 0.33),
    "much": ("A good deal", 0.67),
    "all": ("All of it", 1.0),
}
READINGS = {
    "cannot": ("I can’t", -1.0),
    "rather-not": ("rather I can’t", -0.5),
    "neither": ("neither", 0.0),
    "rather-ready": ("rather ready", 0.5),
    "ready": ("I’m ready", 1.0),
}


def fault(error: RungError, field: str) -> Faults:
    """The error as a fault beside a field; a refused goal goes on to its own page."""
    if isinstance(error, RefusedGoal):
        raise error
    return Faults({field: f"{error}."})


def lines(text: str) -> list[str]:
    """The lines that hold something, without list marks and numbering in front."""
    found = (LIST_MARK.sub("", line).strip() for line in text.splitlines())
    return [line for line in found if line]


def choice(options: dict[str, tuple[str, float]], key: str) -> float | None:
    """The number that an answer stands for; None where nothing was chosen."""
    if not key:
        return None
    if key not in options:
        raise InvalidInput("This is none of the answers: choose one of those shown")
    return options[key][1]


def number(text: str, top: int) -> float | None:
    """A number from 0 to `top`; None where the field was left empty."""
    if not text.strip():
        return None
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        raise InvalidInput(f"{text[:20]!r} is not a number: write one from 0 to {top}") from None
    if not 0 <= found <= top:
        raise InvalidInput(f"{text[:20]} is outside: write a number from 0 to {top}")
    return found


def percent(text: str) -> int | None:
    """A number from 0 to 100, whole; None where the field was left empty."""
    found = number(text, 100)
    return None if found is None else round(found)


class ReflectionForm(BaseModel):
    """The page to look back on, as it is sent; everything may be left empty."""

    cause: str = ""
    again: str = ""
    hands: str = ""
    effort: str = ""
    aid: str = ""
    arousal: str = ""
    appraisal: str = ""
    feared: str = ""
    happened: str = ""
    what_helped: str = ""
    what_next: str = ""
    what_feared: str = ""


def parsed(form: ReflectionForm) -> tuple[Reflection, Faults]:
    """The reflection that a form says, and what is wrong with it."""
    faults = Faults()

    def asked(name: str, parse: Callable[[str], float | None]) -> float | None:
        try:
            return parse(getattr(form, name))
        except InvalidInput as error:
            faults[name] = f"{error}."
            return None

    def share(name: str, top: int) -> float | None:
        found = asked(name, lambda text: number(text, top))
        return None if found is None else found / top

    reflection = Reflection(
        internal=asked("cause", lambda key: choice(CAUSES, key)),
        stable=asked("again", lambda key: choice(AGAIN, key)),
        controllable=asked("hands", lambda key: choice(HANDS, key)),
        effort=asked("effort", lambda key: choice(AMOUNTS, key)),
        aid=asked("aid", lambda key: choice(AMOUNTS, key)),
        appraisal=asked("appraisal", lambda key: choice(READINGS, key)),
        arousal=share("arousal", 10),
        feared=share("feared", 100),
        happened=share("happened", 100),
        what_helped=form.what_helped,
        what_next=form.what_next,
        what_feared=form.what_feared,
    )
    return reflection, faults
