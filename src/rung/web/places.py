"""Where passkeys work: under the name that the browser uses, on this machine or over https."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

from fastapi import Request

from rung.app.ports import Place
from rung.web.settings import Settings
from rung.words import _

__all__ = ["place_of", "why_no_passkeys"]


def place_of(request: Request, settings: Settings) -> Place | None:
    """The relying party for this request; None where browsers have no passkeys.

    The host has passed the guards, so it is one of ours.
    """
    netloc = request.headers.get("host", "").lower()
    host = _name(netloc)
    if host != "localhost" and (not settings.https or _is_address(host)):
        return None
    return Place(host, f"{'https' if settings.https else 'http'}://{netloc}")


def why_no_passkeys(request: Request, settings: Settings) -> str:
    """Why there are no passkeys here, and what to do; empty where there are."""
    if place_of(request, settings) is not None:
        return ""
    host, _colon, port = request.headers.get("host", "").lower().rpartition(":")
    if host in ("127.0.0.1", "[::1]") and port.isdigit():
        return _("Passkeys need a name: open Rung as http://localhost:%(port)s to use one.", port=port)
    return _("Passkeys work over https alone, and under a name. Whoever runs this server can set that up.")


def _name(netloc: str) -> str:
    name, colon, port = netloc.rpartition(":")
    return name if colon and port.isdigit() else netloc


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        ipaddress.ip_address(host.strip("[]"))
        return True
    return False
