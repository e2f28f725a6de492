"""What a browser keeps: who is signed in, and in which language and by which clock to speak."""

from __future__ import annotations

from starlette.responses import Response

from rung.app.accounts import people
from rung.app.accounts.preferences import Preferences, preferences_of
from rung.web.site import Site

__all__ = ["YEAR", "forget", "keep", "keep_choices", "signed_in"]

SESSION_SECONDS = int(people.LIFETIME.total_seconds())
YEAR = 365 * 24 * 60 * 60


def signed_in(site: Site, response: Response, token: str, before: str = "") -> Response:
    """Give the browser its session, and the language and the clock that the person chose.

    The session that it had `before` ends: nobody could sign it out in this browser any more.
    """
    if before and before != token:
        people.sign_out(site.services, before)
    keep(site, response, site.settings.cookie, token, SESSION_SECONDS)
    account = people.whoami(site.services, token)
    if account is not None:
        keep_choices(site, response, preferences_of(site.services, account.id))
    return response


def keep_choices(site: Site, response: Response, chosen: Preferences) -> None:
    """Give the browser what was chosen of language and time zone.

    A script cannot write over a cookie that is out of its reach: so the browser's own zone, which `rung.js`
    tells, gives way to the one that the person chose.
    """
    if chosen.language:
        keep(site, response, site.settings.language_cookie, chosen.language, YEAR)
    if chosen.zone:
        keep(site, response, site.settings.zone_cookie, chosen.zone, YEAR)


def keep(site: Site, response: Response, name: str, value: str, seconds: int, path: str = "/") -> None:
    """Set a cookie that no script reads."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=site.settings.https,
        httponly=True,
        samesite="lax",
    )


def forget(site: Site, response: Response, name: str, path: str = "/") -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path=path, secure=site.settings.https, httponly=True, samesite="lax")
