"""What the use cases give, told to programs in the models of `answers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rung.app.deeds import moment_in
from rung.app.model import Ladder, Step
from rung.app.outlook import StepOutlook, Today
from rung.app.ports import Plan, Token
from rung.app.programs.logging import Change
from rung.app.sentences import sentence
from rung.engine import Estimate, Event, Option, Reason, Recommendation, Task
from rung.web.api.answers import (
    BridgeOut,
    ChangeOut,
    EstimateOut,
    EventOut,
    LadderOut,
    LevelOut,
    MissingOut,
    NextStepOut,
    OptionOut,
    PlanOut,
    ReasonOut,
    StateOut,
    StepOut,
    StepStateOut,
    TextsOut,
    WhoamiOut,
)

__all__ = [
    "change_out",
    "event_out",
    "ladder_out",
    "next_step_out",
    "plan_out",
    "state_out",
    "texts_out",
    "whoami_out",
]


def ladder_out(ladder: Ladder) -> LadderOut:
    """A ladder."""
    return LadderOut(
        id=ladder.id,
        name=ladder.name,
        wanted_chance=ladder.wanted_chance,
        created_at=ladder.created_at,
        archived_at=ladder.archived_at,
        template=ladder.template,
        steps=[_step(step) for step in ladder.steps],
    )


def next_step_out(today: Today) -> NextStepOut:
    """What is proposed on a ladder."""
    found: Recommendation = today.recommendation
    bridge = found.bridge
    return NextStepOut(
        ladder=today.ladder.id,
        at=today.at,
        step=_name(found.task),
        chance=_estimate(found.chance),
        efficacy=_estimate(found.efficacy),
        reasons=[_reason(reason) for reason in found.reasons],
        pause=_reason(found.pause) if found.pause else None,
        easier=_option(found.easier),
        harder=_option(found.harder),
        bridge=None
        if bridge is None
        else BridgeOut(below=_name(bridge.below), above=bridge.above.name, difficulty=bridge.difficulty),
        resting=[task.name for task in found.resting],
        before=list(found.before),
    )


def state_out(today: Today) -> StateOut:
    """Where somebody stands on a ladder."""
    level = today.level
    return StateOut(
        ladder=today.ladder.id,
        at=today.at,
        level=LevelOut(step=_name(level.task), place=level.step, missing=_missing(level.missing)),
        strength=_estimate(today.strength),
        steps=[_step_state(one) for one in today.steps],
    )


def event_out(event: Event) -> Any:
    """An event, with its time as a date."""
    return EventOut(**{**event._asdict(), "time": moment_in(event)})


def change_out(change: Change) -> ChangeOut:
    """A change of the log."""
    event = None if change.event is None else event_out(change.event)
    return ChangeOut(id=change.id, ladder=change.ladder, at=change.at, event=event)


def texts_out(event: Event, texts: Mapping[str, str]) -> TextsOut:
    """What was written about an event."""
    return TextsOut(event=event.id, ladder=event.domain, texts=dict(texts))


def plan_out(plan: Plan, has_words: bool) -> PlanOut:
    """A plan, with or without its words."""
    words = ("where", "if_text", "then_text", "obstacle", "then_what", "who")
    return PlanOut(
        id=plan.id,
        ladder=plan.ladder,
        step=plan.step,
        made_at=plan.made_at,
        at=plan.at,
        state=plan.state,
        done_by=plan.done_by or None,
        vary=plan.vary,
        **{name: getattr(plan, name) if has_words else None for name in words},
    )


def whoami_out(token: Token) -> WhoamiOut:
    """For whom a token acts."""
    return WhoamiOut(
        person=token.person,
        token=token.id,
        name=token.name,
        scopes=sorted(token.scopes),
        ladders=None if token.ladders is None else sorted(token.ladders),
        created_at=token.created_at,
        expires_at=token.expires_at,
    )


def _step(step: Step) -> StepOut:
    return StepOut(
        id=step.id,
        name=step.name,
        difficulty=step.difficulty,
        conditions=list(step.conditions),
        retired_at=step.retired_at,
    )


def _step_state(outlook: StepOutlook) -> StepStateOut:
    tries = [deed for deed in outlook.deeds if deed.did in ("done", "partly", "tried")]
    return StepStateOut(
        step=outlook.step.id,
        judged=outlook.rating,
        judged_at=outlook.judged_at,
        efficacy=_estimate(outlook.efficacy),
        ability=_estimate(outlook.chance),
        tried=len(tries),
        worked=sum(deed.did == "done" for deed in tries),
    )


def _estimate(found: Estimate) -> EstimateOut:
    return EstimateOut(
        mean=float(found.mean), low=float(found.low), high=float(found.high), missing=_missing(found.missing)
    )


def _missing(found: Any) -> MissingOut | None:
    return MissingOut(judgements=found.judgements, attempts=found.attempts) if found else None


def _reason(reason: Reason) -> ReasonOut:
    return ReasonOut(id=reason.id, text=sentence(reason), numbers=dict(reason.numbers))


def _option(found: Option | None) -> OptionOut | None:
    return None if found is None else OptionOut(step=found.task.name, chance=_estimate(found.chance))


def _name(task: Task | None) -> str | None:
    return None if task is None else task.name
