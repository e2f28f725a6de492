"""OpenID Connect: the authorisation code flow with PKCE (S256), by Authlib, over https.

What a provider signs holds where all of this is so (OpenID Connect Core 1.0, 3.1.3.7): a key of the provider
signed it, by a method with a public key; issuer and audience are those that are set up, and `azp` is us where
it is told; it is not over; and its nonce is the one that was sent. Keys are fetched anew when one is unknown
or does not fit, for providers change them. No redirect is followed, and answers have a size and a time.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, TypeGuard, TypeVar
from urllib.parse import urlencode

from rung.adapters.oidc_settings import OidcSettings, ProviderSettings, is_safe
from rung.app.ports import Provider, Vouched, Way
from rung.errors import MissingExtra, SignInFailed
from rung.words import _

try:
    import requests
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.requests_client import OAuth2Session
    from authlib.oidc.core import CodeIDToken
    from authlib.oidc.discovery import get_well_known_url
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, Key
except ModuleNotFoundError as error:
    raise MissingExtra("Signing in by a provider", "oidc") from error

__all__ = ["OidcProviders"]

_log = logging.getLogger("rung.oidc")

_SECONDS = (5, 10)
"""To connect, and between two parts of an answer."""
_LARGEST = 512 * 1024
_KNOWN_FOR = 3600.0
"""Seconds after which a provider is asked anew where its pages and keys are."""
_LEEWAY = 60
"""Seconds by which clocks may differ."""
_METHODS = (
    *(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)),
    "EdDSA",
    "Ed25519",
)
"""By which a token may be signed: neither by none, nor by a secret that both sides have."""
_LONGEST_SUBJECT = 255
_LABELS = ("preferred_username", "email", "name")


_Found = TypeVar("_Found")


class _Refused(Exception):
    """Why an answer does not hold: for the log, in words of ours."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a provider tells of itself."""

    document: Mapping[str, Any]
    keys: tuple[Key, ...]
    at: float


