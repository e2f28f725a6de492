"""Web push (RFC 8030, 8188, 8291, 8292), with a payload that browsers without a service worker show as well.

The endpoint comes from a browser, that is, from anybody: `public_web` sees to it that nothing is sent to
addresses that are not public.

The server's key (VAPID) is derived from the vault's, so that there is no second secret to keep or to lose.
"""

from __future__ import annotations

import base64
import http.client
import json
import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rung.adapters.public_web import address_of, parts_of, post
from rung.app.ports import Letter, Outcome, Sent, Subscription, Vault
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["WebPush", "payload_of"]

_log = logging.getLogger("rung.reminders")
_MAGIC = 8030
"""Says that the payload is declarative: https://www.w3.org/TR/push-api/#declarative-push-message."""
_LONGEST_BODY = 200
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


@dataclass(frozen=True)
class WebPush:
    """Sends to browsers, signed with a key that is derived from the vault's."""

    vault: Vault
    contact: str
    """Whom push services can turn to: mailto: or https:."""
    is_anywhere: bool = False
    """True where http and private addresses will do, too: for tests, and a push service of one's own."""

    @cached_property
    def _keys(self) -> dict[str, ec.EllipticCurvePrivateKey]:
        digests = self.vault.fingerprints("the server's key for web push", "web push")
        keys = [
            ec.derive_private_key(int.from_bytes(one) % (_ORDER - 1) + 1, ec.SECP256R1()) for one in digests
        ]
        return {_public(key): key for key in keys}

    @property
    def public_key(self) -> str:
        """The key that browsers subscribe with."""
        return next(iter(self._keys))

    def check(self, subscription: Subscription) -> None:
        """`InvalidInput` where nothing may be sent there."""
        told = _("The browser gave an address that cannot be used: try another browser")
        if not _has_good_keys(subscription) or subscription.server_key not in self._keys:
            raise InvalidInput(told)
        parts = parts_of(subscription.endpoint, self.is_anywhere)
        if parts is None:
            raise InvalidInput(told)
        try:
            if address_of(parts, self.is_anywhere) is None:
                raise InvalidInput(told)
        except OSError:
            # The name is looked up again before anything is sent.
            _log.warning("A push service could not be looked up")

    def send(self, letter: Letter, to: Subscription) -> Sent:
        """Send the letter; 404 and 410 say that the browser is gone, 429 and 5xx that it may work later."""
        parts, key = parts_of(to.endpoint, self.is_anywhere), self._keys.get(to.server_key)
        if parts is None or key is None:
            return Sent(Outcome.GONE)
        try:
            address = address_of(parts, self.is_anywhere)
            if address is None:
                return Sent(Outcome.GONE)
            status, wait = post(parts, address, *self._message(letter, to, parts, key))
        except (OSError, http.client.HTTPException) as error:
            _log.warning("A push service cannot be reached: %s", type(error).__name__)
            return Sent(Outcome.LATER)
        if 200 <= status < 300:
            return Sent(Outcome.SENT)
        if status in (404, 410):
            return Sent(Outcome.GONE)
        _log.warning("A push service answered with %s", status)
        return Sent(Outcome.LATER, wait) if status == 429 or status >= 500 else Sent(Outcome.REFUSED)

    def _message(
        self, letter: Letter, to: Subscription, parts: SplitResult, key: ec.EllipticCurvePrivateKey
    ) -> tuple[bytes, dict[str, str]]:
        # Both bring half a second of imports, which only who sends needs.
        from py_vapid import Vapid02
        from pywebpush import WebPusher

        keys = {"p256dh": to.p256dh, "auth": to.auth}
        encoded = WebPusher({"endpoint": to.endpoint, "keys": keys}).encode(payload_of(letter))
        signer = Vapid02(conf={"no-strict": True})
        signer.private_key = key
        signed = signer.sign({"aud": f"{parts.scheme}://{parts.netloc}", "sub": self.contact})
        headers = {
            **signed,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(1, int(letter.lasts.total_seconds()))),
            "Topic": letter.identity,
            "Urgency": "high",
        }
        return encoded["body"], headers


def payload_of(letter: Letter) -> bytes:
    """What the browser shows, by itself or by its service worker."""
    notification = {
        "title": letter.title,
        "body": letter.body[:_LONGEST_BODY],
        "navigate": letter.link,
        "tag": letter.identity,
        "lang": letter.language,
        "dir": letter.direction,
        "silent": False,
    }
    return json.dumps({"web_push": _MAGIC, "notification": notification}, ensure_ascii=False).encode()


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    return _encoded(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _has_good_keys(subscription: Subscription) -> bool:
    """True for a point on the curve, and 16 bytes: anything else would fail only when it is sent."""
    try:
        point, auth = _decoded(subscription.p256dh), _decoded(subscription.auth)
        key: Any = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return key is not None and len(point) == 65 and len(auth) == 16


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
