"""Which providers vouch for people, as the operator writes it down in RUNG_OIDC: as JSON, or in a TOML file.

    redirect = false

    [[providers]]
    name = "Example"
    issuer = "https://id.example.org/realms/rung"
    client_id = "rung"
    secret_file = "/run/secrets/example"

A secret stands in a file or in another variable (`secret_env`), never among the settings; a public client has
none. Issuers are reached over https, on this machine also over http.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rung.app.ports import Provider
from rung.errors import InvalidInput

__all__ = ["OidcSettings", "ProviderSettings", "is_local", "is_safe", "oidc_settings"]

_LOCAL = ("localhost", "127.0.0.1", "::1")
_KEY = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_WORDS = ("name", "issuer", "client_id", "key", "secret_env", "secret_file", "scope")
_SWITCHES = ("tells_auth_time",)


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """One provider, and what it knows Rung by."""

    provider: Provider
    client_id: str
    secret: str = ""
    """Empty for a public client."""
    scope: str = "openid profile"
    tells_auth_time: bool = True
    """False for one that never tells when somebody signed in there."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """All providers."""

    providers: tuple[ProviderSettings, ...]
    redirect: bool = False
    """True where whoever wants to sign in is sent to the first one at once."""


def oidc_settings(environment: Mapping[str, str]) -> OidcSettings | None:
    """What RUNG_OIDC says; None where it says nothing."""
    given = environment.get("RUNG_OIDC", "").strip()
    if not given:
        return None
    raw = _json(given) if given.startswith("{") else _toml(Path(given))
    unknown = sorted(set(raw) - {"providers", "redirect"})
    listed = raw.get("providers")
    if unknown or not isinstance(listed, list) or not listed:
        raise _wrong(f"it has {unknown[0]!r}" if unknown else "it names no providers")
    read = tuple(_provider(one, environment) for one in listed)
    for what in ("key", "issuer"):
        values = [getattr(one.provider, what) for one in read]
        if len(set(values)) < len(values):
            raise _wrong(f"two providers have the same {what}")
    redirect = raw.get("redirect", False)
    if not isinstance(redirect, bool):
        raise _wrong("redirect is neither true nor false")
    return OidcSettings(read, redirect)


def is_local(address: str) -> bool:
    """True for an address on this machine."""
    try:
        return urlsplit(address).hostname in _LOCAL
    except ValueError:
        return False


def is_safe(address: object, issuer: str) -> bool:
    """True for an address that secrets may be sent to: over https, or on this machine where the issuer is."""
    if not isinstance(address, str) or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return False
    is_plain = bool(parts.hostname) and not parts.username and not parts.password and not parts.fragment
    may_be_plain = is_local(address) and is_local(issuer)
    return is_plain and (parts.scheme == "https" or (parts.scheme == "http" and may_be_plain))


def _provider(raw: object, environment: Mapping[str, str]) -> ProviderSettings:
    if not isinstance(raw, dict):
        raise _wrong("a provider is no table")
    unknown = sorted(set(raw) - {*_WORDS, *_SWITCHES})
    if unknown:
        raise _wrong(f"a provider has {unknown[0]!r}; known are {', '.join((*_WORDS, *_SWITCHES))}")
    words = {name: raw.get(name, "") for name in _WORDS}
    if not all(isinstance(value, str) for value in words.values()):
        raise _wrong("a provider has something that is no text")
    switched = raw.get("tells_auth_time", True)
    if not isinstance(switched, bool):
        raise _wrong("tells_auth_time is neither true nor false")
    for name in ("name", "issuer", "client_id"):
        if not words[name].strip():
            raise _wrong(f"a provider has no {name}")
    issuer, name = words["issuer"], words["name"].strip()
    if not is_safe(issuer, issuer) or "?" in issuer:
        raise _wrong(f"the issuer of {name} is no https address")
    key = words["key"] or re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    if not _KEY.fullmatch(key):
        raise _wrong(f"{name} needs a key of letters a to z, digits and hyphens")
    scope = words["scope"] or "openid profile"
    if "openid" not in scope.split():
        raise _wrong(f"the scope of {name} lacks openid")
    secret = _secret(name, words["secret_env"], words["secret_file"], environment)
    return ProviderSettings(Provider(key, name, issuer), words["client_id"], secret, scope, switched)


def _secret(name: str, variable: str, file: str, environment: Mapping[str, str]) -> str:
    if variable and file:
        raise _wrong(f"{name} has both secret_env and secret_file")
    if variable:
        secret = environment.get(variable, "").strip()
    elif file:
        try:
            secret = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise _wrong(f"the secret_file of {name} cannot be read") from None
    else:
        return ""
    if not secret:
        raise _wrong(f"the secret of {name} is empty")
    return secret


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _wrong("it is no JSON") from None
    return found if isinstance(found, dict) else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise _wrong("it is neither JSON nor a file that can be read") from None
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"its file is no TOML: {error}") from None


def _wrong(why: str) -> InvalidInput:
    return InvalidInput(f"RUNG_OIDC cannot be used, for {why}: docs/serving.md shows how it is written")
