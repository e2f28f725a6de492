"""What a coach leaves and has left: the forms with their defaults, and what became of each thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rung import content
from rung.app import sentences
from rung.app.coaching.encouraging import Doubt
from rung.app.coaching.seeing import SharedLadder
from rung.app.ports import Left
from rung.app.sharing.fields import Field
from rung.web.views.coach_ladder import default_step
from rung.words import _, day, later, local, speech

__all__ = ["KINDS", "DoubtView", "LeavingView", "LeftView", "doubt_view", "leaving_view", "said_in"]

Options = tuple[tuple[str, str], ...]

KINDS: Mapping[str, str] = {
    "step": later("A step"),
    "split": later("A step split"),
    "bridge": later("A step in between"),
    "homework": later("Until next time"),
    "comment": later("About a try"),
    "praise": later("What you saw"),
    "story": later("A story"),
}
"""What each kind is called by who left it."""

_STATES: Mapping[str, Mapping[str, str]] = {
    "open": {"": later("waits for an answer")},
    "taken": {
        "": later("taken"),
        "homework": later("planned"),
        "comment": later("read"),
        "praise": later("kept"),
        "story": later("read"),
    },
    "declined": {"": later("let go")},
}


@dataclass(frozen=True, slots=True)
class LeftView:
    """One thing that was left."""

    id: str
    kind: str
    words: str
    facts: str
    why: str
    """The word that came with a refusal."""
    is_open: bool


@dataclass(frozen=True, slots=True)
class DoubtView:
    """Why an encouragement would hardly carry, and what would."""

    words: str
    why: str
    """The theory behind it."""
    is_confirmable: bool


@dataclass(frozen=True, slots=True)
class LeavingView:
    """The forms, with what stands in them at first."""

    steps: Options
    """Goal first."""
    places: Options
    """After which step a new one comes."""
    aboves: Options
    """Below which step one comes in between."""
    tries: Options
    chosen: str
    """The step to begin with."""
    stories: Options
    today: str
    """Of whoever writes, as a date field has it."""
    can_comment: bool
    left: tuple[LeftView, ...]
    comments: Mapping[str, tuple[str, ...]]
    """What was said of each try, by its id."""


def leaving_view(shared: SharedLadder, left: Sequence[Left]) -> LeavingView:
    """Everything that a coach can do on the page of a ladder."""
    steps = tuple((one.step.id, one.step.name) for one in reversed(shared.steps))
    domain = content.domain(shared.template, speech().language.code) if shared.template else None
    domain = domain or content.matching(shared.title, speech().language.code)
    has_done = shared.shows(Field.OUTCOMES)
    tries = [(f"attempt:{one.event_id}", _try_words(shared, one.step, day(one.at))) for one in shared.tries]
    comments: dict[str, tuple[str, ...]] = {}
    for one in reversed(left):
        if one.kind == "comment":
            attempt = str(one.content.get("attempt", ""))
            comments[attempt] = (*comments.get(attempt, ()), str(one.content.get("text", "")))
    return LeavingView(
        steps=steps,
        places=(*((key, _("after “%(step)s”", step=name)) for key, name in steps), ("", _("as the easiest"))),
        aboves=tuple((key, _("below “%(step)s”", step=name)) for key, name in steps),
        tries=tuple(tries[:12]) if has_done else (),
        chosen=default_step(shared) or "",
        stories=tuple((story.id, story.who) for story in domain.stories) if domain else (),
        today=local(shared.at).date().isoformat(),
        can_comment=has_done,
        left=tuple(_left(shared, one) for one in left),
        comments=comments,
    )


def _try_words(shared: SharedLadder, step_id: str, at: str) -> str:
    step = shared.step(step_id)
    return _("%(step)s, %(day)s", step=step.name if step else "", day=at)


def _left(shared: SharedLadder, one: Left) -> LeftView:
    states = _STATES[one.state]
    state = _(states.get(one.kind, states[""]))
    at = one.answered_at or one.made_at
    return LeftView(
        id=one.id,
        kind=_(KINDS[one.kind]),
        words=said_in(shared, one),
        facts=_("%(state)s, %(day)s", state=state, day=day(at)),
        why=str(one.content.get("why", "")) if one.state == "declined" else "",
        is_open=one.state == "open",
    )


def said_in(shared: SharedLadder, one: Left) -> str:
    """What was left, in a line."""
    told = {name: str(value) for name, value in one.content.items()}
    found = shared.step(told.get("step", ""))
    step = found.name if found else ""
    names = one.content.get("names")
    match one.kind:
        case "split":
            parts = [str(name) for name in names] if isinstance(names, list) else []
            return _("“%(step)s” as: %(parts)s", step=step, parts="; ".join(parts))
        case "homework":
            return _("%(step)s: %(note)s", step=step, note=told["note"]) if told.get("note") else step
        case "praise":
            return told.get("seen", "")
        case "comment":
            return told.get("text", "")
        case "story":
            story = content.story(told.get("story", ""), speech().language.code)
            return story.who if story else told.get("whom", "")
    return told.get("name", "")


def doubt_view(doubt: Doubt) -> DoubtView:
    """Why it would hardly carry, kindly."""
    if doubt.why == "promise":
        return DoubtView(
            _("“%(phrase)s” promises what nobody can know. It is not sent yet.", phrase=doubt.phrase),
            _(
                "An assurance that the next try can contradict fades or turns against itself, and takes your "
                "credit along (Bandura, 1997). Say what you saw them do, and leave the conclusion to them."
            ),
            False,
        )
    if doubt.why == "empty":
        return DoubtView(
            _("This does not say yet what you saw them do. It is not sent yet."),
            _(
                "Praise without a deed lifts for a moment and fades, and who doubts themselves hears a "
                "kindness in it (Bandura, 1997). What carries is the one thing that you saw: what they said "
                "or did, and what was hard about it at that moment."
            ),
            False,
        )
    record = sentences.chance(doubt.record) if doubt.record else ""
    return DoubtView(
        _("You say more than their record does: it works %(record)s so far.", record=record),
        _(
            "An assurance far above what they find when they try is let down by the next try "
            "(Bandura, 1997). Lower it, or send it as it is if you know something that the record does not."
        ),
        True,
    )
