"""What a coach leaves for a person between sessions, for them to take or leave.

A step, a split, a bridge or homework is proposed; an attempt is commented on; a story is told; what was seen
is said. Nothing of it changes the ladder or the log: the person does that by taking it (`answering`). Sent
twice under the same id it is left once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import uuid4

from rung import content
from rung.app.climbing.changing import screened_name
from rung.app.coaching.encouraging import Doubt, doubt_of
from rung.app.coaching.seeing import SharedLadder, bond_of_reader, shown
from rung.app.model import EventId, LadderId, PersonId, StepId
from rung.app.policies import Action, Part, permitted
from rung.app.ports import Left, Services, Transaction
from rung.app.safety import screen_goal
from rung.app.sharing.actors import actor_of
from rung.app.sharing.fields import Field
from rung.app.wording import checked_id, checked_name, checked_text
from rung.errors import Conflict, InvalidInput, NotFound
from rung.words import _, local, ngettext, speech

__all__ = [
    "LONGEST_SAID",
    "MOST_OPEN",
    "MOST_PARTS",
    "bridge",
    "comment",
    "encourage",
    "homework",
    "left_by",
    "propose_split",
    "propose_step",
    "take_back",
    "tell_story",
]

MOST_OPEN = 20
"""What may wait for an answer, of one coach with one person."""
LONGEST_SAID = 1000
MOST_PARTS = 6

Content = Mapping[str, object]


def propose_step(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    name: str,
    after: StepId | None = None,
    left_id: str | None = None,
) -> Left:
    """Propose a step that comes after another one; with None it would be the easiest."""
    name = screened_name(name, _("The step's name"))
    told = {"name": name, "after": after or ""}
    return _leave(services, coach, person, ladder_id, "step", told, left_id, steps=[after])


def propose_split(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    step_id: StepId,
    names: Sequence[str],
    left_id: str | None = None,
) -> Left:
    """Propose two or more smaller steps in place of one, easiest first."""
    parts = [screened_name(name, _("New step %(number)s", number=n)) for n, name in enumerate(names, 1)]
    if not 2 <= len(parts) <= MOST_PARTS:
        raise InvalidInput(_("A split takes two to %(most)s smaller steps, one a line", most=MOST_PARTS))
    said = {"step": step_id, "names": parts}
    return _leave(services, coach, person, ladder_id, "split", said, left_id, steps=[step_id])


def bridge(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    name: str,
    above: StepId,
    left_id: str | None = None,
) -> Left:
    """Propose a step between one and the one below it."""
    said = {"name": screened_name(name, _("The step's name")), "above": above}
    return _leave(services, coach, person, ladder_id, "bridge", said, left_id, steps=[above])


def homework(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    step_id: StepId,
    note: str = "",
    day: date | None = None,
    left_id: str | None = None,
) -> Left:
    """Ask for a step to be done until next time, perhaps on a day."""
    note = _said(note, _("The note"))
    screen_goal(note)
    if day is not None and day < local(services.clock.now()).date():
        raise InvalidInput(_("This day is over: choose one that is still to come"))
    said = {"step": step_id, "note": note, "day": day.isoformat() if day else ""}
    return _leave(services, coach, person, ladder_id, "homework", said, left_id, steps=[step_id])


def comment(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    attempt: EventId,
    text: str,
    left_id: str | None = None,
) -> Left:
    """Say something about an attempt that is shown."""
    text = _said(text, _("The comment"))
    if not text:
        raise InvalidInput(_("There is nothing in this comment yet: write a word or two"))
    ladder = _seen(services, coach, person, ladder_id)
    step_id = _attempt(ladder, attempt)
    said = {"attempt": attempt, "step": step_id, "text": text}
    return _leave(services, coach, person, ladder_id, "comment", said, left_id, Action.COMMENT)


def encourage(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    seen: str,
    chance: float,
    *,
    said: str = "",
    step_id: StepId | None = None,
    attempt: EventId | None = None,
    day: date | None = None,
    confirmed: bool = False,
    left_id: str | None = None,
) -> Left | Doubt:
    """Say what was observed, on which step or attempt, and how likely it is to work next time, 0 to 1.

    What would hardly carry comes back as a `Doubt`, and is not left; what can be confirmed is, once it was.
    """
    seen, said = _said(seen, _("What you saw")), _said(said, _("What you want to say"))
    if not 0.0 <= chance <= 1.0:
        raise InvalidInput(_("This is none of the answers: choose one of those shown"))
    ladder = _seen(services, coach, person, ladder_id)
    if attempt is not None:
        step_id = _attempt(ladder, attempt)
        day = local(next(one.at for one in ladder.tries if one.event_id == attempt)).date()
    if step_id is None:
        raise InvalidInput(_("Choose the step or the try that it is about"))
    if day is None or day > local(services.clock.now()).date():
        raise InvalidInput(_("Say on which day you saw it: today, or an earlier one"))
    doubt = doubt_of(ladder, step_id, seen, said, chance)
    if doubt is not None and not (confirmed and doubt.is_confirmable):
        return doubt
    told = {
        "seen": seen,
        "said": said,
        "step": step_id,
        "attempt": attempt or "",
        "day": day.isoformat(),
        "chance": chance,
    }
    return _leave(
        services, coach, person, ladder_id, "praise", told, left_id, Action.COMMENT, steps=[step_id]
    )


def tell_story(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    *,
    story_id: str = "",
    whom: str = "",
    text: str = "",
    struggled: bool = True,
    left_id: str | None = None,
) -> Left:
    """Tell of somebody who struggled first and managed: a story of the library, or in one's own words."""
    if story_id:
        if content.story(story_id, speech().language.code) is None:
            raise NotFound(_("There is no such story"))
        said: Content = {"story": story_id}
    else:
        whom = checked_name(whom, _("Who it was"))
        text = _said(text, _("What they did"), 2 * LONGEST_SAID)
        if not text:
            raise InvalidInput(_("What they did is empty: tell it in a few sentences"))
        screen_goal(text)
        said = {"story": "", "whom": whom, "text": text, "struggled": struggled}
    return _leave(services, coach, person, ladder_id, "story", said, left_id, Action.COMMENT)


