"""How answers are given: tables for people, JSON for programs, files that are named beforehand."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rung import Estimate

__all__ = ["file_option", "percent", "print_json", "print_table", "signed", "spread"]

_Command = TypeVar("_Command", bound=Callable[..., Any])


def file_option(
    *names: str, metavar: str, told: str, required: bool = False
) -> Callable[[_Command], _Command]:
    """An option for a file to write; whether its folder can be written to is told before the work."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option(
        *names, type=kind, metavar=metavar, callback=_in_a_folder, required=required, help=told
    )


def _in_a_folder(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not os.access(path.resolve().parent, os.W_OK):
        raise click.BadParameter(
            f"{path.parent} is no folder that can be written to; make it, or name another"
        )
    return path


def print_json(content: object) -> None:
    """Print as JSON; named tuples become objects."""
    click.echo(json.dumps(_plain(content), indent=2, ensure_ascii=False))


def _plain(content: Any) -> Any:
    if hasattr(content, "_asdict"):
        return _plain(content._asdict())
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    return content


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int) -> None:
    """Print rows under headings; columns from `numbers_from` on are aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = list(rows)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, heading in enumerate(headings):
        right = place >= numbers_from
        width = None if right else min(12, max(len(row[place]) for row in cells) if cells else 0)
        table.add_column(heading, justify="right" if right else "left", overflow="fold", min_width=width)
    for row in cells:
        table.add_row(*map(Text, row))
    # Into a file or a pipe a table is as wide as it needs to be: nothing is folded or cut off.
    console = Console() if sys.stdout.isatty() else Console(width=1000)
    console.print(table)


def percent(chance: float) -> str:
    """A chance as a whole number of a hundred."""
    return f"{100 * chance:.0f}"


def spread(estimate: Estimate) -> str:
    """A chance with its interval, of a hundred; a dash where there is not enough data yet."""
    if estimate.missing is not None:
        return "-"
    return f"{percent(estimate.mean)} ({percent(estimate.low)}-{percent(estimate.high)})"


def signed(number: float) -> str:
    """A number with its sign."""
    return f"{number:+.2f}"
