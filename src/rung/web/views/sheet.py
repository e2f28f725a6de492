"""The session sheet in words: parts with sentences, a table of the steps, and lines, for the page and for
paper.

It is read by two, so that it says "judged" and "tried", never "you". What is not shared is named, and
nothing of it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rung.app import sentences
from rung.app.avoiding import fear_record
from rung.app.model import Did, Step
from rung.app.ports import Plan
from rung.app.sharing.fields import Field
from rung.app.sheets import Sheet, StepLine, Told
from rung.web.forms import CAUSES
from rung.web.views.records import Table
from rung.web.views.sheet_focus import focus_lines
from rung.web.views.sheet_measures import change_part, congruence_part, goals_part
from rung.web.views.sheet_parts import Line, SheetPart, more_words
from rung.words import _, date_and_time, day, day_and_month, later, local, ngettext, number

__all__ = ["SessionView", "SheetView", "sessions_view", "sheet_view"]

_HIDDEN = {
    Field.JUDGEMENTS: later("how sure"),
    Field.OUTCOMES: later("what was planned, tried and let pass"),
    Field.ATTRIBUTIONS: later("what it was put down to"),
    Field.FEARS: later("what was feared, and what happened"),
    Field.TEXTS: later("what was written"),
}
_PLANNED = {"planned": later("open"), "done": later("done"), "dropped": later("let go")}


@dataclass(frozen=True, slots=True)
class SheetView:
    """The whole sheet."""

    name: str
    href: str
    period: str
    made: str
    since: str
    until: str
    """First and last day, as a form field holds them."""
    pdf: str
    parts: tuple[SheetPart, ...]
    not_shared: str
    """Empty where everything is."""
    empty: str
    """What to say where nothing is known yet."""


def sheet_view(sheet: Sheet) -> SheetView:
    """Everything that the sheet says."""
    since, until = local(sheet.since).date().isoformat(), local(sheet.until).date().isoformat()
    href = f"/ladders/{sheet.ladder.id}"
    makers: tuple[Callable[[Sheet], SheetPart | None], ...] = (
        _focus,
        _happened,
        _steps,
        _fears,
        _told,
        change_part,
        congruence_part,
        goals_part,
    )
    parts = [part for make in makers if (part := make(sheet)) is not None]
    return SheetView(
        name=sheet.ladder.name,
        href=href,
        period=_("%(since)s to %(until)s", since=day(sheet.since), until=day(sheet.until)),
        made=_("Made on %(moment)s", moment=date_and_time(sheet.made_at)),
        since=since,
        until=until,
        pdf=f"{href}/sheet.pdf?since={since}&until={until}",
        parts=tuple(parts),
        not_shared=_not_shared(sheet),
        empty=_("Nothing has been judged or tried yet.") if _is_known_empty(sheet) else "",
    )


def _is_known_empty(sheet: Sheet) -> bool:
    """True where nothing is there, and not merely nothing of what is shown."""
    return sheet.is_empty and not {Field.JUDGEMENTS, Field.OUTCOMES} & sheet.hidden


def _not_shared(sheet: Sheet) -> str:
    hidden = [_(words) for field, words in _HIDDEN.items() if field in sheet.hidden]
    return _("Not shared: %(parts)s.", parts=_("; ").join(hidden)) if hidden else ""


def _focus(sheet: Sheet) -> SheetPart | None:
    found = focus_lines(sheet.focus)
    return SheetPart("focus", _("Worth looking at"), lines=found) if found else None


def _happened(sheet: Sheet) -> SheetPart | None:
    if sheet.deeds is None or sheet.plans is None:
        return None
    lines = [_plan_line(plan, sheet) for plan in reversed(sheet.plans)]
    return SheetPart(
        "happened", _("In this time"), _counts(sheet), lines=tuple(lines), more=more_words(len(lines))
    )


def _counts(sheet: Sheet) -> tuple[str, ...]:
    tried = sheet.count(Did.DONE, Did.PARTLY, Did.TRIED)
    said = [_tries(sheet, tried)] if tried else [_("Nothing was tried.")]
    passed, put_off = sheet.count(Did.AVOIDED), sheet.count(Did.SKIPPED)
    if passed:
        said.append(_("Let pass %(times)s.", times=sentences.times(passed)))
    if put_off:
        said.append(_("“Not today” was said %(times)s.", times=sentences.times(put_off)))
    if not sheet.plans:
        said.append(_("No plan was made for it."))
    return (" ".join(said),)


def _tries(sheet: Sheet, tried: int) -> str:
    became = {
        _("worked: %(count)s"): sheet.count(Did.DONE),
        _("worked partly: %(count)s"): sheet.count(Did.PARTLY),
        _("did not work: %(count)s"): sheet.count(Did.TRIED),
    }
    told = [words % {"count": number(count)} for words, count in became.items() if count]
    whole = ngettext("%(count)s try", "%(count)s tries", tried)
    return _("%(tries)s (%(outcomes)s).", tries=whole, outcomes=_("; ").join(told))


def _plan_line(plan: Plan, sheet: Sheet) -> Line:
    step = sheet.ladder.step(plan.step)
    when = date_and_time(plan.at) if plan.at else _("no time set")
    if plan.state == "planned" and plan.at is not None and plan.at > sheet.until:
        state = _("to come")
    else:
        state = _(_PLANNED[plan.state])
    return Line(step.name if step else "", _("planned for %(when)s: %(state)s", when=when, state=state))


def _steps(sheet: Sheet) -> SheetPart | None:
    is_judged, is_known = Field.JUDGEMENTS in sheet.fields, Field.OUTCOMES in sheet.fields
    if not sheet.steps or not (is_judged or is_known):
        return None
    heads = [_("step")]
    if is_judged:
        heads += [_("said before"), _("said since"), _("sure now")]
    if is_known:
        heads += [_("worked"), _("worked, ever")]
    rows = tuple(_row(line, is_judged, is_known) for line in reversed(sheet.steps))
    said = [_("The goal stands on top.")]
    if is_judged:
        said.append(_("How sure is 0 to 100; in brackets the range that it may be in."))
    return SheetPart(
        "steps",
        _("Step by step"),
        table=Table(_("Step by step"), tuple(heads), rows),
        more=more_words(len(rows)),
        note=" ".join(said),
    )


def _row(line: StepLine, is_judged: bool, is_known: bool) -> tuple[str, ...]:
    cells = [_("%(place)s. %(name)s", place=number(line.place), name=line.step.name)]
    if is_judged:
        cells += [_percent(line.before), _percent(line.rating if line.is_new else None), _sure(line)]
    if is_known:
        cells += [_of(line.worked, line.tried), _of(line.worked_ever, line.tried_ever)]
    return tuple(cells)


def _percent(share: float | None) -> str:
    return "–" if share is None else number(round(100 * share))


def _sure(line: StepLine) -> str:
    if line.sure is None or line.sure.missing:
        return _("too early")
    mean, low, high = (number(round(100 * value)) for value in line.sure[:3])
    return _("%(mean)s (%(low)s to %(high)s)", mean=mean, low=low, high=high)


def _of(worked: int, tried: int) -> str:
    if not tried:
        return "–"
    return _("%(part)s of %(whole)s", part=number(worked), whole=number(tried))


def _fears(sheet: Sheet) -> SheetPart | None:
    if sheet.fears is None:
        return None
    title, record = _("Feared, and what happened"), fear_record(sheet.fears)
    if record is None:
        return SheetPart("fears", title, (_("Nothing was noted of it in this time."),))
    words = ngettext(
        "Of %(count)s try: feared %(feared)s of 100, happened %(happened)s, on average.",
        "Of %(count)s tries: feared %(feared)s of 100, happened %(happened)s, on average.",
        record.tries,
        feared=number(round(100 * record.feared)),
        happened=number(round(100 * record.happened)),
    )
    lines = [
        Line(
            _step_name(sheet, fear.step),
            _(
                "%(day)s: feared %(feared)s, happened %(happened)s",
                day=day_and_month(fear.at),
                feared=number(round(100 * fear.feared)),
                happened=number(round(100 * fear.happened)),
            ),
        )
        for fear in reversed(sheet.fears)
    ]
    return SheetPart("fears", title, (words,), lines=tuple(lines), more=more_words(len(lines)))


def _told(sheet: Sheet) -> SheetPart | None:
    if sheet.told is None:
        return None
    title = _("What was made of it")
    if not sheet.told:
        return SheetPart("told", title, (_("Nothing was noted of it in this time."),))
    lines = [_told_line(one, sheet) for one in sheet.told]
    return SheetPart("told", title, _causes(sheet.told), lines=tuple(lines), more=more_words(len(lines)))


def _causes(told: Sequence[Told]) -> tuple[str, ...]:
    """What it was put down to most often."""
    named = [one.cause for one in told if one.cause in CAUSES]
    if not named:
        return ()
    most = max(dict.fromkeys(named), key=named.count)
    return (
        ngettext(
            "Put down to something %(count)s time, most often to “%(cause)s”.",
            "Put down to something %(count)s times, most often to “%(cause)s”.",
            len(named),
            cause=_(CAUSES[most][0]),
        ),
    )


def _told_line(told: Told, sheet: Sheet) -> Line:
    said = [_quoted(name, text) for name, text in told.texts.items()]
    facts = [day_and_month(told.at), _step_name(sheet, told.step)]
    if told.did:
        facts.append(sentences.did(told.did))
    if told.cause in CAUSES:
        cause = _("Put down to “%(cause)s”", cause=_(CAUSES[told.cause][0]))
        said.append(f"{cause}.")
    return Line(" ".join(said), " · ".join(facts))


def _quoted(field: str, text: str) -> str:
    line = " ".join(text.split())
    if field == "what_next":
        return _("Next: “%(text)s”", text=line)
    return _("Feared: “%(text)s”", text=line) if field == "what_feared" else _("“%(text)s”", text=line)


def _step_name(sheet: Sheet, step_id: str) -> str:
    found: Step | None = next((step for step in sheet.ladder.steps if step.id == step_id), None)
    return found.name if found else ""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session that was kept, and what to send to delete it."""

    words: str
    at: str


def sessions_view(held: Sequence[datetime]) -> tuple[SessionView, ...]:
    """The sessions that were kept, the last first."""
    return tuple(SessionView(date_and_time(at), at.isoformat()) for at in reversed(held))
