"""Vicarious experience: stories of others who managed, and whom the person has seen themselves.

A model is an event whose value says how it ended; the more alike they felt, the more it counts, and one who
struggled first counts more (`rung.engine.vicarious`). A story of the library is named by its id in the
event's context. Read again on the same day it counts once: what was said of it is corrected, not added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rung import content
from rung.app.beliefs import append_entries
from rung.app.model import STORY, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.ports import Entry, Services, Transaction
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
from rung.content.domains import Domain, Story
from rung.content.domains import domains as library
from rung.engine import Event
from rung.errors import InvalidInput, NotFound
from rung.words import _, local, speech

__all__ = ["Models", "Seen", "StoryOutlook", "models", "read_story", "see_somebody"]

MOST_SEEN = 40
"""People that the page lists, newest first."""
_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody whom the person read of, or has seen themselves."""

    event_id: EventId
    at: datetime
    step: Step | None
    """None = the ladder as a whole."""
    story: Story | None
    """Of the library; None for somebody whom the person has seen."""
    who: str
    told: str
    """What they did, in the person's words; empty for a story of the library."""
    outcome: float
    similarity: float | None
    coping: bool


@dataclass(frozen=True, slots=True)
class StoryOutlook:
    """One story, and what the person said of it last."""

    story: Story
    seen: Seen | None
    is_today: bool
    """True where that was today: keeping it again corrects it."""


@dataclass(frozen=True, slots=True)
class Models:
    """Models for one ladder."""

    shelf: Shelf
    domain: Domain | None
    """Whose stories are shown; None where none fits and none was chosen."""
    is_fitting: bool
    """True where it is the ladder's own."""
    stories: tuple[StoryOutlook, ...]
    others: tuple[Domain, ...]
    """The other domains, by title."""
    seen: tuple[Seen, ...]
    """Newest first."""


def models(
    services: Services, actor: PersonId, ladder_id: LadderId | None = None, domain_id: str = ""
) -> Models:
    """Models for one ladder (without one: the ladder used last), with stories of its domain or another."""
    with services.store.reading() as tx:
        shelf = at_hand(tx, actor, ladder_id)
        ladder = shelf.chosen
        entries = tx.evidence.log(actor, ladder.id) if ladder else []
        events = [entry.event for entry in entries if entry.event.kind == "model"]
        events = events[: -MOST_SEEN - 1 : -1]
        texts = tx.evidence.texts(actor, [event.id for event in events])
    seen = tuple(_seen(ladder, event, texts.get(EventId(event.id), {})) for event in events if ladder)
    fitting = _fitting(ladder)
    shown = _chosen(domain_id) if domain_id else fitting
    return Models(
        shelf=shelf,
        domain=shown,
        is_fitting=shown is not None and fitting is not None and shown.id == fitting.id,
        stories=tuple(_outlook(services, story, seen) for story in (shown.stories if shown else ())),
        others=tuple(one for one in library(speech().language.code) if shown is None or one.id != shown.id),
        seen=seen,
    )


def read_story(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    story_id: str,
    similarity: float,
    coping: bool = True,
    step_id: StepId | None = None,
    event_id: str | None = None,
) -> EventId:
    """Keep how like the person somebody in a story of the library is; once a day and ladder."""
    story = content.story(story_id)
    if story is None:
        raise NotFound(_("There is no such story"))
    with services.store.writing(actor) as tx:
        ladder = ladder_of(tx, actor, ladder_id)
        event = new_event(services, ladder, step_of(ladder, step_id), "model", event_id)._replace(
            value=1.0,
            similarity=checked_share(similarity),
            coping=float(coping),
            context=STORY + story.id,
        )
        before = _read_today(services, tx, actor, ladder, event)
        if before is None:
            return keep(services, tx, actor, event, {})
        _correct(services, tx, actor, before, event)
        return EventId(before.event.id)


def see_somebody(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId,
    who: str,
    told: str,
    outcome: float,
    similarity: float | None = None,
    coping: bool = False,
    step_id: StepId | None = None,
    event_id: str | None = None,
) -> EventId:
    """Keep whom the person has seen manage something like this, or not: 1 managed, .5 partly, 0 did not."""
    who = checked_text(who, _("Who it was"))
    told = checked_text(told, _("What they did"))
    if not who:
        raise InvalidInput(_("Who it was is empty: a name or a word for them is enough"))
    with services.store.writing(actor) as tx:
        ladder = ladder_of(tx, actor, ladder_id)
        event = new_event(services, ladder, step_of(ladder, step_id), "model", event_id)._replace(
            value=checked_share(outcome),
            similarity=None if similarity is None else checked_share(similarity),
            coping=float(coping),
        )
        return keep(services, tx, actor, event, {"who": who, "story": told})


def _read_today(
    services: Services, tx: Transaction, actor: PersonId, ladder: Ladder, event: Event
) -> Entry | None:
    """The same story of the same ladder, kept earlier on the same day by the person's clock."""
    today = local(services.clock.now()).date()
    recent = tx.evidence.log(actor, ladder.id, since=event.time - 2 * _A_DAY)
    found = [
        entry
        for entry in recent
        if entry.event.kind == "model"
        and entry.event.context == event.context
        and local(moment_of(entry.event)).date() == today
    ]
    return found[-1] if found else None


def _correct(services: Services, tx: Transaction, actor: PersonId, before: Entry, event: Event) -> None:
    """Let the event of earlier today say what was said now."""
    corrected = event._replace(id=before.event.id, time=before.event.time)
    if corrected != before.event:
        revision = replace(
            before, event=corrected, revision=before.revision + 1, recorded_at=services.clock.now()
        )
        append_entries(services, tx, actor, [revision])


def _fitting(ladder: Ladder | None) -> Domain | None:
    if ladder is None:
        return None
    language = speech().language.code
    named = content.domain(ladder.template, language) if ladder.template else None
    return named or content.matching(ladder.name, language)


def _chosen(domain_id: str) -> Domain:
    found = content.domain(domain_id, speech().language.code)
    if found is None:
        raise NotFound(_("There is no such collection of stories"))
    return found


def _outlook(services: Services, story: Story, seen: Sequence[Seen]) -> StoryOutlook:
    last = next((one for one in seen if one.story is not None and one.story.id == story.id), None)
    today = local(services.clock.now()).date()
    return StoryOutlook(story, last, last is not None and local(last.at).date() == today)


def _seen(ladder: Ladder, event: Event, texts: dict[str, str]) -> Seen:
    story = _story_of(event)
    return Seen(
        event_id=EventId(event.id),
        at=moment_of(event),
        step=ladder.step(StepId(event.task)) if event.task else None,
        story=story,
        who=story.who if story else texts.get("who", ""),
        told=texts.get("story", ""),
        outcome=event.value or 0.0,
        similarity=event.similarity,
        coping=bool(event.coping),
    )


def _story_of(event: Event) -> Story | None:
    if not event.context.startswith(STORY):
        return None
    return content.story(event.context.removeprefix(STORY), speech().language.code)
