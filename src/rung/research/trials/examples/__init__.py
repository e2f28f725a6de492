"""Designs to start from, as files: each says which study it is like."""

from __future__ import annotations

from importlib.resources import files

from rung.errors import NotFound

__all__ = ["example", "names"]


def names() -> list[str]:
    """Their names, in order."""
    found = [file.name for file in files(__name__).iterdir() if file.name.endswith(".toml")]
    return sorted(name.removesuffix(".toml") for name in found)


def example(name: str) -> str:
    """The text of one of them."""
    if name not in names():
        raise NotFound(f"there is no example {name!r}; there are {', '.join(names())}")
    return files(__name__).joinpath(f"{name}.toml").read_text("utf-8")
