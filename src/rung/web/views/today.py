"""Today: the next step of each ladder, what waits to be looked back on, and every ladder in small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from markupsafe import Markup

from rung.app import sentences
from rung.app.model import WANTED_CHANCES, Did, LadderId, StepId
from rung.app.outlook import Deed, StepOutlook, Today
from rung.engine import Option, Task
from rung.web import charts
from rung.web.views.standing import firm_words, states

__all__ = ["CardView", "TodayView", "today_view"]

PRICES: Mapping[float, str] = {
    0.6: "About 4 in 10 tries will not work. Each one tells you most, and it takes some bearing.",
    0.75: "About 1 in 4 tries will not work. Enough to learn from, and enough that works.",
    0.9: "About 1 in 10 tries will not work. It is gentle, and it goes slowly.",
}


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go."""

    name: str
    href: str


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
    concerns: tuple[str, ...]
    log_href: str
    event_id: str
    easier: Link | None
    harder: Link | None
    bridge: Link | None


@dataclass(frozen=True, slots=True)
class CardView:
    """One ladder on Today."""

    ladder: str
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


@dataclass(frozen=True, slots=True)
class TodayView:
    """The whole page."""

    cards: tuple[CardView, ...]
    waiting: tuple[Link, ...]


def today_view(all_today: Sequence[Today], chosen: tuple[LadderId, StepId] | None = None) -> TodayView:
    """Everything that the page shows; `chosen` is a step to look at instead of the proposed one."""
    cards = [
        _card(today, chosen[1] if chosen and chosen[0] == today.ladder.id else None) for today in all_today
    ]
    waiting = [(today, deed) for today in all_today for deed in today.waiting]
    return TodayView(
        cards=tuple(cards),
        waiting=tuple(_waiting(today, deed) for today, deed in sorted(waiting, key=lambda pair: pair[1].at)),
    )


def _card(today: Today, chosen: StepId | None) -> CardView:
    href = f"/ladders/{today.ladder.id}"
    wanted = today.ladder.wanted_chance
    title, teach, todo = _first(today, href)
    return CardView(
        ladder=today.ladder.name,
        href=href,
        firm=firm_words(today),
        small_ladder=charts.small_ladder(states(today)),
        step=None if todo else _step_card(today, chosen),
        todo=todo,
        title=title,
        teach=teach,
        dials=tuple(_dial(chance, wanted) for chance in WANTED_CHANCES),
        price=PRICES[wanted],
    )


def _first(today: Today, href: str) -> tuple[str, str, Link | None]:
    """What a ladder needs before a step can be proposed: title, words, where to go."""
    if not today.steps:
        teach = "Five to twelve, from one that you could do this week up to the thing itself."
        return "First, the steps", teach, Link("Break it into steps", f"{href}/steps")
    if all(outlook.chance.missing for outlook in today.steps):
        teach = "It takes a minute. Then Rung can say which step to take next, and why."
        return "How sure are you, as things are now?", teach, Link("Say how sure I am", f"{href}/judge")
    return "", "", None


def _step_card(today: Today, chosen: StepId | None) -> StepCard | None:
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
        over="Next rung" if is_proposed else "Another rung, by your choice",
        name=outlook.step.name,
        chance=sentences.chance(outlook.chance),
        bar=charts.bar(*outlook.chance[:3], proposed=is_proposed),
        reasons=tuple(sentences.sentence(reason) for reason in reasons if reason not in urgent),
        concerns=tuple(dict.fromkeys(sentences.sentence(reason) for reason in urgent)),
        log_href=f"/ladders/{today.ladder.id}/log?step={outlook.step.id}",
        event_id=str(uuid4()),
        easier=_option(today, easier),
        harder=_option(today, harder),
        bridge=_bridge(today),
    )


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
    where = f"between “{below.step.name}” and “{above.step.name}”" if below else f"below “{above.step.name}”"
    return Link(f"A step {where} would fit you better than either.", f"/ladders/{today.ladder.id}/steps")


def _dial(chance: float, wanted: float) -> Dial:
    percent = f"{chance * 100:.0f}"
    return Dial(percent, f"{percent} in 100", chance == wanted)


def _waiting(today: Today, deed: Deed) -> Link:
    step = today.ladder.step(deed.step)
    name = step.name if step else today.ladder.name
    return Link(f"{name}, {deed.at:%A} ({sentences.did(deed.did)})", f"/attempts/{deed.event_id}/reflect")
