"""What belongs to the person: taken along, brought back, kept safe, deleted."""

from __future__ import annotations

from fastapi import APIRouter, Request, UploadFile
from starlette.responses import Response

from rung.app import archive, ladders, people
from rung.app.log_bytes import LOG_ENDINGS
from rung.app.model import Account
from rung.errors import InvalidInput, SignInFailed, TooManyTries
from rung.web.forms import Faults, Text, fault
from rung.web.site import Here, Me, Site, go
from rung.web.views import notices

router = APIRouter(prefix="/data")

CHANGED = "rung-password-changed"
"""The cookie that says so once."""


@router.get("")
def data_page(request: Request, site: Here, me: Me, said: str = "") -> Response:
    """What can be done with it."""
    if CHANGED not in request.cookies:
        return _show(request, site, me, notice=notices.said(said))
    response = _show(request, site, me, notice=notices.PASSWORD_CHANGED)
    response.delete_cookie(CHANGED, path="/data", secure=site.settings.https, httponly=True, samesite="lax")
    return response


@router.get("/archive")
def download(site: Here, me: Me) -> Response:
    """Everything, as one file."""
    name = f"rung-{site.services.clock.now():%Y-%m-%d}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(
        archive.export_archive(site.services, me.id), media_type="application/zip", headers=headers
    )


@router.post("/archive")
def bring_back(request: Request, site: Here, me: Me, file: UploadFile) -> Response:
    """Merge an archive, or a plain log, into what is there."""
    content, name = file.file.read(), file.filename or ""
    try:
        if name.lower().endswith(LOG_ENDINGS):
            archive.import_log(site.services, me.id, content, name)
        else:
            archive.import_archive(site.services, me.id, content)
    except InvalidInput as error:
        return _show(request, site, me, fault(error, "file"))
    return go("/data?said=imported")


@router.post("/password")
def change_password(request: Request, site: Here, me: Me, old: Text = "", new: Text = "") -> Response:
    """Replace the password; every other browser is signed out."""
    try:
        people.change_password(
            site.services, me.id, old, new, keep_token=request.cookies.get(site.settings.cookie)
        )
    except TooManyTries as error:
        return _show(request, site, me, fault(error, "old"))
    except SignInFailed:
        return _show(request, site, me, Faults(old="That is not the password you have."))
    except InvalidInput as error:
        return _show(request, site, me, fault(error, "new"))
    response = go("/data")
    # Not in the address: a mere link must not say that the password was changed.
    response.set_cookie(
        CHANGED, "1", max_age=60, path="/data", secure=site.settings.https, httponly=True, samesite="lax"
    )
    return response


@router.post("/delete")
def delete_account(request: Request, site: Here, me: Me, password: Text = "") -> Response:
    """Delete the account and everything in it."""
    try:
        people.delete_account(site.services, me.id, password)
    except TooManyTries as error:
        return _show(request, site, me, fault(error, "password"))
    except SignInFailed:
        return _show(
            request, site, me, Faults({"password": "That is not your password. Nothing was deleted."})
        )
    response = go("/sign-in?gone=1")
    response.delete_cookie(site.settings.cookie, secure=site.settings.https, httponly=True, samesite="lax")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


def _show(
    request: Request,
    site: Site,
    me: Account,
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
    )
