"""Put a comparison of policies into planning.md: rung simulate plan --people 200 --json > planned.json, then
python docs/planned.py planned.json

A table stands between a mark such as `<!-- days -->` and `<!-- end -->`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent / "planning.md"
EVERY = "every scene"
OWN = ("Rung", "Rung, no bridges", "Rung, step alone")


class Planned:
    """What `rung simulate plan --json` has printed."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.scenes = [name for name, _ in found["scenes"]]
        self.policies = [name for name, _, _ in found["policies"]]
        self.own = [name for name in OWN if name in self.policies]
        self.marks = found["marks"]
        self.people, self.seed = found["people"], found["seed"]
        self._rows = {(row["scene"], row["policy"]): row for row in found["rows"]}

    def days(self, scene: str, policy: str) -> str:
        """Days with their interval."""
        days = self._rows[scene, policy]["days"]
        return f"{days['value']:.1f} ({days['low']:.0f}–{days['high']:.0f})"

    def ratio(self, scene: str, policy: str, against: str) -> str:
        """Days for one of the best rule's, or of the oracle's."""
        return _ratio(self._rows[scene, policy][against])

    def best(self, scene: str) -> str:
        """The rule with the fewest days."""
        rules = [row for (place, _), row in self._rows.items() if place == scene and row["role"] == "rule"]
        return str(min(rules, key=lambda row: float(row["days"]["value"]))["policy"])

    def row(self, policy: str) -> dict[str, Any]:
        """Means over scenes."""
        row: dict[str, Any] = self._rows[EVERY, policy]
        return row


def _ratio(number: dict[str, float]) -> str:
    text = f"{number['value']:.2f} ({number['low']:.2f}–{number['high']:.2f})"
    return re.sub(r"\b0\.", ".", text)


def days(planned: Planned) -> str:
    """Scene by scene."""
    heads = ("", "best rule", "its days", "Rung", "of the best rule's", "oracle", "of the oracle's")
    rows: list[tuple[str, ...]] = []
    for scene in (*planned.scenes, EVERY):
        best, oracle = planned.best(scene), planned.days(scene, "oracle")
        against = [planned.ratio(scene, "Rung", f"against_{one}") for one in ("rival", "oracle")]
        own = f"**{planned.days(scene, 'Rung')}**"
        rows.append((scene, best, planned.days(scene, best), own, against[0], oracle, against[1]))
    return _table(heads, rows)


def marks(planned: Planned) -> str:
    """What was to be reached, by Rung and by Rung without parts."""
    aims = list(dict.fromkeys((mark["aim"], _place(mark)) for mark in planned.marks))
    told = {(mark["policy"], mark["aim"], _place(mark)): mark for mark in planned.marks}
    rows: list[tuple[str, ...]] = []
    for aim, place in aims:
        own = [told[policy, aim, place] for policy in planned.own]
        where = f"{aim}{f'; {place}' if place else ''}"
        rows.append((where, f"{own[0]['bound']:.2f}", *map(_verdict, own)))
    return _table(("", "at most", *planned.own), rows)


def _place(mark: dict[str, Any]) -> str:
    """The scene of a mark that is of one scene from the outset."""
    return str(mark["where"]) if "a quarter fewer" in mark["aim"] else ""


def _verdict(mark: dict[str, Any]) -> str:
    reached = "reached" if mark["is_reached"] else "**missed**"
    where = "" if "a quarter" in mark["aim"] or "average" in mark["aim"] else f", {mark['where']}"
    return f"{_ratio(mark['value'])} {reached}{', open' if mark['is_open'] else ''}{where}"


def parts(planned: Planned) -> str:
    """Rung without parts, scene by scene, beside what compares with it."""
    names = (*planned.own, "hardest tolerable, helped")
    rows = [
        (
            scene,
            *(planned.days(scene, name) for name in names),
            planned.ratio(scene, OWN[-1], "against_rival"),
        )
        for scene in (*planned.scenes, EVERY)
    ]
    return _table(("", *names, "step alone, of the best rule's"), rows)


def outcomes(planned: Planned) -> str:
    """Everything else, as means over scenes."""
    heads = (
        "",
        "days",
        "at the goal",
        "gave up",
        "tried",
        "let pass",
        "sure",
        "works",
        "off",
        "lowest tenth",
    )
    rows: list[tuple[str, ...]] = []
    for name in planned.policies:
        row = planned.row(name)
        counts = [f"{row[column]['value']:.1f}" for column in ("attempts", "passed")]
        shares = [
            f"{100 * row[column]['value']:.0f}"
            for column in ("arrived", "gave_up", "efficacy", "chance", "off", "worst_efficacy")
        ]
        rows.append((name, planned.days(EVERY, name), *shares[:2], *counts, *shares[2:]))
    return _table(heads, rows)


def beside(planned: Planned) -> str:
    """How often what was advised beside the step."""
    rows: list[tuple[str, ...]] = []
    for name in planned.policies:
        said = planned.row(name)["advised"]
        if any(said.values()):
            rows.append((name, *(f"{100 * share:.0f}" for share in said.values())))
    return _table(("of 100 days on the way", "a model", "an assurance", "the heartbeat", "a bridge"), rows)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


TABLES = {
    "days": days,
    "marks": marks,
    "parts": parts,
    "outcomes": outcomes,
    "beside": beside,
}


def main(file: str) -> None:
    """Renew the page."""
    planned = Planned(json.loads(Path(file).read_text("utf-8")))
    page = PAGE.read_text("utf-8")
    for name, table in TABLES.items():
        before, rest = page.split(f"<!-- {name} -->\n", 1)
        _, after = rest.split("<!-- end -->", 1)
        page = f"{before}<!-- {name} -->\n{table(planned)}<!-- end -->{after}"
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
