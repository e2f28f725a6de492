"""The pictures of a benchmark: who is better, calibration, residuals over time, and person by person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rung.engine.scales import FloatArray
from rung.research.drawing import Frame, axes, band, chart, dot, label, rect, ruler, stroke
from rung.research.labels import SCORES, number_text
from rung.research.questions import Questions
from rung.research.resampling import Difference
from rung.research.tally import MAIN, Traces

__all__ = ["Figure", "Pair", "differences", "figures"]

_CELLS = 20
_MOST_DOTS = 1500
_PITCH = 34.0
_SHARES = np.arange(1, 20) / 20.0


class Figure(NamedTuple):
    """A chart with its heading and what it says."""

    heading: str
    svg: str
    words: str
    is_tall: bool = False


class Pair(NamedTuple):
    """Rung and the best of its rivals on one target."""

    questions: Questions
    rung: Traces
    rival: Traces | None
    rival_name: str

    @property
    def models(self) -> list[tuple[str, Traces]]:
        """The class under which each is drawn."""
        return [("rung", self.rung), *([("rival", self.rival)] if self.rival else [])]


def figures(pair: Pair) -> list[Figure]:
    """The pictures of one target."""
    is_judgement = pair.questions.target == "judgement"
    calibration = [_histogram(pair), _coverage(pair)] if is_judgement else [_reliability(pair)]
    over_time = [_residuals(pair)] if pair.questions.numbers.any() else []
    return [*calibration, *over_time, *([_people(pair)] if pair.rival else [])]


def differences(score: str, rung: float, entries: Sequence[tuple[str, Difference]]) -> Figure:
    """Every rival's score minus Rung's, with its interval; `rung` is Rung's own score."""
    frame, height = _reach(rung, [found for _, found in entries]), _PITCH * len(entries) + 6.0
    parts = [ruler(frame, height, f"{SCORES[score]}, rival minus Rung")]
    parts.append(stroke("zero", [(frame.x(0.0), 4), (frame.x(0.0), height)]))
    for place, (name, found) in enumerate(entries):
        parts.append(_compared(name, found, frame, _PITCH * place + 26.0))
    return Figure(
        f"Every rival against Rung, {SCORES[score]}",
        chart(f"{SCORES[score]} of each rival minus Rung's", _told(entries), parts, height + 42),
        "Right of the line Rung is better. Filled: the interval leaves out zero. Open: it does, and the "
        "rival is better. Small and grey: it is left open. An arrow: far off, at the number.",
        is_tall=True,
    )


def _reach(rung: float, found: Sequence[Difference]) -> Frame:
    """As far as the best rival goes, and no further on the other side than a quarter of Rung's score."""
    bounds = [bound for one in found for bound in (one.value, one.low, one.high) if bound is not None]
    low = min(0.0, *bounds)
    high = max(1e-6, min(max(0.0, *bounds), max(-1.5 * low, 0.25 * rung)))
    room = 0.05 * (high - low)
    return Frame(low - room, high + room, 0, 1)


def _compared(name: str, found: Difference, frame: Frame, y: float) -> str:
    value, low, high, better = found
    kind = "rival" if better == "rival" else "rung" if better else "even"
    if value is None or value > frame.right:
        return label(0, y - 9, name) + label(frame.x(frame.right), y + 4, f"{number_text(value)} →", "end")
    ends = (low, high) if low is not None and high is not None else (value, value)
    whisker = [(frame.x(max(min(end, frame.right), frame.left)), y) for end in ends]
    return label(0, y - 9, name) + stroke(f"{kind} whisker", whisker) + dot(kind, frame.x(value), y, 4.0)


def _told(entries: Sequence[tuple[str, Difference]]) -> str:
    return "; ".join(f"{name} {number_text(found.value, sign='+')}" for name, found in entries)


def _histogram(pair: Pair) -> Figure:
    """Probability integral transform, jumps shared out over the cells that they span."""
    heights = {kind: _spread(traces) for kind, traces in pair.models}
    frame = Frame(0, 1, 0, max(1.5, 1.05 * max(float(height.max()) for height in heights.values())))
    parts = [axes(frame, "where the judgement fell in its forecast", "times as often as expected")]
    edges = np.linspace(0, 1, _CELLS + 1)
    for cell, height in enumerate(heights["rung"]):
        left, right = frame.x(edges[cell]) + 0.8, frame.x(edges[cell + 1]) - 0.8
        parts.append(rect("rung bar", left, right, frame.y(height), frame.y(0)))
    if "rival" in heights:
        steps = [(frame.x(edges[c + d]), frame.y(h)) for c, h in enumerate(heights["rival"]) for d in (0, 1)]
        parts.append(stroke("rival", steps))
    parts.append(stroke("zero", [(frame.x(0), frame.y(1)), (frame.x(1), frame.y(1))]))
    words = (
        "Flat at 1 is honest. A hump: intervals too wide. A bowl: too narrow. A slope: too low or too high."
    )
    return Figure("Calibration: where judgements fall", chart("Histogram of levels", words, parts), words)


