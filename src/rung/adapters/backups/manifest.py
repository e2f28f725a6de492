"""What a backup says of itself: `manifest.json`, and the keyed digest that shows nobody has changed it.

The manifest holds the count and the SHA-256 of every table; `seal.txt` holds a digest of the manifest, made
with the server's own key. So a backup that was damaged, changed or made elsewhere is told before it is used.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from rung.adapters.backups.tables import Kind
from rung.app.ports import Reason, Vault
from rung.errors import InvalidBackup

__all__ = ["FORMAT", "Manifest", "TableEntry", "is_sealed", "release", "seal_of"]

FORMAT = 1
_PURPOSE = "backup manifest"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """What the manifest says of one table."""

    columns: Mapping[str, Kind]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    reason: Reason
    release: str
    """The version of Rung that made it."""
    database: str
    """The kind of database that it was made of; it restores to any."""
    revision: str
    tables: Mapping[str, TableEntry]
    """In the order in which they can be filled."""
    keys: tuple[str, ...]
    """Ids of the keys that its texts were sealed with; the keys themselves are never in a backup."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(entry.rows for entry in self.tables.values())

    @property
    def people(self) -> int:
        """How many accounts it holds."""
        return self.tables["people"].rows if "people" in self.tables else 0

    def to_json(self) -> bytes:
        """The bytes that stand in the file."""
        told = {
            "rung_backup": FORMAT,
            **asdict(self),
            "made_at": self.made_at.astimezone(UTC).isoformat(),
        }
        return json.dumps(told, indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """Read what `to_json` wrote; `InvalidBackup` says what is wrong."""
        try:
            told = json.loads(content)
            form = told["rung_backup"]
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidBackup("This is no backup of Rung") from error
        if form != FORMAT:
            raise InvalidBackup(
                f"The backup has format {form!r}, and this Rung reads format {FORMAT}: "
                "install the version of Rung that made it, or a later one"
            )
        try:
            tables = {
                name: TableEntry(
                    {column: Kind(kind) for column, kind in entry["columns"].items()},
                    int(entry["rows"]),
                    int(entry["bytes"]),
                    str(entry["sha256"]),
                )
                for name, entry in told["tables"].items()
            }
            return cls(
                datetime.fromisoformat(told["made_at"]).astimezone(UTC),
                Reason(told["reason"]),
                str(told["release"]),
                str(told["database"]),
                str(told["revision"]),
                tables,
                tuple(map(str, told["keys"])),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidBackup("The backup is damaged: its manifest cannot be read") from error


def release() -> str:
    """The version of this Rung."""
    return version("rung")


def seal_of(vault: Vault, manifest: bytes) -> bytes:
    """The keyed digest of a manifest."""
    return vault.fingerprints(manifest.decode(), _PURPOSE)[0].hex().encode()


def is_sealed(vault: Vault, manifest: bytes, seal: bytes) -> bool:
    """True where one of the keys at hand made this seal for this manifest."""
    try:
        made = vault.fingerprints(manifest.decode(), _PURPOSE)
    except UnicodeDecodeError:
        return False
    return any(hmac.compare_digest(one.hex().encode(), seal.strip()) for one in made)
