"""How sure somebody is of each step, as things are now."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from rung.app import evidence, outlook
from rung.app.judging import feared_outcome
from rung.app.model import LadderId, StepId
from rung.app.outlook import Today
from rung.errors import InvalidInput
from rung.web.forms import Faults, Text, Texts, Typed, percent
from rung.web.site import Here, Me, Site, go
from rung.web.views.judge import Answers, judge_view
from rung.words import _

router = APIRouter()


@router.get("/ladders/{ladder_id}/judge")
def judge_page(request: Request, site: Here, me: Me, ladder_id: UUID, steps: str = "") -> Response:
    """All steps on one page, those that are asked first."""
    today = outlook.today(site.services, me.id, LadderId(str(ladder_id)))
    if not today.steps:
        return go(f"/ladders/{ladder_id}/steps")
    return _show(request, site, today, Answers(), Faults(), only=steps)


@router.post("/ladders/{ladder_id}/judge")
def judge(
    request: Request,
    site: Here,
    me: Me,
    ladder_id: UUID,
    step: Texts,
    rating: Texts,
    feared: Texts,
    likely: Texts,
    bad: Texts,
    resources: Text = "",
    id: Text = "",
    steps: str = "",
) -> Response:
    """Store what was answered; a step left empty was not judged.

    What is feared comes as two numbers, `likely` and `bad`, or as the one that the log keeps, `feared`.
    """
    this, faults = LadderId(str(ladder_id)), Faults()
    answers = Answers(_by_step(step, rating), _by_step(step, likely), _by_step(step, bad), resources)
    rated = _numbers(answers.ratings, "rating", faults)
    fears = {**_numbers(_by_step(step, feared), "fear", faults), **_fears(answers, faults)}
    for one in fears:
        if one not in rated and f"rating-{one}" not in faults:
            faults[f"rating-{one}"] = _("You said what you fear here: say how sure you are, too.")
    if not rated and not faults:
        faults["whole"] = _("Say how sure you are of at least one step.")
    if not faults:
        try:
            evidence.judge(site.services, me.id, this, rated, fears, event_id=id or None, resources=resources)
            return go(f"/ladders/{ladder_id}?said=judged")
        except InvalidInput as error:
            faults["whole"] = f"{error}."
    return _show(request, site, outlook.today(site.services, me.id, this), answers, faults, id, steps)


def _by_step(steps: list[str], texts: list[str]) -> Typed:
    return Typed(zip(steps, texts, strict=False))


def _numbers(texts: Typed, name: str, faults: Faults) -> dict[StepId, int]:
    found: dict[StepId, int] = {}
    for step, text in texts.items():
        try:
            number = percent(text)
        except InvalidInput as error:
            faults[f"{name}-{step}"] = f"{error}."
            continue
        if number is not None:
            found[StepId(step)] = number
    return found


def _fears(answers: Answers, faults: Faults) -> dict[StepId, int]:
    """What is feared at each step where both halves of it were answered."""
    likely = _numbers(answers.likely, "fear", faults)
    bad = _numbers(answers.bad, "fear", faults)
    for step in set(likely) ^ set(bad):
        faults.setdefault(f"fear-{step}", _("Say both: how likely it is, and how bad it would be."))
    return {step: feared_outcome(likely[step], bad[step]) for step in likely if step in bad}


def _show(
    request: Request,
    site: Site,
    today: Today,
    answers: Answers,
    faults: Faults,
    event_id: str = "",
    only: str = "",
) -> Response:
    view = judge_view(today, answers, faults, event_id, only.split(","))
    return site.page(request, "judge.html", 422 if faults else 200, view=view, faults=faults)
