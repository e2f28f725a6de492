"""The mastery bank: every attempt that worked or partly worked, and those of them that speak against a doubt.

Mastery experience is the strongest source, and the one that a doubting mind forgets first. An attempt
speaks against a doubt where it worked at least in half, although

    unsure    efficacy for the step, just before it, was below 50 of 100
    awake     the body was going at 6 of 10 or more
    passed    the step had been let pass since it last worked
    failed    the step had failed since it last worked

The four limits are assumptions. What was written is sealed at rest, so the search opens the person's own
texts and looks through them here: capitals and accents do not matter, every word must occur.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rung.app.model import EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.outlook import STRONG_AROUSAL
from rung.app.policies import Action, permitted
from rung.app.ports import Services
from rung.app.sources.recording import Shelf, at_hand, moment_of, step_of
from rung.engine import Engine, Event, Person, Task
from rung.errors import NotFound
from rung.words import _

__all__ = ["PAGE", "Bank", "Doubt", "Proof", "against_doubt", "bank", "doubts_of", "folded"]

PAGE = 20
"""Attempts on one page of the bank."""
LONGEST_SEARCH = 200
MOST_WORDS = 20
"""Of a search; what comes after is not looked for."""
BEST = 3
UNSURE = 0.5
WRITTEN = ("what_helped", "what_next", "what_feared", "resources")
"""Texts about an attempt that hold the person's own words."""
WORKED = 0.5
"""Outcome from which an attempt counts as having worked, at least in half."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What stood against an attempt before it was made."""

    expected: float
    """Efficacy for the step just before the attempt, 0 to 1."""
    unsure: bool = False
    awake: bool = False
    passed: bool = False
    failed: bool = False

    @property
    def count(self) -> int:
        """How many of the four stood against it."""
        return self.unsure + self.awake + self.passed + self.failed


@dataclass(frozen=True, slots=True)
class Proof:
    """One attempt that worked or partly worked."""

    event: Event
    at: datetime
    ladder: Ladder
    step: Step
    texts: Mapping[str, str]
    """What the person wrote about it, by field."""
    doubt: Doubt | None
    """What stood against it; None where nothing did, or where it was not asked for."""

    @property
    def event_id(self) -> EventId:
        """To look back on it."""
        return EventId(self.event.id)

    @property
    def outcome(self) -> float:
        """1 where it worked as a whole, less where it worked partly."""
        return self.event.value or 0.0


@dataclass(frozen=True, slots=True)
class Bank:
    """One page of the mastery bank."""

    shelf: Shelf
    ladder: Ladder | None
    """The one whose attempts are shown; None = all."""
    words: str
    """What was searched for."""
    doubted: bool
    """True where only those are shown that speak against a doubt."""
    proofs: tuple[Proof, ...]
    """Newest first."""
    found: int
    """How many there are on all pages."""
    whole: int
    """How many there are without a search or a choice."""
    page: int
    """1 is the newest."""

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found // PAGE))


