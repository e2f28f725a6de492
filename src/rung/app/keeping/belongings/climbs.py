"""Ladders and steps as JSON, and back."""

from __future__ import annotations

import math
import re
from typing import Any

from rung.app.keeping.belongings.values import identity, moment, moment_or_none, once, words, written
from rung.app.model import WANTED_CHANCES, Ladder, LadderId, PersonId, Step, StepId
from rung.app.wording import checked_name
from rung.content import CONDITIONS
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["ladder_from_json", "ladder_to_json"]

_TEMPLATE = re.compile(r"[a-z0-9-]{0,80}")
"""Libraries grow and shrink: the id of a domain that this one lacks is kept, where it can be one."""


def ladder_to_json(ladder: Ladder) -> dict[str, object]:
    """A ladder with its steps."""
    return {
        "id": ladder.id,
        "name": ladder.name,
        "wanted_chance": ladder.wanted_chance,
        "created_at": written(ladder.created_at),
        "archived_at": written(ladder.archived_at),
        "template": ladder.template,
        "steps": [
            {
                "id": step.id,
                "name": step.name,
                "difficulty": step.difficulty,
                "retired_at": written(step.retired_at),
                "conditions": list(step.conditions),
            }
            for step in ladder.steps
        ],
    }


def ladder_from_json(item: dict[str, Any], person: PersonId) -> Ladder:
    """The ladder, now of `person`; exports of version 1 know neither template nor conditions."""
    steps = [_step(step) for step in item["steps"]]
    once(step.id for step in steps)
    template = words(item.get("template", ""))
    if item["wanted_chance"] not in WANTED_CHANCES:
        wanted = repr(item["wanted_chance"])[:50]
        raise InvalidInput(_("The wanted chance %(wanted)s is none of 0.6, 0.75, 0.9", wanted=wanted))
    if not _TEMPLATE.fullmatch(template):
        raise InvalidInput(_("%(template)s is no name of a domain", template=repr(template[:50])))
    return Ladder(
        id=LadderId(identity(item["id"])),
        person=person,
        name=checked_name(item["name"], _("A name")),
        wanted_chance=item["wanted_chance"],
        created_at=moment(item["created_at"]),
        archived_at=moment_or_none(item["archived_at"]),
        steps=tuple(sorted(steps, key=lambda step: (step.difficulty, step.id))),
        template=template,
    )


def _step(item: dict[str, Any]) -> Step:
    difficulty = float(item["difficulty"])
    if not math.isfinite(difficulty) or isinstance(item["difficulty"], str):
        told = repr(item["difficulty"])[:50]
        raise InvalidInput(_("The difficulty %(difficulty)s is no number", difficulty=told))
    under = item.get("conditions", [])
    if not isinstance(under, list) or set(map(str, under)) - set(CONDITIONS):
        raise InvalidInput(
            _("%(conditions)s are no conditions that Rung knows", conditions=repr(under)[:100])
        )
    return Step(
        id=StepId(identity(item["id"])),
        name=checked_name(item["name"], _("A name")),
        difficulty=difficulty,
        retired_at=moment_or_none(item["retired_at"]),
        conditions=tuple(one for one in CONDITIONS if one in under),
    )
