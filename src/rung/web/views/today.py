"""Today: one next step, what is planned, what waits to be looked back on, and the other ladders in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import uuid4

from markupsafe import Markup

from rung.app import sentences
from rung.app.at_hand import AtHand
from rung.app.avoiding import loop_notice
from rung.app.climbing.plans import Plan
from rung.app.model import WANTED_CHANCES, Did, LadderId, StepId
from rung.app.outlook import Deed, StepOutlook, Today
from rung.app.reminding.reminders import DueNow
from rung.engine import Option, Reason, Task
from rung.engine.loops import OVER_REACH, STUCK_STEP, Sign
from rung.engine.planning import Source
from rung.web import charts
from rung.web.views.judge import AskView, ask_view
from rung.web.views.loop import LoopView, loop_view
from rung.web.views.standing import firm_words, states
from rung.words import _, date_and_time, later, weekday

__all__ = ["CardView", "TodayView", "today_view"]

PRICES: Mapping[float, str] = {
    0.6: later("Each try tells you most, and it takes some bearing."),
    0.75: later("Enough to learn from, and enough that works."),
    0.9: later("It is gentle, and it may go slowly."),
}
"""What each position of the dial costs."""

FIRST: Mapping[Source, tuple[str, str]] = {
    "model": (later("Somebody like you who did it"), "/sources/models"),
    "assurance": (later("An honest word from somebody who knows you"), "/sources/encouragement"),
    "reappraisal": (later("Read your body"), "/body/reappraise"),
}
"""What may help before a step, and where that is done."""


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that is said at once, and perhaps a way on from it."""

    words: str
    way: Link | None = None


@dataclass(frozen=True, slots=True)
class Dial:
    """One position of the dial."""

    percent: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class StepCard:
    """The step in question on a card."""

    over: str
    name: str
    chance: str
    bar: Markup
    reasons: tuple[str, ...]
    first: tuple[Link, ...]
    """What would help first."""
    concerns: tuple[Concern, ...]
    log_href: str
    prepare_href: str
    step_id: str
    event_id: str
    easier: Link | None
    harder: Link | None
    bridge: Link | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """What was planned for a step."""

    step: str
    words: str
    """When and where, or that the time has passed."""
    if_then: str
    is_past: bool
    log_href: str
    edit_href: str


@dataclass(frozen=True, slots=True)
class ReminderView:
    """A reminder that has come."""

    words: str
    href: str
    done: str
    later: str


@dataclass(frozen=True, slots=True)
class OtherView:
    """Another ladder, in two lines."""

    ladder: str
    href: str
    words: str
    firm: str


@dataclass(frozen=True, slots=True)
class CardView:
    """The ladder that Today is about."""

    ladder: str
    ladder_id: str
    href: str
    firm: str
    small_ladder: Markup
    step: StepCard | None
    """None while steps or judgements are missing."""
    todo: Link | None
    """What to do first, then."""
    title: str
    teach: str
    dials: tuple[Dial, ...]
    price: str
    """What the chosen position of the dial costs."""
    least: str


@dataclass(frozen=True, slots=True)
class TodayView:
    """The whole page."""

    card: CardView | None
    """None before there is a ladder."""
    others: tuple[OtherView, ...]
    plans: tuple[PlanView, ...]
    waiting: tuple[Link, ...]
    reminders: tuple[ReminderView, ...]
    ask: AskView | None
    """The prompt to judge again, where it would tell much."""
    loop: LoopView | None
    """What is seen of letting pass, and two ways out."""


def today_view(at_hand: AtHand, ladder: LadderId | None = None, step: StepId | None = None) -> TodayView:
    """Everything that the page shows: of one ladder the next step, of the others a line each.

    `ladder` and `step` are what the person chose to look at instead of what Rung proposes.
    """
    all_today, plans = at_hand.todays, at_hand.plans
    first = _chosen(all_today, plans, ladder)
    waiting = [(today, deed) for today in all_today for deed in today.waiting]
    loop = loop_view(loop_notice(first)) if first else None
    return TodayView(
        card=_card(first, step, is_loop_told=loop is not None) if first else None,
        others=tuple(_other(today) for today in all_today if today is not first),
        plans=tuple(
            _plan(found, plan, at_hand.at) for plan in plans if (found := _of(all_today, plan.ladder))
        ),
        waiting=tuple(_waiting(today, deed) for today, deed in sorted(waiting, key=lambda pair: pair[1].at)),
        reminders=tuple(_reminder(due) for due in at_hand.reminders),
        ask=ask_view(first) if first else None,
        loop=loop,
    )


