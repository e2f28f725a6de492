"""What a person does with what a coach left for them: take it, leave it, and change their mind.

Taking a step, a split or a bridge puts it into the ladder; homework becomes a plan; what was seen is kept as
an encouragement, as far as they believe it; a story as a model, where it is like them. Declining costs
nothing. Both can be undone. What was left stays theirs to answer when its coach is gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID, uuid5

from rung.app import evidence
from rung.app.climbing import plans, steps
from rung.app.climbing.changing import step_id_of
from rung.app.climbing.plans import Draft
from rung.app.model import EventId, Ladder, LadderId, PersonId, StepId
from rung.app.policies import Action, permitted
from rung.app.ports import Left, Services, Transaction
from rung.app.sources import hear, read_story, see_somebody
from rung.app.wording import LONGEST_NAME, checked_id, checked_name
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _

__all__ = ["FromOther", "Said", "comments_on", "decline", "from_others", "take", "undo"]

MOST_ANSWERED = 30
"""What was answered that is still shown, newest first."""
_EVENING = time(18)
"""When homework of a day is planned for; the person moves it as they like."""
_ALIKE = 0.1
"""How like the person somebody must be, at the least, for their story to be kept."""


@dataclass(frozen=True, slots=True)
class FromOther:
    """Something that was left, and the ladder that it is about."""

    left: Left
    ladder: Ladder

    def step(self, name: str = "step") -> str:
        """Name of the step that a field of the content stands for; empty where there is none."""
        found = self.ladder.step(StepId(str(self.left.content.get(name, ""))))
        return found.name if found else ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says when they take something, 0 to 1."""

    believed: float | None = None
    """How far they believe an encouragement."""
    alike: float | None = None
    """How like them somebody in a story is."""


def from_others(
    services: Services, actor: PersonId, ladder_id: LadderId | None = None, *, answered: bool = False
) -> list[FromOther]:
    """What was left for the actor and waits, newest first; or else what they answered."""
    states = ("taken", "declined") if answered else ("open",)
    with services.store.reading() as tx:
        left = tx.left.of(actor, ladder_id, states)
        ladders = {ladder.id: ladder for ladder in tx.ladders.of(actor)} if left else {}
    if answered:
        left = sorted(left, key=_answered_at, reverse=True)[:MOST_ANSWERED]
    return [FromOther(one, ladders[one.ladder]) for one in left]


def comments_on(services: Services, actor: PersonId, ladder_id: LadderId, event_id: EventId) -> list[Left]:
    """What others said about an attempt of the actor, oldest first; what was declined is left out."""
    with services.store.reading() as tx:
        left = tx.left.of(actor, ladder_id, ("open", "taken"))
    return [one for one in reversed(left) if one.kind == "comment" and one.content.get("attempt") == event_id]


def take(services: Services, actor: PersonId, left_id: str, said: Said | None = None) -> Left:
    """Take what was left: it is made, kept or planned. What is taken already stays as it is."""
    with services.store.reading() as tx:
        left = _left(tx, actor, left_id)
    if left.state == "declined":
        raise Conflict(_("You let this one go: take that back first"))
    if left.state == "taken":
        return left
    try:
        made = _make(services, left, said or Said())
    except NotFound:
        raise Conflict(
            _("The ladder has changed since this was written: what it is about is not there any more")
        ) from None
    return _answer(services, left, "taken", {"made": made})


def decline(services: Services, actor: PersonId, left_id: str, why: str = "") -> Left:
    """Leave what was left, with a word why or without one."""
    why = checked_name(why, _("The word why")) if why.strip() else ""
    with services.store.reading() as tx:
        left = _left(tx, actor, left_id)
    if left.state == "taken":
        raise Conflict(_("You took this one: take that back first"))
    return left if left.state == "declined" else _answer(services, left, "declined", {"why": why})


def undo(services: Services, actor: PersonId, left_id: str) -> Left:
    """Let it wait for an answer again; what taking it made is taken back."""
    with services.store.reading() as tx:
        left = _left(tx, actor, left_id)
    if left.state == "taken":
        _unmake(services, left)
    return left if left.state == "open" else _answer(services, left, "open", {"why": ""})


def _left(tx: Transaction, actor: PersonId, left_id: str) -> Left:
    try:
        key = checked_id(left_id, _("The id"))
    except InvalidInput:
        raise NotFound(_("There is no such page")) from None
    return permitted(actor, Action.CHANGE_LADDER, tx.left.get(actor, key), "page")


def _answer(services: Services, left: Left, state: str, told: Mapping[str, object]) -> Left:
    now = services.clock.now()
    answered_at = None if state == "open" else now
    after = replace(left, state=state, answered_at=answered_at, content={**left.content, **told})
    with services.store.writing(left.person) as tx:
        if tx.left.get(left.person, left.id) is None:
            raise NotFound(_("There is no such page"))
        tx.left.put(after)
    return after


def _make(services: Services, left: Left, said: Said) -> list[str]:
    """Make what was proposed, under ids that follow from its own: made twice it is there once."""
    made = _before(left)
    match left.kind:
        case "step" | "bridge" | "split" if made:
            return _restore(services, left, made)
        case "step":
            return _add_step(services, left, _text(left, "after"))
        case "bridge":
            return _add_step(services, left, _below(services, left, _text(left, "above")))
        case "split":
            return _split(services, left)
        case "homework":
            return [_plan(services, left)]
        case "praise":
            return [_hear(services, left, said)]
        case "story":
            return _read(services, left, said)
    return []


