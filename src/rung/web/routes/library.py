"""The library: looked through, and a ladder started from it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app.climbing import ladders
from rung.app.model import Account, Ladder, LadderId
from rung.content import Domain, domain, search
from rung.content.domains import domains
from rung.errors import Conflict, InvalidInput, NotFound
from rung.web.forms import SENT_BEFORE, Faults, Text, Typed, fault, lines
from rung.web.site import Here, Me, Site, go
from rung.web.views.library import domain_view, library_view
from rung.words import _, speech

router = APIRouter(prefix="/library")

MOST_FOUND = 16


@router.get("")
def library_page(request: Request, site: Here, me: Me, q: str = "", ladder: UUID | None = None) -> Response:
    """Look through it, or for something in it; `ladder` is one that steps are wanted for."""
    language = speech().language.code
    found = search(q, language, MOST_FOUND) if q.strip() else ()
    view = library_view(q, found, domains(language), _wanted_for(site, me, ladder))
    return site.page(request, "library.html", view=view)


@router.get("/{domain_id}")
def domain_page(request: Request, site: Here, me: Me, domain_id: str, ladder: UUID | None = None) -> Response:
    """One domain, to start from."""
    return _show(request, site, _known(domain_id), _wanted_for(site, me, ladder))


@router.post("/{domain_id}")
def start(
    request: Request,
    site: Here,
    me: Me,
    domain_id: str,
    name: Text = "",
    names: Text = "",
    id: Text = "",
) -> Response:
    """Make a ladder of the steps as they were left."""
    this, typed = _known(domain_id), Typed(name=name, names=names)
    try:
        made = ladders.name_ladder(
            site.services, me.id, name, lines(names), ladder_id=id or None, template=this.id
        )
    except InvalidInput as error:
        where = "names" if name.strip() and len(name.strip()) <= 200 else "name"
        return _show(request, site, this, None, typed, fault(error, where))
    except Conflict:
        return _show(request, site, this, None, typed, Faults(name=_(SENT_BEFORE)))
    return go(f"/ladders/{made.id}/judge" if made.steps else f"/ladders/{made.id}/steps")


def _known(domain_id: str) -> Domain:
    found = domain(domain_id, speech().language.code)
    if found is None:
        raise NotFound(_("There is nothing of this name in the library"))
    return found


def _wanted_for(site: Site, me: Account, ladder: UUID | None) -> Ladder | None:
    return ladders.ladder(site.services, me.id, LadderId(str(ladder))) if ladder else None


def _show(
    request: Request,
    site: Site,
    this: Domain,
    ladder: Ladder | None,
    form: Typed | None = None,
    faults: Faults | None = None,
) -> Response:
    return site.page(
        request,
        "domain.html",
        422 if faults else 200,
        view=domain_view(this, ladder),
        form=form or Typed(),
        faults=faults or Faults(),
    )