def _chosen(all_today: Sequence[Today], plans: Sequence[Plan], chosen: LadderId | None) -> Today | None:
    """The ladder that the page is about: the chosen one, else that of the next plan, else the last used."""
    planned = [plan.ladder for plan in sorted(plans, key=lambda plan: (plan.at is None, plan.at, plan.id))]
    for ladder in (chosen, *planned):
        found = _of(all_today, ladder)
        if found:
            return found
    return max(all_today, key=_last_used, default=None)


def _of(all_today: Sequence[Today], ladder: str | None) -> Today | None:
    return next((today for today in all_today if today.ladder.id == ladder), None)


def _last_used(today: Today) -> datetime:
    deeds = [deed.at for outlook in today.steps for deed in outlook.deeds]
    return max([today.ladder.created_at, *deeds])


def _plan(today: Today, plan: Plan, now: datetime) -> PlanView:
    step = today.ladder.step(plan.step)
    href = f"/ladders/{plan.ladder}"
    is_past = plan.at is not None and plan.at < now
    return PlanView(
        step=step.name if step else today.ladder.name,
        words=_when(plan, is_past),
        if_then=(
            _("If %(situation)s, then I %(response)s.", situation=plan.if_text, response=plan.then_text)
            if plan.if_text and plan.then_text
            else ""
        ),
        is_past=is_past,
        log_href=f"{href}/log?step={plan.step}",
        edit_href=f"{href}/prepare?step={plan.step}",
    )


def _when(plan: Plan, is_past: bool) -> str:
    if plan.at is None:
        return plan.where or _("No day is set yet.")
    at = date_and_time(plan.at)
    if is_past:
        return _("It was planned for %(at)s. How did it go?", at=at)
    return _("%(at)s, %(where)s", at=at, where=plan.where) if plan.where else at


def _reminder(due: DueNow) -> ReminderView:
    base = f"/reminders/{due.reminder.id}"
    href = f"/ladders/{due.ladder.id}"
    if due.reminder.about == "judge":
        return ReminderView(
            _("Say again how sure you are: %(ladder)s", ladder=due.ladder.name),
            f"{href}/judge",
            f"{base}/done",
            f"{base}/later",
        )
    name = due.step.name if due.step else due.ladder.name
    where = f"{href}/log?step={due.step.id}" if due.step else f"/?ladder={due.ladder.id}"
    return ReminderView(_("It is time for: %(step)s", step=name), where, f"{base}/done", f"{base}/later")


def _other(today: Today) -> OtherView:
    outlook = today.outlook_of(today.recommendation.task)
    words = outlook.step.name if outlook else ""
    return OtherView(today.ladder.name, f"/?ladder={today.ladder.id}", words, firm_words(today))


def _card(today: Today, chosen: StepId | None, *, is_loop_told: bool) -> CardView:
    href = f"/ladders/{today.ladder.id}"
    wanted = today.ladder.wanted_chance
    title, teach, todo = _first(today, href)
    return CardView(
        ladder=today.ladder.name,
        ladder_id=today.ladder.id,
        href=href,
        firm=firm_words(today),
        small_ladder=charts.small_ladder(states(today)),
        step=None if todo else _step_card(today, chosen, is_loop_told),
        todo=todo,
        title=title,
        teach=teach,
        dials=tuple(_dial(chance, wanted) for chance in WANTED_CHANCES),
        price=_(PRICES[wanted]),
        least=sentences.least(wanted),
    )


def _first(today: Today, href: str) -> tuple[str, str, Link | None]:
    """What a ladder needs before a step can be proposed: title, words, where to go."""
    if not today.steps:
        teach = _("Five to twelve, from one that you could do this week up to the thing itself.")
        return _("First, the steps"), teach, Link(_("Break it into steps"), f"{href}/steps")
    if all(outlook.chance.missing for outlook in today.steps):
        teach = _("It takes a minute. Then Rung can say which step to take next, and why.")
        ask = Link(_("Say how sure I am"), f"{href}/judge")
        return _("How sure are you, as things are now?"), teach, ask
    return "", "", None


