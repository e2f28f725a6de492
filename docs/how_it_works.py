"""Make the pictures and the numbers of how-it-works.md anew: python docs/how_it_works.py

Each picture is the chart of the page "How this works" with one lever moved, and its colours put into it. The
same code gives the same pictures; a test tells when one is not in step.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from rung.app.showing import PEOPLE, Levers
from rung.web.views.showing import LeverView, month_picture, showing_view

PAGE = Path(__file__).with_name("how-it-works.md")
PICTURES = Path(__file__).with_name("how-it-works")
ENDS = {
    "dial": (Levers(dial=50), Levers(dial=90)),
    "attribution": (Levers(attribution=0), Levers(attribution=100)),
    "similarity": (Levers(similarity=30), Levers(similarity=90, coping=True)),
    "credibility": (Levers(credibility=30), Levers(credibility=100)),
    "reappraisal": (Levers(reappraisal=0), Levers(reappraisal=100)),
}
"""Where each lever stands in its two pictures; the others are at rest."""
CLASSES = {
    "rung.css": ("d-band", "d-grid", "d-line", "d-thread", "d-full"),
    "showing.css": ("d-works", "d-rest"),
}
COLOURS = ("ink-soft", "paper", "line", "edge", "belief", "band", "mark")


def pictures() -> dict[str, str]:
    """Every picture by its name."""
    return {
        f"{name}-{end}.svg": _picture(levers)
        for name, pair in ENDS.items()
        for end, levers in zip(("low", "high"), pair, strict=True)
    }


def in_step(page: str) -> str:
    """The page with its generated part renewed."""
    told = "\n".join(_section(lever) for lever in showing_view(Levers()).levers)
    rest = f"At rest: {_facts(Levers())}.\n"
    return re.sub(
        r"(<!-- levers -->\n).*?(<!-- end -->)", rf"\g<1>{rest}\n{told}\g<2>", page, flags=re.DOTALL
    )


def _picture(levers: Levers) -> str:
    drawn = str(month_picture(levers, showing_view(levers).summary))
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        "<title", f"<style>{_style()}</style><title", 1
    )


def _style() -> str:
    light, _, dark = _sheet("tokens.css").partition("@media")
    rules = [_rule(sheet, name) for sheet, names in CLASSES.items() for name in names]
    text = "svg{background:var(--paper)}text{fill:var(--ink-soft);font:12px sans-serif}"
    both = f":root{{{_colours(light)}}}@media(prefers-color-scheme:dark){{:root{{{_colours(dark)}}}}}"
    return f"{both}{text}{''.join(rules)}"


def _sheet(name: str) -> str:
    return (files("rung.web") / "static" / name).read_text("utf-8")


def _rule(sheet: str, name: str) -> str:
    """What a sheet says of a class, on one line."""
    head = rf"^(?:\.[\w-]+,\n)*\.{name}(?:,\n\.[\w-]+)*"
    found = re.findall(rf"{head} {{(.*?)}}", _sheet(sheet), re.DOTALL | re.MULTILINE)
    return f".{name}{{{' '.join(' '.join(found).split())}}}"


def _colours(css: str) -> str:
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))
    return "".join(f"--{name}:{found[name]};" for name in COLOURS)


def _section(lever: LeverView) -> str:
    low, high = (_place(lever, levers) for levers in ENDS[lever.name])
    summaries = [showing_view(levers).summary for levers in ENDS[lever.name]]
    images = [
        f"![{summary}](how-it-works/{lever.name}-{end}.svg)"
        for summary, end in zip(summaries, ("low", "high"), strict=True)
    ]
    facts = [_facts(levers) for levers in ENDS[lever.name]]
    return (
        f"## {lever.title}\n\n{lever.theory}\n\n*{lever.label}* ({lever.least} = {lever.low}, "
        f"{lever.most} = {lever.high}). {lever.picture}\n\n"
        f"| {low} | {high} |\n| --- | --- |\n| {' | '.join(images)} |\n| {' | '.join(facts)} |\n\n"
        f"{lever.ours}\n"
    )


def _place(lever: LeverView, levers: Levers) -> str:
    return f"at {getattr(levers, lever.name)}{', struggled at first' if levers.coping else ''}"


def _facts(levers: Levers) -> str:
    view = showing_view(levers)
    last = view.table.lines[-1]
    told = [f"{words.lower()}: {value.split(' ')[0]}" for words, value in view.facts]
    return "; ".join([f"after the month {last[1]} sure, a try works {last[4]} times in 100", *told])


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, svg in pictures().items():
        (PICTURES / name).write_text(svg + "\n", "utf-8")
    PAGE.write_text(in_step(PAGE.read_text("utf-8")), "utf-8")
    print(f"{len(pictures())} pictures of {PEOPLE} made-up people")