def left_by(services: Services, coach: PersonId, person: PersonId, ladder_id: LadderId) -> list[Left]:
    """What the coach left on a ladder that they still see, newest first: they see whether it was taken."""
    with services.store.reading() as tx:
        permitted(actor_of(services, tx, coach), Action.READ_LADDER, Part(person, ladder_id), "ladder")
        return [one for one in tx.left.of(person, ladder_id) if one.by == coach]


def take_back(services: Services, coach: PersonId, bond_id: str, left_id: str) -> Left:
    """Delete what was left and not answered yet; what was answered is the person's."""
    with services.store.reading() as tx:
        bond, _role = bond_of_reader(tx, coach, bond_id)
    with services.store.writing(bond.person) as tx:
        left = tx.left.get(bond.person, left_id)
        if left is None or left.by != coach:
            raise NotFound(_("There is no such page"))
        if left.state != "open":
            raise Conflict(_("It was answered in the meantime: it is theirs now"))
        tx.left.remove(bond.person, left_id)
    return left


def _leave(
    services: Services,
    coach: PersonId,
    person: PersonId,
    ladder_id: LadderId,
    kind: str,
    said: Content,
    left_id: str | None,
    action: Action = Action.PROPOSE,
    steps: Sequence[StepId | None] = (),
) -> Left:
    key = str(uuid4()) if left_id is None else checked_id(left_id, _("The id"))
    with services.store.writing(person) as tx:
        actor = actor_of(services, tx, coach)
        permitted(actor, action, Part(person, ladder_id), "ladder")
        ladder, account = tx.ladders.get(person, ladder_id), tx.people.get(coach)
        if ladder is None or account is None:
            raise NotFound(_("There is no such ladder"))
        climbed = {step.id for step in ladder.climbing}
        if any(step is not None and step not in climbed for step in steps):
            raise NotFound(_("There is no such step"))
        full = {"who": account.name, **said}
        stored = tx.left.get(person, key)
        if stored is not None:
            if (
                stored.by != coach
                or (stored.ladder, stored.kind) != (ladder_id, kind)
                or _changed(stored, full)
            ):
                raise Conflict(_("This form was sent before, with something else in it: load the page again"))
            return stored
        _check_room(tx, coach, person)
        left = Left(person, key, coach, ladder_id, kind, "open", services.clock.now(), full)
        tx.left.put(left)
    return left


def _changed(stored: Left, full: Content) -> bool:
    return any(stored.content.get(name) != value for name, value in full.items() if name != "who")


def _check_room(tx: Transaction, coach: PersonId, person: PersonId) -> None:
    waiting = sum(one.by == coach for one in tx.left.of(person, states=("open",)))
    if waiting >= MOST_OPEN:
        raise Conflict(
            ngettext(
                "%(count)s thing waits for their answer already: let them take it in first",
                "%(count)s things wait for their answer already: let them take these in first",
                waiting,
            )
        )


def _seen(services: Services, coach: PersonId, person: PersonId, ladder_id: LadderId) -> SharedLadder:
    """The ladder as the coach sees it; what they say goes by what they were shown before."""
    with services.store.reading() as tx:
        permitted(actor_of(services, tx, coach), Action.COMMENT, Part(person, ladder_id), "ladder")
    return shown(services, coach, person, ladder_id, note=False)


def _attempt(ladder: SharedLadder, attempt: EventId) -> StepId:
    """The step of an attempt that is shown."""
    found = next((one for one in ladder.tries if one.event_id == attempt), None)
    if found is None or not ladder.shows(Field.OUTCOMES):
        raise NotFound(_("There is no such event"))
    return found.step


def _said(text: str, what: str, most: int = LONGEST_SAID) -> str:
    text = checked_text(text, what)
    if len(text) > most:
        raise InvalidInput(
            _(
                "%(what)s has %(length)s characters: %(most)s is the most",
                what=what,
                length=len(text),
                most=most,
            )
        )
    return text