def _step_card(today: Today, chosen: StepId | None, is_loop_told: bool) -> StepCard | None:
    proposal = today.recommendation
    proposed = today.outlook_of(proposal.task)
    outlook = _outlook(today, chosen) or proposed
    if outlook is None:
        return None
    is_proposed = outlook is proposed
    reasons = proposal.reasons if is_proposed else ()
    pause = (proposal.pause,) if proposal.pause else ()
    urgent = [*pause, *(reason for reason in reasons if reason.id in sentences.CONCERNS)]
    easier, harder = _neighbours(today, outlook) if not is_proposed else (proposal.easier, proposal.harder)
    return StepCard(
        over=_("Next rung") if is_proposed else _("Another rung, by your choice"),
        name=outlook.step.name,
        chance=sentences.chance(outlook.chance),
        bar=charts.bar(*outlook.chance[:3], proposed=is_proposed),
        reasons=tuple(sentences.sentence(reason) for reason in reasons if reason not in urgent),
        first=_first_of_all(today, outlook) if is_proposed else (),
        concerns=_concerns(today, urgent, is_loop_told),
        log_href=f"/ladders/{today.ladder.id}/log?step={outlook.step.id}",
        prepare_href=f"/ladders/{today.ladder.id}/prepare?step={outlook.step.id}",
        step_id=outlook.step.id,
        event_id=str(uuid4()),
        easier=_option(today, easier),
        harder=_option(today, harder),
        bridge=_bridge(today),
    )


def _first_of_all(today: Today, outlook: StepOutlook) -> tuple[Link, ...]:
    """What would help before the proposed step, and where it is done."""
    query = urlencode({"ladder": today.ladder.id, "step": outlook.step.id})
    ways = (FIRST[source] for source in today.recommendation.before)
    return tuple(Link(_(words), f"{href}?{query}") for words, href in ways)


def _concerns(today: Today, urgent: Sequence[Reason], is_loop_told: bool) -> tuple[Concern, ...]:
    """What is said at once, each thing once: a step that is stuck is not told as one that rests, too."""
    ids = {reason.id for reason in urgent}
    stuck = [sign for sign in today.signs if sign.kind == STUCK_STEP]
    if "easiest-fails" in ids:
        stuck = [sign for sign in stuck if sign.task != today.steps[0].step.id]
    resting = today.recommendation.resting
    told = set(sentences.OF_THE_LOOP) if is_loop_told else set()
    if resting and resting[0].name in {sign.task for sign in stuck}:
        told.add("two-failures")
    words = dict.fromkeys(sentences.sentence(reason) for reason in urgent if reason.id not in told)
    reached = [sign for sign in today.signs if sign.kind == OVER_REACH and not stuck]
    return (
        *map(Concern, words),
        *(Concern(sentences.sign(sign)) for sign in reached),
        *(_stuck(today, sign) for sign in stuck),
    )


def _stuck(today: Today, sign: Sign) -> Concern:
    step = today.ladder.step(StepId(sign.task or ""))
    href = f"/ladders/{today.ladder.id}/steps/{sign.task}"
    return Concern(sentences.sign(sign, step.name if step else ""), Link(_("Split it"), href))


def _outlook(today: Today, step: StepId | None) -> StepOutlook | None:
    return next((outlook for outlook in today.steps if outlook.step.id == step), None)


def _neighbours(today: Today, outlook: StepOutlook) -> tuple[Option | None, Option | None]:
    """The steps below and above, where the stop rules of the recommendation allow them."""
    place = today.steps.index(outlook)
    below = today.steps[place - 1] if place else None
    above = today.steps[place + 1] if place + 1 < len(today.steps) else None
    if above is not None and not _may_be_offered(today, place + 1):
        above = None
    return _as_option(today, below), _as_option(today, above)


def _may_be_offered(today: Today, place: int) -> bool:
    has_worked = any(deed.did is Did.DONE for deed in today.steps[place].deeds)
    return states(today)[place] != "resting" and (today.recommendation.pause is None or has_worked)


def _as_option(today: Today, outlook: StepOutlook | None) -> Option | None:
    return Option(Task(today.ladder.id, outlook.step.id), outlook.chance) if outlook else None


def _option(today: Today, option: Option | None) -> Link | None:
    outlook = today.outlook_of(option.task) if option else None
    if outlook is None:
        return None
    return Link(outlook.step.name, f"/?ladder={today.ladder.id}&step={outlook.step.id}")


def _bridge(today: Today) -> Link | None:
    bridge = today.recommendation.bridge
    above = today.outlook_of(bridge.above) if bridge else None
    if above is None or bridge is None:
        return None
    below = today.outlook_of(bridge.below)
    words = sentences.bridge(below.step.name if below else None, above.step.name)
    return Link(words, f"/ladders/{today.ladder.id}/steps")


def _dial(chance: float, wanted: float) -> Dial:
    percent = f"{chance * 100:.0f}"
    return Dial(percent, _("%(percent)s in 100", percent=percent), chance == wanted)


def _waiting(today: Today, deed: Deed) -> Link:
    step = today.ladder.step(deed.step)
    words = _(
        "%(step)s, %(day)s (%(did)s)",
        step=step.name if step else today.ladder.name,
        day=weekday(deed.at),
        did=sentences.did(deed.did),
    )
    return Link(words, f"/attempts/{deed.event_id}/reflect")
