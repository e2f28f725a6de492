"""How a person signs in: passkeys, password, recovery codes, and the browsers that are signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.accounts import passkeys, people, recovery, sessions
from rung.app.accounts.sessions import Visit
from rung.app.accounts.ways_in import overview
from rung.app.model import Account
from rung.errors import Conflict, InvalidInput, SignInFailed, TooManyTries
from rung.web.cookies import signed_in
from rung.web.forms import Faults, Text, Typed, fault
from rung.web.places import why_no_passkeys
from rung.web.routes.done import ONWARD, WAYS, forget_done, go_and_say, say, what_was_done
from rung.web.routes.oidc import offered
from rung.web.site import Here, Me, Site, Visiting, go
from rung.web.views.ways_in import done_notice, ways_in_view
from rung.words import _

router = APIRouter(prefix="/you")


@router.get("/sign-in")
def ways_page(request: Request, site: Here, me: Me, visit: Visiting) -> Response:
    """All ways in."""
    return forget_done(site, _show(request, site, me, visit))


@router.get("/confirm")
def confirm_page(request: Request, site: Here, me: Me, visit: Visiting, then: str = "") -> Response:
    """The form that asks once more who it is."""
    if sessions.is_fresh(site.services, me.id, visit):
        return go(ONWARD.get(then, WAYS))
    return _confirm(request, site, me, then)


@router.post("/confirm")
def confirm(
    request: Request, site: Here, me: Me, visit: Visiting, password: Text = "", then: Text = ""
) -> Response:
    """Replace the session by a fresh one."""
    try:
        token = people.confirm(site.services, me.id, password, visit)
    except TooManyTries as error:
        return _confirm(request, site, me, then, fault(error, "password"))
    except SignInFailed:
        return _confirm(request, site, me, then, Faults(password=_("That is not your password.")))
    return signed_in(site, say(site, go(ONWARD.get(then, WAYS)), "confirmed"), token)


@router.post("/passkeys/rename")
def rename_passkey(
    request: Request, site: Here, me: Me, visit: Visiting, id: Text = "", name: Text = ""
) -> Response:
    """Give a passkey another name."""
    try:
        passkeys.rename_passkey(site.services, me.id, id, name)
    except InvalidInput as error:
        return _show(request, site, me, visit, Typed(id=id, name=name), fault(error, "passkey"))
    return go(WAYS)


@router.post("/passkeys/remove")
def remove_passkey(site: Here, me: Me, visit: Visiting, id: Text = "") -> Response:
    """Take a passkey back."""
    passkeys.remove_passkey(site.services, me.id, id, visit)
    return go_and_say(site, "removed")


@router.post("/password")
def set_password(request: Request, site: Here, me: Me, visit: Visiting, new: Text = "") -> Response:
    """Set or replace the password; every other browser is signed out."""
    try:
        people.set_password(site.services, me.id, new, visit)
    except InvalidInput as error:
        return _show(request, site, me, visit, faults=fault(error, "new"))
    return go_and_say(site, "password")


@router.post("/password/remove")
def remove_password(site: Here, me: Me, visit: Visiting) -> Response:
    """Sign in without a password from now on."""
    people.remove_password(site.services, me.id, visit)
    has_passkeys = people.ways_in(site.services, me.id).passkeys > 0
    return go_and_say(site, "no-password" if has_passkeys else "no-password-here")


@router.post("/codes")
def make_codes(request: Request, site: Here, me: Me, visit: Visiting) -> Response:
    """Make ten recovery codes, and show them this once."""
    codes = recovery.make_codes(site.services, me.id, visit)
    return site.page(request, "codes.html", codes=codes, onward=WAYS)


@router.post("/sessions/end")
def end_session(request: Request, site: Here, me: Me, visit: Visiting, id: Text = "") -> Response:
    """Sign one browser out."""
    sessions.end_session(site.services, me.id, id)
    return go(f"{WAYS}#sessions")


@router.post("/sessions/end-others")
def end_others(site: Here, me: Me, visit: Visiting) -> Response:
    """Sign every other browser out."""
    if site.settings.solo:
        raise Conflict(_("This server asks nobody to sign in"))
    sessions.end_other_sessions(site.services, me.id, visit)
    return go(f"{WAYS}#sessions")


def _show(
    request: Request,
    site: Site,
    me: Account,
    visit: Visit,
    form: Typed | None = None,
    faults: Faults | None = None,
) -> Response:
    return site.page(
        request,
        "sign_in_ways.html",
        422 if faults else 200,
        view=ways_in_view(overview(site.services, me.id, visit), visit),
        form=form or Typed(),
        faults=faults or Faults(),
        notice=None if faults else done_notice(what_was_done(request)),
        providers=offered(site),
        no_passkeys=why_no_passkeys(request, site.settings),
    )


def _confirm(request: Request, site: Site, me: Account, then: str, faults: Faults | None = None) -> Response:
    return site.page(
        request,
        "confirm.html",
        403 if faults else 200,
        found=people.ways_in(site.services, me.id),
        then=then if then in ONWARD else "",
        providers=offered(site),
        faults=faults or Faults(),
        no_passkeys=why_no_passkeys(request, site.settings),
    )
