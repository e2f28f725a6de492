"""What belongs to the person: taken along, brought back, kept safe, deleted."""

from __future__ import annotations

from fastapi import APIRouter, Request, UploadFile
from starlette.responses import Response

from rung.app.accounts import people, sessions
from rung.app.accounts.sessions import Visit
from rung.app.climbing import ladders
from rung.app.keeping import archive
from rung.app.keeping.log_bytes import LOG_ENDINGS
from rung.app.model import Account
from rung.errors import InvalidInput, SignInFailed, TooManyTries
from rung.web.cookies import forget
from rung.web.forms import Faults, Text, fault
from rung.web.site import Here, Me, Site, Visiting, go
from rung.web.views import notices
from rung.words import _

router = APIRouter(prefix="/data")


@router.get("")
def data_page(request: Request, site: Here, me: Me, visit: Visiting, said: str = "") -> Response:
    """What can be done with it."""
    return _show(request, site, me, visit, notice=notices.said(said))


@router.get("/archive")
def download(site: Here, me: Me) -> Response:
    """Everything, as one file."""
    name = f"rung-{site.services.clock.now():%Y-%m-%d}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(
        archive.export_archive(site.services, me.id), media_type="application/zip", headers=headers
    )


@router.post("/archive")
def bring_back(request: Request, site: Here, me: Me, visit: Visiting, file: UploadFile) -> Response:
    """Merge an archive, or a plain log, into what is there."""
    content, name = file.file.read(), file.filename or ""
    try:
        if name.lower().endswith(LOG_ENDINGS):
            archive.import_log(site.services, me.id, content, name)
        else:
            archive.import_archive(site.services, me.id, content)
    except InvalidInput as error:
        return _show(request, site, me, visit, fault(error, "file"))
    return go("/data?said=imported")


@router.post("/delete")
def delete_account(
    request: Request, site: Here, me: Me, visit: Visiting, password: Text = "", sure: Text = ""
) -> Response:
    """Delete the account and everything in it."""
    if not sure and not people.ways_in(site.services, me.id).has_password:
        return _show(request, site, me, visit, Faults(sure=_("Say first that you mean all of it.")))
    try:
        people.delete_account(site.services, me.id, password, visit)
    except TooManyTries as error:
        return _show(request, site, me, visit, fault(error, "password"))
    except SignInFailed:
        told = _("That is not your password. Nothing was deleted.")
        return _show(request, site, me, visit, Faults(password=told))
    response = go("/sign-in?gone=1")
    forget(site, response, site.settings.cookie)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def _show(
    request: Request,
    site: Site,
    me: Account,
    visit: Visit,
    faults: Faults | None = None,
    notice: notices.Notice | None = None,
) -> Response:
    away = [ladder for ladder in ladders.ladders_of(site.services, me.id) if ladder.archived_at is not None]
    return site.page(
        request,
        "data.html",
        422 if faults else 200,
        away=away,
        faults=faults or Faults(),
        notice=notice,
        needs_password=people.ways_in(site.services, me.id).has_password,
        is_fresh=sessions.is_fresh(site.services, me.id, visit),
    )
