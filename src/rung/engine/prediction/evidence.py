"""What stands before a person who is about to judge: the evidence they have in a domain.

Of one person in one domain three trails are kept: what they said (their judgements), were told, and
achieved. Beside them stands what theory expects of their belief since their last judgement x:

    good, bad     sum of the changes of sigmoid(belief) by news better, worse than believed   (`mastery`)
    borrowed      the same by models and by assurances                          (`vicarious`, `persuasion`)
    body          the same by a bodily state that was not there at the last judgement             (`affect`)

Every number is a float or an array, one person or a crowd; NaN means not known.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from rung.engine import affect, attribution, mastery, persuasion, vicarious
from rung.engine.events import Event
from rung.engine.parameters import Parameters
from rung.engine.scales import logit, sigmoid, where

__all__ = ["OFTEN", "UNKNOWN", "Evidence", "Seen", "Trail", "after", "agreed", "begun", "seen"]

UNKNOWN = float("nan")
_QUICK, _SLOW = 0.4, 0.08
"""Weights of the newest in the two smooth means of a trail; assumptions."""
OFTEN = 0.4
"""Share of repeated answers that a person starts with; an assumption."""
_TIE = 1e-9
"""News that is no better than this below belief counts as no worse, however the last digit was rounded."""
_EDGE = 0.03
"""Ratings are kept this far from 0 and 1 before log odds are taken: half a point is no certainty."""


class Seen(NamedTuple):
    """What an event brought; NaN for what it did not bring. Floats, or arrays of one shape."""

    time: Any
    """Seconds."""
    difficulty: Any
    said: Any
    """An efficacy judgement."""
    told: Any
    """What the person saw or was told of an outcome."""
    trust: Any
    """How far that is believed."""
    outcome: Any
    """The true outcome, told or not: they may have felt it."""
    sure: Any
    """Their own sense of having succeeded."""
    aid: Any
    internal: Any
    stable: Any
    controllable: Any
    model: Any
    """A model's outcome."""
    similarity: Any
    coping: Any
    urged: Any
    """The chance of success that an assurance conveys."""
    credibility: Any
    body: Any
    """What a bodily state adds to belief, logits."""


class Trail(NamedTuple):
    """One kind of number along a person's way."""

    count: Any
    last: Any
    before: Any
    """The last but one."""
    quick: Any
    slow: Any
    mean: Any
    fresh: Any
    """Number of those since the last judgement."""
    total: Any
    """Their sum."""


class Evidence(NamedTuple):
    """What one person has in one domain."""

    said: Trail
    told: Trail
    outcome: Trail
    sure: Trail
    first: Any
    """The first judgement."""
    signals: Any
    """Log odds of all that was told since the first judgement, at its trust."""
    repeats: Any
    """Smooth share of judgements equal to the one before."""
    gap: Any
    """Smooth mean of what was told minus the outcome it is about: how far the teller flatters."""
    surprise: Any
    """Smooth mean of what was told minus the slow mean of what was told before."""
    difficulty: Any
    """Of the last judgement's task."""
    time: Any
    """Of the last judgement."""
    belief: Any
    """Log odds, as theory moves them since the last judgement."""
    openness: Any
    good: Any
    bad: Any
    borrowed: Any
    body: Any
    """What the bodily state adds now, logits."""
    body_then: Any
    """What it added at the last judgement."""
    models: Any
    """Models seen so far."""


