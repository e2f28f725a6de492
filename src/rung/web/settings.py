"""What the operator decides about the pages; read once, at the start."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rung.errors import InvalidInput

__all__ = ["LOCAL_HOSTS", "Settings"]

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
SHORTEST_TOKEN = 16
_YES = ("yes", "1", "true")
_ANSWERS = (*_YES, "no", "0", "false")
HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the pages are served."""

    allowed_hosts: tuple[str, ...] = LOCAL_HOSTS
    """Host names that Rung answers to, without port: anything else is refused (DNS rebinding)."""
    https: bool = False
    """True where browsers reach Rung over https: cookies are Secure and the browser is told to stay there."""
    country: str = "US"
    """ISO 3166-1 alpha-2: whose crisis line every page shows."""
    largest_form: int = 512 * 1024
    """Bytes of a form; a page of ratings and reflections needs a hundredth of it."""
    largest_archive: int = 33 * 1024 * 1024
    """Bytes of an archive that is brought back."""
    most_changes: int = 600
    """Changes that one session may send in a minute, to each worker; 0 for any number."""
    welcome_code: str = ""
    """What the first visitor must know to make the account; empty where this machine alone can visit."""

    solo: bool = False
    """True where the server is one person's on their own machine: nobody signs in, and nobody else joins."""
    health: bool = False
    """True where `/healthz` and `/readyz` answer."""
    metrics: bool = False
    """True where `/metrics` answers."""
    metrics_token: str = ""
    """What Prometheus must send for them; empty where anybody may read them who reaches the server."""

    @property
    def cookie(self) -> str:
        """Name of the session cookie; the prefix makes browsers insist on https and this very host."""
        return "__Host-rung" if self.https else "rung"

    @property
    def language_cookie(self) -> str:
        """Name of the cookie that holds the language that was chosen."""
        return f"{self.cookie}-language"

    @property
    def zone_cookie(self) -> str:
        """Name of the cookie in which the browser tells its time zone."""
        return "rung-zone"

    def is_welcome(self, code: str) -> bool:
        """True where whoever sends this code may make the account; takes as long for a wrong one."""
        sent, kept = code.strip().encode("utf-8", "replace"), self.welcome_code.encode()
        return not kept or secrets.compare_digest(sent, kept)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read RUNG_HOSTS (comma-separated, added to the local names), RUNG_HTTPS, RUNG_COUNTRY, RUNG_HEALTH
        and RUNG_METRICS.

        >>> Settings.from_environment({"RUNG_HOSTS": "rung.example.org", "RUNG_HTTPS": "yes"}).https
        True
        """
        metrics, token = _metrics("RUNG_METRICS", environment.get("RUNG_METRICS", ""))
        return cls(
            allowed_hosts=(*LOCAL_HOSTS, *_hosts("RUNG_HOSTS", environment.get("RUNG_HOSTS", ""))),
            https=_is_yes("RUNG_HTTPS", environment.get("RUNG_HTTPS", "no")),
            country=_country("RUNG_COUNTRY", environment.get("RUNG_COUNTRY", "US")),
            health=_is_yes("RUNG_HEALTH", environment.get("RUNG_HEALTH", "no")),
            metrics=metrics,
            metrics_token=token,
        )


def _hosts(name: str, text: str) -> Iterable[str]:
    for host in filter(None, (part.strip().lower() for part in text.split(","))):
        if not HOST.fullmatch(host):
            raise InvalidInput(
                f"{name} names {host!r}: write a host alone, without http://, port or path, "
                "such as rung.example.org or [fe80::1]"
            )
        yield host


def _metrics(name: str, text: str) -> tuple[bool, str]:
    """Whether there are metrics, and the token for them."""
    given = text.strip()
    if given.lower() in ("", *_ANSWERS):
        return given.lower() in _YES, ""
    if len(given) < SHORTEST_TOKEN or not given.isascii() or not given.isprintable() or " " in given:
        raise InvalidInput(
            f"{name} is neither yes nor no: write one of them, or a token of {SHORTEST_TOKEN} letters and "
            "digits or more, which Prometheus is to send"
        )
    return True, given


def _is_yes(name: str, text: str) -> bool:
    answer = text.strip().lower()
    if answer not in _ANSWERS:
        raise InvalidInput(f"{name} is {text!r}: write yes or no")
    return answer in _YES


def _country(name: str, text: str) -> str:
    country = text.strip().upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise InvalidInput(f"{name} is {text!r}: write a country in two letters, such as US")
    return country
