"""What a person's record says: belief against success, what they said against what they did, the feared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rung.app import sentences
from rung.app.avoiding import fear_record
from rung.app.history import Fear, History, Match
from rung.app.model import Ladder, StepId
from rung.engine import Missing
from rung.engine.measures import congruence, share_interval
from rung.web import charts
from rung.web.views.loop import fear_words
from rung.words import _, day, ngettext, number

__all__ = ["LEAST", "Legend", "Part", "Table", "calibration_part", "fears_part", "judged_part", "newest"]

LEAST = 3
"""Tries before a person's own record is spoken of, as in the engine."""
FEW = 10
"""Tries up to which a match of judgement and act is only a first look (assumption)."""
SURE = 0.5
"""Judgement from which one is rather sure than unsure, and outcome from which a try counts as done."""
MOST_LINES = 100
"""Lines of a table: the newest are shown."""
BINS = ((0.0, 0.35), (0.35, 0.65), (0.65, 1.01))

Legend = tuple[tuple[Markup, str], ...]
"""What each shape stands for."""


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart."""

    name: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to see: in words, as a chart, as a table."""

    title: str
    words: str
    chart: Markup | None = None
    how: str = ""
    """How to read the chart."""
    legend: Legend = ()
    table: Table | None = None
    note: str = ""
    """What the table leaves out."""


def newest(lines: Sequence[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], ...], str]:
    """The newest lines of a table, and that others are left out, where they are."""
    if len(lines) <= MOST_LINES:
        return tuple(lines), ""
    told = ngettext(
        "The newest %(most)s of %(count)s line are in the table.",
        "The newest %(most)s of %(count)s lines are in the table.",
        len(lines),
        most=MOST_LINES,
    )
    return tuple(lines[-MOST_LINES:]), told


def calibration_part(history: History) -> Part:
    """How sure the person was, against how often it worked."""
    title = _("How sure you were, and how often it worked")
    found = history.expectations
    is_whole = history.step is None and history.since is None
    if len(found) < LEAST:
        return Part(title, sentences.too_early(Missing(0, LEAST - len(found))))
    if is_whole and history.calibration.missing:
        return Part(title, sentences.too_early(history.calibration.missing))
    groups = [[pair for pair in found if low <= pair[0] < high] for low, high in BINS]
    points = [_calibration_point(group) for group in groups if group]
    lines = [
        (str(round(point.expected * 100)), str(round(point.worked * 100)), number(point.attempts))
        for point in points
    ]
    words = _gap_words(found)
    return Part(
        title,
        words,
        charts.calibration_chart(points, title, words),
        _(
            "On the dashed line, belief and record agree. Above it, your doubt is stricter than your record. "
            "The upright lines are the range each may be in: long where there were few tries."
        ),
        (),
        Table(title, (_("how sure you were"), _("worked, of 100"), _("tries")), tuple(lines)),
    )


def _calibration_point(group: Sequence[tuple[float, float]]) -> charts.CalibrationPoint:
    count = len(group)
    expected = sum(expected for expected, _outcome in group) / count
    worked = sum(outcome for _expected, outcome in group) / count
    return charts.CalibrationPoint(expected, worked, *share_interval(worked, count), count)


def _gap_words(found: Sequence[tuple[float, float]]) -> str:
    """The gap as evidence; the conclusion stays with the person."""
    whole = _calibration_point(found)
    facts = _few_facts(whole) if len(found) < FEW else _facts(whole)
    if whole.low <= whole.expected <= whole.high:
        return f"{facts} {_('That is close: the difference may be chance.')}"
    if whole.worked > whole.expected:
        return f"{facts} {_('Your doubt is stricter than your record.')}"
    return f"{facts} {_('You were surer than it went; the steps between may have been too wide.')}"


def _facts(whole: charts.CalibrationPoint) -> str:
    return ngettext(
        "Over %(count)s try you expected about %(expected)s of 10. It worked %(worked)s of 10.",
        "Over %(count)s tries you expected about %(expected)s of 10. It worked %(worked)s of 10.",
        whole.attempts,
        expected=number(round(10 * whole.expected)),
        worked=number(round(10 * whole.worked)),
    )


def _few_facts(whole: charts.CalibrationPoint) -> str:
    """Of few tries in tries: tenths would sound surer than they are."""
    return ngettext(
        "Of %(count)s try you expected about %(expected)s to work, and %(worked)s did.",
        "Of %(count)s tries you expected about %(expected)s to work, and %(worked)s did.",
        whole.attempts,
        expected=number(round(whole.attempts * whole.expected)),
        worked=number(round(whole.attempts * whole.worked, 1)),
    )


