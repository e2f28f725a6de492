"""Where the person stands on a ladder, what Rung proposes, and what is logged of a step as on the page."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from rung.app import evidence, outlook
from rung.app.model import Did, StepId
from rung.app.policies import Action
from rung.web.api.answers import JudgedOut, NextStepOut, RecordedOut, StateOut
from rung.web.api.caller import ReadsEvidence, WritesEvidence
from rung.web.api.requests import AttemptIn, JudgementIn
from rung.web.api.telling import next_step_out, state_out

router = APIRouter(prefix="/ladders/{ladder_id}", tags=["standing"])


@router.get("/next-step", operation_id="next_step")
def next_step(caller: ReadsEvidence, ladder_id: UUID) -> NextStepOut:
    """Say which step comes next, with its reasons, its chance, and what else could be done."""
    person, this = caller.person(Action.READ_EVIDENCE, ladder_id)
    return next_step_out(outlook.today(caller.services, person, this))


@router.get("/state", operation_id="state")
def state(caller: ReadsEvidence, ladder_id: UUID) -> StateOut:
    """Say of each step what was judged, how sure the person is, and how able, each with its band."""
    person, this = caller.person(Action.READ_EVIDENCE, ladder_id)
    return state_out(outlook.today(caller.services, person, this))


@router.post("/steps/{step_id}/attempts", operation_id="record_attempt", status_code=201)
def record_attempt(caller: WritesEvidence, ladder_id: UUID, step_id: UUID, sent: AttemptIn) -> RecordedOut:
    """Log what became of a step, as the five buttons do: done, partly, tried, avoided, skipped."""
    person, this = caller.person(Action.RECORD, ladder_id)
    services, step = caller.services, StepId(str(step_id))
    event_id = evidence.record(
        services, person, this, step, Did(sent.did), caller.own_id(sent.id), sent.at, sent.varied
    )
    return RecordedOut(id=event_id, is_taken_back=evidence.is_taken_back(services, person, event_id))


@router.post("/judgements", operation_id="judge", status_code=201)
def judge(caller: WritesEvidence, ladder_id: UUID, sent: JudgementIn) -> JudgedOut:
    """Keep how sure the person is of steps, as of now."""
    person, this = caller.person(Action.RECORD, ladder_id)
    ratings = {StepId(str(step)): rating for step, rating in sent.ratings.items()}
    feared = {StepId(str(step)): share for step, share in sent.feared.items()}
    own_id = caller.own_id(sent.id)
    return JudgedOut(
        ids=list(evidence.judge(caller.services, person, this, ratings, feared, own_id, sent.at))
    )
