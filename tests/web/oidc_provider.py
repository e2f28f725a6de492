"""A provider of OpenID Connect as a process of its own, which prints its address and serves.

It keeps to the book: a page to sign in on, codes that are good once and for their client, redirect and
verifier (PKCE), keys that change, a session of its own so that whoever comes again is not asked. What it does
wrong, it does because a test told it to by POST /control.
"""

import base64
import hashlib
import hmac
import html
import json
import secrets
import threading
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "rung-client", "a secret that Rung and the provider share"


class Provider:
    """What it knows, and how it is told to behave."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.lock = threading.Lock()
        self.codes: dict[str, dict[str, str]] = {}
        self.sessions: dict[str, tuple[str, int]] = {}
        self.told: dict[str, Any] = {}
        self.asked: list[str] = []
        self.keys = [self.new_key()]

    def new_key(self) -> RSAKey | ECKey:
        name = self.told.get("kid") or secrets.token_hex(4)
        if self.told.get("curve"):
            return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})
        return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})

    def control(self, told: dict[str, Any]) -> None:
        """Behave like this from now on."""
        self.told = told
        if told.get("rotate"):
            self.keys = [self.new_key()]

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.told.get("document_issuer", self.address),
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": self.told.get("token_endpoint", f"{self.address}/token"),
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/end-session",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": self.told.get("methods", ["client_secret_basic"]),
            "authorization_response_iss_parameter_supported": True,
        }

    def jwks(self) -> dict[str, Any]:
        unknown = {"kty": "future", "kid": "x"}
        return {"keys": [unknown, *(key.as_dict(private=False) for key in self.keys)]}

    def code_for(self, asked: dict[str, str], user: str, since: int) -> str:
        code = secrets.token_urlsafe(16)
        with self.lock:
            self.codes[code] = {**asked, "user": user, "since": str(since)}
        return code

    def token(self, form: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(form.get("code_verifier", ""))
        client, secret = self.client(form, basic)
        with self.lock:
            given = self.codes.pop(form.get("code", ""), None)
        if (client, secret) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if given is None or given.get("redirect_uri") != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_proved = encoded(digest) == given.get("code_challenge")
        if given.get("code_challenge_method") != "S256" or not is_proved:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        found = {"access_token": access, "token_type": "Bearer", "expires_in": 60}
        return 200, {**found, "id_token": self.signed(self.claims(given, access))}

    def client(self, form: dict[str, str], basic: str) -> tuple[str, str]:
        if basic.startswith("Basic "):
            name, _colon, secret = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")
            return unquote(name.replace("+", " ")), unquote(secret.replace("+", " "))
        return form.get("client_id", ""), form.get("client_secret", "")

    def claims(self, given: dict[str, str], access: str) -> dict[str, Any]:
        now = int(time.time())
        half = encoded(hashlib.sha256(access.encode()).digest()[:16])
        claims = {
            "iss": self.address,
            "sub": f"subject of {given['user']}",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": given.get("nonce"),
            "at_hash": half,
            "preferred_username": given["user"],
            "email": f"{given['user']}@example.org",
            "auth_time": int(given["since"]),
        }
        claims |= self.told.get("claims", {})
        for name, seconds in self.told.get("shift", {}).items():
            claims[name] = now + seconds
        return {name: value for name, value in claims.items() if value is not None}

    def signed(self, claims: dict[str, Any]) -> str:
        method = self.told.get("signs", "")
        key: Any = self.keys[0]
        header = {"alg": "ES256" if isinstance(key, ECKey) else "RS256", "kid": key.kid}
        if method == "none":
            return f"{written({'alg': 'none', 'kid': key.kid}, claims)}."
        if method == "secret":
            return jwt.encode({"alg": "HS256", "kid": key.kid}, claims, OctKey.import_key(SECRET))
        if method == "public key as secret":
            signed = written({"alg": "HS256", "kid": key.kid}, claims)
            mark = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
            return f"{signed}.{encoded(mark)}"
        if method == "another key":
            return jwt.encode(header, claims, RSAKey.generate_key(2048))
        if method == "unnamed":
            del header["kid"]
        return jwt.encode(header, claims, key)


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def written(*parts: dict[str, Any]) -> str:
    return ".".join(encoded(json.dumps(part).encode()) for part in parts)


def page(words: str) -> str:
    return f"<!doctype html><html lang=en><title>Example</title><body><h1>Example</h1>{words}</body></html>"


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        path, given = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if path == "/.well-known/openid-configuration":
            self.answer(self.provider.told.get("status", 200), self.provider.document())
        elif path == "/jwks":
            self.answer(200, self.provider.jwks())
        elif path == "/authorize":
            self.authorize(given)
        elif path == "/asked":
            self.answer(200, {"verifiers": self.provider.asked})
        elif path == "/end-session":
            self.show(200, page("<p>You are signed out here."))
        else:
            self.answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        path = urlsplit(self.path).path
        if path == "/control":
            self.provider.control(json.loads(body))
            self.answer(200, {})
        elif path == "/token":
            self.answer(*self.provider.token(dict(parse_qsl(body)), self.headers.get("authorization", "")))
        elif path == "/login":
            form = dict(parse_qsl(body))
            self.signed_in(form, form.pop("user"), int(time.time()), secrets.token_urlsafe(8))
        else:
            self.answer(404, {})

    def authorize(self, asked: dict[str, str]) -> None:
        if asked.get("client_id") != CLIENT or asked.get("response_type") != "code":
            self.answer(400, {"error": "invalid_request"})
            return
        if self.provider.told.get("denies"):
            self.back(asked, {"error": "access_denied", "error_description": "<b>not you</b>"})
            return
        cookie = SimpleCookie(self.headers.get("cookie", "")).get("example")
        known = self.provider.sessions.get(cookie.value) if cookie else None
        if known and cookie and asked.get("prompt") != "login":
            self.signed_in(asked, *known, cookie.value)
            return
        hidden = "".join(
            f'<input type=hidden name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in asked.items()
        )
        words = "<label>Your name <input name=user required></label><button>Sign in</button>"
        self.show(200, page(f"<form method=post action=/login>{hidden}{words}</form>"))

    def signed_in(self, asked: dict[str, str], user: str, since: int, session: str) -> None:
        self.provider.sessions[session] = (user, since)
        self.back(asked, {"code": self.provider.code_for(asked, user, since)}, session)

    def back(self, asked: dict[str, str], answer: dict[str, str], session: str = "") -> None:
        told = {**answer, "state": asked.get("state", ""), "iss": self.provider.address}
        told |= self.provider.told.get("answer", {})
        told = {name: value for name, value in told.items() if value is not None}
        self.send_response(303)
        if session:
            self.send_header("set-cookie", f"example={session}; HttpOnly; SameSite=Lax; Path=/")
        self.send_header("location", f"{asked['redirect_uri']}?{urlencode(told)}")
        self.send_header("content-length", "0")
        self.end_headers()

    def answer(self, status: int, content: dict[str, Any]) -> None:
        self.send(status, json.dumps(content).encode(), "application/json")

    def show(self, status: int, text: str) -> None:
        self.send(status, text.encode(), "text/html; charset=utf-8")

    def send(self, status: int, content: bytes, media_type: str) -> None:
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("location", f"{self.provider.address}/jwks")
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the test has what it needs."""


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.provider = Provider(f"http://localhost:{server.server_port}")
    print(Handler.provider.address, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
