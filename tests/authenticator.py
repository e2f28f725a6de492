"""An authenticator in software, as WebAuthn wants it: what tests of passkeys sign in with."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from rung.app.accounts.passkeys import Ceremony
from rung.app.ports import Place

__all__ = ["HERE", "Authenticator"]

HERE = Place("localhost", "http://localhost:8000")


@dataclass
class Authenticator:
    """One passkey on one device."""

    place: Place = HERE
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    count: int = 0
    counts: bool = True
    """False for one that always says 0, as those do that are kept in step over many devices."""

    def make(self, ceremony: Ceremony) -> dict[str, Any]:
        """The browser's answer to a ceremony in which a passkey is made."""
        options: Any = ceremony.options
        self.handle = _bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public_key = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        credential = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(public_key)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._told(0x45) + credential}
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options["challenge"]),
            attestationObject=cbor2.dumps(attestation),
        )

    def use(self, ceremony: Ceremony) -> dict[str, Any]:
        """The browser's answer to a ceremony in which the passkey is used."""
        options: Any = ceremony.options
        self.count += self.counts
        client, told = self._client("webauthn.get", options["challenge"]), self._told(0x05)
        signed = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=client, authenticatorData=told, signature=signed, userHandle=self.handle
        )

    def _told(self, flags: int) -> bytes:
        return hashlib.sha256(self.place.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.place.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        return {
            "id": _text(self.id),
            "rawId": _text(self.id),
            "type": "public-key",
            "response": {name: _text(part) for name, part in parts.items()},
        }


def _text(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
