"""The body before an attempt: reading it again, breathing slowly, and what was kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from rung.app.body import Kept, Readiness
from rung.app.model import LadderId, StepId
from rung.web.forms import READINGS
from rung.words import _, day, later, ngettext, number

__all__ = [
    "BEFORE",
    "MINUTES",
    "SENTENCES",
    "BodyView",
    "ReappraiseView",
    "body_view",
    "query_of",
    "reappraise_view",
]

Options = tuple[tuple[str, str], ...]

SENTENCES = {
    "ready": later("My body is getting ready for this."),
    "blood": later("My heart sends blood to where I need it."),
    "matters": later("This matters to me, and my body knows it."),
    "both": later("I can feel this, and begin all the same."),
}
BEFORE = later("It was like this before, and it worked.")
"""Offered to those alone whose log says so."""

MINUTES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class KeptView:
    """What was kept just now."""

    ladder: str
    words: str
    reading: str
    undo: str
    next_href: str
    next_words: str


@dataclass(frozen=True, slots=True)
class BodyView:
    """The page with both exercises."""

    kept: KeptView | None
    reappraise_href: str
    breathe_href: str
    log_href: str


@dataclass(frozen=True, slots=True)
class ReappraiseView:
    """The exercise."""

    title: str
    """The step that it is for; empty where it is for none."""
    back: str
    ladder: str
    """Id of the ladder that it is kept with; empty for somebody who has none."""
    ladders: Options
    """To choose from, where there is more than one."""
    step: str
    evidence: tuple[str, ...]
    sentences: Options
    readings: Options
    breathe_href: str


def body_view(kept: Kept | None, ladder: LadderId | None, step: StepId | None) -> BodyView:
    """Both exercises, and what was kept where something was."""
    query = query_of(ladder, step)
    log_query = query_of(ladder, None)
    return BodyView(
        kept=None if kept is None else _kept(kept, step),
        reappraise_href=f"/body/reappraise{query}",
        breathe_href=f"/body/breathe{query}",
        log_href=f"/sources/body{log_query}",
    )


def reappraise_view(found: Readiness) -> ReappraiseView:
    """The exercise for one step, or for a ladder as a whole."""
    chosen, step = found.shelf.chosen, found.step
    ladders = tuple((str(one.id), one.name) for one in found.shelf.ladders)
    sentences = tuple((key, _(words)) for key, words in SENTENCES.items())
    return ReappraiseView(
        title=step.name if step else "",
        back=f"/ladders/{chosen.id}" if chosen else "/",
        ladder=chosen.id if chosen else "",
        ladders=ladders if len(ladders) > 1 and step is None else (),
        step=step.id if step else "",
        evidence=_evidence(found),
        sentences=(*sentences, ("before", _(BEFORE))) if found.last else sentences,
        readings=tuple((key, _(words)) for key, (words, _value) in READINGS.items()),
        breathe_href=f"/body/breathe{query_of(chosen.id if chosen else None, step.id if step else None)}",
    )


def query_of(ladder: LadderId | None, step: StepId | None) -> str:
    """What carries the ladder and the step from one page to the next."""
    told = {"ladder": ladder, "step": step}
    query = urlencode({name: value for name, value in told.items() if value})
    return f"?{query}" if query else ""


def _evidence(found: Readiness) -> tuple[str, ...]:
    """The person's own record with a strong body; where there is none, that is said."""
    if found.last:
        words = {"day": day(found.last.at), "arousal": _of_ten(found.last.arousal)}
        if found.last.step:
            last = _(
                "On %(day)s, at “%(step)s”, your body was at %(arousal)s of 10, and it worked.",
                step=found.last.step.name,
                **words,
            )
        else:
            last = _("On %(day)s your body was at %(arousal)s of 10, and it worked.", **words)
        return (last, _count(found)) if found.tried > 1 else (last,)
    if found.elsewhere is not None:
        arousal = _of_ten(found.elsewhere)
        return (
            _("On another ladder: the last time it was at %(arousal)s of 10, it worked.", arousal=arousal),
        )
    return ()


def _count(found: Readiness) -> str:
    return ngettext(
        "Here you tried %(count)s time with your body at 6 of 10 or more. It worked %(worked)s of them.",
        "Here you tried %(count)s times with your body at 6 of 10 or more. It worked %(worked)s of them.",
        found.tried,
        worked=number(found.worked),
    )


def _kept(kept: Kept, step_id: StepId | None) -> KeptView:
    step = kept.ladder.step(step_id) if step_id else None
    base = f"/ladders/{kept.ladder.id}"
    read = next((words for words, value in READINGS.values() if value == kept.appraisal), "")
    return KeptView(
        ladder=kept.ladder.name,
        words=_(
            "Your body is at %(arousal)s of 10. You read it as: %(reading)s.",
            arousal=_of_ten(kept.arousal),
            reading=_(read) if read else number(kept.appraisal),
        ),
        reading=kept.reading,
        undo=f"/attempts/{kept.event_id}/take-back",
        next_href=f"{base}/log?step={step.id}" if step else base,
        next_words=_("I did something about it") if step else _("To the ladder"),
    )


def _of_ten(share: float) -> str:
    return number(round(10 * share))
