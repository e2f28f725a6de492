"""The body before an attempt: reading it again, and breathing slowly."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from rung.app import body
from rung.app.model import Account, EventId, LadderId, StepId
from rung.app.sources.body import note_state
from rung.errors import Conflict, InvalidInput, NotFound
from rung.web.forms import READINGS, SENT_BEFORE, Faults, Typed, choice, number
from rung.web.site import Here, Me, Site, go
from rung.web.views.body import BEFORE, MINUTES, SENTENCES, body_view, query_of, reappraise_view
from rung.words import _

router = APIRouter(prefix="/body")


class ReadingForm(BaseModel):
    """The exercise as it is sent."""

    id: str = ""
    ladder: str = ""
    step: str = ""
    before: str = ""
    sentence: str = ""
    reading: str = ""
    arousal: str = ""
    appraisal: str = ""


@router.get("")
def hub(
    request: Request,
    site: Here,
    me: Me,
    ladder: UUID | None = None,
    step: UUID | None = None,
    kept: UUID | None = None,
) -> Response:
    """Both exercises, and what was kept just now."""
    found = body.kept_state(site.services, me.id, EventId(str(kept))) if kept else None
    view = body_view(found, *_place(ladder, step))
    return site.page(request, "body.html", view=view)


@router.get("/reappraise")
def reappraise_page(
    request: Request, site: Here, me: Me, ladder: UUID | None = None, step: UUID | None = None
) -> Response:
    """What the heart is doing, and what it is for."""
    return _show(request, site, me, *_place(ladder, step))


@router.post("/reappraise")
def reappraise(request: Request, site: Here, me: Me, form: Annotated[ReadingForm, Form()]) -> Response:
    """Keep how the body is going, and how it was read."""
    ladder, step = _place(_id(form.ladder, "ladder"), _id(form.step, "step"))
    faults = Faults()
    arousal = appraisal = None
    try:
        arousal = number(form.arousal, 10)
        if arousal is None:
            faults["arousal"] = _("Say how strongly it is going now, from 0 to 10.")
    except InvalidInput as error:
        faults["arousal"] = f"{error}."
    try:
        appraisal = choice(READINGS, form.appraisal)
        if appraisal is None:
            faults["appraisal"] = _("Choose how you read it now.")
    except InvalidInput as error:
        faults["appraisal"] = f"{error}."
    if ladder is None:
        raise NotFound(_("There is no such ladder"))
    if arousal is not None and appraisal is not None:
        said = {**SENTENCES, "before": BEFORE}.get(form.sentence, "")
        reading = form.reading.strip() or (_(said) if said else "")
        key = form.id or None
        try:
            kept = note_state(site.services, me.id, ladder, arousal / 10, appraisal, reading, key)
            at = query_of(ladder, step)
            return go(f"/body{at}&kept={kept}")
        except InvalidInput as error:
            faults["reading"] = f"{error}."
        except Conflict:
            faults["whole"] = _(SENT_BEFORE)
    return _show(request, site, me, ladder, step, Typed(form.model_dump()), faults)


@router.get("/breathe")
def breathe_page(
    request: Request, site: Here, me: Me, ladder: UUID | None = None, step: UUID | None = None
) -> Response:
    """Four seconds in, six seconds out."""
    place = _place(ladder, step)
    return site.page(
        request,
        "breathe.html",
        minutes=MINUTES,
        reappraise_href=f"/body/reappraise{query_of(*place)}",
        back=f"/body{query_of(*place)}",
    )


def _place(ladder: UUID | None, step: UUID | None) -> tuple[LadderId | None, StepId | None]:
    # A step without its ladder could be any ladder's.
    if ladder is None:
        return None, None
    return LadderId(str(ladder)), StepId(str(step)) if step else None


def _id(text: str, what: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(f"There is no such {what}") from None


def _show(
    request: Request,
    site: Site,
    me: Account,
    ladder: LadderId | None,
    step: StepId | None,
    form: Typed | None = None,
    faults: Faults | None = None,
) -> Response:
    view = reappraise_view(body.readiness(site.services, me.id, ladder, step))
    return site.page(
        request,
        "reappraise.html",
        422 if faults else 200,
        view=view,
        form=form or Typed(),
        faults=faults or Faults(),
    )
