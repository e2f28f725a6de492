"""`rung mcp`: Rung for an assistant, by the Model Context Protocol over standard input and output."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rung.errors import InvalidInput, MissingExtra

__all__ = ["mcp_command"]

_LONGEST = 1000
"""Bytes of a file with a token, beyond which it is none."""


@click.command("mcp")
@click.option("--url", default="http://localhost:8000", show_default=True, help="Where Rung answers.")
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that holds the token and nothing else, instead of RUNG_TOKEN.",
)
@click.option("--write", is_flag=True, help="Offer what changes something, too, as far as the token allows.")
@click.option(
    "--calls",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where each call is noted.  [default: ~/.local/state/rung/calls.jsonl]",
)
def mcp_command(url: str, token_file: Path | None, write: bool, calls: Path | None) -> None:
    """Let an assistant read ladders and evidence, and with --write log and plan.

    It acts with a token that a person makes under You, Programs, for the scopes and ladders that they choose.
    Each call is noted, with ids and without words. It speaks the Model Context Protocol over standard input
    and output: an assistant starts it.

    \b
    Examples
      RUNG_TOKEN=rung_... rung mcp
      rung mcp --url https://rung.example.org --token-file ~/.config/rung/token
      rung mcp --token-file ~/.config/rung/token --write --calls calls.jsonl
    """
    try:
        from rung.mcp import Calls, assistant_server
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "rung":
            raise
        raise MissingExtra("An assistant", "mcp") from error
    from rung.client import Client

    client = Client(url, _token(token_file))
    assistant_server(client, Calls(calls or _state() / "rung" / "calls.jsonl"), write=write).run()


def _token(path: Path | None) -> str:
    """What the assistant acts with."""
    if path is None:
        token = os.environ.get("RUNG_TOKEN", "")
    else:
        try:
            with path.expanduser().open("rb") as file:
                token = file.read(_LONGEST).decode("ascii")
        except OSError as error:
            raise InvalidInput(f"The token cannot be read from {path}: {error.strerror}") from error
        except UnicodeDecodeError:
            raise InvalidInput(f"{path} holds no token: it begins with rung_") from None
    if not token.strip():
        raise InvalidInput(
            "There is no token: make one under You, Programs, and give it by RUNG_TOKEN or --token-file"
        )
    return token.strip()


def _state() -> Path:
    """Where programs keep what they did (XDG base directories)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
