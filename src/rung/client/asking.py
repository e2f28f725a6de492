"""One request to a server: sent with the token, tried again where that can help, its answer read.

What changes something is sent under a key, so that the server does it once however often it is asked. It is
tried again where no answer came, where the server says that it is busy (429, 502, 503, 504), and while it is
still at it (409 with Retry-After). No redirect is followed: a token is for one server.
"""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from rung.client.failures import Unreachable, failure

__all__ = ["Server"]

_PREFIX = "/api/v1"
_TRIES = 4
_WORTH_ANOTHER = (429, 502, 503, 504)
_LONGEST_WAIT = 60.0
_HERE = ("localhost", "127.0.0.1", "::1")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


class Server:
    """The server at an address, asked with one token."""

    def __init__(
        self,
        url: str,
        token: str,
        timeout: float = 10.0,
        language: str = "en",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
            raise ValueError(f"{url!r} is no place for a token: use https, or http on this machine")
        self._address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{_PREFIX}"
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json, application/problem+json",
            "Accept-Language": language,
            "User-Agent": "rung.client",
        }
        self._timeout = timeout
        self._sleep = sleep
        self._opener = urllib.request.build_opener(_NoRedirect)

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        content: Mapping[str, Any] | None = None,
    ) -> Any:
        """The answer to a request, as JSON; None for an empty one."""
        wanted = {name: value for name, value in (query or {}).items() if value not in (None, "", ())}
        url = f"{self._address}{path}" + (f"?{urlencode(wanted, doseq=True)}" if wanted else "")
        body = None if content is None else json.dumps(content).encode()
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        for tried in range(1, _TRIES + 1):
            request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 (https, see __init__)
            status, told, wait = self._once(request)
            if 200 <= status < 300:
                return told
            is_busy = status in (0, *_WORTH_ANOTHER) or (status == 409 and wait is not None)
            if not is_busy or tried == _TRIES:
                if status == 0:
                    raise Unreachable(0, told)
                raise failure(status, told)
            self._sleep(_pause(tried, wait))
        raise AssertionError("unreachable")

    def _once(self, request: urllib.request.Request) -> tuple[int, Any, float | None]:
        """Status (0 without an answer), content, and how long to wait."""
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                body = response.read()
                return response.status, json.loads(body) if body else None, None
        except urllib.error.HTTPError as error:
            return error.code, _problem(error.read()), _seconds(error.headers.get("Retry-After"))
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            return 0, {"detail": f"The server cannot be reached: {reason}"}, None
        except ValueError:
            return 500, {"detail": "The server sent no JSON: is this the address of a Rung?"}, None


def _problem(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


def _seconds(text: str | None) -> float | None:
    return min(float(text), _LONGEST_WAIT) if text and text.isascii() and text.isdecimal() else None


def _pause(tried: int, wait: float | None) -> float:
    # A little chance keeps programs that failed together from coming back together.
    return wait if wait is not None else 0.25 * 2**tried * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
