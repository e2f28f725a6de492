"""Run the experiments many times and hold what comes out against the findings.

Each repetition of each finding has a seed of its own, made from the run's seed, the finding's number and
which repetition it is: another finding, or more workers, change nothing. A number is the mean over the
repetitions, with the interval of 95 % of that mean (Student's t):

    mean ± t(.975, R - 1) sd / sqrt(R)

It is met where the whole interval lies in the band of the finding, missed where it lies outside, and open
where it reaches over an edge: more people or repetitions would tell. A finding fares as the worst of its
numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from rung.engine.parameters import Parameters
from rung.research.facts.finding import Band, Finding, Numbers
from rung.research.facts.registry import FINDINGS, named
from rung.research.fitting.workers import Workers, in_turn

__all__ = ["Facts", "Outcome", "Simulated", "Verdict", "run_facts", "run_finding"]

Verdict: TypeAlias = Literal["met", "missed", "open"]
"""Whether a number lies in its band; open where the interval reaches over an edge of it."""

_BLOCK = 5
"""Repetitions that a worker does at once."""


class Simulated(NamedTuple):
    """A number that came out of the repetitions; nan where one of them had none."""

    number: str
    mean: float
    low: float | None
    """None where a study was done once."""
    high: float | None
    band: Band | None
    """None for a number that is told and not judged."""

    @property
    def verdict(self) -> Verdict:
        """A number without an interval is judged by itself."""
        if self.band is None:
            return "met"
        low = self.mean if self.low is None else self.low
        high = self.mean if self.high is None else self.high
        if any(low < edge < high for edge in (self.band.low, self.band.high)):
            return "open"
        return "met" if self.band.holds(self.mean) else "missed"


class Outcome(NamedTuple):
    """What came out of one finding."""

    finding: Finding
    people: int
    times: int
    numbers: tuple[Simulated, ...]
    """Those with a band first."""

    @property
    def verdict(self) -> Verdict:
        """The worst of its numbers."""
        verdicts = {number.verdict for number in self.numbers}
        return "missed" if "missed" in verdicts else "open" if "open" in verdicts else "met"

    @property
    def judged(self) -> tuple[Simulated, ...]:
        """The numbers that have a band."""
        return tuple(number for number in self.numbers if number.band is not None)

    def content(self) -> dict[str, Any]:
        """Everything, for JSON; None stands for an open end of a band."""
        finding = self.finding
        told = {"number": finding.number, "name": finding.name, "claim": finding.claim}
        return {
            **told,
            "published": finding.published,
            "source": finding.source,
            "design": finding.experiment.__doc__,
            "people": self.people,
            "times": self.times,
            "verdict": self.verdict,
            "numbers": [_content(number) for number in self.numbers],
        }


def _content(number: Simulated) -> dict[str, Any]:
    told: dict[str, Any] = {"number": number.number}
    told |= {side: _finite(getattr(number, side)) for side in ("mean", "low", "high")}
    if number.band is None:
        return told
    edges = [_finite(number.band.low), _finite(number.band.high)]
    return told | {"band": edges, "published": number.band.published, "verdict": number.verdict}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


class Facts(NamedTuple):
    """All findings of a run."""

    seed: int
    outcomes: tuple[Outcome, ...]

    def that_are(self, verdict: Verdict) -> tuple[Outcome, ...]:
        """Findings with this verdict."""
        return tuple(outcome for outcome in self.outcomes if outcome.verdict == verdict)

    def content(self) -> dict[str, Any]:
        """Everything, for JSON."""
        counts = {verdict: len(self.that_are(verdict)) for verdict in get_args(Verdict)}
        return {"seed": self.seed, **counts, "findings": [outcome.content() for outcome in self.outcomes]}


class _Part(NamedTuple):
    """Some repetitions of one finding."""

    number: int
    people: int
    seed: int
    first: int
    last: int


def run_facts(
    findings: Sequence[Finding] = FINDINGS,
    *,
    seed: int = 0,
    people: Callable[[Finding], int] | None = None,
    times: int | None = None,
    parameters: Parameters | None = None,
    workers: Workers | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Facts:
    """Run findings of the registry. `people` and `times` override their defaults.

    `progress` is called with the repetitions done and their total.
    """
    plan = [(each, people(each) if people else each.people, times or each.times) for each in findings]
    parts = [
        _Part(finding.number, size, seed, first, min(first + _BLOCK, count))
        for finding, size, count in plan
        for first in range(0, count, _BLOCK)
    ]

    def show(done: int) -> None:
        if progress:
            progress(done, len(parts))

    told = (workers or in_turn()).over(
        _run_part,
        parts,
        parameters or Parameters(),
        name=lambda part: f"finding {part.number}",
        progress=show,
    )
    runs: dict[int, list[Numbers]] = {}
    for part, numbers in zip(parts, told, strict=True):
        runs.setdefault(part.number, []).extend(numbers)
    outcomes = tuple(_outcome(finding, size, runs[finding.number]) for finding, size, _ in plan)
    return Facts(seed, outcomes)


def run_finding(
    finding: Finding,
    *,
    seed: int = 0,
    people: int | None = None,
    times: int | None = None,
    parameters: Parameters | None = None,
) -> Outcome:
    """Run one finding, of the registry or of your own, in this process."""
    size, count = people or finding.people, times or finding.times
    part = _Part(finding.number, size, seed, 0, count)
    return _outcome(finding, size, _repeat(finding, part, parameters or Parameters()))


def _run_part(part: _Part, parameters: Parameters) -> list[Numbers]:
    return _repeat(named(str(part.number)), part, parameters)


def _repeat(finding: Finding, part: _Part, parameters: Parameters) -> list[Numbers]:
    return [
        finding.experiment(part.people, _random(part.seed, part.number, repetition), parameters)
        for repetition in range(part.first, part.last)
    ]


def _random(seed: int, number: int, repetition: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([seed, number, repetition]))


def _outcome(finding: Finding, people: int, runs: Sequence[Numbers]) -> Outcome:
    bands = {band.number: band for band in finding.bands}
    names = [*bands, *(name for name in runs[0] if name not in bands)]
    numbers = (_simulated(name, [run[name] for run in runs], bands.get(name)) for name in names)
    return Outcome(finding, people, len(runs), tuple(numbers))


def _simulated(name: str, values: Sequence[float], band: Band | None) -> Simulated:
    mean, count = float(np.mean(values)), len(values)
    if count == 1:
        return Simulated(name, mean, None, None, band)
    half = _student(count - 1) * float(np.std(values, ddof=1)) / count**0.5
    return Simulated(name, mean, mean - half, mean + half, band)


def _student(degrees: int) -> float:
    """The 97.5th percentile of Student's t (Cornish-Fisher; exact below three degrees).

    >>> round(_student(1), 1), round(_student(9), 2), round(_student(39), 2)
    (12.7, 2.26, 2.02)
    """
    if degrees <= 2:
        return (12.7062, 4.3027)[degrees - 1]
    z, n = 1.959964, float(degrees)
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    return z + first / n + second / n**2 + third / n**3