def judged_part(history: History) -> Part:
    """What the person had said of a step before each try, against what came of it (microanalysis)."""
    title = _("What you said, and what you did")
    places = {step.id: place for place, step in enumerate(history.ladder.climbing, start=1)}
    found = [match for match in history.matches if match.step in places or history.step is not None]
    if len(found) < LEAST:
        return Part(title, sentences.too_early(Missing(0, LEAST - len(found))))
    words = _match_words(found)
    names = {step.id: step.name for step in history.ladder.steps}
    if history.step is not None:
        places = {history.step.id: 1}
    drawn = [charts.JudgedPoint(places[match.step], match.judged, str(match.did)) for match in found]
    return Part(
        title,
        words,
        charts.judged_chart(drawn, len(places), title, words),
        _how_judged(history.step is None, _kappa(found)),
        _legend(("done", "partly", "tried")),
        Table(
            title,
            (_("step"), _("tries"), _("said, of 100"), _("worked, of 100"), _("matched")),
            tuple(
                _match_line(step, names, places, found)
                for step in places
                if any(one.step == step for one in found)
            ),
        ),
    )


def _how_judged(is_whole: bool, kappa: float | None) -> str:
    told = [
        _(
            "Each mark is a try, further right the surer you had said you were. "
            "Left of the dashed line you had said less than 50."
        )
    ]
    if is_whole:
        told.append(_("A row is a step, with its number from the easiest up."))
    told.append(_("What you let pass is no try, and is not counted here."))
    if kappa is not None:
        told.append(_("Agreement beyond chance (kappa): %(kappa)s.", kappa=number(round(kappa, 2))))
    return " ".join(told)


def _match_words(found: Sequence[Match]) -> str:
    matched = sum(_is_match(match) for match in found)
    done = sum(match.outcome >= SURE for match in found)
    base = max(done, len(found) - done)
    facts = ngettext(
        "What you had said and what came of it matched in %(matched)s of %(count)s try. "
        "Saying the same each time would have matched %(base)s.",
        "What you had said and what came of it matched in %(matched)s of %(count)s tries. "
        "Saying the same each time would have matched %(base)s.",
        len(found),
        matched=matched,
        base=base,
    )
    if len(found) < FEW:
        return f"{facts} {_('With so few tries that is a first look, no more.')}"
    if matched > base:
        return f"{facts} {_('What you say of a step tells something that the record alone does not.')}"
    return f"{facts} {_('So far the record tells at least as much as what you say of a step.')}"


def _is_match(match: Match) -> bool:
    return (match.judged >= SURE) == (match.outcome >= SURE)


def _kappa(found: Sequence[Match]) -> float | None:
    """Cohen's kappa of judgement and act; None where one of them never varied."""
    told = congruence([match.judged for match in found], [match.outcome for match in found], SURE)
    return None if told.agreement is None else told.agreement.kappa


def _match_line(
    step: StepId, names: Mapping[StepId, str], places: Mapping[StepId, int], found: Sequence[Match]
) -> tuple[str, ...]:
    own = [match for match in found if match.step == step]
    name = names.get(step, "")
    return (
        _("%(place)s. %(name)s", place=number(places[step]), name=name) if len(places) > 1 else name,
        number(len(own)),
        str(round(100 * sum(match.judged for match in own) / len(own))),
        str(round(100 * sum(match.outcome for match in own) / len(own))),
        _("%(part)s of %(whole)s", part=number(sum(map(_is_match, own))), whole=number(len(own))),
    )


def _legend(kinds: Sequence[str]) -> Legend:
    words = {"done": _("worked"), "partly": _("worked partly"), "tried": _("tried, did not work")}
    return tuple((charts.glyph(kind), words[kind]) for kind in kinds)


def fears_part(ladder: Ladder, fears: Sequence[Fear]) -> Part:
    """What was feared, against what happened."""
    title = _("Feared, and what happened")
    record = fear_record(fears)
    if record is None:
        told = _("Say what you feared when you look back, and it shows here.")
        return Part(title, f"{sentences.too_early()} {told}")
    words = fear_words(record)
    names = {step.id: step.name for step in ladder.steps}
    lines, note = newest(
        [
            (
                day(fear.at),
                names.get(fear.step, ""),
                str(round(fear.feared * 100)),
                str(round(fear.happened * 100)),
            )
            for fear in fears
        ]
    )
    drawn = [charts.FearPoint(fear.at, fear.feared, fear.happened) for fear in fears]
    return Part(
        title,
        words,
        charts.fear_chart(drawn, title, words),
        _("One line a try, the newest at the bottom; of many, the last ten."),
        ((charts.glyph("tried"), _("feared")), (charts.glyph("done"), _("what came true"))),
        Table(title, (_("day"), _("step"), _("feared"), _("happened")), lines),
        note,
    )
