"""Without a network: the worker, the shell that it keeps, the pocket to log from, and what was kept."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from rung.app import outbox
from rung.app.model import Account
from rung.app.outbox import Answer, Item, State
from rung.errors import InvalidInput
from rung.web.parcel import LARGEST_PARCEL, item_of, items_in
from rung.web.site import Here, Me, Site, go, visitor
from rung.web.views.offline import answer_json, manifest_json, pocket_json, shell_view, worker_script
from rung.words import _, speech

router = APIRouter()

COLOURS: Final = ("#f6f0e4", "#f6f0e4")
"""Ground of the page and of the bar above it: paper, as in tokens.css; pages name the dark one, too."""

PUSH_WORKER = "push-worker.js"
"""What the worker does with messages that are pushed, where that part is there."""

NO_CACHE: Final = {"cache-control": "no-cache"}


async def _body(request: Request) -> bytes:
    return await request.body()


@router.get("/sw.js")
def worker(request: Request, site: Here) -> Response:
    """The service worker: another one as soon as anything that it keeps is another."""
    html = bytes(_shell(request, site).body)
    used = sorted(set(re.findall(r'"(/static/[^"]+)"', html.decode())))
    imports = [site.assets.url(name) for name in ("outbox.js", PUSH_WORKER) if name in site.assets]
    script = site.assets.text("sw.js")
    parts = (script.encode(), html, *(url.encode() for url in (*used, *imports)))
    version = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    told = worker_script(script, version, ["/offline", *used], imports)
    return Response(told, media_type="text/javascript; charset=utf-8", headers=NO_CACHE)


@router.get("/manifest.webmanifest")
def manifest(site: Here) -> Response:
    """What a device needs to install Rung."""
    names = ("logo.svg", "icon.png", "icon-512.png", "icon-maskable.png")
    told = manifest_json(speech(), {name: site.assets.url(name) for name in names}, COLOURS)
    content = json.dumps(told, ensure_ascii=False)
    return Response(content, media_type="application/manifest+json", headers=NO_CACHE)


@router.get("/offline")
def shell(request: Request, site: Here) -> Response:
    """The page without a network: the same for everybody, for it is kept by the worker."""
    return _shell(request, site)


@router.get("/log")
def log_next(site: Here, me: Me) -> Response:
    """To the five buttons of the step that is proposed; the shortcut of the installed icon."""
    for one in outbox.pocket(site.services, me.id).ladders:
        if one.next:
            return go(f"/ladders/{one.ladder.id}/log?step={one.next}")
    return go("/")


@router.get("/you/device")
def device(request: Request, site: Here, me: Me) -> Response:
    """What this browser keeps; the browser itself fills it in."""
    return site.page(request, "device.html", view=shell_view())


@router.get("/pocket")
def pocket(site: Here, account: Annotated[Account | None, Depends(visitor)]) -> Response:
    """What a browser keeps to log without a network."""
    if account is None:
        return _sign_in_first()
    return JSONResponse(pocket_json(outbox.pocket(site.services, account.id), speech()))


@router.post("/outbox")
def take_in(
    site: Here,
    account: Annotated[Account | None, Depends(visitor)],
    body: Annotated[bytes, Depends(_body)],
) -> Response:
    """Take in what a browser kept, and tell of each item what became of it."""
    if account is None:
        return _sign_in_first()
    try:
        raw = items_in(body)
    except InvalidInput as error:
        return JSONResponse({"reason": f"{error}."}, 413 if len(body) > LARGEST_PARCEL else 422)
    keys = outbox.account_keys(site.services, account.id)
    read = [_read(one, keys) for one in raw]
    items = [item for item, _answer in read if item]
    stored = iter(outbox.take_in(site.services, account.id, items))
    return JSONResponse(
        {"answers": [answer or answer_json(next(stored), item) for item, answer in read if item or answer]}
    )


def _read(raw: object, keys: tuple[str, ...]) -> tuple[Item | None, dict[str, object] | None]:
    """The item, or the answer to what is none."""
    try:
        if not isinstance(raw, dict):
            raise InvalidInput(_("Rung knows no such thing to keep"))
        if raw.get("account") not in keys:
            # Somebody else signed in to this browser in the meantime: it stays there until its owner does.
            return None, {"state": "foreign", "reason": "", "clock": False, "next": ""}
        return item_of(raw), None
    except InvalidInput as error:
        return None, answer_json(Answer(State.REFUSED, str(error)), None)


def _shell(request: Request, site: Site) -> Response:
    return site.page(request, "offline.html", view=shell_view(), path="/offline", fresh_id="")


def _sign_in_first() -> Response:
    return JSONResponse({"reason": _("Sign in first.")}, 401)
