"""Who needs a word: stuck, ready for the next step, quiet, getting worse; each with the evidence behind it.

Everything is computed of what is shown of one ladder, and says nothing where that does not tell.

    stuck   a loop of letting pass, or a step that does not come to work (`rung.engine.loops`, docs/loops.md),
            or a step that rests since it was let pass `PASSED` times in a row; takes outcomes
    ready   the hardest step that worked `FIRM` times in a row lately stands, and the one above was not tried
            since and would work about as often as wanted (`NEAR`); takes outcomes
    quiet   nothing for longer than 9 in 10 of the person's own breaks, and for `LEAST_QUIET` days at least;
            for `QUIET_UNKNOWN` days where their rhythm is not known yet
    worse   judgements fell within `RECENT` by more than the person's own noise before (reliable change
            index, `rung.engine.measures.change`); takes judgements

The numbers of days and times are assumptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Literal

from rung.app.deeds import TRIES, Deed, deed_in, moment_in, tasks_of
from rung.app.model import Did, Ladder, Step, StepId
from rung.app.ports import Entry
from rung.app.sharing.fields import Field
from rung.app.sheets.moving import noise_in, ratings_at
from rung.engine import Engine, Event, Person
from rung.engine.loops import AVOIDANCE_LOOP, STUCK_STEP, Sign
from rung.engine.measures import noise_of_mean, reliable_change
from rung.engine.planning.rungs import NEAR
from rung.engine.scales import logit

__all__ = ["FIRM", "KINDS", "LEAST_QUIET", "PASSED", "QUIET_UNKNOWN", "RECENT", "Flag", "Kind", "flags_of"]

Kind = Literal["stuck", "worse", "ready", "quiet"]
KINDS: tuple[Kind, ...] = ("stuck", "worse", "ready", "quiet")
"""In the order in which they are shown."""

FIRM = 2
"""Tries that worked in a row."""
RECENT = timedelta(days=28)
"""What lies longer back makes nobody ready, and nobody worse."""
LEAST_QUIET = 7
QUIET_UNKNOWN = 14
_GAPS = 5
"""Breaks from which on a rhythm is known."""
_SHARE = 0.9
_BREAK = timedelta(days=28)
_LEAST = 2
"""A longer break lets a sign go, and fewer misses make none (`rung.engine.loops`)."""
_MISSES = (Did.AVOIDED, Did.TRIED, Did.PARTLY)
_IN_A_ROW = 2
"""Times let pass in a row from which they are told as such."""
PASSED = 3
"""Times let pass in a row after which a step rests, as in `rung.engine.planning.rungs`."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that is worth a word, and why."""

    kind: Kind
    reason: str
    """A message id; the words are those of the page."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    step: str = ""
    """Name of the step that it is about."""
    above: str = ""
    """Name of the step above it."""
    since: datetime | None = None


def flags_of(
    engine: Engine,
    ladder: Ladder,
    fields: frozenset[Field],
    known: Callable[[], Person],
    entries: Sequence[Entry],
    now: datetime,
) -> tuple[Flag, ...]:
    """What is worth a word about a ladder, at most one of each kind, in the order of `KINDS`.

    `known` gives the person as far as what is shown tells, and is asked only where it can matter; `entries`
    are those of the ladder that are shown.
    """
    if ladder.archived_at is not None or not ladder.climbing:
        return ()
    events = [entry.event for entry in entries]
    has_done = Field.OUTCOMES in fields
    deeds = [deed for entry in entries if (deed := deed_in(entry))] if has_done else []
    found = [
        _stuck(engine, ladder, known, deeds, now) if has_done else None,
        _worse(engine, ladder, events, now) if Field.JUDGEMENTS in fields else None,
        _ready(engine, ladder, known, deeds, now) if has_done else None,
        _quiet(ladder, events, now) if fields & {Field.JUDGEMENTS, Field.OUTCOMES} else None,
    ]
    flags = [flag for flag in found if flag is not None]
    is_stuck = any(flag.kind == "stuck" for flag in flags)
    return tuple(flag for flag in flags if not (is_stuck and flag.kind == "ready"))


def _stuck(
    engine: Engine, ladder: Ladder, known: Callable[[], Person], deeds: Sequence[Deed], now: datetime
) -> Flag | None:
    resting = _resting(ladder, deeds, now)
    if resting is not None or not _may_be_stuck(deeds, now):
        return resting
    signs = engine.signs(known(), tasks_of(ladder), now.timestamp())
    for sign in signs:
        if sign.kind == AVOIDANCE_LOOP:
            return _passed(ladder, sign, deeds)
    for sign in signs:
        step = ladder.step(StepId(sign.task or "")) if sign.kind == STUCK_STEP else None
        if step is not None:
            numbers = {name: sign.numbers[name] for name in ("missed", "occasions")}
            return Flag("stuck", "not-worked", numbers, step.name, since=_moment(sign.since))
    return None


def _resting(ladder: Ladder, deeds: Sequence[Deed], now: datetime) -> Flag | None:
    """The step that was let pass in a row last, where nothing has worked since."""
    done = [deed for deed in deeds if deed.did is not Did.SKIPPED]
    for step_id in dict.fromkeys(deed.step for deed in reversed(done) if deed.did is Did.AVOIDED):
        step, row = ladder.step(step_id), _tail(deed for deed in done if deed.step == step_id)
        is_row = row[-1].did is Did.AVOIDED and len(row) >= PASSED and now - row[-1].at <= _BREAK
        has_worked = any(deed.did is Did.DONE and deed.at > row[-1].at for deed in done)
        if step is not None and step.retired_at is None and is_row and not has_worked:
            return Flag("stuck", "passed-in-a-row", {"count": len(row)}, step.name, since=row[0].at)
    return None


def _may_be_stuck(deeds: Sequence[Deed], now: datetime) -> bool:
    """False where no sign can stand: each takes two misses without a longer break, up to now."""
    later, missed = now, 0
    for deed in reversed(deeds):
        if later - deed.at > _BREAK:
            break
        later, missed = deed.at, missed + (deed.did in _MISSES)
    return missed >= _LEAST


def _passed(ladder: Ladder, sign: Sign, deeds: Sequence[Deed]) -> Flag | None:
    """Letting pass, as it stands in the record: in a row where it is one step, else in all."""
    since = _moment(sign.since)
    counted = [deed for deed in deeds if deed.at >= since and deed.did is not Did.SKIPPED]
    passed = [deed for deed in counted if deed.did is Did.AVOIDED]
    if not passed:
        return None
    step = ladder.step(passed[-1].step)
    row = _tail(deed for deed in deeds if deed.step == passed[-1].step and deed.did is not Did.SKIPPED)
    if step is not None and len(row) >= _IN_A_ROW:
        return Flag("stuck", "passed-in-a-row", {"count": len(row)}, step.name, since=row[0].at)
    numbers = {"missed": len(passed), "occasions": len(counted)}
    return Flag("stuck", "passed", numbers, since=counted[0].at)


def _tail(deeds: Iterable[Deed]) -> list[Deed]:
    """The last ones that came to the same as the very last."""
    row: list[Deed] = []
    for deed in deeds:
        row = [*row, deed] if row and row[-1].did is deed.did else [deed]
    return row


def _ready(
    engine: Engine, ladder: Ladder, known: Callable[[], Person], deeds: Sequence[Deed], now: datetime
) -> Flag | None:
    """The hardest step that worked in a row lately, and the one above it is within reach and not begun."""
    steps, tries = ladder.climbing, [deed for deed in deeds if deed.did in TRIES]
    for place in range(len(steps) - 2, -1, -1):
        step, above = steps[place], steps[place + 1]
        row = _tail(deed for deed in tries if deed.step == step.id)
        if not row or row[-1].did is not Did.DONE or len(row) < FIRM or now - row[-1].at > RECENT:
            continue
        if any(deed.step == above.id and deed.at > row[0].at for deed in tries) or _rests(above, deeds):
            return None
        chance = engine.chance_of_success(known(), tasks_of(ladder).tasks[place + 1], now.timestamp())
        if chance.missing or logit(chance.mean) < logit(ladder.wanted_chance) - NEAR:
            return None
        numbers = {"count": len(row), "chance": chance.mean, "low": chance.low, "high": chance.high}
        return Flag("ready", "worked-in-a-row", numbers, step.name, above.name, row[-1].at)
    return None


def _rests(step: Step, deeds: Sequence[Deed]) -> bool:
    """True where it was let pass in a row."""
    row = _tail(deed for deed in deeds if deed.step == step.id and deed.did is not Did.SKIPPED)
    return bool(row) and row[-1].did is Did.AVOIDED and len(row) >= PASSED


def _quiet(ladder: Ladder, events: Sequence[Event], now: datetime) -> Flag | None:
    moments = [moment_in(event) for event in events]
    past = [moment for moment in moments if moment <= now]
    if not past:
        days = (now - ladder.created_at).days
        return Flag("quiet", "nothing-yet", {"days": days}) if days >= QUIET_UNKNOWN else None
    days = (now - past[-1]).days
    usual = _usual_break(past)
    if usual is None:
        return Flag("quiet", "long", {"days": days}, since=past[-1]) if days >= QUIET_UNKNOWN else None
    if days < LEAST_QUIET or days <= usual:
        return None
    return Flag("quiet", "longer-than-usual", {"days": days, "usual": usual}, since=past[-1])


def _usual_break(moments: Sequence[datetime]) -> int | None:
    """Days that 9 in 10 breaks between active days were not longer than; None for too few of them."""
    dates = sorted({moment.date() for moment in moments})
    breaks = sorted((later - earlier).days for earlier, later in pairwise(dates))
    if len(breaks) < _GAPS:
        return None
    return breaks[ceil(_SHARE * len(breaks)) - 1]


def _worse(engine: Engine, ladder: Ladder, events: Sequence[Event], now: datetime) -> Flag | None:
    """Judgements since `RECENT` ago against those that stood then; the noise is that of the time before."""
    since = now - RECENT
    then = since.timestamp()
    before = ratings_at(events, float("-inf"), then)
    after = ratings_at(events, then, now.timestamp())
    steps = [step.id for step in ladder.climbing if step.id in before and step.id in after]
    if not steps:
        return None
    noise = noise_in([event for event in events if event.time <= then], engine.parameters)
    change = reliable_change(
        sum(before[step] for step in steps) / len(steps),
        sum(after[step] for step in steps) / len(steps),
        noise_of_mean(noise, len(steps)),
    )
    if not change.is_reliable or change.difference > 0.0:
        return None
    numbers = {"points": -100 * change.difference, "least": 100 * change.least, "steps": len(steps)}
    return Flag("worse", "judged-lower", numbers, since=since)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
