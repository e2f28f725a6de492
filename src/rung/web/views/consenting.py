"""The form with which somebody chooses who sees what of each ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rung.app.model import Ladder
from rung.app.policies import Role
from rung.app.ports import Bond
from rung.app.sharing.consenting import SHOWN_TO
from rung.app.sharing.fields import Field
from rung.web.consents import ALL, FARTHEST, Chosen, last_day
from rung.web.views.sharing import FIELDS
from rung.words import _, later, local

__all__ = ["ConsentView", "chosen_by", "consent_view"]

PRESETS: Mapping[str, tuple[str, frozenset[Field]]] = {
    "sure-and-tried": (
        later("How sure I am, and what I tried"),
        frozenset({Field.JUDGEMENTS, Field.OUTCOMES}),
    ),
    "everything": (later("Everything"), frozenset(Field)),
    "nothing": (later("Nothing"), frozenset()),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One thing to tick."""

    value: str
    words: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class LadderChoice:
    """What can be ticked of one ladder."""

    id: str
    name: str
    boxes: tuple[Box, ...]
    until: str
    preview: str
    """Where to see what they see; empty where they see nothing."""


@dataclass(frozen=True, slots=True)
class ConsentView:
    """The whole choice."""

    ladders: tuple[LadderChoice, ...]
    presets: tuple[tuple[str, str], ...]
    """Names and words of what can be ticked at once; none where there is one thing to tick."""
    is_preset: bool
    """Whether it was ticked at once, and is not kept yet."""
    first_day: str
    farthest_day: str
    asks_supervised: bool
    is_supervised: bool


def consent_view(
    role: Role,
    ladders: Sequence[Ladder],
    chosen: Mapping[str, Chosen],
    now: datetime,
    *,
    bond: Bond | None = None,
    preset: str = "",
    is_supervised: bool = False,
) -> ConsentView:
    """The form, with what is chosen so far, or with what a preset ticks."""
    at_once = PRESETS.get(preset)
    shown = {one.ladder for one in bond.consents if one.stands(now)} if bond else set()
    today = local(now).date()
    return ConsentView(
        ladders=tuple(
            LadderChoice(
                id=ladder.id,
                name=ladder.name,
                boxes=_boxes(role, ladder, at_once[1] if at_once else _chosen(chosen, ladder).fields),
                until=_chosen(chosen, ladder).until,
                preview=(
                    f"/sharing/{bond.id}/preview/{ladder.id}"
                    if bond and role is Role.COACH and ladder.id in shown
                    else ""
                ),
            )
            for ladder in ladders
        ),
        presets=() if role is Role.LEADER else _presets(),
        is_preset=at_once is not None,
        first_day=today.isoformat(),
        farthest_day=(today + FARTHEST).isoformat(),
        asks_supervised=role is Role.COACH,
        is_supervised=is_supervised,
    )


def chosen_by(bond: Bond, now: datetime) -> dict[str, Chosen]:
    """What a bond shows at this moment: what is over is not ticked any more."""
    return {one.ladder: Chosen(one.fields, last_day(one.until)) for one in bond.consents if one.stands(now)}


def _chosen(chosen: Mapping[str, Chosen], ladder: Ladder) -> Chosen:
    return chosen.get(ladder.id, Chosen(frozenset()))


def _presets() -> tuple[tuple[str, str], ...]:
    return tuple((key, _(words)) for key, (words, _fields) in PRESETS.items())


def _boxes(role: Role, ladder: Ladder, fields: frozenset[Field]) -> tuple[Box, ...]:
    if role is Role.LEADER:
        return (Box(f"{ladder.id}/{ALL}", _("Count me with this one"), bool(fields)),)
    return tuple(
        Box(f"{ladder.id}/{field.value}", _(FIELDS[field]), field in fields)
        for field in Field
        if field in SHOWN_TO[role]
    )