def seen(event: Event, p: Parameters) -> Seen:
    """What an event brought."""

    def known(value: float | None, otherwise: float = UNKNOWN) -> float:
        return otherwise if value is None else value

    kind = event.kind
    attempt, feedback = kind == "attempt", kind == "feedback"
    own = attempt or feedback
    value = known(event.value)
    told = known(event.feedback) if attempt else value if feedback else UNKNOWN
    body = UNKNOWN
    if event.arousal is not None and kind in ("state", "attempt"):
        body = affect.on_belief(event.arousal, known(event.appraisal, 0.0), p)
    return Seen(
        event.time,
        known(event.difficulty),
        value if kind == "judgement" else UNKNOWN,
        told,
        known(event.credibility, 1.0) if feedback else 1.0,
        value if attempt else UNKNOWN,
        known(event.confidence) if attempt else UNKNOWN,
        known(event.aid, 0.0) if own else 0.0,
        known(event.internal) if own else UNKNOWN,
        known(event.stable) if own else UNKNOWN,
        known(event.controllable) if own else UNKNOWN,
        value if kind == "model" else UNKNOWN,
        known(event.similarity, p.similarity_unknown),
        known(event.coping, 0.0),
        value if kind == "persuasion" else UNKNOWN,
        known(event.credibility, p.credibility_unknown),
        body,
    )


def begun(p: Parameters, like: Any = 0.0) -> Evidence:
    """Nothing yet; arrays of the shape of `like` where it is one."""
    nought = like * 0.0
    empty = Trail(*[nought] * len(Trail._fields))
    fields = dict.fromkeys(Evidence._fields, nought)
    trails = dict.fromkeys(("said", "told", "outcome", "sure"), empty)
    return Evidence(**{**fields, **trails, "repeats": nought + OFTEN, "openness": nought + p.openness})


def after(e: Evidence, s: Seen, p: Parameters) -> Evidence:
    """The evidence once an event was seen."""
    judged = agreed(s.said == s.said)
    e = _learned(e, s, p)
    if judged is True:
        return _answered(e, s, judged)
    kept = e._replace(
        told=_longer(e.told, s.told),
        outcome=_longer(e.outcome, s.outcome),
        sure=_longer(e.sure, s.sure),
        body=where(s.body == s.body, s.body, e.body),
    )
    return kept if judged is False else _chosen(judged, _answered(e, s, judged), kept)


def agreed(condition: Any) -> Any:
    """The condition as one bool where it says the same of everyone, so that nothing is chosen by element."""
    if isinstance(condition, bool):
        return condition
    all_of_them = bool(condition.all())
    return all_of_them if all_of_them or not condition.any() else condition


def _chosen(judged: Any, said: Evidence, kept: Evidence) -> Evidence:
    chosen = [
        Trail(*(where(judged, *pair) for pair in zip(one, other, strict=True)))
        if isinstance(one, Trail)
        else where(judged, one, other)
        for one, other in zip(said, kept, strict=True)
    ]
    return Evidence(*chosen)


def _answered(e: Evidence, s: Seen, judged: Any) -> Evidence:
    """After a judgement: all that is counted since the last one begins anew."""
    x = where(judged, s.said, 0.5)
    first = agreed(e.said.count == 0.0)
    again = where(x == e.said.last, 1.0, 0.0)
    bounded = where(x < _EDGE, _EDGE, where(x > 1.0 - _EDGE, 1.0 - _EDGE, x))
    nought = e.good * 0.0
    return e._replace(
        said=_longer(e.said, x),
        told=e.told._replace(fresh=nought, total=nought),
        outcome=e.outcome._replace(fresh=nought, total=nought),
        sure=e.sure._replace(fresh=nought, total=nought),
        first=where(first, x, e.first),
        signals=where(first, 0.0, e.signals),
        repeats=where(first, e.repeats, e.repeats + 0.2 * (again - e.repeats)),
        difficulty=where(s.difficulty == s.difficulty, s.difficulty, 0.0),
        time=s.time + nought,
        belief=logit(bounded),
        good=nought,
        bad=nought,
        borrowed=nought,
        body_then=e.body,
    )


def _longer(trail: Trail, value: Any) -> Trail:
    """The trail with one more number, where it is known."""
    known = agreed(value == value)
    if known is False:
        return trail
    value = where(known, value, 0.0)
    first = agreed(trail.count == 0.0)
    count = trail.count + 1.0

    def smooth(old: Any, share: Any) -> Any:
        return where(first, value, old + share * (value - old))

    longer = Trail(
        count,
        value + 0.0,
        where(first, value, trail.last),
        smooth(trail.quick, _QUICK),
        smooth(trail.slow, _SLOW),
        smooth(trail.mean, 1.0 / count),
        trail.fresh + 1.0,
        trail.total + value,
    )
    if known is True:
        return longer
    return Trail(*(where(known, *pair) for pair in zip(longer, trail, strict=True)))


