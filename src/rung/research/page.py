"""What every page of a report begins with and has in common: nothing loaded, nothing that runs."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from rung.research.figures import Figure

__all__ = ["END", "figures_of", "opening"]

END = "</main>\n</body>\n</html>\n"
_OPENING = """\
<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{css}</style>
</head>
<body>
<main>
<h1>{title}</h1>
"""


def opening(title: str, *packages: str) -> str:
    """All up to the heading; `packages` have a `report.css` of their own."""
    css = "".join(
        files(package).joinpath("report.css").read_text("utf-8") for package in ("rung.research", *packages)
    )
    return _OPENING.replace("{css}", css).replace("{title}", escape(title))


def figures_of(shown: Iterable[Figure]) -> str:
    """Pictures beside each other, each with its heading and its words."""
    drawn = "".join(
        f"<figure{' class=tall' if figure.is_tall else ''}><h4>{escape(figure.heading)}</h4>\n{figure.svg}\n"
        f"<figcaption>{escape(figure.words)}</figcaption></figure>\n"
        for figure in shown
    )
    return f'<div class="figures">\n{drawn}</div>\n'