def _spread(traces: Traces) -> FloatArray:
    if traces.jumps is None:
        return np.zeros(_CELLS)
    low = np.arange(_CELLS) / _CELLS
    shares = [traces.jumps.inside(float(start), float(start) + 1.0 / _CELLS).mean() for start in low]
    return np.array(shares) * _CELLS


def _coverage(pair: Pair) -> Figure:
    frame = Frame(0, 100, 0, 100)
    parts = [axes(frame, "interval, %", "judgements inside, %")]
    parts.append(stroke("zero", [(frame.x(0), frame.y(0)), (frame.x(100), frame.y(100))]))
    said = []
    for kind, traces in pair.models:
        inside = _inside(traces)
        parts.append(stroke(kind, _places(frame, [0, *_SHARES * 100, 100], [0, *inside, 100])))
        said.append(f"{'Rung' if kind == 'rung' else pair.rival_name} {inside[15]:.1f} %")
    words = f"Intervals that should hold 80 of 100 hold: {', '.join(said)}. Above the line they are too wide."
    return Figure("Calibration: coverage", chart("Coverage of central intervals", words, parts), words)


def _inside(traces: Traces) -> list[float]:
    if traces.jumps is None:
        return []
    return [100 * float(traces.jumps.inside(0.5 - s / 2, 0.5 + s / 2).mean()) for s in _SHARES.tolist()]


def _reliability(pair: Pair) -> Figure:
    frame = Frame(0, 100, 0, 100)
    parts = [axes(frame, "forecast, %", "happened, %")]
    parts.append(stroke("zero", [(frame.x(0), frame.y(0)), (frame.x(100), frame.y(100))]))
    for kind, traces in pair.models:
        groups = _groups(traces.mean, 10)
        forecast = [100 * float(traces.mean[group].mean()) for group in groups]
        happened = [100 * float(pair.questions.values[group].mean()) for group in groups]
        parts.append(stroke(kind, _places(frame, forecast, happened)))
        parts += [dot(kind, x, y, 3.5) for x, y in _places(frame, forecast, happened)]
    words = "Each mark is a tenth of the rows, by their forecast. On the line, what was forecast happened."
    return Figure("Calibration: forecast and what happened", chart("Reliability", words, parts), words)


def _groups(values: FloatArray, count: int) -> list[np.ndarray]:
    """Rows in groups of about equal size, by their value; equal values stay together."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    cuts = {int(np.searchsorted(ordered, ordered[len(order) * k // count])) for k in range(1, count)}
    return [group for group in np.split(order, sorted(cuts)) if len(group)]


def _residuals(pair: Pair) -> Figure:
    """Mean of what happened minus forecast, by how many scored rows the person has before."""
    groups = _groups(pair.questions.numbers.astype(np.float64), 24)
    numbers = [1.0 + float(pair.questions.numbers[group].mean()) for group in groups]
    rung = pair.questions.values - pair.rung.mean
    spread = [np.percentile(rung[group], [10, 90]) for group in groups]
    reach = max(0.02, 1.1 * max(float(np.abs(pair_of).max()) for pair_of in spread))
    frame = Frame(min(numbers), max(numbers), -reach, reach)
    low, high = (_places(frame, numbers, [float(s[side]) for s in spread]) for side in (0, 1))
    parts = [
        axes(frame, "number of the row, of its person", "happened minus forecast"),
        band("band", low, high),
    ]
    parts.append(stroke("zero", [(frame.x(frame.left), frame.y(0)), (frame.x(frame.right), frame.y(0))]))
    for kind, traces in pair.models:
        means = [float((pair.questions.values[group] - traces.mean[group]).mean()) for group in groups]
        parts.append(stroke(kind, _places(frame, numbers, means)))
    words = "Lines: the mean residual. Band: 80 of 100 of Rung's. Near zero throughout: nothing drifts away."
    return Figure("Residuals over time", chart("Residuals over time", words, parts), words)


def _people(pair: Pair) -> Figure:
    """The main score of each person under both models."""
    people, score = pair.questions.people, SCORES[MAIN[pair.questions.target]]
    counts = np.bincount(people)
    rung, rival = (np.bincount(people, traces.loss) / counts for _, traces in pair.models)
    top = 1.05 * float(max(rung.max(), rival.max())) or 1.0
    frame = Frame(0, top, 0, top)
    parts = [axes(frame, f"{score}, Rung", f"{score}, the best rival")]
    parts.append(stroke("zero", [(frame.x(0), frame.y(0)), (frame.x(top), frame.y(top))]))
    shown = range(0, len(counts), max(1, -(-len(counts) // _MOST_DOTS)))
    parts += [dot("person", frame.x(float(rung[i])), frame.y(float(rival[i])), 3.0) for i in shown]
    better = int((rung < rival).sum())
    words = f"Above the line Rung is better than {pair.rival_name}: for {better:,} of {len(counts):,} people."
    if len(shown) < len(counts):
        words += f" {len(shown):,} of them are drawn."
    return Figure("Person by person", chart(f"{score} of each person", words, parts), words)


def _places(frame: Frame, across: Sequence[float], up: Sequence[float]) -> list[tuple[float, float]]:
    return [(frame.x(float(x)), frame.y(float(y))) for x, y in zip(across, up, strict=True)]
