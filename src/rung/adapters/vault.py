"""Free text, encrypted at rest with AES-256-GCM, each text bound to its place.

    sealed = version (1 byte) | key id (4) | nonce (12) | ciphertext and tag
    key id = first 4 bytes of SHA-256("rung key id" | key)

The place (table, column, row, person) is the associated data: a sealed text moved to another row does
not open. Keys rotate: the first key of the file seals, every key of the file opens. Nonces are random;
a key is good for 2^32 of them (NIST SP 800-38D, section 8.3), far beyond what one server writes.

The key file holds one key a line (32 bytes in base64), readable by its owner alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rung.errors import SealBroken, StoreUnavailable

__all__ = ["KEY_FILE", "AesVault", "key_id_in", "new_key", "read_key_file", "read_keys", "write_key_file"]

KEY_FILE = "secret.key"

_VERSION = b"\x01"
_ID_SIZE = 4
_NONCE_SIZE = 12
_KEY_SIZE = 32
_TAG_SIZE = 16


class AesVault:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != _KEY_SIZE for key in keys):
            raise StoreUnavailable(f"The vault needs at least one key, each of {_KEY_SIZE} bytes")
        self._keys = tuple(keys)
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])

    @property
    def key_ids(self) -> frozenset[bytes]:
        """By what a sealed text names its key: one id for every key at hand."""
        return frozenset(self._ciphers)

    @property
    def head(self) -> bytes:
        """How every text begins that is sealed now: by version and key."""
        return _VERSION + self._current

    @property
    def newest(self) -> AesVault:
        """A vault with the key that seals, and no older one."""
        return AesVault(self._keys[:1])

    @property
    def count(self) -> int:
        """How many keys are at hand."""
        return len(self._keys)

    def seal(self, text: str, place: str) -> bytes:
        """Encrypt a text, bound to its place."""
        nonce = secrets.token_bytes(_NONCE_SIZE)
        head = self.head
        ciphertext = self._ciphers[self._current].encrypt(nonce, text.encode(), head + place.encode())
        return head + nonce + ciphertext

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt a text; `SealBroken` where key, place or bytes are not those it was sealed with."""
        head, rest = sealed[: 1 + _ID_SIZE], sealed[1 + _ID_SIZE :]
        cipher = self._ciphers.get(head[1:])
        if head[:1] != _VERSION or cipher is None or len(rest) < _NONCE_SIZE:
            raise SealBroken("A text was sealed with a key that is not at hand: put back its key file")
        try:
            opened = cipher.decrypt(rest[:_NONCE_SIZE], rest[_NONCE_SIZE:], head + place.encode())
        except InvalidTag:
            raise SealBroken(
                "A sealed text was changed or moved: restore the database from a backup"
            ) from None
        return opened.decode()

    def fingerprints(self, text: str, purpose: str) -> tuple[bytes, ...]:
        """Keyed digests to find a text by without storing it: with today's key, then with older ones."""
        return tuple(_digest(key, purpose, text) for key in self._keys)


def key_id_in(stored: bytes) -> bytes | None:
    """The id of the key that stored bytes name, if they are a sealed text; None where they cannot be.

    >>> key_id_in(b"\x01abcd" + bytes(28)), key_id_in(bytes(32))
    (b'abcd', None)
    """
    if stored[:1] != _VERSION or len(stored) < 1 + _ID_SIZE + _NONCE_SIZE + _TAG_SIZE:
        return None
    return bytes(stored[1 : 1 + _ID_SIZE])


def new_key() -> str:
    """A fresh key, as a line of the key file."""
    return base64.b64encode(secrets.token_bytes(_KEY_SIZE)).decode()


def read_keys(text: str, source: str) -> tuple[bytes, ...]:
    """The keys in a text, one a line (or separated by spaces), the one that seals first."""
    try:
        keys = tuple(base64.b64decode(word, validate=True) for word in text.split())
    except binascii.Error:
        keys = ()
    if not keys or any(len(key) != _KEY_SIZE for key in keys):
        raise StoreUnavailable(f"{source} holds no proper key: each must be {_KEY_SIZE} bytes in base64")
    return keys


def read_key_file(path: Path) -> tuple[bytes, ...]:
    """The keys of a file, which must be readable by its owner alone."""
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise StoreUnavailable(f"{path} can be read by others: run chmod 600 {path}")
        return read_keys(path.read_text(encoding="ascii"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise StoreUnavailable(f"{path} cannot be read: {error}") from error


def write_key_file(path: Path) -> None:
    """Make a key file with a fresh key, unless another process was faster."""
    try:
        _write_and_link(path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}"), path)
    except OSError as error:
        raise StoreUnavailable(
            f"{path} cannot be written ({error.strerror}): let Rung write into this folder"
        ) from error


def _write_and_link(draft: Path, path: Path) -> None:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        _link_unless_there(draft, path)
    finally:
        draft.unlink()


def _link_unless_there(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name in the folder survive a power cut: without its key the data would be lost."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"rung key id" + key).digest()[:_ID_SIZE]


def _digest(key: bytes, purpose: str, text: str) -> bytes:
    # A key of its own for digests: what seals is used for nothing else.
    digest_key = hmac.digest(key, b"rung fingerprint", "sha256")
    message = purpose.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
    return hmac.digest(digest_key, message, "sha256")
