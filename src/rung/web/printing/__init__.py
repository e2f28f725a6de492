"""Pages on paper: what a view says, set on one page by Typst, with selectable text, tags, and fonts inside.

The words come in as data and are never markup. The fonts that lie beside this module hold Latin, Greek,
Cyrillic, Arabic and Hebrew letters; what they lack is taken from the fonts of the server, where it has
some. Typst opens no connection and reads nothing but this folder and fonts.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock

import typst
from babel.core import get_global

from rung.web.views.sheet import SheetView
from rung.words import _, speech

__all__ = ["LETTER", "paper_of", "sheet_pdf"]

LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
"""Countries that print on Letter (CLDR, paperSize); all others take A4."""

_HERE = Path(__file__).parent
_compiling = Lock()


def paper_of(country: str) -> str:
    """The paper of the reader: by their time zone where it tells the country, else by that of the server."""
    found = get_global("zone_territories").get(speech().zone, country)
    return "us-letter" if found in LETTER else "a4"


def sheet_pdf(view: SheetView, country: str, made_at: datetime) -> bytes:
    """A session sheet as a PDF, on one page wherever that can be."""
    said = {
        "title": _("%(name)s: session sheet", name=view.name),
        "over": _("Session sheet"),
        "name": view.name,
        "period": view.period,
        "not-shared": view.not_shared,
        "empty": view.empty,
        "made": view.made,
        "foot": _("Rung is practice, not treatment, and it diagnoses nothing."),
        "lang": speech().language.code,
        "rtl": speech().language.direction == "rtl",
        "paper": paper_of(country),
        "parts": [_part(asdict(part)) for part in view.parts],
    }
    return _compiled(json.dumps(said, ensure_ascii=False), made_at)


def _part(part: dict[str, object]) -> dict[str, object]:
    table = part["table"]
    if isinstance(table, dict):
        part["table"] = {"heads": table["heads"], "rows": table["lines"]}
    return part


def _compiled(said: str, made_at: datetime) -> bytes:
    """The page; for everybody's reading software (PDF/UA-1) where every letter has a font."""
    with _compiling:
        try:
            return _pdf(said, made_at, ["ua-1"])
        except typst.TypstError:
            return _pdf(said, made_at, [])


def _pdf(said: str, made_at: datetime, standards: list[typst.PDFStandard]) -> bytes:
    made = _compiler().compile(
        input=_HERE / "sheet.typ",
        format="pdf",
        sys_inputs={"sheet": said},
        pdf_standards=standards,
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=_HERE, font_paths=[_HERE / "fonts"])
