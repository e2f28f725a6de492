"""Preparing a step: its plans, what one could plan, and somebody who had trouble with it too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from rung.app.climbing.plans import Plan, Planned, in_words
from rung.app.model import Ladder, Step
from rung.content import Domain, Story, domain, matching
from rung.web.forms import Typed
from rung.words import _, language_of, later, local, speech

__all__ = ["DAYS", "OWN", "PrepareView", "domain_of", "prepare_view", "typed_plan"]

OWN = "own"
"""The answer of whoever takes none of the suggestions."""

Options = tuple[tuple[str, str], ...]

DAYS = {
    "open": later("Left open"),
    "today": later("Today"),
    "tomorrow": later("Tomorrow"),
    "date": later("Another day"),
}
VARIETIES = {
    "": later("As it is"),
    "place": later("Another place"),
    "people": later("Other people"),
    "time": later("Another time of day"),
}
_VARIED = {
    "place": later("In another place than before"),
    "people": later("With other people than before"),
    "time": later("At another time of day than before"),
}


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan as it stands on the page."""

    id: str
    when: str
    is_due: bool
    """True where its time has come, and nothing was logged."""
    sentence: str
    """The if-then plan; empty where there is none."""
    facts: tuple[str, ...]
    href: str
    how_href: str
    remind_href: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An if-then plan to choose."""

    key: str
    words: str
    if_text: str
    then_text: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """Somebody who struggled first."""

    who: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrepareView:
    """The page."""

    ladder: str
    ladder_href: str
    step: str
    href: str
    action: str
    is_new: bool
    plans: tuple[PlanView, ...]
    days: Options
    earliest: str
    latest: str
    suggestions: tuple[Suggestion, ...]
    obstacles: Options
    varieties: Options
    story: StoryView | None
    lang: str
    """Language of what comes from the library."""
    direction: str
    models_href: str
    body_href: str


def prepare_view(found: Planned, now: datetime) -> PrepareView:
    """The page of a step, to plan it or to change one of its plans."""
    ladder, step, plan = found.ladder, found.step, found.plan
    ideas = domain_of(ladder)
    query = urlencode({"ladder": ladder.id, "step": step.id})
    href = f"/ladders/{ladder.id}/prepare?{urlencode({'step': step.id})}"
    today = local(now).date()
    language = language_of(ideas.language) if ideas else None
    language = language or speech().language
    return PrepareView(
        ladder=ladder.name,
        ladder_href=f"/ladders/{ladder.id}",
        step=step.name,
        href=href,
        action=f"/plans/{plan.id}" if plan else href,
        is_new=plan is None,
        plans=tuple(_plan(one, ladder, step, now) for one in found.plans),
        days=tuple((key, _(words)) for key, words in DAYS.items()),
        earliest=today.isoformat(),
        latest=(today + timedelta(days=730)).isoformat(),
        suggestions=_suggestions(ideas),
        obstacles=tuple((str(place), words) for place, words in enumerate(ideas.obstacles)) if ideas else (),
        varieties=tuple((key, _(words)) for key, words in VARIETIES.items()),
        story=_story(ideas, step),
        lang=language.code,
        direction=language.direction,
        models_href=f"/sources/models?{query}",
        body_href=f"/body/reappraise?{query}",
    )


def domain_of(ladder: Ladder) -> Domain | None:
    """The domain that a ladder was made from, or else the one that fits its name."""
    language = speech().language.code
    made_from = domain(ladder.template, language) if ladder.template else None
    return made_from or matching(ladder.name, language)


def typed_plan(plan: Plan | None, now: datetime) -> Typed:
    """What stands in the fields before anything is typed."""
    if plan is None:
        return Typed(when="open", clock=_likely_hour(now), suggestion=OWN, obstacle_choice=OWN)
    form = Typed(
        where=plan.where,
        if_text=plan.if_text,
        then_text=plan.then_text,
        obstacle=plan.obstacle,
        then_what=plan.then_what,
        who=plan.who,
        vary=plan.vary,
        suggestion=OWN,
        obstacle_choice=OWN,
        when="open",
        clock=_likely_hour(now),
    )
    if plan.at is not None:
        at, today = local(plan.at), local(now).date()
        ahead = (at.date() - today).days
        form.update(
            when={0: "today", 1: "tomorrow"}.get(ahead, "date"),
            day=at.date().isoformat(),
            clock=f"{at:%H:%M}",
        )
    return form


def _likely_hour(now: datetime) -> str:
    """A full hour to begin with: soon, or in the evening where the day is nearly over (assumption)."""
    hour = local(now).hour + 2
    return f"{hour:02}:00" if 8 <= hour <= 21 else "18:00"


def _suggestions(ideas: Domain | None) -> tuple[Suggestion, ...]:
    if ideas is None:
        return ()
    return tuple(
        Suggestion(str(place), _sentence(one.situation, one.response), one.situation, one.response)
        for place, one in enumerate(ideas.if_then)
    )


def _sentence(if_text: str, then_text: str) -> str:
    if if_text and then_text:
        return _("If %(situation)s, then I %(response)s.", situation=if_text, response=then_text)
    if if_text:
        return _("If %(situation)s: what you do then is open.", situation=if_text)
    return _("I %(response)s.", response=then_text) if then_text else ""


def _plan(plan: Plan, ladder: Ladder, step: Step, now: datetime) -> PlanView:
    remind = {"ladder": ladder.id, "step": step.id}
    if plan.at is not None:
        remind["at"] = f"{plan.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    facts = (
        _("Where: %(place)s", place=plan.where) if plan.where else "",
        _in_the_way(plan),
        _("Somebody who will know: %(who)s", who=plan.who) if plan.who else "",
        _(_VARIED[plan.vary]) if plan.vary else "",
    )
    return PlanView(
        id=plan.id,
        when=in_words(plan, now),
        is_due=plan.at is not None and plan.at <= now,
        sentence=_sentence(plan.if_text, plan.then_text),
        facts=tuple(filter(None, facts)),
        href=f"/plans/{plan.id}",
        how_href=f"/ladders/{ladder.id}/log?{urlencode({'step': step.id})}",
        remind_href=f"/reminders?{urlencode(remind)}",
    )


def _in_the_way(plan: Plan) -> str:
    if plan.obstacle and plan.then_what:
        return _(
            "What might get in the way: %(obstacle)s. Then: %(then_what)s",
            obstacle=plan.obstacle.removesuffix("."),
            then_what=plan.then_what,
        )
    if plan.obstacle:
        return _("What might get in the way: %(obstacle)s", obstacle=plan.obstacle)
    return (
        _("When something gets in the way: %(then_what)s", then_what=plan.then_what) if plan.then_what else ""
    )


def _story(ideas: Domain | None, step: Step) -> StoryView | None:
    """One of the stories of a domain: the same one each time for a step, and not the same for every step."""
    if ideas is None or not ideas.stories:
        return None
    story: Story = ideas.stories[UUID(step.id).int % len(ideas.stories)]
    return StoryView(story.who, tuple(filter(None, story.text.split("\n\n"))))