def _learned(e: Evidence, s: Seen, p: Parameters) -> Evidence:
    """What theory expects an event to do to belief."""
    return _by_assurance(_by_model(_by_own_outcome(e, s, p), s, p), s, p)


def _by_own_outcome(e: Evidence, s: Seen, p: Parameters) -> Evidence:
    was_told = agreed(s.told == s.told)
    felt = agreed(s.sure == s.sure)
    if was_told is False and felt is False:
        return e
    news = where(was_told, s.told, s.sure)
    known = agreed(news == news)
    weight = where(was_told, s.trust, p.own_sense_weight)
    se = sigmoid(e.belief)
    news = where(known, news, se)
    credit = weight * _credit(se, news > se - _TIE, s, p)
    shift = mastery.shift(e.openness, se, news, credit, p)
    moved = sigmoid(e.belief + shift) - se
    told = where(was_told, s.told, 0.5)
    trust = where(s.trust < 0.5, 0.5, where(s.trust > 0.95, 0.95, s.trust))
    achieved = agreed(s.outcome == s.outcome)
    flattery = told - where(achieved, s.outcome, e.outcome.last)
    news_of_it = told - e.told.slow
    tried = agreed(was_told & (achieved | (e.outcome.count > 0.0)))
    old = agreed(was_told & (e.told.count > 0.0))
    return e._replace(
        belief=e.belief + where(known, shift, 0.0),
        openness=where(known, mastery.openness_after(e.openness, se, credit, p), e.openness),
        good=e.good + where(moved > 0.0, moved, 0.0),
        bad=e.bad + where(moved < 0.0, moved, 0.0),
        signals=e.signals + where(was_told, (2.0 * told - 1.0) * logit(trust), 0.0),
        gap=e.gap + where(tried, _SLOW * (flattery - e.gap), 0.0),
        surprise=where(old, e.surprise + _QUICK * (news_of_it - e.surprise), e.surprise),
    )


def _credit(se: Any, good: Any, s: Seen, p: Parameters) -> Any:
    """Share of an outcome that counts as evidence about oneself, with the causes that were named."""
    stable = where(s.stable == s.stable, s.stable, 1.0 - p.passing_share)
    control = where(s.controllable == s.controllable, s.controllable, 0.0)
    named = agreed(s.internal == s.internal)
    causes: dict[str, Any] = {"aid": s.aid, "stable": stable, "controllable": control}
    unnamed = attribution.credit(se, good, p, **causes)
    if named is False:
        return unnamed
    internal = where(named, s.internal, 0.0)
    return where(named, attribution.credit(se, good, p, internal=internal, **causes), unnamed)


def _by_model(e: Evidence, s: Seen, p: Parameters) -> Evidence:
    known = agreed(s.model == s.model)
    if known is False:
        return e
    se = sigmoid(e.belief)
    outcome = where(known, s.model, se)
    felt = vicarious.felt_similarity(s.similarity, s.coping, p)
    shift = where(known, vicarious.shift(e.openness, se, outcome, felt, e.models, p), 0.0)
    return e._replace(
        belief=e.belief + shift,
        borrowed=e.borrowed + sigmoid(e.belief + shift) - se,
        models=e.models + where(known, 1.0, 0.0),
    )


def _by_assurance(e: Evidence, s: Seen, p: Parameters) -> Evidence:
    known = agreed(s.urged == s.urged)
    if known is False:
        return e
    se = sigmoid(e.belief)
    lift = where(known, persuasion.lift(se, where(known, s.urged, se), s.credibility, p), 0.0)
    return e._replace(belief=e.belief + lift, borrowed=e.borrowed + sigmoid(e.belief + lift) - se)
