"""What pages about several people need: that there can be several, and an address to send somebody."""

from __future__ import annotations

from fastapi import Depends, Request

from rung.errors import NotAllowed
from rung.web.settings import Settings
from rung.web.site import Here
from rung.words import _

__all__ = ["TOGETHER", "address"]


def _together(site: Here) -> None:
    if site.settings.solo:
        raise NotAllowed(_("This server is for one person"))


TOGETHER = Depends(_together)
"""Holds where more than one person can be here."""


def address(request: Request, settings: Settings, path: str) -> str:
    """A path of ours with the host in front under which the browser sees us; the guards know the host."""
    scheme = "https" if settings.https else request.url.scheme
    return f"{scheme}://{request.headers['host']}{path}"
