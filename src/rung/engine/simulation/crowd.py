"""Many people at once in one domain: the truth that the filter's `DomainState` is an estimate of.

What happens to them is the model's own functions on arrays of shape (n,), one number a person:

    efficacy    SE = sigmoid(a [m + u + mood + d - b + body])
    outcome     y ~ Binomial(parts, sigmoid(a [theta + e - b + circumstances + luck])) / parts

`m` belief, `u` lift, `d` and `e` what makes this task easier to believe in and to do for this person, `b` its
difficulty. The filter reads the same events with the same formulas; what it cannot know (the mood, the
luck, how fast somebody learns) is drawn here. The mood is an Ornstein-Uhlenbeck process of some hours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from rung.engine import affect, approach, attribution, dynamics, mastery, performance, persuasion, vicarious
from rung.engine.effort import effort as effort_of
from rung.engine.parameters import Parameters
from rung.engine.scales import FloatArray, sigmoid

__all__ = [
    "Crowd",
    "Learning",
    "Mask",
    "Met",
    "Seen",
    "Standing",
    "Tried",
    "Value",
    "advance",
    "arousal",
    "assured",
    "attempt",
    "chance",
    "chance_of_approach",
    "efficacy",
    "feels",
    "judge",
    "learn_by_theory",
    "outcome_seen",
    "standing",
    "watched",
]

Value: TypeAlias = FloatArray | float
"""One number for all, or one for each person, shape (n,)."""
Mask: TypeAlias = "np.typing.NDArray[np.bool_] | None"
"""Whom it happens to, shape (n,); None = everybody."""


class Crowd(NamedTuple):
    """n people in one domain; every array has shape (n,). Never written to: functions return a new one."""

    belief: FloatArray
    """m, logits."""
    set_point: FloatArray
    mood: FloatArray
    lift: FloatArray
    """u, logits."""
    openness: FloatArray
    trust: FloatArray
    arousal: FloatArray
    appraisal: FloatArray
    ability: FloatArray
    """theta, logits."""
    practised: FloatArray
    """What attempts have added to it, and time has not taken again."""
    idle_days: FloatArray
    """Since the last attempt."""
    attempts: FloatArray
    models_seen: FloatArray
    bias: FloatArray
    """Bias to approach, logits."""


class Met(NamedTuple):
    """A task as it meets each person."""

    difficulty: Value
    """Logits, 0 = neutral."""
    believed: Value = 0.0
    """d, logits."""
    able: Value = 0.0
    """e, logits."""
    stakes: Value = 0.0
    """0 to 1: how much doubt rouses somebody before it."""
    luck: float = 0.0
    """sd, logits, of what else decides a single performance: the more complex a task, the more."""


class Standing(NamedTuple):
    """How each person stands before a task."""

    arousal: FloatArray
    """0 to 1."""
    efficacy: FloatArray
    """How sure they are, 0 to 1."""


class Tried(NamedTuple):
    """What came of an attempt; every array has shape (n,), nan where somebody made none."""

    outcome: FloatArray
    efficacy: FloatArray
    """Before it."""
    effort: FloatArray
    arousal: FloatArray
    seen: FloatArray
    """What the person got to know: told, else their own sense of it."""
    learned: FloatArray
    """Change of belief, logits; 0 where there was none."""


class Seen(NamedTuple):
    """An own outcome that somebody gets to know of."""

    outcome: Value
    weight: Value = 1.0
    aid: Value = 0.0
    internal: Value | None = None
    stable: Value | None = None
    controllable: Value | None = None


Learning: TypeAlias = Callable[[Crowd, FloatArray, FloatArray, FloatArray, Parameters], FloatArray]
"""Change of belief, logits, from crowd, efficacy, outcome and credit: the rule by which people learn."""


def learn_by_theory(
    crowd: Crowd, efficacy: FloatArray, outcome: FloatArray, credit: FloatArray, p: Parameters
) -> FloatArray:
    """The rule that the filter assumes (`mastery`)."""
    return mastery.shift(crowd.openness, efficacy, outcome, credit, p)


def efficacy(crowd: Crowd, met: Met, p: Parameters) -> FloatArray:
    """How sure each person is now, 0 to 1, shape (n,)."""
    return standing(crowd, met, p).efficacy


def standing(crowd: Crowd, met: Met, p: Parameters) -> Standing:
    """Arousal and efficacy of each person before a task."""
    roused = arousal(crowd, met, p)
    return Standing(roused, _efficacy(crowd, met, roused, p))


def arousal(crowd: Crowd, met: Met, p: Parameters) -> FloatArray:
    """Arousal (0 to 1) with which each person comes to a task."""
    if not np.any(met.stakes):
        return crowd.arousal
    calm = _efficacy(crowd, met, 0.0 * crowd.arousal, p)
    felt: FloatArray = np.minimum(crowd.arousal + affect.arousal_before(calm, met.stakes, p), 1.0)
    return felt


def _efficacy(crowd: Crowd, met: Met, roused: FloatArray, p: Parameters) -> FloatArray:
    body = affect.on_belief(roused, crowd.appraisal, p)
    standing = crowd.belief + crowd.lift + crowd.mood + body
    return sigmoid(p.slope * (standing + met.believed - met.difficulty))


def chance(
    crowd: Crowd,
    met: Met,
    p: Parameters,
    *,
    aid: Value = 0.0,
    effort: Value | None = None,
    before: Standing | None = None,
) -> FloatArray:
    """Chance that an attempt works with average luck; without `effort`, that which follows from belief."""
    roused, sure = before or standing(crowd, met, p)
    return sigmoid(_log_odds(crowd, met, effort_of(sure, p) if effort is None else effort, aid, roused, p))


def _log_odds(
    crowd: Crowd, met: Met, effort: Value, aid: Value, roused: FloatArray, p: Parameters
) -> FloatArray:
    put_in: Any = effort
    around = performance.circumstances(put_in, aid, roused, crowd.appraisal, p)
    odds: FloatArray = p.slope * (crowd.ability + met.able - met.difficulty + around)
    return odds


def chance_of_approach(
    crowd: Crowd, met: Met, p: Parameters, *, before: Standing | None = None
) -> FloatArray:
    """Chance that each person goes for a task; what is feared is arousal read as threat."""
    roused, sure = before or standing(crowd, met, p)
    feared = roused * (1.0 - crowd.appraisal) / 2.0
    return approach.chance(sure, feared, crowd.bias, p)


def judge(crowd: Crowd, met: Met, random: np.random.Generator, p: Parameters) -> FloatArray:
    """Efficacy judgements, 0 to 1, in the steps of the scale."""
    told = efficacy(crowd, met, p) + p.rating_noise * random.standard_normal(crowd.belief.size)
    if p.rating_step:
        told = np.round(told / p.rating_step) * p.rating_step
    clipped: FloatArray = np.clip(told, 0.0, 1.0)
    return clipped


def attempt(
    crowd: Crowd,
    met: Met,
    random: np.random.Generator,
    p: Parameters,
    *,
    who: Mask = None,
    aid: Value = 0.0,
    effort: Value | None = None,
    told: bool = True,
    seen: Seen | None = None,
    parts: int = 1,
    learn: Learning = learn_by_theory,
    before: Standing | None = None,
) -> tuple[Crowd, Tried]:
    """Each person tries, is told (or senses) how it went, and learns.

    `before` is how they stand before it, where that is known already.
    `seen` says what they are told instead of the outcome (nan: nothing else), and how they put it down; its
    weight and causes hold in any case, its aid is that of the attempt. `parts` > 1 gives outcomes in parts,
    such as a score.
    """
    size = crowd.belief.size
    roused, sure = before or standing(crowd, met, p)
    put_in = effort_of(sure, p) if effort is None else effort
    odds = _log_odds(crowd, met, put_in, aid, roused, p)
    if met.luck:
        odds = odds + p.slope * met.luck * random.standard_normal(size)
    if parts == 1:
        outcome = (random.random(size) < sigmoid(odds)).astype(np.float64)
    else:
        outcome = random.binomial(parts, sigmoid(odds)) / parts
    known = _known(outcome, told, seen, random, p)._replace(aid=aid)
    after, learned = outcome_seen(crowd, sure, known, p, who=who, learn=learn)
    did = np.ones(size) if who is None else who.astype(np.float64)
    gained = did * performance.practice(outcome, crowd.attempts, p)
    after = after._replace(
        ability=crowd.ability + gained,
        practised=crowd.practised + gained,
        idle_days=crowd.idle_days * (1.0 - did),
        attempts=crowd.attempts + did,
    )
    nothing = np.where(did > 0.0, 0.0, np.nan)
    shown: list[Any] = [outcome, sure, put_in, roused, known.outcome]
    of_those = [value + nothing for value in shown]
    return after, Tried(of_those[0], of_those[1], of_those[2], of_those[3], of_those[4], learned)


def _known(
    outcome: FloatArray, told: bool, seen: Seen | None, random: np.random.Generator, p: Parameters
) -> Seen:
    given = Seen(outcome) if seen is None else seen
    if seen is not None and not np.all(np.isnan(seen.outcome)):
        return given
    if told:
        return given._replace(outcome=outcome)
    sensed = np.clip(outcome + p.sense_noise * random.standard_normal(outcome.size), 0.0, 1.0)
    return given._replace(outcome=sensed, weight=given.weight * p.own_sense_weight)


def outcome_seen(
    crowd: Crowd,
    sure: FloatArray,
    seen: Seen,
    p: Parameters,
    *,
    who: Mask = None,
    learn: Learning = learn_by_theory,
) -> tuple[Crowd, FloatArray]:
    """Mastery experience: what somebody of this efficacy makes of an own outcome; also what was learned."""
    outcome: FloatArray = seen.outcome + np.zeros(crowd.belief.size)
    credit: FloatArray = seen.weight * attribution.credit(
        sure,
        outcome > sure,
        p,
        aid=seen.aid,
        internal=seen.internal,
        stable=seen.stable,
        controllable=seen.controllable,
    )
    learned = _for(who, learn(crowd, sure, outcome, credit, p))
    openness = mastery.openness_after(crowd.openness, sure, credit, p)
    after = crowd._replace(belief=crowd.belief + learned, openness=_where(who, openness, crowd.openness))
    if crowd.lift.any():
        left = crowd.lift * persuasion.left_after(crowd.lift, outcome, sure, p)
        trust = persuasion.trust_after(crowd.trust, crowd.lift, outcome, sure, p)
        after = after._replace(lift=_where(who, left, crowd.lift), trust=_where(who, trust, crowd.trust))
    return after, learned


def watched(
    crowd: Crowd,
    met: Met,
    outcome: Value,
    p: Parameters,
    *,
    similarity: Value,
    coping: Value = 0.0,
    who: Mask = None,
) -> tuple[Crowd, FloatArray]:
    """Vicarious experience: somebody else is seen doing it; also what was learned."""
    felt: Any = vicarious.felt_similarity(similarity + np.zeros(crowd.belief.size), coping, p)
    sure = efficacy(crowd, met, p)
    shown: FloatArray = outcome + np.zeros(crowd.belief.size)
    learned = _for(who, vicarious.shift(crowd.openness, sure, shown, felt, crowd.models_seen, p))
    after = crowd._replace(belief=crowd.belief + learned, models_seen=crowd.models_seen + _for(who, 1.0))
    return after, learned


def assured(
    crowd: Crowd, met: Met, conveyed: Value, p: Parameters, *, credibility: Value, who: Mask = None
) -> Crowd:
    """Social persuasion: somebody conveys a chance of success."""
    said: FloatArray = conveyed + np.zeros(crowd.belief.size)
    lift = persuasion.lift(efficacy(crowd, met, p), said, credibility * crowd.trust, p)
    return crowd._replace(lift=crowd.lift + _for(who, lift))


def feels(
    crowd: Crowd, *, arousal: Value | None = None, appraisal: Value | None = None, who: Mask = None
) -> Crowd:
    """A bodily state (0 to 1) and how it is read (-1 threat to 1 challenge), from now on."""
    roused = crowd.arousal if arousal is None else arousal
    read = crowd.appraisal if appraisal is None else appraisal
    return crowd._replace(
        arousal=_where(who, roused, crowd.arousal), appraisal=_where(who, read, crowd.appraisal)
    )


def advance(crowd: Crowd, days: float, random: np.random.Generator, p: Parameters) -> Crowd:
    """What time does (`dynamics`), with the noise that the filter holds as a variance."""
    if days <= 0.0:
        return crowd
    kept = dynamics.retained(days, p.belief_half_life)
    noise = p.belief_spread * (1.0 - kept**2) ** 0.5
    wander = noise * random.standard_normal(crowd.belief.size)
    idle = crowd.idle_days + days
    left = crowd.practised * performance.retained(idle, p) / performance.retained(crowd.idle_days, p)
    return crowd._replace(
        belief=kept * crowd.belief + (1.0 - kept) * crowd.set_point + wander,
        mood=_mood(crowd.mood, dynamics.retained(days, p.mood_half_life), random, p),
        lift=crowd.lift * dynamics.retained(days, p.persuasion_half_life),
        openness=np.minimum(crowd.openness + p.openness_per_day * days, p.openness_limit),
        arousal=crowd.arousal * dynamics.retained(days, p.arousal_half_life),
        ability=crowd.ability + left - crowd.practised,
        practised=left,
        idle_days=idle,
    )


def _mood(mood: FloatArray, kept: float, random: np.random.Generator, p: Parameters) -> FloatArray:
    spread = p.mood_spread * (1.0 - kept**2) ** 0.5
    moved: FloatArray = kept * mood + spread * random.standard_normal(mood.size)
    return moved


def _for(who: Mask, change: Any) -> Any:
    return change if who is None else change * who


def _where(who: Mask, new: Any, old: Any) -> FloatArray:
    chosen: FloatArray = new + np.zeros(np.shape(old)) if who is None else np.where(who, new, old)
    return chosen
