"""The steps of a ladder as they are put in order, added to, and built."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from rung.app import sentences
from rung.app.climbing.grading import DIMENSIONS
from rung.app.model import Ladder, StepId
from rung.app.outlook import Today
from rung.content import Domain
from rung.web.forms import Typed
from rung.web.views.conditions import condition_words
from rung.web.views.notices import Notice
from rung.words import _, later

__all__ = ["StepsView", "steps_notice", "steps_view"]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the order."""

    id: StepId
    name: str
    href: str
    place: int
    """1 for the easiest."""
    conditions: tuple[str, ...]
    is_goal: bool
    is_first: bool
    """True for the hardest, which stands first on the page."""
    is_last: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """Steps that others have taken, to start from."""

    id: str
    title: str
    text: str
    rows: int
    note: str
    """What to mind before the first step."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a step between two others would fit better than either."""

    words: str
    after: str
    """The step below, as the form sends it; empty for the very bottom."""
    batch_id: str
    """Names what is put in, so that sending it twice makes it once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One condition of the builder, with its two ends."""

    name: str
    label: str
    easier: str
    harder: str
    easier_ideas: tuple[str, ...]
    harder_ideas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepsView:
    """The page of a ladder's steps."""

    name: str
    href: str
    steps: tuple[StepLine, ...]
    """Hardest first."""
    retired: tuple[StepLine, ...]
    places: tuple[tuple[str, str], ...]
    """Where new steps can go: the id of the step below, and words; highest first."""
    default_place: str
    offer: Offer | None
    template: str
    """The domain that the steps in the text area come from; empty = none."""
    harder: tuple[str, ...]
    """What makes such a goal harder, where a domain of the library knows."""
    gap: Gap | None
    is_judged: bool
    turns: tuple[Turn, ...]
    library_href: str


_IDEAS = {
    "support": (
        (later("with notes in hand"), later("with a friend beside me")),
        (later("without notes"), later("on my own")),
    ),
    "place": (
        (later("at home"), later("in a place I know")),
        (later("where it will be"), later("in a place I do not know")),
    ),
    "people": (
        (later("to myself"), later("to a friend")),
        (later("to the person it is about"), later("in front of others")),
    ),
    "time": (
        (later("for two minutes"), later("when I have all day")),
        (later("for twenty minutes"), later("when time is short")),
    ),
    "stakes": (
        (later("as a rehearsal"), later("when little hangs on it")),
        (later("when it counts"), later("when the answer may be no")),
    ),
}
"""What could stand at the easier and at the harder end of each condition."""


def steps_view(today: Today, domain: Domain | None, form: Typed, offered: Domain | None = None) -> StepsView:
    """Everything that the page shows.

    `domain` is what fits such a goal, `offered` is one that was asked for in the library: one of them is
    offered while the ladder has no steps.
    """
    ladder = today.ladder
    climbing = ladder.climbing
    offer = offered or (domain if not climbing and not form["names"] else None)
    places = [(str(step.id), _("above: %(step)s", step=step.name)) for step in reversed(climbing)]
    return StepsView(
        name=ladder.name,
        href=f"/ladders/{ladder.id}",
        steps=tuple(_line(ladder, place) for place in range(len(climbing) - 1, -1, -1)),
        retired=tuple(
            StepLine(step.id, step.name, _href(ladder, step.id), 0, (), False, False, False)
            for step in ladder.steps
            if step.retired_at is not None
        ),
        places=(*places, ("", _("at the very bottom, easiest"))) if climbing else (),
        default_place=str(climbing[-2].id) if len(climbing) > 1 else "",
        offer=_offer(offer) if offer else None,
        template=offer.id if offer else form["template"],
        harder=domain.harder if domain else (),
        gap=_gap(today),
        is_judged=any(outlook.judged_at is not None for outlook in today.steps),
        turns=tuple(_turn(name, form) for name in DIMENSIONS),
        library_href=_library(ladder, None if offer or climbing else ladder.name),
    )


def steps_notice(ladder: Ladder, retired: StepId | None, restored: StepId | None) -> Notice | None:
    """What the page says first after a step was retired or taken up again, with the way back."""
    for step in ladder.steps:
        href = _href(ladder, step.id)
        if step.id == retired and step.retired_at is not None:
            words = _("“%(step)s” is retired. What you did on it still counts.", step=step.name)
            return Notice(words, undo=f"{href}/restore", undo_words=_("Put it back"))
        if step.id == restored and step.retired_at is None:
            words = _("“%(step)s” is on the ladder again.", step=step.name)
            return Notice(words, undo=f"{href}/retire", undo_words=_("Retire it after all"))
    return None


def _line(ladder: Ladder, place: int) -> StepLine:
    step, top = ladder.climbing[place], len(ladder.climbing) - 1
    return StepLine(
        id=step.id,
        name=step.name,
        href=_href(ladder, step.id),
        place=place + 1,
        conditions=condition_words(step.conditions),
        is_goal=place == top,
        is_first=place == top,
        is_last=place == 0,
    )


def _href(ladder: Ladder, step: StepId) -> str:
    return f"/ladders/{ladder.id}/steps/{step}"


def _library(ladder: Ladder, text: str | None) -> str:
    """The library, with what comes near the ladder's name where it is looked for."""
    query = {"ladder": ladder.id, **({"q": text} if text else {})}
    return f"/library?{urlencode(query)}"


def _offer(domain: Domain) -> Offer:
    # A list mark shows where a step begins when it runs over its line; it is dropped when the form is read.
    text = "\n".join(f"- {step.name}" for step in domain.steps)
    return Offer(domain.id, domain.title, text, 2 * len(domain.steps), domain.note)


def _gap(today: Today) -> Gap | None:
    bridge = today.recommendation.bridge
    above = today.outlook_of(bridge.above) if bridge else None
    if bridge is None or above is None:
        return None
    below = today.outlook_of(bridge.below)
    words = sentences.bridge(below.step.name if below else None, above.step.name)
    return Gap(words, str(below.step.id) if below else "", str(uuid4()))


def _turn(name: str, form: Typed) -> Turn:
    easier, harder = _IDEAS[name]
    return Turn(
        name=name,
        label=_(DIMENSIONS[name]),
        easier=form[f"{name}_easier"],
        harder=form[f"{name}_harder"],
        easier_ideas=tuple(map(_, easier)),
        harder_ideas=tuple(map(_, harder)),
    )
