"""People to do experiments with: they judge, try, watch, are told, feel, choose, and time passes.

Everything happens to all of them at once, or to those that a mask picks; what happens is kept, and can be
taken out as an evidence log that the filter reads (`people.log()`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from rung.engine import attribution
from rung.engine.dynamics import SECONDS_PER_DAY
from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray
from rung.engine.simulation import crowd as life
from rung.engine.simulation.crowd import Crowd, Learning, Mask, Met, Seen, Tried, Value
from rung.engine.simulation.population import Kind, born, individual, task_offsets
from rung.engine.simulation.recording import Recording

__all__ = ["Deed", "People"]


class Deed(NamedTuple):
    """Something to be done, as an experiment sets it.

    >>> Deed("touch the snake", difficulty=1.5, stakes=0.8).domain
    'it'
    """

    name: str = ""
    """Empty = the domain as a whole."""
    difficulty: Value = 0.0
    """Logits, 0 = neutral; one for all, or one for each person."""
    domain: str = "it"
    stakes: float = 0.0
    """0 to 1: how much doubt rouses somebody before it."""
    luck: float = 0.0
    """sd, logits, of what else decides one performance: the more complex a task, the more."""
    parts: int = 1
    """Parts that succeed or fail on their own: 20 for a score out of 20."""


class People:
    """`number` simulated people of a kind; `seed` makes the same ones again.

    Arrays that go in and come out have shape (number,). `who` picks those to whom something happens.

    >>> people = People(1000, seed=1)
    >>> before = people.efficacy(Deed("give a talk"))
    >>> tried = people.attempt(Deed("give a talk"))
    >>> sure = people.efficacy(Deed("give a talk"), without_mood=True)
    >>> bool(np.corrcoef(tried.outcome, sure)[0, 1] > 0.3)
    True
    """

    def __init__(
        self,
        number: int,
        *,
        seed: int | np.random.Generator = 0,
        kind: Kind | None = None,
        parameters: Parameters | None = None,
        relatedness: Mapping[tuple[str, str], float] | None = None,
        learn: Learning = life.learn_by_theory,
        task_spread: float = 1.0,
        keeps_log: bool = False,
    ) -> None:
        """`learn` is the rule by which they learn; `task_spread` a factor on how much single tasks differ."""
        self.random = (
            seed if isinstance(seed, np.random.Generator) else np.random.Generator(np.random.PCG64(seed))
        )
        self.kind = kind or Kind()
        self.number = number
        self.parameters = individual(self.kind.parameters(parameters or Parameters()), number, self.random)
        self.relatedness = dict(relatedness or {})
        self.time = 0.0
        """Seconds since the beginning."""
        self._crowds: dict[str, Crowd] = {}
        self._offsets: dict[tuple[str, str], tuple[FloatArray, FloatArray]] = {}
        self._learn, self._task_spread = learn, task_spread
        self._recording = Recording(number) if keeps_log else None

    def crowd(self, domain: str = "it") -> Crowd:
        """The latent truth of everybody in a domain."""
        if domain not in self._crowds:
            self._crowds[domain] = born(self.number, self.kind, self.random, self.parameters)
        return self._crowds[domain]

    def change(self, domain: str = "it", **values: Value) -> None:
        """Set latent numbers of a domain, as an experimenter cannot: `people.change(ability=1.0)`."""
        nobody = np.zeros(self.number)
        self._crowds[domain] = self.crowd(domain)._replace(
            **{name: value + nobody for name, value in values.items()}
        )

    def met(self, deed: Deed) -> Met:
        """The deed as it meets each person."""
        believed, able = self._offset(deed)
        return Met(deed.difficulty, believed, able, deed.stakes, deed.luck)

    def _offset(self, deed: Deed) -> tuple[Value, Value]:
        if not deed.name:
            return 0.0, 0.0
        key = deed.domain, deed.name
        if key not in self._offsets:
            self._offsets[key] = task_offsets(self.number, self.random, self.parameters, self._task_spread)
        return self._offsets[key]

    def efficacy(self, deed: Deed, *, without_mood: bool = False) -> FloatArray:
        """How sure everybody is now, 0 to 1: the truth that a judgement is a reading of."""
        crowd, met = self.crowd(deed.domain), self.met(deed)
        if without_mood:
            crowd = crowd._replace(mood=0.0 * crowd.mood)
        return life.efficacy(crowd, met, self.parameters)

    def chance(self, deed: Deed, *, aid: Value = 0.0, effort: Value | None = None) -> FloatArray:
        """Chance that an attempt works now, with average luck, 0 to 1."""
        crowd, met = self.crowd(deed.domain), self.met(deed)
        return life.chance(crowd, met, self.parameters, aid=aid, effort=effort)

    def judge(self, deed: Deed, *, who: Mask = None) -> FloatArray:
        """Efficacy judgements, 0 to 1 in tens; nan for those not asked."""
        crowd, met = self.crowd(deed.domain), self.met(deed)
        ratings = life.judge(crowd, met, self.random, self.parameters)
        self._record("judgement", deed, who, value=ratings, difficulty=deed.difficulty)
        return ratings if who is None else np.where(who, ratings, np.nan)

    def put_down(self, deed: Deed, outcome: Value, *, aid: Value = 0.0) -> FloatArray:
        """How far everybody would put such an outcome down to themselves, if asked now, 0 to 1."""
        sure = self.efficacy(deed)
        return attribution.internal_share(sure, outcome > sure, aid + 0.0 * sure, self.parameters)

    def choose(self, deed: Deed, *, who: Mask = None) -> np.typing.NDArray[np.bool_]:
        """Who goes for it when it is due; the others let it pass."""
        crowd, met = self.crowd(deed.domain), self.met(deed)
        goes = self.random.random(self.number) < life.chance_of_approach(crowd, met, self.parameters)
        self._record("choice", deed, who, value=goes * 1.0, difficulty=deed.difficulty)
        return goes if who is None else goes & who

    def attempt(
        self,
        deed: Deed,
        *,
        who: Mask = None,
        aid: Value = 0.0,
        effort: Value | None = None,
        told: bool = True,
        seen: Seen | None = None,
    ) -> Tried:
        """Everybody tries once; they are told how it went, or what `seen` says, or only sense it."""
        crowd, met, p = self.crowd(deed.domain), self.met(deed), self.parameters
        after, tried = life.attempt(
            crowd,
            met,
            self.random,
            p,
            who=who,
            aid=aid,
            effort=effort,
            told=told,
            seen=seen,
            parts=deed.parts,
            learn=self._learn,
        )
        self._crowds[deed.domain] = after
        self._spread(deed.domain, tried.learned)
        is_told = told or (seen is not None and not np.all(np.isnan(seen.outcome)))
        self._record(
            "attempt", deed, who, value=tried.outcome, difficulty=deed.difficulty, aid=aid,
            effort=tried.effort, arousal=np.round(tried.arousal, 3), appraisal=crowd.appraisal,
            **{"feedback" if is_told else "confidence": tried.seen}, **_causes(seen),
        )  # fmt: skip
        return tried

    def feedback(
        self,
        deed: Deed,
        outcome: Value,
        *,
        credibility: Value = 1.0,
        seen: Seen | None = None,
        who: Mask = None,
    ) -> None:
        """Performance information that comes apart from the act."""
        crowd, given = self.crowd(deed.domain), seen or Seen(0.0)
        sure = life.efficacy(crowd, self.met(deed), self.parameters)
        known = given._replace(outcome=outcome, weight=credibility)
        after, learned = life.outcome_seen(crowd, sure, known, self.parameters, who=who, learn=self._learn)
        self._crowds[deed.domain] = after
        self._spread(deed.domain, learned)
        told = {"value": outcome, "credibility": credibility, **_causes(seen)}
        self._record("feedback", deed, who, difficulty=deed.difficulty, **told)

    def watch(
        self,
        deed: Deed,
        *,
        outcome: Value = 1.0,
        similarity: Value = 0.5,
        coping: Value = 0.0,
        who: Mask = None,
    ) -> None:
        """They see somebody do it: how alike they feel (0 to 1), and whether the model struggled first."""
        crowd, met = self.crowd(deed.domain), self.met(deed)
        after, learned = life.watched(
            crowd, met, outcome, self.parameters, similarity=similarity, coping=coping, who=who
        )
        self._crowds[deed.domain] = after
        self._spread(deed.domain, learned)
        shown = {"value": outcome, "similarity": similarity, "coping": coping}
        self._record("model", deed, who, difficulty=deed.difficulty, **shown)

    def assure(self, deed: Deed, conveyed: Value, *, credibility: Value = 0.8, who: Mask = None) -> None:
        """Somebody whom they believe this far tells them what chance they have."""
        crowd, met = self.crowd(deed.domain), self.met(deed)
        self._crowds[deed.domain] = life.assured(
            crowd, met, conveyed, self.parameters, credibility=credibility, who=who
        )
        said = {"value": conveyed, "credibility": credibility}
        self._record("persuasion", deed, who, difficulty=deed.difficulty, **said)

    def feel(
        self,
        *,
        arousal: Value | None = None,
        appraisal: Value | None = None,
        domain: str = "it",
        who: Mask = None,
    ) -> None:
        """A bodily state (0 to 1), and how it is read from now on (-1 threat to 1 challenge)."""
        crowd = life.feels(self.crowd(domain), arousal=arousal, appraisal=appraisal, who=who)
        self._crowds[domain] = crowd
        self._record("state", Deed(domain=domain), who, arousal=crowd.arousal, appraisal=crowd.appraisal)

    def wait(self, days: float) -> None:
        """Time passes in every domain."""
        self.time += days * SECONDS_PER_DAY
        for domain, crowd in self._crowds.items():
            self._crowds[domain] = life.advance(crowd, days, self.random, self.parameters)

    def log(self) -> Iterator[Event]:
        """Everything that happened, person by person in canonical order. Needs `keeps_log=True`."""
        if self._recording is None:
            raise ValueError("nothing was kept: make these people with keeps_log=True")
        return self._recording.events()

    def _spread(self, domain: str, learned: FloatArray) -> None:
        for (one, other), share in self.relatedness.items():
            if domain in (one, other):
                related = other if domain == one else one
                crowd = self.crowd(related)
                self._crowds[related] = crowd._replace(belief=crowd.belief + share**2 * learned)

    def _record(self, kind: str, deed: Deed, who: Mask, **columns: Any) -> None:
        if self._recording is not None:
            self._recording.add(self.time, kind, deed.domain, deed.name, who, columns)


def _causes(seen: Seen | None) -> dict[str, Any]:
    if seen is None:
        return {}
    causes = {"internal": seen.internal, "stable": seen.stable, "controllable": seen.controllable}
    return {name: value for name, value in causes.items() if value is not None}
