"""The evidence log in its own words, and what was written about events."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from rung.app.model import EventId, LadderId
from rung.app.programs import logging
from rung.engine.events import KINDS
from rung.web.api.answers import AppendedPage, ChangePage, EventOut, EventPage, TextsOut, TextsPage
from rung.web.api.caller import ReadsEvidence, ReadsTexts, WritesEvidence
from rung.web.api.pages import Count, Cursor, change_in, position_in, set_next, written
from rung.web.api.requests import EventsIn, event_of
from rung.web.api.telling import change_out, event_out, texts_out

router = APIRouter()

Domain = Annotated[UUID | None, Query(description="Of this ladder alone")]
Since = Annotated[
    AwareDatetime | None,
    Query(description="What happened from this moment on", examples=["2026-11-01T00:00:00Z"]),
]
Kinds = Annotated[
    # The kinds stand in the engine alone, as a table that no checker of types can read.
    list[Literal[*KINDS]],  # type: ignore[valid-type]
    Query(description="Of these kinds alone", default_factory=list),
]


@router.get("/events", operation_id="list_events", tags=["events"])
def list_events(
    request: Request,
    response: Response,
    caller: ReadsEvidence,
    kind: Kinds,
    domain: Domain = None,
    since: Since = None,
    cursor: Cursor = "",
    limit: Count = 100,
) -> EventPage:
    """List what stands in the log, in its order; what was taken back is left out."""
    after, ladder = position_in(cursor), LadderId(str(domain)) if domain else None
    found = logging.events_after(caller.services, caller.actor, after, limit + 1, ladder, since, kind)
    page, following = found[:limit], None
    if len(found) > limit:
        following = written(logging.position_of(page[-1]))
    set_next(request, response, following)
    return EventPage(items=[event_out(event) for event in page], next_cursor=following)


@router.get("/changes", operation_id="list_changes", tags=["events"])
def list_changes(
    request: Request,
    response: Response,
    caller: ReadsEvidence,
    domain: Domain = None,
    cursor: Cursor = "",
    limit: Count = 100,
) -> ChangePage:
    """List what came in, was changed or taken back since, in the order of coming: to keep a copy by."""
    after, ladder = change_in(cursor), LadderId(str(domain)) if domain else None
    found = logging.changes_after(caller.services, caller.actor, after, limit + 1, ladder)
    page, has_more = found[:limit], len(found) > limit
    following = written((page[-1].id, page[-1].revision)) if page else cursor
    set_next(request, response, following if has_more else None)
    return ChangePage(items=[change_out(one) for one in page], next_cursor=following, has_more=has_more)


@router.post("/events", operation_id="append_events", status_code=201, tags=["events"])
def append_events(caller: WritesEvidence, sent: EventsIn) -> AppendedPage:
    """Append events under ids of your making: the same sent twice is stored once."""
    events = [event_of(one) for one in sent.events]
    return AppendedPage.of(logging.append(caller.services, caller.actor, events))


@router.get("/events/{event_id}", operation_id="get_event", tags=["events"])
def get_event(caller: ReadsEvidence, event_id: UUID) -> EventOut:
    """Show one event as it stands."""
    return event_out(logging.event_of(caller.services, caller.actor, EventId(str(event_id))))


@router.delete(
    "/events/{event_id}",
    operation_id="take_back_event",
    status_code=204,
    response_class=Response,
    tags=["events"],
)
def take_back_event(caller: WritesEvidence, event_id: UUID) -> None:
    """Take an event back: nothing is deleted, and it counts no longer."""
    logging.withdraw(caller.services, caller.actor, EventId(str(event_id)))


@router.get("/events/{event_id}/texts", operation_id="get_texts", tags=["texts"])
def get_texts(caller: ReadsTexts, event_id: UUID) -> TextsOut:
    """Show what the person wrote about an event."""
    return texts_out(*logging.texts_of(caller.services, caller.actor, EventId(str(event_id))))


@router.get("/texts", operation_id="list_texts", tags=["texts"])
def list_texts(
    request: Request,
    response: Response,
    caller: ReadsTexts,
    domain: Domain = None,
    since: Since = None,
    cursor: Cursor = "",
    limit: Count = 50,
) -> TextsPage:
    """List what the person wrote about events, in the order of the log."""
    after, ladder = position_in(cursor), LadderId(str(domain)) if domain else None
    found = logging.texts_after(caller.services, caller.actor, after, limit + 1, ladder, since)
    page, following = found[:limit], None
    if len(found) > limit:
        following = written(logging.position_of(page[-1][0]))
    set_next(request, response, following)
    return TextsPage(items=[texts_out(*one) for one in page], next_cursor=following)