class _Site:
    """One provider as this process knows it."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.settings = settings
        self.provider = settings.provider
        self._known: _Known | None = None
        self._lock = threading.Lock()

    def document(self) -> Mapping[str, Any]:
        """What it tells of itself, by its discovery document."""
        return self._get().document

    def keys(self, anew: bool = False) -> tuple[Key, ...]:
        """Those that it signs with."""
        return self._get(anew=anew).keys

    def session(self) -> OAuth2Session:
        """A client that speaks with it."""
        settings, methods = self.settings, self.document().get("token_endpoint_auth_methods_supported")
        method = "client_secret_basic" if settings.secret else "none"
        if settings.secret and isinstance(methods, list) and method not in methods:
            method = "client_secret_post"
        return OAuth2Session(
            settings.client_id,
            settings.secret or None,
            token_endpoint_auth_method=method,
            scope=settings.scope,
            code_challenge_method="S256",
        )

    def endpoint(self, name: str) -> str:
        """One of its addresses; `_Refused` where it has none that may be used."""
        found = self.document().get(name)
        if not is_safe(found, self.provider.issuer):
            raise _Refused(f"its {name} is no https address")
        return str(found)

    def _get(self, anew: bool = False) -> _Known:
        with self._lock:
            known = self._known
            if known is None or anew or monotonic() - known.at > _KNOWN_FOR:
                known = self._known = self._fetched()
            return known

    def _fetched(self) -> _Known:
        issuer = self.provider.issuer
        document = _json_at(get_well_known_url(issuer, external=True))
        if document.get("issuer") != issuer:
            raise _Refused("its discovery document names another issuer")
        if not is_safe(document.get("jwks_uri"), issuer):
            raise _Refused("its jwks_uri is no https address")
        listed = _json_at(str(document["jwks_uri"])).get("keys")
        keys = [_key(one) for one in listed] if isinstance(listed, list) else []
        return _Known(document, tuple(key for key in keys if key is not None), monotonic())


class OidcProviders:
    """The providers that the operator has set up."""

    def __init__(self, settings: OidcSettings) -> None:
        self._sites = {one.provider.key: _Site(one) for one in settings.providers}
        self.is_only_way = settings.redirect

    @property
    def all(self) -> Sequence[Provider]:
        """Those that are set up, in the operator's order."""
        return tuple(site.provider for site in self._sites.values())

    def counts_arrival(self, provider: Provider) -> bool:
        """True where the provider never tells when somebody signed in there."""
        return not self._sites[provider.key].settings.tells_auth_time

    def address(self, provider: Provider, way: Way, is_confirming: bool) -> str:
        """Where the browser goes."""
        site = self._sites[provider.key]

        def made() -> str:
            asks_anew = {"prompt": "login", "max_age": "0"} if is_confirming else {}
            with site.session() as session:
                address, _state = session.create_authorization_url(
                    site.endpoint("authorization_endpoint"),
                    state=way.state,
                    code_verifier=way.verifier,
                    nonce=way.nonce,
                    redirect_uri=way.back,
                    **asks_anew,
                )
            return str(address)

        return _told(provider, made)

    def vouched(self, provider: Provider, way: Way, answer: Mapping[str, str], now: datetime) -> Vouched:
        """Whom the provider vouches for in what the browser brought back."""
        site = self._sites[provider.key]
        if answer.get("error"):
            # What it says beside comes by the browser: it is told to nobody.
            _log.info("%s signed nobody in", provider.key)
            raise SignInFailed(_("%(provider)s did not sign you in", provider=provider.name))
        return _told(provider, lambda: _vouched(site, way, answer, now))

    def sign_out_address(self, provider: Provider) -> str:
        """Where somebody signs out at the provider, too; empty where that is not known."""
        site = self._sites[provider.key]

        def made() -> str:
            if not is_safe(site.document().get("end_session_endpoint"), provider.issuer):
                return ""
            address = site.endpoint("end_session_endpoint")
            mark = "&" if "?" in address else "?"
            return f"{address}{mark}{urlencode({'client_id': site.settings.client_id})}"

        return _told(provider, made)


def _vouched(site: _Site, way: Way, answer: Mapping[str, str], now: datetime) -> Vouched:
    # RFC 9207: an answer that says whose it is must be of the one that was asked.
    if answer.get("iss", site.provider.issuer) != site.provider.issuer:
        raise _Refused("the answer says that it is of another issuer")
    is_said = site.document().get("authorization_response_iss_parameter_supported") is True
    if is_said and "iss" not in answer:
        raise _Refused("the answer does not say whose it is")
    if not answer.get("code"):
        raise _Refused("the answer has no code")
    with site.session() as session:
        given = session.fetch_token(
            site.endpoint("token_endpoint"),
            grant_type="authorization_code",
            code=answer["code"],
            code_verifier=way.verifier,
            redirect_uri=way.back,
            timeout=_SECONDS,
            allow_redirects=False,
        )
    claims = _claims(site, given.get("id_token"), given.get("access_token"), way.nonce, now)
    subject, since = claims.get("sub"), claims.get("auth_time")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise _Refused("the token does not say who it is about")
    labels = (claims.get(name) for name in _LABELS)
    label = next((one for one in labels if isinstance(one, str) and one.strip()), site.provider.name)
    return Vouched(site.provider.issuer, subject, label, None if since is None else _moment(since))


def _claims(
    site: _Site, id_token: object, access_token: object, nonce: str, now: datetime
) -> Mapping[str, Any]:
    """What the token says, where it holds."""
    if not isinstance(id_token, str):
        raise _Refused("the answer has no ID token")
    try:
        token = jwt.decode(id_token, _choice(site.keys()), algorithms=_METHODS)
    except (JoseError, _NoSuchKey):
        # The provider may sign with new keys, of other names or of the same.
        try:
            token = jwt.decode(id_token, _choice(site.keys(anew=True)), algorithms=_METHODS)
        except _NoSuchKey:
            raise _Refused("the token is signed with a key that the provider does not name") from None
    client_id = site.settings.client_id
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": site.provider.issuer},
            "aud": {"essential": True, "value": client_id},
        },
        params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
    _check_once_more(token.claims, site, nonce, now)
    return token.claims


