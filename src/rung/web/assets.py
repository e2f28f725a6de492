"""Static files: read once, served under a name that holds their hash, so that browsers keep them for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources

__all__ = ["Asset", "Assets"]

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    url: str
    content: bytes
    media_type: str
    packed: bytes
    """The same with gzip; empty where that saves nothing."""


class Assets:
    """Every static file of the package, by its own name and by its hashed one."""

    def __init__(self) -> None:
        folder = resources.files("rung.web") / "static"
        self._by_name = {
            file.name: _asset(file.name, file.read_bytes()) for file in folder.iterdir() if _type(file.name)
        }
        self._by_url = {asset.url: asset for asset in self._by_name.values()}

    def url(self, name: str) -> str:
        """Where a file is served, its hash in the name."""
        return self._by_name[name].url

    def __contains__(self, name: str) -> bool:
        """True where there is a file of this name."""
        return name in self._by_name

    def text(self, name: str) -> str:
        """What a file of text says."""
        return self._by_name[name].content.decode()

    def at(self, url: str) -> Asset | None:
        """The file at a URL, or None."""
        return self._by_url.get(url)


def _asset(name: str, content: bytes) -> Asset:
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:16]
    packed = gzip.compress(content, mtime=0)
    return Asset(
        f"/static/{stem}.{digest}.{suffix}",
        content,
        TYPES[suffix],
        packed if len(packed) < len(content) else b"",
    )


def _type(name: str) -> str | None:
    return TYPES.get(name.rpartition(".")[2])
