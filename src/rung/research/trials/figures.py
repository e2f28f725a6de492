"""The pictures of a planned trial: differences, power by sample size, and the arms over days."""

from __future__ import annotations

from collections.abc import Iterable

from rung.research.drawing import Frame, axes, band, chart, dot, label, ruler, stroke
from rung.research.figures import Figure
from rung.research.labels import number_text
from rung.research.trials.results import Contrast, Curve, Planned, Reading
from rung.research.trials.sizing import WANTED
from rung.research.trials.tables import share_text

__all__ = ["courses", "forests", "power_curves"]

_PITCH = 34.0
_ROOM = 1.08


def forests(planned: Planned) -> list[Figure]:
    """For each pair of arms, g on every measure and day."""
    return [_forest(planned, one, other) for one, other in _pairs(planned.contrasts)]


def _forest(planned: Planned, one: str, other: str) -> Figure:
    found = [
        contrast
        for contrast in planned.contrasts
        if (contrast.one, contrast.other) == (one, other) and contrast.analysis == "intention to treat"
    ]
    bounds = [bound for contrast in found for bound in (contrast.low, contrast.high) if bound is not None]
    reach = max(0.5, *map(abs, bounds)) if bounds else 0.5
    frame, height = Frame(-_ROOM * reach, _ROOM * reach, 0, 1), _PITCH * len(found) + 6.0
    parts = [ruler(frame, height, f"g, {one} minus {other}")]
    parts.append(stroke("zero", [(frame.x(0.0), 4), (frame.x(0.0), height)]))
    for place, contrast in enumerate(found):
        parts.append(_row(contrast, frame, _PITCH * place + 26.0))
    told = "; ".join(f"{_name(contrast)} {number_text(contrast.g, 2, '+')}" for contrast in found)
    words = (
        "Filled: mean of Hedges' g over the trials; in 95 of 100 of them it lies on the line. Open: adjusted"
        f" for baseline. Right of zero {one} has more."
    )
    return Figure(f"{one} minus {other}", chart(f"g of {one} minus {other}", told, parts, height + 42), words)


def _row(contrast: Contrast, frame: Frame, y: float) -> str:
    parts = [label(0, y - 9, _name(contrast))]
    if contrast.low is not None and contrast.high is not None:
        parts.append(stroke("rung whisker", [(frame.x(contrast.low), y), (frame.x(contrast.high), y)]))
    if contrast.adjusted_g is not None:
        parts.append(dot("rival", frame.x(contrast.adjusted_g), y, 5.5))
    if contrast.g is not None:
        parts.append(dot("rung", frame.x(contrast.g), y, 3.5))
    return "".join(parts)


def _name(contrast: Contrast) -> str:
    return f"{contrast.measure}, day {contrast.day:g}"


def power_curves(planned: Planned) -> list[Figure]:
    """Power by sample size, of each pair of arms on the primary measure and day."""
    return [
        _power_curve(planned, curve)
        for curve in planned.curves
        if (curve.measure, curve.day) == (planned.primary, planned.primary_day)
    ]


def _power_curve(planned: Planned, curve: Curve) -> Figure:
    frame = Frame(0, float(curve.sizes[-1]), 0, 100)
    places = [frame.x(float(size)) for size in curve.sizes]
    parts = [axes(frame, "people in an arm of ratio 1", "power, %")]
    low, high = (
        [(x, frame.y(100 * getattr(share, side))) for x, share in zip(places, curve.power, strict=True)]
        for side in ("low", "high")
    )
    parts.append(band("band", low, high))
    for wanted in WANTED:
        at = frame.y(100 * wanted)
        parts.append(stroke("zero", [(frame.x(frame.left), at), (frame.x(frame.right), at)]))
    size = frame.x(float(planned.people))
    parts.append(stroke("zero", [(size, frame.y(0)), (size, frame.y(100))]))
    if curve.adjusted_power is not None:
        adjusted = [frame.y(100 * share.value) for share in curve.adjusted_power]
        parts.append(stroke("rival", list(zip(places, adjusted, strict=True))))
    plain = [(x, frame.y(100 * share.value)) for x, share in zip(places, curve.power, strict=True)]
    parts.append(stroke("rung", plain))
    words = (
        f"{curve.measure}, day {curve.day:g}. Solid: Welch's t test, with its 95 % interval; dashed: adjusted"
        f" for baseline. Lines at 80 and 90 %, and at the {planned.people} people of the design."
    )
    told = f"with {curve.sizes[-1]} people {share_text(curve.power[-1])} of 100"
    heading = f"Power to tell {curve.one} from {curve.other}"
    return Figure(heading, chart(heading, told, parts), words)


def courses(planned: Planned) -> list[Figure]:
    """The arms over days, on each measure."""
    measures = dict.fromkeys(reading.measure for reading in planned.readings)
    return [_course(planned, measure) for measure in measures]


def _course(planned: Planned, measure: str) -> Figure:
    own = [one for one in planned.readings if one.measure == measure]
    days = [one.day for one in own if one.day is not None]
    span = max(days) - min(0.0, *days)
    before = 0.0 if min(days) > 0.0 else -0.25 * (span or 1.0)
    values = [one.mean for one in own if one.mean is not None]
    room = 0.1 * ((max(values) - min(values)) or 1.0)
    frame = Frame(min(before, min(days)), max(days), min(values) - room, max(values) + room)
    parts = [axes(frame, "day", measure)]
    for place, arm in reversed(list(enumerate(planned.arms))):
        points = list(_points(frame, before, (one for one in own if one.arm == arm.name)))
        parts.append(stroke(f"arm arm{place}", points))
        parts += [dot(f"arm{place}", x, y, 4.0) for x, y in points]
    words = "Means over all trials of those who were measured, after the doses of the day."
    if any(one.day is None for one in own):
        words += " The first mark is from before everything else."
    told = "; ".join(
        f"{arm.name} {', '.join(number_text(one.mean, 2) for one in own if one.arm == arm.name)}"
        for arm in planned.arms
    )
    return Figure(measure, chart(f"{measure} over days", told, parts), words)


def _points(frame: Frame, before: float, readings: Iterable[Reading]) -> Iterable[tuple[float, float]]:
    for one in readings:
        if one.mean is not None:
            yield frame.x(before if one.day is None else one.day), frame.y(one.mean)


def _pairs(contrasts: Iterable[Contrast]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.one, one.other) for one in contrasts))
