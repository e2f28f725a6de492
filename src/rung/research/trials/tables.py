"""What a planned trial says, as sentences and as the rows of tables, on the terminal and in the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rung.research.labels import number_text
from rung.research.trials.results import Contrast, Planned, Share, Sizing

__all__ = ["Table", "day_text", "lead", "primary_contrast", "primary_sizings", "share_text", "tables"]


class Table(NamedTuple):
    """Rows under headings; the first `words` columns are words."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int
    told: str
    """What the columns are."""


def tables(planned: Planned, *, is_brief: bool = False) -> tuple[Table, ...]:
    """All of them, in order; in brief, sample sizes for what is primary alone."""
    sizings = [
        one
        for one in planned.sizings
        if not is_brief or (one.measure, one.day) == (planned.primary, planned.primary_day)
    ]
    return _arms(planned), _readings(planned), _contrasts(planned), _sizings(planned, sizings)


def lead(planned: Planned) -> list[str]:
    """What it comes down to: power at the size of the design, and the size for a power."""
    found = primary_contrast(planned)
    what = f"{found.measure} {_on(found.day)}"
    told = [
        f"With {planned.people} people in an arm, {_of_100(found.power)} such trials find {found.one}"
        f" different from {found.other} on {what}: g = {number_text(found.g, 2)}."
    ]
    if found.adjusted_power is not None:
        told[0] += f" Adjusted for baseline, {_of_100(found.adjusted_power)}."
    sizings = primary_sizings(planned)
    if all(one.formula is None for one in sizings):
        told.append("No sample size is told: these trials do not tell the difference from none.")
        return told
    told += [f"A power of {100 * one.wanted:.0f} % takes {_takes(one)}." for one in sizings]
    half = sizings[0]
    told.append(
        f"If the true difference is three quarters of that, a power of {100 * half.wanted:.0f} % takes"
        f" {_size(half.if_three_quarters)}; if it is half of that, {_size(half.if_half)}."
    )
    return told


def primary_contrast(planned: Planned) -> Contrast:
    """The first two arms on the primary measure and day, by intention to treat."""
    return next(
        one
        for one in planned.contrasts
        if (one.measure, one.day, one.one, one.other) == _primary(planned)
        and one.analysis == "intention to treat"
    )


def primary_sizings(planned: Planned) -> list[Sizing]:
    """What they take, one for each power."""
    return [one for one in planned.sizings if (one.measure, one.day, one.one, one.other) == _primary(planned)]


def _primary(planned: Planned) -> tuple[str, float, str, str]:
    return planned.primary, planned.primary_day, planned.arms[0].name, planned.arms[1].name


def _takes(one: Sizing) -> str:
    text = f"{_size(one.formula)} by formula"
    if one.checked is not None:
        return f"{text}, and as many give {share_text(one.checked)} of 100 in simulated trials"
    return f"{text}, which was not simulated"


def _arms(planned: Planned) -> Table:
    rows = [(arm.name, f"{arm.people:,}", f"{100 * arm.left:.0f}") for arm in planned.arms]
    told = "People who are randomised, and of 100 of them, how many have left by the last day."
    return Table("Arms", ("arm", "people", "left, %"), rows, 1, told)


def _readings(planned: Planned) -> Table:
    names = [arm.name for arm in planned.arms]
    found = {(one.measure, one.day, one.arm): one for one in planned.readings}
    rows = []
    for measure, day in dict.fromkeys((one.measure, one.day) for one in planned.readings):
        own = [found[measure, day, name] for name in names]
        cells = [f"{number_text(one.mean, 3)} ({number_text(one.sd, 3)})" for one in own]
        rows.append((measure, day_text(day), *cells))
    told = "Mean (sd between people) of those who were measured; means over the trials."
    return Table("Measures", ("measure", "day", *names), rows, 1, told)


def _contrasts(planned: Planned) -> Table:
    rows = []
    for one in planned.contrasts:
        cells = [
            number_text(one.g, 2),
            f"{number_text(one.low, 2)} to {number_text(one.high, 2)}",
            share_text(one.power),
            number_text(one.adjusted_g, 2),
            share_text(one.adjusted_power),
        ]
        rows.append((_pair(one), one.measure, one.analysis, day_text(one.day), *cells))
    headings = (
        "difference",
        "measure",
        "who counts",
        "day",
        "g",
        "95 of 100",
        "power, %",
        "adj. g",
        "power, %",
    )
    told = (
        "g: mean of Hedges' g over the trials, and between what it lies in 95 of 100 of them. Power: share of"
        f" trials in which Welch's t test has p ≤ {planned.alpha:g}, with its 95 % interval. Adjusted: for"
        " baseline, by ANCOVA."
    )
    return Table("Differences", headings, rows, 3, told)


def _sizings(planned: Planned, sizings: Sequence[Sizing]) -> Table:
    rows = []
    for one in sizings:
        between = f"{_count(one.low)}-{_count(one.high)}" if one.simulated is not None else ""
        cells = [
            f"{100 * one.wanted:.0f}",
            _count(one.formula),
            share_text(one.checked),
            _count(one.simulated),
            between,
            _count(one.adjusted),
            _count(one.if_three_quarters),
            _count(one.if_half),
        ]
        rows.append((_pair(one), one.measure, day_text(one.day), *cells))
    headings = (
        "difference",
        "measure",
        "day",
        "power, %",
        "formula",
        "checked, %",
        "simulated",
        "",
        "adjusted",
        "if ¾",
        "if ½",
    )
    ends = max(curve.sizes[-1] for curve in planned.curves)
    told = (
        "People randomised to an arm of ratio 1, by intention to treat. Formula: by the t distribution, from"
        " g; checked: the power that as many have in simulated trials. Simulated: where the power curve"
        " reaches it, between where its interval does; adjusted: the same for the test that is adjusted for"
        " baseline. If ¾, if ½: by formula, if the true difference is so much of g. A dash: beyond"
        f" {ends:,} people (simulated) or 100,000 (formula), or a difference that is not told from none."
    )
    return Table("Sample sizes", headings, rows, 2, told)


def _pair(one: Contrast | Sizing) -> str:
    return f"{one.one} − {one.other}"


def share_text(share: Share | None) -> str:
    """A share of 100, with its interval."""
    if share is None:
        return "-"
    return f"{100 * share.value:.0f} ({100 * share.low:.0f}-{100 * share.high:.0f})"


def _of_100(share: Share) -> str:
    return f"{share_text(share)} of 100"


def _size(people: int | None) -> str:
    return "over 100,000" if people is None else f"{people:,}"


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def day_text(day: float | None) -> str:
    """A day, or the time before everything else."""
    return "before" if day is None else f"{day:g}"


def _on(day: float) -> str:
    return f"on day {day:g}"