def _unmake(services: Services, left: Left) -> None:
    made = _before(left)
    match left.kind:
        case "step" | "bridge" | "split":
            if left.kind == "split":
                steps.restore_step(services, left.person, left.ladder, StepId(_text(left, "step")))
            for step in made:
                steps.retire_step(services, left.person, left.ladder, StepId(step))
        case "homework":
            for plan in made:
                plans.put_aside(services, left.person, plan)
        case "praise" | "story":
            for event in made:
                evidence.take_back(services, left.person, EventId(event))


def _restore(services: Services, left: Left, made: Sequence[str]) -> list[str]:
    for step in made:
        steps.restore_step(services, left.person, left.ladder, StepId(step))
    if left.kind == "split":
        steps.retire_step(services, left.person, left.ladder, StepId(_text(left, "step")))
    return list(made)


def _add_step(services: Services, left: Left, after: str) -> list[str]:
    key = _key(left, "steps")
    below = StepId(after) if after else None
    steps.add_steps(services, left.person, left.ladder, [_text(left, "name")], below, str(key))
    return [step_id_of(key, 0)]


def _split(services: Services, left: Left) -> list[str]:
    key, names = _key(left, "steps"), left.content.get("names")
    parts = [str(name) for name in names] if isinstance(names, list) else []
    steps.split_step(services, left.person, left.ladder, StepId(_text(left, "step")), parts, str(key))
    return [step_id_of(key, number) for number in range(len(parts))]


def _below(services: Services, left: Left, above: str) -> str:
    """The step below another one as the ladder is now; empty where that is the easiest."""
    made = step_id_of(_key(left, "steps"), 0)
    with services.store.reading() as tx:
        ladder = tx.ladders.get(left.person, left.ladder)
    climbing = [step.id for step in ladder.climbing if step.id != made] if ladder else []
    if above not in climbing:
        raise NotFound(_("There is no such step"))
    place = climbing.index(StepId(above))
    return climbing[place - 1] if place else ""


def _plan(services: Services, left: Left) -> str:
    key = str(_key(left, "plan"))
    with services.store.reading() as tx:
        stored = tx.plans.get(left.person, key)
    if stored is not None:
        return plans.take_up(services, left.person, key).id
    draft = Draft(at=_planned_at(services, left), who=_text(left, "who")[:LONGEST_NAME])
    return plans.make(services, left.person, left.ladder, StepId(_text(left, "step")), draft, key).id


def _planned_at(services: Services, left: Left) -> datetime | None:
    """The evening of the day that was named, by the person's clock; None where it is over, or none was."""
    day = _text(left, "day")
    at = plans.moment_at(date.fromisoformat(day), _EVENING) if day else None
    return at if at is not None and at > services.clock.now() else None


def _hear(services: Services, left: Left, said: Said) -> str:
    if said.believed is None:
        raise InvalidInput(_("Say how far you believe them on this"))
    chance = left.content.get("chance")
    attempt = EventId(_text(left, "attempt"))
    key = str(_key(left, f"heard {said.believed:g}"))
    if _put_back(services, left, key):
        return key
    return hear(
        services,
        left.person,
        left.ladder,
        who=_text(left, "who"),
        said=_text(left, "said") or _text(left, "seen"),
        conveyed=chance if isinstance(chance, float | int) else 0.5,
        credibility=said.believed,
        seen=_text(left, "seen"),
        step_id=StepId(_text(left, "step")),
        attempt_id=attempt if attempt and _counts(services, left, attempt) else None,
        event_id=key,
    )


def _read(services: Services, left: Left, said: Said) -> list[str]:
    """Keep a story where it is like the person; where it is not, having read it is all."""
    if said.alike is None:
        raise InvalidInput(_("Say how like you they are"))
    if said.alike < _ALIKE:
        return []
    key = str(_key(left, f"read {said.alike:g}"))
    if _put_back(services, left, key):
        return [key]
    who, text, story = (_text(left, name) for name in ("whom", "text", "story"))
    if story:
        return [read_story(services, left.person, left.ladder, story, said.alike, event_id=key)]
    struggled = bool(left.content.get("struggled"))
    return [
        see_somebody(services, left.person, left.ladder, who, text, 1.0, said.alike, struggled, event_id=key)
    ]


def _put_back(services: Services, left: Left, key: str) -> bool:
    """Let it count again where it was kept before, and taken back; True where it is there."""
    with services.store.reading() as tx:
        is_stored = key in tx.evidence.revisions(left.person, [key])
    if is_stored:
        evidence.put_back(services, left.person, EventId(key))
    return is_stored


def _counts(services: Services, left: Left, attempt: EventId) -> bool:
    """Whether the attempt was not taken back meanwhile."""
    with services.store.reading() as tx:
        stored = tx.evidence.revisions(left.person, [attempt]).get(attempt)
    return bool(stored and not stored[-1].withdrawn)


def _key(left: Left, what: str) -> UUID:
    return uuid5(UUID(left.id), what)


def _text(left: Left, name: str) -> str:
    return str(left.content.get(name, ""))


def _before(left: Left) -> list[str]:
    """What taking it made."""
    made = left.content.get("made")
    return [str(one) for one in made] if isinstance(made, list) else []


def _answered_at(left: Left) -> datetime:
    return left.answered_at or left.made_at
