"""What forms send: parsed from text, with a fault beside the field and what was typed kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel, Field

from rung.app.model import Reflection
from rung.errors import InvalidInput, RefusedGoal, RungError
from rung.words import _, later, speech

__all__ = [
    "AGAIN",
    "AMOUNTS",
    "CAUSES",
    "HANDS",
    "IN_THE_WAY",
    "MADE_IT",
    "READINGS",
    "SENT_BEFORE",
    "SPECIAL",
    "Faults",
    "ReflectionForm",
    "Text",
    "Texts",
    "Typed",
    "beginning",
    "choice",
    "day_of",
    "fault",
    "lines",
    "number",
    "parsed",
    "percent",
    "typed_now",
]

LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")

SENT_BEFORE = later(
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


# What each answer says in the terms of the evidence log, 0 to 1 (appraisal -1 to 1): assumptions. Where a
# cause lies follows Weiner (1985): effort, way and skill inside, the task, others, luck and the day outside.
MADE_IT = {
    "me": (later("What I did"), 1.0),
    "practice": (later("The practice before"), 1.0),
    "help": (later("Help"), 0.0),
    "luck": (later("Luck, or an easy day"), 0.0),
}
IN_THE_WAY = {
    "way": (later("How I went about it"), 1.0),
    "unready": (later("Too little practice so far"), 1.0),
    "size": (later("The step was too big"), 0.0),
    "others": (later("Somebody else"), 0.0),
    "day": (later("The day, or the place"), 0.0),
}
CAUSES = {**MADE_IT, **IN_THE_WAY}
AGAIN = {"yes": (later("Yes"), 1.0), "perhaps": (later("Perhaps"), 0.5), "no": (later("No"), 0.0)}
HANDS = {"yes": (later("Yes"), 1.0), "partly": (later("Partly"), 0.5), "no": (later("No"), 0.0)}
AMOUNTS = {
    "none": (later("None"), 0.0),
    "little": (later("A little"), 0.33),
    "much": (later("A good deal"), 0.67),
    "all": (later("All of it"), 1.0),
}
READINGS = {
    "cannot": (later("I can’t"), -1.0),
    "rather-not": (later("rather I can’t"), -0.5),
    "neither": (later("neither"), 0.0),
    "rather-ready": (later("rather ready"), 0.5),
    "ready": (later("I’m ready"), 1.0),
}
SPECIAL = {"first": later("It was the first time"), "rough": later("It was a rough day")}
"""Circumstances that make a try unlike the others."""


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
        raise InvalidInput(_("This is none of the answers: choose one of those shown"))
    return options[key][1]


def day_of(text: str) -> date | None:
    """A day as the browser sends it; None where none was chosen, and `InvalidInput` where it is none."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(_("This is no day: write it as 2026-11-03")) from None
    if not 1900 < found.year < 9000:
        raise InvalidInput(_("This day is too far away"))
    return found


def beginning(day: date) -> datetime:
    """The moment at which a day begins for whoever is spoken to."""
    return datetime.combine(day, time(), tzinfo=speech().clock).astimezone(UTC)


def number(text: str, top: int) -> float | None:
    """A number from 0 to `top`; None where the field was left empty."""
    if not text.strip():
        return None
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        raise InvalidInput(
            _("“%(text)s” is not a number: write one from 0 to %(top)s", text=text[:20], top=top)
        ) from None
    if not 0 <= found <= top:
        raise InvalidInput(
            _("%(text)s is outside: write a number from 0 to %(top)s", text=text[:20], top=top)
        )
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
    circumstances: list[str] = Field(default_factory=list)


def typed_now(form: ReflectionForm) -> Typed:
    """The form as it was sent, to show it once more."""
    return Typed({**form.model_dump(), "circumstances": " ".join(form.circumstances)})


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
        cause=form.cause,
        circumstances=" ".join(form.circumstances),
    )
    return reflection, faults
