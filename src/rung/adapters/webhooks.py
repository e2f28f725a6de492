"""Brings messages to programs at public addresses, and says in a word what became of each."""

from __future__ import annotations

import http.client
import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from rung.adapters.public_web import address_of, parts_of, post
from rung.app.ports import Posted
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["WebNotifier", "notifier_from"]

_log = logging.getLogger("rung.webhooks")


@dataclass(frozen=True, slots=True)
class WebNotifier:
    """Sends over https, to public addresses alone unless the operator says otherwise."""

    is_anywhere: bool = False
    """True where http and private addresses will do, too: for tests, and the operator's own network."""

    def check(self, url: str) -> None:
        """`InvalidInput` where nothing may be sent there."""
        parts = parts_of(url, self.is_anywhere)
        if parts is None:
            raise InvalidInput(
                _("Rung does not send there: the address begins with https://, and has no port in it")
            )
        try:
            if address_of(parts, self.is_anywhere) is None:
                raise InvalidInput(_("Rung sends to public addresses alone, and this is none"))
        except OSError:
            raise InvalidInput(_("This address cannot be found: look at how it is written")) from None

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Send it, and say what became of it; no redirect is followed."""
        parts = parts_of(url, self.is_anywhere)
        if parts is None:
            return Posted(False, False, "no address")
        try:
            address = address_of(parts, self.is_anywhere)
            if address is None:
                return Posted(False, False, "not public")
            status, _wait = post(parts, address, body, headers)
        except socket.gaierror:
            return Posted(False, True, "not found")
        except (OSError, http.client.HTTPException) as error:
            _log.warning("A webhook cannot be reached: %s", type(error).__name__)
            return Posted(False, True, "no answer")
        # A redirect is none of ours to follow, and 410 says that nobody wants it any more.
        is_later = status in (408, 409, 425, 429) or status >= 500 or status in (401, 403, 404)
        return Posted(200 <= status < 300, is_later, str(status))


def notifier_from(environment: Mapping[str, str]) -> WebNotifier:
    """As the operator has set it up: RUNG_WEBHOOKS_ANYWHERE lets messages go to private addresses, too."""
    return WebNotifier(environment.get("RUNG_WEBHOOKS_ANYWHERE", "").strip().lower() in ("yes", "1", "true"))
