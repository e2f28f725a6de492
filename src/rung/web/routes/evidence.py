"""Logging a deed with one tap, looking back at it, and taking it back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from rung.app import evidence, outlook, sources
from rung.app.climbing import ladders
from rung.app.coaching.answering import comments_on
from rung.app.model import Account, Did, EventId, LadderId, StepId
from rung.errors import InvalidInput, NotFound
from rung.web.forms import Faults, ReflectionForm, Text, Typed, parsed, typed_now
from rung.web.site import Here, Me, Site, go
from rung.web.views import notices
from rung.web.views.evidence import log_view, reflect_view, typed_before
from rung.web.views.from_others import comment_views
from rung.words import _

router = APIRouter()


@router.get("/ladders/{ladder_id}/log")
def log_page(request: Request, site: Here, me: Me, ladder_id: UUID, step: UUID) -> Response:
    """The five buttons."""
    ladder = ladders.ladder(site.services, me.id, LadderId(str(ladder_id)))
    found = ladder.step(StepId(str(step)))
    if found is None:
        raise NotFound("There is no such step")
    return site.page(request, "log.html", view=log_view(ladder, found))


@router.post("/ladders/{ladder_id}/log")
def log(site: Here, me: Me, ladder_id: UUID, step: UUID, did: Text = "", id: Text = "") -> Response:
    """Store what became of the step; the rest is optional and comes after."""
    if did not in list(Did):
        raise InvalidInput(_("Rung knows done, partly, tried, avoided and not today: choose one of these"))
    this, what = LadderId(str(ladder_id)), Did(did)
    event_id = evidence.record(site.services, me.id, this, StepId(str(step)), what, event_id=id or None)
    if evidence.is_taken_back(site.services, me.id, event_id):
        return go(f"/?taken={event_id}")
    return go(f"/?skipped={event_id}" if what is Did.SKIPPED else f"/attempts/{event_id}/reflect?saved=1")


@router.get("/attempts/{event_id}/reflect")
def reflect_page(request: Request, site: Here, me: Me, event_id: UUID, saved: bool = False) -> Response:
    """Look back, in as many or as few words as one likes."""
    return _show(request, site, me, EventId(str(event_id)), saved=saved)


@router.post("/attempts/{event_id}/reflect")
def reflect(
    request: Request, site: Here, me: Me, event_id: UUID, form: Annotated[ReflectionForm, Form()]
) -> Response:
    """Keep what was made of it."""
    this, typed = EventId(str(event_id)), typed_now(form)
    reflection, faults = parsed(form)
    if faults:
        return _show(request, site, me, this, form=typed, faults=faults)
    try:
        evidence.reflect(site.services, me.id, this, reflection)
    except InvalidInput as error:
        return _show(request, site, me, this, form=typed, faults=Faults(whole=f"{error}."))
    return go("/?said=reflected")


@router.post("/attempts/{event_id}/take-back")
def take_back(site: Here, me: Me, event_id: UUID) -> Response:
    """Undo the logging."""
    evidence.take_back(site.services, me.id, EventId(str(event_id)))
    return go(f"/?taken={event_id}")


@router.post("/attempts/{event_id}/put-back")
def put_back(site: Here, me: Me, event_id: UUID) -> Response:
    """Undo the undoing."""
    evidence.put_back(site.services, me.id, EventId(str(event_id)))
    return go(f"/?put={event_id}")


def _show(
    request: Request,
    site: Site,
    me: Account,
    event_id: EventId,
    *,
    saved: bool = False,
    form: Typed | None = None,
    faults: Faults | None = None,
) -> Response:
    look = outlook.deed_of(site.services, me.id, event_id)
    view = reflect_view(look, _proof(site, me, look))
    if view is None:
        raise NotFound("There is no such event")
    return site.page(
        request,
        "reflect.html",
        422 if faults else 200,
        view=view,
        comments=comment_views(comments_on(site.services, me.id, look.ladder.id, event_id)),
        form=typed_before(look.event, look.texts) if form is None else form,
        faults=faults or Faults(),
        notice=notices.attempt_kept(event_id) if saved else None,
    )


def _proof(site: Site, me: Account, look: outlook.LookBack) -> tuple[sources.Proof, ...]:
    """What the person did before, at a step like this: asked for only where it can help."""
    if look.deed.did not in (Did.TRIED, Did.AVOIDED):
        return ()
    return sources.against_doubt(site.services, me.id, look.ladder.id, look.step.id)
