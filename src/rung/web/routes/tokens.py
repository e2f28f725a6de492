"""Programs that act for a person: their tokens, made, shown once, taken back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.accounts import tokens
from rung.app.accounts.sessions import Visit
from rung.app.model import Account, LadderId
from rung.app.policies import Scope
from rung.errors import Conflict, InvalidInput
from rung.web.forms import Faults, Text, Texts, Typed, fault
from rung.web.site import Here, Me, Site, Visiting, go
from rung.web.views.tokens import tokens_notice, tokens_view
from rung.words import _

router = APIRouter(prefix="/you/tokens")

PAGE = "/you/tokens"
USUAL_DAYS = "90"


@router.get("")
def tokens_page(request: Request, site: Here, me: Me, visit: Visiting, said: str = "") -> Response:
    """The programs that act for the person, and the form for one more."""
    return _show(request, site, me, visit, said=said)


@router.post("")
def make(
    request: Request,
    site: Here,
    me: Me,
    visit: Visiting,
    scopes: Texts,
    ladders: Texts,
    name: Text = "",
    days: Text = USUAL_DAYS,
    which: Text = "all",
    id: Text = "",
) -> Response:
    """Make a token, and show it this once."""
    typed = Typed(name=name, days=days, which=which, scopes=" ".join(scopes), ladders=" ".join(ladders))
    try:
        wanted = [Scope(one) for one in scopes if one in list(Scope)]
        chosen = [LadderId(one) for one in ladders] if which == "some" else None
        token = tokens.make_token(site.services, me.id, visit, name, wanted, chosen, _days(days), id or None)
    except (InvalidInput, Conflict) as error:
        return _show(request, site, me, visit, typed, fault(error, _field(typed)))
    return site.page(request, "token.html", token=token, name=name.strip(), onward=PAGE)


@router.post("/take-back")
def take_back(site: Here, me: Me, id: Text = "") -> Response:
    """Make a token good for nothing."""
    tokens.revoke(site.services, me.id, id)
    return go(f"{PAGE}?said=taken-back")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise InvalidInput(_("Write the days as a number, such as 90"))
    return int(text)


def _field(typed: Typed) -> str:
    """The field beside which a fault is told: the first that cannot be right."""
    if not typed["name"].strip():
        return "name"
    if not typed["scopes"]:
        return "scopes"
    if typed["which"] == "some" and not typed["ladders"]:
        return "ladders"
    days = typed["days"]
    is_number = days.isascii() and days.isdecimal() and 1 <= int(days[:5]) <= tokens.LONGEST_DAYS
    return "name" if is_number else "days"


def _show(
    request: Request,
    site: Site,
    me: Account,
    visit: Visit,
    form: Typed | None = None,
    faults: Faults | None = None,
    said: str = "",
) -> Response:
    seen = tokens.tokens_of(site.services, me.id, visit)
    return site.page(
        request,
        "tokens.html",
        422 if faults else 200,
        view=tokens_view(seen, site.services.clock.now()),
        form=form or Typed(days=USUAL_DAYS, which="all"),
        faults=faults or Faults(),
        notice=None if faults else tokens_notice(said),
    )
