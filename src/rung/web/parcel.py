"""What a browser kept and sends as JSON: parsed as the forms are, item by item, each with its own fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from pydantic import ValidationError

from rung.app.judging import feared_outcome
from rung.app.model import Did, EventId, LadderId, Reflection, StepId
from rung.app.outbox import MOST_ITEMS, Item, Judged, Logged, LookedBack
from rung.app.wording import checked_id
from rung.errors import InvalidInput
from rung.web.forms import ReflectionForm, parsed, percent
from rung.words import _

__all__ = ["LARGEST_PARCEL", "item_of", "items_in"]

LARGEST_PARCEL = 256 * 1024
"""Bytes of one sending."""

MOST_STEPS = 500
LONGEST_TIME = 40


def items_in(body: bytes) -> list[object]:
    """The items of a sending, as JSON values."""
    if len(body) > LARGEST_PARCEL:
        raise InvalidInput(_("That is too much at once: send fewer"))
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise InvalidInput(_("That is no JSON that Rung can read")) from None
    if not isinstance(found, list):
        raise InvalidInput(_("That is no list of what was kept"))
    if len(found) > MOST_ITEMS:
        raise InvalidInput(_("That is more than %(count)s at once: send fewer", count=MOST_ITEMS))
    return found


def item_of(raw: Mapping[str, object]) -> Item:
    """One item; `InvalidInput` says what is wrong with it."""
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InvalidInput(_("Rung knows no such thing to keep"))
    return _KINDS[kind](raw, EventId(_id(raw, "id")), _time(raw.get("at")))


def _logged(raw: Mapping[str, object], id: EventId, at: datetime) -> Logged:
    did, fields = raw.get("did"), _fields(raw, "varied")
    if did not in list(Did):
        raise InvalidInput(_("Rung knows done, partly, tried, avoided and not today: choose one of these"))
    varied = fields.get("varied")
    return Logged(
        id,
        at,
        LadderId(_id(raw, "ladder")),
        StepId(_id(raw, "step")),
        Did(str(did)),
        None if varied is None else _text(varied),
    )


def _judged(raw: Mapping[str, object], id: EventId, at: datetime) -> Judged:
    ratings, feared = _percents(raw.get("ratings")), _percents(raw.get("feared", {}))
    likely, bad = _percents(raw.get("likely", {})), _percents(raw.get("bad", {}))
    if set(likely) != set(bad):
        raise InvalidInput(_("Say both: how likely it is, and how bad it would be"))
    feared |= {step: feared_outcome(likely[step], bad[step]) for step in likely}
    resources = _text(_fields(raw, "resources").get("resources", ""))
    return Judged(id, at, LadderId(_id(raw, "ladder")), ratings, feared, resources)


def _looked_back(raw: Mapping[str, object], id: EventId, at: datetime) -> LookedBack:
    return LookedBack(
        id, at, EventId(_id(raw, "event")), _reflection(_fields(raw, *ReflectionForm.model_fields))
    )


_KINDS: dict[str, Callable[[Mapping[str, object], EventId, datetime], Item]] = {
    "log": _logged,
    "judge": _judged,
    "reflect": _looked_back,
}


def _reflection(fields: dict[str, object]) -> Reflection:
    try:
        form = ReflectionForm.model_validate(fields, strict=True)
    except ValidationError:
        raise InvalidInput(_("That is none of the answers: choose one of those shown")) from None
    reflection, faults = parsed(form)
    if faults:
        raise InvalidInput(next(iter(faults.values())).removesuffix("."))
    return reflection


def _fields(raw: Mapping[str, object], *known: str) -> dict[str, object]:
    """What else the form asked; what is not known is refused, for it would be lost."""
    fields = raw.get("fields", {})
    if not isinstance(fields, dict) or not set(fields) <= set(known):
        raise InvalidInput(_("This comes from another version of Rung: open the page anew"))
    return fields


def _percents(found: object) -> dict[StepId, int]:
    if not isinstance(found, dict) or len(found) > MOST_STEPS:
        raise InvalidInput(_("Say how sure you are of each step, as a number from 0 to 100"))
    numbers = {
        StepId(checked_id(step, _("The step’s id"))): percent(_typed(rating))
        for step, rating in found.items()
    }
    return {step: rating for step, rating in numbers.items() if rating is not None}


def _id(raw: Mapping[str, object], name: str) -> str:
    found: Any = raw.get(name)
    return checked_id(found if isinstance(found, str) else "", _("The id"))


def _typed(found: object) -> str:
    """A number as it was typed, or as a whole one."""
    return str(found) if type(found) is int else _text(found)


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise InvalidInput(_("That is no text"))
    return found


def _time(found: object) -> datetime:
    """The moment in UTC."""
    try:
        at = datetime.fromisoformat(_text(found)[:LONGEST_TIME])
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(_("The time is none that Rung can read")) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