def bank(
    services: Services,
    actor: PersonId,
    ladder_id: LadderId | None = None,
    words: str = "",
    doubted: bool = False,
    page: int = 1,
) -> Bank:
    """The actor's attempts that worked or partly worked: of one ladder or all, one page of them."""
    words = words.strip()[:LONGEST_SEARCH]
    sought = folded(words).split()[:MOST_WORDS]
    with services.store.reading() as tx:
        every = {str(ladder.id): ladder for ladder in tx.ladders.of(actor)}
        shelf = at_hand(tx, actor, ladder_id) if ladder_id else Shelf(_climbed(every.values()), None)
        entries = tx.evidence.log(actor)
        succeeded = [proof for entry in entries if (proof := _proof(every, entry.event))]
        whole = len(succeeded)
        if ladder_id is not None:
            succeeded = [proof for proof in succeeded if proof.ladder.id == ladder_id]
        if doubted:
            doubts = doubts_of(services.engine, [entry.event for entry in entries])
            succeeded = [
                _with(proof, doubts[proof.event_id]) for proof in succeeded if proof.event_id in doubts
            ]
        if sought:
            texts = tx.evidence.texts(actor)
            succeeded = [
                proof for proof in succeeded if _has_all(sought, proof, texts.get(proof.event_id, {}))
            ]
        succeeded.reverse()
        page = min(max(page, 1), max(1, -(-len(succeeded) // PAGE)))
        shown = succeeded[(page - 1) * PAGE : page * PAGE]
        texts = tx.evidence.texts(actor, [proof.event_id for proof in shown])
    proofs = tuple(_with(proof, proof.doubt, texts.get(proof.event_id, {})) for proof in shown)
    return Bank(shelf, shelf.chosen, words, doubted, proofs, len(succeeded), whole, page)


def against_doubt(
    services: Services, actor: PersonId, ladder_id: LadderId, step_id: StepId
) -> tuple[Proof, ...]:
    """The person's own best evidence against "I can't" at a step: at most three attempts of the same ladder.

    First what was at least as hard, then what worked as a whole and without help, then what had most against
    it, then the hardest and the newest.
    """
    with services.store.reading() as tx:
        ladder = permitted(actor, Action.READ_EVIDENCE, tx.ladders.get(actor, ladder_id), "ladder")
        step = step_of(ladder, step_id)
        if step is None:
            raise NotFound(_("There is no such step"))
        events = [entry.event for entry in tx.evidence.log(actor, ladder_id)]
        doubts = doubts_of(services.engine, events)
        known = {str(ladder.id): ladder}
        proofs = [
            _with(proof, doubts[proof.event_id])
            for event in events
            if event.id in doubts and (proof := _proof(known, event))
        ]
        best = sorted(proofs, key=lambda proof: _weight(proof, step), reverse=True)[:BEST]
        texts = tx.evidence.texts(actor, [proof.event_id for proof in best])
    return tuple(_with(proof, proof.doubt, texts.get(proof.event_id, {})) for proof in best)


def doubts_of(engine: Engine, events: Iterable[Event]) -> dict[str, Doubt]:
    """What stood against each attempt that worked all the same, by its id; events in canonical order."""
    people: defaultdict[str, Person] = defaultdict(Person)
    passed: defaultdict[tuple[str, str], bool] = defaultdict(bool)
    failed: defaultdict[tuple[str, str], bool] = defaultdict(bool)
    found: dict[str, Doubt] = {}
    for event in events:
        place = (event.domain, event.task)
        if event.kind == "choice" and event.value == 0.0:
            passed[place] = True
        if event.kind == "attempt" and event.value is not None:
            if event.value >= WORKED:
                doubt = _doubt(engine, people[event.domain], event, passed[place], failed[place])
                if doubt.count:
                    found[event.id] = doubt
                passed[place] = failed[place] = False
            else:
                failed[place] = True
        # Ladders are unrelated to the engine: one ladder's events are all that its beliefs stand on.
        people[event.domain] = engine.observe(people[event.domain], event)
    return found


def folded(text: str) -> str:
    """The text as it is searched: no capitals, no accents.

    >>> folded("Élan VITAL, STRASSE") == folded("elan vital, straße")
    True
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")


def _doubt(engine: Engine, person: Person, event: Event, passed: bool, failed: bool) -> Doubt:
    expected = engine.efficacy(person, Task(event.domain, event.task, event.difficulty), event.time)
    # Of somebody of whom nothing is known yet there is no "you were so sure" to tell.
    known = expected.missing is None
    awake = event.arousal is not None and event.arousal >= STRONG_AROUSAL
    return Doubt(expected.mean, known and expected.mean < UNSURE, awake, passed, failed)


def _proof(ladders: Mapping[str, Ladder], event: Event) -> Proof | None:
    """An attempt that worked or partly worked; None for every other event."""
    if event.kind != "attempt" or not event.value:
        return None
    ladder = ladders.get(event.domain)
    step = ladder.step(StepId(event.task)) if ladder else None
    if ladder is None or step is None:
        return None
    return Proof(event, moment_of(event), ladder, step, {}, None)


def _with(proof: Proof, doubt: Doubt | None, texts: Mapping[str, str] | None = None) -> Proof:
    return Proof(proof.event, proof.at, proof.ladder, proof.step, texts or {}, doubt)


def _has_all(sought: Sequence[str], proof: Proof, texts: Mapping[str, str]) -> bool:
    written = (texts.get(field, "") for field in WRITTEN)
    told = folded("\n".join((proof.ladder.name, proof.step.name, *written)))
    return all(word in told for word in sought)


def _weight(proof: Proof, step: Step) -> tuple[object, ...]:
    difficulty = proof.event.difficulty if proof.event.difficulty is not None else proof.step.difficulty
    is_as_hard = proof.step.id == step.id or difficulty >= step.difficulty
    count = proof.doubt.count if proof.doubt else 0
    is_own = (proof.event.aid or 0.0) < WORKED
    return is_as_hard, proof.outcome == 1.0, is_own, count, difficulty, proof.event.time


def _climbed(ladders: Iterable[Ladder]) -> tuple[Ladder, ...]:
    return tuple(ladder for ladder in ladders if ladder.archived_at is None)
