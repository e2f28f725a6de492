"""Passkeys, as WebAuthn has them: what browsers are asked, and whether their answers hold.

The relying party is the host that the browser used. A passkey is discoverable, so that nobody needs to
type a name; the device verifies its user where it can; no attestation is asked for.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rung.app.ports import NewKey, Passkey, Place
from rung.errors import InvalidInput, SignInFailed
from rung.words import _

__all__ = ["WebAuthnCeremonies"]

_TIMEOUT = 5 * 60 * 1000
"""Milliseconds that the browser gives the person."""
_LONGEST_ID = 1023
"""Bytes of a credential's id: the most that WebAuthn allows."""
_LONGEST_KEY = 4096
"""Bytes of a public key: RSA with 4096 bits has an eighth of it."""


class WebAuthnCeremonies:
    """Speaks with browsers about passkeys, in the JSON of WebAuthn."""

    def creation(
        self, place: Place, challenge: bytes, handle: bytes, name: str, known: Sequence[bytes]
    ) -> dict[str, object]:
        """What a browser needs to make a passkey, on no authenticator that has one of those known."""
        options = generate_registration_options(
            rp_id=place.host,
            rp_name="Rung",
            user_id=handle,
            user_name=name,
            challenge=challenge,
            timeout=_TIMEOUT,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=_descriptors(known),
        )
        return _as_dict(options_to_json(options))

    def request(self, place: Place, challenge: bytes, allowed: Sequence[bytes]) -> dict[str, object]:
        """What a browser needs to use a passkey: one of those allowed, or any where none is named."""
        options = generate_authentication_options(
            rp_id=place.host,
            challenge=challenge,
            timeout=_TIMEOUT,
            allow_credentials=_descriptors(allowed),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return _as_dict(options_to_json(options))

    def created(self, place: Place, challenge: bytes, answer: Mapping[str, object]) -> NewKey:
        """The key in a browser's answer; `InvalidInput` where the answer does not hold."""
        try:
            found = verify_registration_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=place.host,
                expected_origin=place.origin,
            )
        except Exception as error:
            # The library reads bytes of a stranger, and what they can make it raise has no end.
            raise _unusable() from error
        if len(found.credential_id) > _LONGEST_ID or len(found.credential_public_key) > _LONGEST_KEY:
            raise _unusable()
        return NewKey(found.credential_id, found.credential_public_key, found.sign_count)

    def id_in(self, answer: Mapping[str, object]) -> bytes:
        """Which passkey an answer says it is of; `SignInFailed` where it says none."""
        return _bytes(answer.get("rawId"))

    def used(
        self, place: Place, challenge: bytes, answer: Mapping[str, object], passkey: Passkey, handle: bytes
    ) -> int:
        """The sign count after a use that holds; `SignInFailed` where it does not."""
        try:
            found = verify_authentication_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=place.host,
                expected_origin=place.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
            )
        except Exception as error:
            # As above.
            raise _refused() from error
        if found.credential_id != passkey.id:
            raise _refused()
        response = answer.get("response")
        told = response.get("userHandle") if isinstance(response, Mapping) else None
        if told and _bytes(told) != handle:
            raise _refused()
        return found.new_sign_count


def _descriptors(ids: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=key_id) for key_id in ids]


def _as_dict(text: str) -> dict[str, object]:
    read: dict[str, object] = json.loads(text)
    return read


def _bytes(text: object) -> bytes:
    if not isinstance(text, str) or len(text) > 2 * _LONGEST_ID:
        raise _refused()
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _refused() from None


def _refused() -> SignInFailed:
    return SignInFailed(_("This passkey does not open anything here"))


def _unusable() -> InvalidInput:
    return InvalidInput(_("What your device sent is not a passkey that Rung can use: try once more"))
