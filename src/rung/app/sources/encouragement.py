"""Social persuasion: who said what about the person, what they saw, what is left of its lift (`lifts`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rung.app.evidence import standing_entry
from rung.app.model import ATTEMPT, EventId, LadderId, PersonId, Step, StepId
from rung.app.policies import Action
from rung.app.ports import Services
from rung.app.sources.lifts import Held, held_of
from rung.app.sources.recording import (
    Shelf,
    at_hand,
    checked_share,
    keep,
    ladder_of,
    moment_of,
    new_event,
    step_of,
)
from rung.app.wording import checked_text
from rung.errors import InvalidInput, NotFound
from rung.words import _

__all__ = ["AboutTry", "Assurance", "Encouragements", "encouragements", "hear"]

MOST_SHOWN = 40
"""Assurances that the page lists, newest first."""
MOST_TRIES = 12
"""Attempts to choose from as what somebody saw, newest first."""


@dataclass(frozen=True, slots=True)
class AboutTry:
    """An attempt that somebody may have seen."""

    event_id: EventId
    step: Step
    at: datetime
    outcome: float


@dataclass(frozen=True, slots=True)
class Assurance:
    """What somebody said, with what is left of it."""

    event_id: EventId
    at: datetime
    step: Step | None
    """None = the ladder as a whole."""
    saw: AboutTry | None
    """The attempt that they saw, as long as it counts."""
    who: str
    said: str
    seen: str
    """What they saw the person do; empty where they saw nothing."""
    conveyed: float
    credibility: float | None
    held: Held


@dataclass(frozen=True, slots=True)
class Encouragements:
    """What was said on one ladder."""

    shelf: Shelf
    tries: tuple[AboutTry, ...]
    """To choose from, newest first."""
    assurances: tuple[Assurance, ...]
    """Newest first."""
    half_life: float
    """Days after which half of a lift is left."""


def encouragements(services: Services, actor: PersonId, ladder_id: LadderId | None = None) -> Encouragements:
    """What others said on one ladder (without one: the ladder used last), and what is left of it."""
    with services.store.reading() as tx:
        shelf = at_hand(tx, actor, ladder_id)
        ladder = shelf.chosen
        events = [entry.event for entry in tx.evidence.log(actor, ladder.id)] if ladder else []
        heard = [event for event in events if event.kind == "persuasion"][: -MOST_SHOWN - 1 : -1]
        texts = tx.evidence.texts(actor, [event.id for event in heard])
    half_life = services.engine.parameters.persuasion_half_life
    if ladder is None:
        return Encouragements(shelf, (), (), half_life)
    held = held_of(services.engine, events, services.clock.now().timestamp())
    tries = {
        event.id: AboutTry(EventId(event.id), step, moment_of(event), event.value)
        for event in events
        if event.kind == "attempt" and event.value is not None and (step := ladder.step(StepId(event.task)))
    }
    assurances = []
    for event in heard:
        written = texts.get(EventId(event.id), {})
        assurances.append(
            Assurance(
                event_id=EventId(event.id),
                at=moment_of(event),
                step=ladder.step(StepId(event.task)) if event.task else None,
                saw=tries.get(event.context.removeprefix(ATTEMPT)),
                who=written.get("who", ""),
                said=written.get("what_said", ""),
                seen=written.get("what_seen", ""),
                conveyed=event.value or 0.0,
                credibility=event.credibility,
                held=held[event.id],
            )
        )
    newest = tuple(tries.values())[: -MOST_TRIES - 1 : -1]
    return Encouragements(shelf, newest, tuple(assurances), half_life)


def hear(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    who: str,
    said: str,
    conveyed: float,
    credibility: float,
    seen: str = "",
    step_id: StepId | None = None,
    attempt_id: EventId | None = None,
    event_id: str | None = None,
) -> EventId:
    """Keep what somebody said: the chance of success it conveys, and how far they are believed; 0 to 1 both.

    It may stand on an attempt that they saw; then it is about that attempt's step.
    """
    texts = {
        "who": checked_text(who, _("Who said it")),
        "what_said": checked_text(said, _("What they said")),
        "what_seen": checked_text(seen, _("What they saw")),
    }
    if not texts["who"]:
        raise InvalidInput(_("Who said it is empty: a name or a word for them is enough"))
    if not texts["what_said"]:
        raise InvalidInput(_("What they said is empty: write it as they said it"))
    with services.store.writing(actor) as tx:
        ladder = ladder_of(tx, actor, ladder_id)
        context = ""
        if attempt_id:
            attempt = standing_entry(tx, actor, attempt_id, Action.READ_EVIDENCE).event
            if attempt.kind != "attempt" or attempt.domain != ladder.id:
                raise NotFound(_("There is no such event"))
            step_id, context = StepId(attempt.task), ATTEMPT + attempt.id
        event = new_event(services, ladder, step_of(ladder, step_id), "persuasion", event_id)._replace(
            value=checked_share(conveyed), credibility=checked_share(credibility), context=context
        )
        return keep(services, tx, actor, event, texts)
