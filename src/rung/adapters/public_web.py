"""Sending to addresses that anybody may have named: to the public internet alone, and to one machine of it.

Nothing is sent but over https to a public address, and the connection goes to the very address that was
looked at, so that a name cannot mean something else a moment later. No redirect is followed, and an answer
that trickles is cut off.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

__all__ = ["address_of", "is_public", "parts_of", "post"]

_SECONDS = 10
_AT_MOST = 30.0
"""Seconds that a service may take altogether: one that answers a byte at a time would hold up everybody."""
_LONGEST_WAIT = timedelta(hours=6)
_NOT_PUBLIC = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96")))
"""IPv6 addresses that stand for IPv4 ones, of which nobody knows whether they are public."""


def parts_of(url: str, is_anywhere: bool = False) -> SplitResult | None:
    """The address in its parts; None where it is of no kind that anything is sent to.

    With `is_anywhere` http and any port will do, too.
    """
    if not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    is_plain = not parts.username and not parts.password and not parts.fragment and bool(parts.hostname)
    is_usual = parts.scheme == "https" and port in (None, 443)
    may_be = is_usual or (is_anywhere and parts.scheme in ("http", "https"))
    return parts if is_plain and may_be else None


def address_of(parts: SplitResult, is_anywhere: bool = False) -> str | None:
    """A network address of the host; None where any of them is not public, or it can be no name.

    Raises `OSError` where the name cannot be looked up.
    """
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except UnicodeError:
        # A part of the name is empty, or longer than names can be.
        return None
    addresses = [str(one[4][0]) for one in found]
    if not is_anywhere and not all(map(is_public, addresses)):
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


def post(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, timedelta]:
    """Send to this network address; the status, and how long the answer asks to wait.

    Raises `OSError` or `http.client.HTTPException` where no answer came.
    """
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


def _wait(text: str) -> timedelta:
    """How long a service asks to wait; what it says as a date is left to our own patience."""
    return (
        min(timedelta(seconds=int(text)), _LONGEST_WAIT)
        if text.isascii() and text.isdecimal() and len(text) < 9
        else timedelta()
    )


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