def _check_once_more(claims: Mapping[str, Any], site: _Site, nonce: str, now: datetime) -> None:
    """What must hold, in a few lines that depend on no version of a library."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    client_id, expiry = site.settings.client_id, claims.get("exp")
    holds = {
        "iss": claims.get("iss") == site.provider.issuer,
        "aud": client_id in audiences,
        "azp": claims.get("azp", client_id if len(audiences) == 1 else None) == client_id,
        "nonce": claims.get("nonce") == nonce,
        "exp": isinstance(expiry, int | float) and expiry > now.timestamp() - _LEEWAY,
        "iat": _is_number(claims.get("iat")) and claims["iat"] <= now.timestamp() + _LEEWAY,
    }
    wrong = [name for name, is_right in holds.items() if not is_right]
    if wrong:
        raise _Refused(f"its {wrong[0]} does not hold")


class _NoSuchKey(Exception):
    """The token names a key that is not at hand."""


def _choice(keys: Sequence[Key]) -> Callable[[Any], Key]:
    """What finds the key of a token: by its name, or the only one there is where it names none."""

    def choose(signed: Any) -> Key:
        name = signed.headers().get("kid")
        fitting = [key for key in keys if key.kid == name] if name is not None else list(keys)
        if len(fitting) != 1:
            raise _NoSuchKey
        return fitting[0]

    return choose


def _key(raw: object) -> Key | None:
    """A public key; None for one that signs nothing, or that is of an unknown kind."""
    if not isinstance(raw, dict) or raw.get("use", "sig") != "sig" or raw.get("kty") == "oct":
        return None
    try:
        return JWKRegistry.import_key(raw)
    except (JoseError, ValueError, KeyError, TypeError):
        return None


def _json_at(address: str) -> dict[str, Any]:
    try:
        with requests.get(address, timeout=_SECONDS, allow_redirects=False, stream=True) as response:
            if response.status_code != 200:
                raise _Refused(f"it answers with {response.status_code}")
            content = b""
            for part in response.iter_content(16 * 1024):
                content += part
                if len(content) > _LARGEST:
                    raise _Refused("its answer is too large")
        found = json.loads(content)
    except ValueError:
        raise _Refused("its answer is no JSON") from None
    if not isinstance(found, dict):
        raise _Refused("its answer is no JSON object")
    return found


def _told(provider: Provider, ask: Callable[[], _Found]) -> _Found:
    """What came of asking; what went wrong goes to the log, and to the person in plain words."""
    try:
        return ask()
    except requests.RequestException as error:
        _log.warning("%s cannot be reached: %s", provider.key, error)
        raise SignInFailed(
            _("%(provider)s cannot be reached: try again in a minute", provider=provider.name)
        ) from error
    except _Refused as error:
        _log.warning("What %s answered does not hold: %s", provider.key, error.args[0])
        raise _not_held(provider) from error
    except (AuthlibBaseError, JoseError, ValueError, TypeError, AttributeError) as error:
        # Both libraries read what the provider sent; whatever they stumble over, it does not hold.
        told = getattr(error, "claim_name", None) or getattr(error, "claim", None) or type(error).__name__
        _log.warning("What %s answered does not hold: %s", provider.key, told)
        raise _not_held(provider) from error


def _not_held(provider: Provider) -> SignInFailed:
    return SignInFailed(
        _(
            "What %(provider)s answered does not hold, so nobody was signed in: tell whoever runs this "
            "server",
            provider=provider.name,
        )
    )


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moment(since: object) -> datetime | None:
    if not _is_number(since):
        raise _Refused("its auth_time is no time")
    try:
        return datetime.fromtimestamp(float(since), UTC)
    except (OverflowError, OSError, ValueError):
        raise _Refused("its auth_time is no time") from None
