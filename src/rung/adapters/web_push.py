"""Web push (RFC 8030, 8188, 8291, 8292), with a payload that browsers without a service worker show as well.

The endpoint comes from a browser, that is, from anybody: nothing is sent but over https to port 443 of a
public address, and the connection goes to the very address that was looked at, so that a name cannot mean
something else a moment later. No redirect is followed.

The server's key (VAPID) is derived from the vault's, so that there is no second secret to keep or to lose.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import json
import logging
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rung.app.ports import Letter, Outcome, Sent, Subscription, Vault
from rung.errors import InvalidInput
from rung.words import _

__all__ = ["WebPush", "is_public", "payload_of"]

_log = logging.getLogger("rung.reminders")
_SECONDS = 10
_AT_MOST = 30.0
"""Seconds that a service may take altogether: one that answers a byte at a time would hold up everybody."""
_MAGIC = 8030
"""Says that the payload is declarative: https://www.w3.org/TR/push-api/#declarative-push-message."""
_LONGEST_BODY = 200
_LONGEST_WAIT = timedelta(hours=6)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""
_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96")))
"""IPv6 addresses that stand for IPv4 ones, of which nobody knows whether they are public."""


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
        parts = self._parts(subscription.endpoint)
        if parts is None:
            raise InvalidInput(told)
        try:
            if self._address(parts) is None:
                raise InvalidInput(told)
        except OSError:
            # The name is looked up again before anything is sent.
            _log.warning("A push service could not be looked up")

    def send(self, letter: Letter, to: Subscription) -> Sent:
        """Send the letter; 404 and 410 say that the browser is gone, 429 and 5xx that it may work later."""
        parts, key = self._parts(to.endpoint), self._keys.get(to.server_key)
        if parts is None or key is None:
            return Sent(Outcome.GONE)
        try:
            address = self._address(parts)
            if address is None:
                return Sent(Outcome.GONE)
            status, wait = _post(parts, address, *self._message(letter, to, parts, key))
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

    def _parts(self, endpoint: str) -> SplitResult | None:
        """The endpoint in its parts; None where it is of no kind that anything is sent to."""
        if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
            return None
        try:
            parts = urlsplit(endpoint)
            port = parts.port
        except ValueError:
            return None
        is_plain = not parts.username and not parts.password and not parts.fragment and bool(parts.hostname)
        is_usual = parts.scheme == "https" and port in (None, 443)
        may_be = is_usual or (self.is_anywhere and parts.scheme in ("http", "https"))
        return parts if is_plain and may_be else None

    def _address(self, parts: SplitResult) -> str | None:
        """A network address of the host; None where any of them is not public, or it can be no name."""
        try:
            found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
        except UnicodeError:
            # A part of the name is empty, or longer than names can be.
            return None
        addresses = [str(one[4][0]) for one in found]
        if not self.is_anywhere and not all(map(is_public, addresses)):
            return None
        return addresses[0] if addresses else None


def is_public(text: str) -> bool:
    """True for an address of the public internet, of one single machine.

    >>> [is_public(one) for one in ("1.1.1.1", "10.0.0.1", "127.0.0.1", "::1", "::ffff:192.168.0.1")]
    [True, False, False, False, False]
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return is_public(str(address.ipv4_mapped))
    stands_for_another = any(
        address in network for network in _NOT_PUBLIC if network.version == address.version
    )
    return (
        address.is_global and not address.is_multicast and not address.is_reserved and not stands_for_another
    )


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


class _Pinned(http.client.HTTPSConnection):
    """A connection to one network address, under the name that its certificate must have."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        self._context_of_tls = ssl.create_default_context()
        super().__init__(parts.hostname or "", _port(parts), timeout=_SECONDS, context=self._context_of_tls)
        self._pinned = address
        self._is_plain = parts.scheme == "http"

    def connect(self) -> None:
        """Connect to the address, whatever the name means by now."""
        self.sock = socket.create_connection((self._pinned, self.port), self.timeout)
        if not self._is_plain:
            # The socket is known before the handshake, so that it can be cut in the middle of that too.
            self.sock = self._context_of_tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it, whatever is under way."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _post(parts: SplitResult, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, timedelta]:
    connection = _Pinned(parts, address)
    limit = threading.Timer(_AT_MOST, connection.cut)
    limit.daemon = True
    limit.start()
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, body, {"Host": parts.netloc, **headers})
        response = connection.getresponse()
        return response.status, _wait(response.headers.get("retry-after", ""))
    finally:
        limit.cancel()
        connection.close()


def _wait(text: str) -> timedelta:
    """How long a service asks to wait; what it says as a date is left to our own patience."""
    return (
        min(timedelta(seconds=int(text)), _LONGEST_WAIT)
        if text.isascii() and text.isdecimal() and len(text) < 9
        else timedelta()
    )


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


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
