"""The coach's side: who needs a word, what somebody shows, and what is left for them between sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from rung.app.coaching import caseload as load
from rung.app.coaching import leaving
from rung.app.coaching.caseload import Sort
from rung.app.coaching.encouraging import Doubt
from rung.app.coaching.flags import KINDS, Kind
from rung.app.coaching.seeing import sheet_for, shown
from rung.app.model import Account, EventId, LadderId, StepId
from rung.app.policies import Role
from rung.app.sharing import inviting
from rung.app.sheets import Sheet
from rung.errors import Conflict, InvalidInput, RefusedGoal
from rung.web.forms import Faults, Text, Typed, beginning, day_of, lines, number
from rung.web.others import TOGETHER, address
from rung.web.printing import sheet_pdf
from rung.web.site import Here, Me, Site, go
from rung.web.views.coach import coach_view, person_view
from rung.web.views.coach_ladder import coach_ladder_view
from rung.web.views.left import DoubtView, doubt_view, leaving_view
from rung.web.views.notices import Notice
from rung.web.views.sheet import sheet_view
from rung.words import _, later

router = APIRouter(prefix="/coach", dependencies=[TOGETHER])

Leave = Literal["step", "split", "bridge", "homework", "comment", "praise", "story"]

_SAID = {
    "left": later("It is left for them. They take it or leave it, and you see which."),
    "taken-back": later("Taken back."),
    "aside": later("Put aside. They come back by themselves."),
    "awake": later("They are back in the list."),
}


class LeaveForm(BaseModel):
    """What a coach leaves, as it is sent; which fields count goes by its kind."""

    id: str = ""
    name: str = ""
    names: str = ""
    step: str = ""
    note: str = ""
    day: str = ""
    text: str = ""
    seen: str = ""
    said: str = ""
    about: str = ""
    works: str = ""
    story: str = ""
    whom: str = ""
    struggled: str = ""
    sure: str = ""


@router.get("")
def coach_page(
    request: Request,
    site: Here,
    me: Me,
    flag: str = "",
    q: str = "",
    sort: str = "need",
    page: int = 1,
    said: str = "",
) -> Response:
    """Everybody who let the coach in, by who needs a word."""
    return _caseload(request, site, me, flag=flag, q=q, sort=sort, page=page, said=said)


@router.post("/ask")
def ask(request: Request, site: Here, me: Me, label: Text = "", stranger: Text = "") -> Response:
    """Ask to be let in: make an offer, and show its link this once."""
    try:
        code = inviting.invite(
            site.services, me.id, Role.COACH, lets_in=False, label=label, for_a_stranger=bool(stranger)
        )
    except (InvalidInput, Conflict) as error:
        return _caseload(request, site, me, faults=Faults(label=f"{error}."), form=Typed(label=label))
    told = _(
        "Send it to one person, within 14 days. They see who asks, and choose what you see. "
        "It is shown this one time."
    )
    link = address(request, site.settings, f"/let-in?code={code}")
    return site.page(
        request, "link_shown.html", link=link, code=code, label=label.strip(), words=told, back="/coach"
    )


@router.post("/offers/{offer_id}/take-back")
def take_back_offer(site: Here, me: Me, offer_id: UUID) -> Response:
    """Make an offer good for nothing."""
    inviting.take_back(site.services, me.id, str(offer_id))
    return go("/coach?said=taken-back")


@router.post("/{bond_id}/snooze")
def snooze(site: Here, me: Me, bond_id: UUID, days: Text = "") -> Response:
    """Put somebody aside for a while."""
    load.snooze(site.services, me.id, str(bond_id), int(days) if days.isdecimal() and len(days) < 3 else 0)
    return go("/coach?said=aside#aside")


@router.post("/{bond_id}/wake")
def wake(site: Here, me: Me, bond_id: UUID) -> Response:
    """Take somebody back who was put aside."""
    load.wake(site.services, me.id, str(bond_id))
    return go("/coach?said=awake")


@router.post("/{bond_id}/left/{left_id}/take-back")
def take_back(site: Here, me: Me, bond_id: UUID, left_id: UUID) -> Response:
    """Delete what was left and not answered yet."""
    left = leaving.take_back(site.services, me.id, str(bond_id), str(left_id))
    return go(f"/coach/{bond_id}/{left.ladder}?said=taken-back#left")


@router.get("/{bond_id}")
def person_page(request: Request, site: Here, me: Me, bond_id: UUID) -> Response:
    """What one person shows."""
    case = load.case_of(site.services, me.id, str(bond_id))
    view = person_view(case, site.services.clock.now())
    return site.page(request, "coach_person.html", view=view)


@router.get("/{bond_id}/{ladder_id}/sheet")
def sheet_page(
    request: Request, site: Here, me: Me, bond_id: UUID, ladder_id: UUID, since: str = "", until: str = ""
) -> Response:
    """The session sheet of what is shown."""
    faults = Faults()
    try:
        found = _sheet(site, me, bond_id, ladder_id, since, until)
    except InvalidInput as error:
        faults = Faults(since=f"{error}.")
        found = _sheet(site, me, bond_id, ladder_id, "", "")
    return site.page(
        request,
        "coach_sheet.html",
        422 if faults else 200,
        view=sheet_view(found),
        base=f"/coach/{bond_id}/{ladder_id}",
        form=Typed(since=since, until=until) if faults else Typed(),
        faults=faults,
    )


@router.get("/{bond_id}/{ladder_id}/sheet.pdf")
def sheet_on_paper(
    site: Here, me: Me, bond_id: UUID, ladder_id: UUID, since: str = "", until: str = ""
) -> Response:
    """The same as one page of paper."""
    try:
        found = _sheet(site, me, bond_id, ladder_id, since, until)
    except InvalidInput:
        return go(f"/coach/{bond_id}/{ladder_id}/sheet")
    content = sheet_pdf(sheet_view(found), site.settings.country, found.made_at)
    name = f"rung-{found.until:%Y-%m-%d}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/{bond_id}/{ladder_id}")
def ladder_page(
    request: Request, site: Here, me: Me, bond_id: UUID, ladder_id: UUID, said: str = ""
) -> Response:
    """One ladder as it is shown, and what can be left."""
    return _ladder(request, site, me, str(bond_id), LadderId(str(ladder_id)), said=said)


@router.post("/{bond_id}/{ladder_id}/{kind}")
def leave(
    request: Request,
    site: Here,
    me: Me,
    bond_id: UUID,
    ladder_id: UUID,
    kind: Leave,
    form: Annotated[LeaveForm, Form()],
) -> Response:
    """Leave something for the person."""
    bond, ladder = str(bond_id), LadderId(str(ladder_id))
    try:
        doubt = _leave(site, me, bond, ladder, kind, form)
    except RefusedGoal:
        raise
    except (InvalidInput, Conflict) as error:
        faults = Faults({kind: f"{error}."})
        return _ladder(request, site, me, bond, ladder, kind=kind, form=form, faults=faults)
    if doubt is not None:
        return _ladder(request, site, me, bond, ladder, kind=kind, form=form, doubt=doubt_view(doubt))
    return go(f"/coach/{bond_id}/{ladder_id}?said=left#left")


def _leave(
    site: Site, me: Account, bond_id: str, ladder: LadderId, kind: Leave, form: LeaveForm
) -> Doubt | None:
    """Leave what a form says; a doubt where an encouragement would hardly carry."""
    person = load.seen_by(site.services, me.id, bond_id)[0].person
    services, key, step = site.services, form.id or None, StepId(form.step)
    match kind:
        case "step":
            leaving.propose_step(services, me.id, person, ladder, form.name, step or None, key)
        case "split":
            leaving.propose_split(services, me.id, person, ladder, step, lines(form.names), key)
        case "bridge":
            leaving.bridge(services, me.id, person, ladder, form.name, step, key)
        case "homework":
            day = day_of(form.day)
            leaving.homework(services, me.id, person, ladder, step, form.note, day, key)
        case "comment":
            leaving.comment(services, me.id, person, ladder, EventId(form.about), form.text, key)
        case "praise":
            about, _colon, found = form.about.partition(":")
            works = number(form.works, 10)
            if works is None:
                raise InvalidInput(_("Say how likely you think it is to work next time, 0 to 10"))
            left = leaving.encourage(
                services,
                me.id,
                person,
                ladder,
                form.seen,
                works / 10,
                said=form.said,
                step_id=StepId(found) if about == "step" else None,
                attempt=EventId(found) if about == "attempt" else None,
                day=day_of(form.day),
                confirmed=form.sure == "yes",
                left_id=key,
            )
            return left if isinstance(left, Doubt) else None
        case "story":
            leaving.tell_story(
                services,
                me.id,
                person,
                ladder,
                story_id=form.story,
                whom=form.whom,
                text=form.text,
                struggled=form.struggled == "yes",
                left_id=key,
            )
    return None


def _caseload(
    request: Request,
    site: Site,
    me: Account,
    *,
    flag: str = "",
    q: str = "",
    sort: str = "need",
    page: int = 1,
    said: str = "",
    form: Typed | None = None,
    faults: Faults | None = None,
) -> Response:
    kind: Kind | None = next((one for one in KINDS if one == flag), None)
    order: Sort = next((one for one in load.SORTS if one == sort), "need")
    found = load.caseload(site.services, me.id)
    offers = inviting.offers_of(site.services, me.id, lets_in=False)
    offers = [offer for offer in offers if offer.role is Role.COACH]
    return site.page(
        request,
        "coach.html",
        422 if faults else 200,
        view=coach_view(found, offers, kind, q[:200], order, page),
        asked=Typed(flag=flag, q=q[:200], sort=order),
        form=form or Typed(),
        faults=faults or Faults(),
        notice=Notice(_(_SAID[said])) if said in _SAID else None,
    )


def _ladder(
    request: Request,
    site: Site,
    me: Account,
    bond_id: str,
    ladder: LadderId,
    *,
    said: str = "",
    kind: str = "",
    form: LeaveForm | None = None,
    faults: Faults | None = None,
    doubt: DoubtView | None = None,
) -> Response:
    bond, role = load.seen_by(site.services, me.id, bond_id)
    shared = shown(site.services, me.id, bond.person, ladder)
    left = leaving.left_by(site.services, me.id, bond.person, ladder) if role is Role.COACH else []
    return site.page(
        request,
        "coach_ladder.html",
        422 if faults or doubt else 200,
        view=coach_ladder_view(shared),
        leaving=leaving_view(shared, left) if role is Role.COACH else None,
        base=f"/coach/{bond_id}/{ladder}",
        back=f"/coach/{bond_id}",
        is_preview=False,
        opened=kind,
        doubt=doubt,
        form=Typed(form.model_dump()) if form else Typed(),
        faults=faults or Faults(),
        notice=Notice(_(_SAID[said])) if said in _SAID else None,
    )


def _sheet(site: Site, me: Account, bond_id: UUID, ladder_id: UUID, since: str, until: str) -> Sheet:
    """The sheet between two days; the look is noted before anything of it is shown."""
    first, last, now = day_of(since), day_of(until), site.services.clock.now()
    bond, _role = load.seen_by(site.services, me.id, str(bond_id))
    begin = beginning(first) if first else None
    end = min(beginning(last + timedelta(days=1)), now) if last else None
    return sheet_for(site.services, me.id, bond.person, LadderId(str(ladder_id)), begin, end)
