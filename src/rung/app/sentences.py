"""Plain sentences for what the engine answers: message ids with numbers in, words out.

Every sentence stands whole in one of the tables below, to be translated. Numbers of trust are told as
"about 7 in 10 (5 to 9)"; where too little is known the sentence says so instead of a number. It states the
person's own evidence, and leaves the conclusion to them.
"""

from __future__ import annotations

from rung.app.model import Did
from rung.engine.forecasting import Estimate, Missing
from rung.engine.loops import OVER_REACH, STUCK_STEP, Sign
from rung.engine.planning import Reason
from rung.engine.planning.rungs import REACH
from rung.engine.scales import logit, sigmoid
from rung.words import _, later, ngettext

__all__ = [
    "CONCERNS",
    "OF_THE_LOOP",
    "REASONS",
    "SIGNS",
    "bridge",
    "chance",
    "did",
    "least",
    "record",
    "sentence",
    "sign",
    "sure",
    "times",
    "too_early",
]

REASONS = {
    "near-wanted-chance": later("It works %(chance)s, near the %(wanted)s that you chose."),
    "below-wanted-chance": later("It works %(chance)s, less often than the %(wanted)s that you chose."),
    "above-wanted-chance": later(
        "Every step that is open to you now works more often than the %(wanted)s that you chose: "
        "this one %(chance)s."
    ),
    "likelier-than-wanted": later("It works %(chance)s, more often than the %(wanted)s that you chose."),
    "ahead": later(
        "Looking ahead, this one leads up to the last step sooner than one nearer to the chance "
        "that you chose, as far as Rung can tell."
    ),
    "managed-before": later("You have tried this step %(tries)s."),
    "managed-below": later("You have tried the step below %(tries)s."),
    "rated": later("You rated this one %(rating)s."),
    "not-judged-yet": later("You have not said yet how sure you are of this one."),
    "not-enough-data": later("Little is known so far. %(needed)s"),
    "two-failures": later(
        "A step did not work %(failures)s in a row. It rests until something easier has worked: "
        "which smaller step would help?"
    ),
    "avoided": later(
        "You have let a step pass %(avoidances)s in a row. That happens, and it is worth knowing. "
        "It rests until something easier has worked: would a smaller step help?"
    ),
    "easiest-fails": later(
        "Even the easiest step did not work %(failures)s in a row. The step is too big, not you too small: "
        "what would be a smaller one? A talk with somebody you trust can help to find it."
    ),
    "easiest-avoided": later(
        "You have let even the easiest step pass %(avoidances)s in a row. Would one that is half as big help?"
    ),
    "belief-down-avoidance-up": later(
        "For some weeks you have let much pass, and been less sure each time. That is how the loop works. "
        "A smaller step, or a talk with somebody you trust, usually helps."
    ),
    "judged-lower": later(
        "You are about %(points)s points less sure than when you last said. What has changed? "
        "Rung proposes nothing harder for now; a talk with somebody you trust can help."
    ),
    "all-stand-firm": later("Every step of this ladder stands firm."),
    "vary-context": later(
        "The last step has worked. Done with other people, in another place or at another time, "
        "it stands firmer."
    ),
    "test-again": later(
        "This step has worked, and %(days)s have passed since you last tried it. "
        "Another try shows whether it still holds."
    ),
    "before-model": later("Seeing somebody like you do it first may make it easier to go for it."),
    "before-assurance": later(
        "An honest word from somebody who knows you may make it easier to go for it today. "
        "It fades within days: what lasts is doing it."
    ),
    "before-reappraisal": later(
        "A fast heart also means ready. Reading it like that beforehand may make it easier to go for it."
    ),
}
"""What each message id of `rung.engine.planning.REASONS` says; numbers come in as words."""

CONCERNS = (
    "two-failures",
    "avoided",
    "easiest-fails",
    "easiest-avoided",
    "belief-down-avoidance-up",
    "judged-lower",
)
"""Reasons that are said at once, not only to those who ask why."""

OF_THE_LOOP = ("avoided", "easiest-avoided", "belief-down-avoidance-up")
"""Those of them that tell of letting pass."""

SIGNS = {
    OVER_REACH: later(
        "The last tries went worse than you were sure of: %(missed)s of %(occasions)s did not work, "
        "and you expected that of %(expected)s. A step can be bigger than it looks. "
        "For now Rung keeps to steps that are likelier to work."
    ),
    STUCK_STEP: later(
        "“%(step)s” did not work in %(missed)s of the last %(occasions)s tries. "
        "The step may be too big: splitting it shows which part is the hard one."
    ),
}
"""What the signs of `rung.engine.loops` say; letting pass has words and ways of its own (`avoiding`)."""

_DID = {
    Did.DONE: later("worked"),
    Did.PARTLY: later("worked partly"),
    Did.TRIED: later("tried, did not work"),
    Did.AVOIDED: later("let pass"),
    Did.SKIPPED: later("not today"),
}


def sentence(reason: Reason) -> str:
    """The plain sentence for a reason of the engine.

    >>> sentence(Reason("managed-below", {"worked": 3.0, "attempts": 4.0}))
    'You have tried the step below 4 times, and it worked 3 times.'
    """
    return _(REASONS[reason.id], **_words(reason))


def sign(seen: Sign, step: str = "") -> str:
    """The plain sentence for a sign of the engine, of the ladder or of the step with this name.

    >>> numbers = {"missed": 5.0, "occasions": 6.0, "expected": 3.0, "days": 11.0}
    >>> sign(Sign(STUCK_STEP, "a", 0.0, 6, 1.0, numbers), "Say it aloud")[:53]
    '“Say it aloud” did not work in 5 of the last 6 tries.'
    """
    numbers = seen.numbers
    failed = round(numbers["occasions"] - numbers["expected"])
    return _(
        SIGNS[seen.kind],
        step=step,
        missed=f"{numbers['missed']:.0f}",
        occasions=f"{numbers['occasions']:.0f}",
        expected=_("about %(count)s of them", count=failed) if failed else _("hardly any of them"),
    )


def bridge(below: str | None, above: str) -> str:
    """Where a step that does not exist yet would help."""
    if below is None:
        return _("A step below “%(above)s” would help, as far as Rung can tell.", above=above)
    return _(
        "A step between “%(below)s” and “%(above)s” would help, as far as Rung can tell.",
        below=below,
        above=above,
    )


def least(wanted: float) -> str:
    """The chance below which nothing is proposed at a position of the dial, while anything is likelier."""
    return _in_ten(sigmoid(logit(wanted) - REACH))


def _words(reason: Reason) -> dict[str, str]:
    numbers = reason.numbers
    words = {name: f"{number:g}" for name, number in numbers.items()}
    if "chance" in numbers:
        words["chance"] = _in_ten(numbers["chance"])
        words["wanted"] = _("%(percent)s in 100", percent=f"{numbers['wanted'] * 100:.0f}")
    if "rating" in numbers:
        words["rating"] = _("%(rating)s of 100", rating=f"{numbers['rating'] * 100:.0f}")
    if {"worked", "attempts"} <= numbers.keys():
        words["tries"] = _tries(numbers["worked"], int(numbers["attempts"]))
    for counted in {"failures", "avoidances"} & numbers.keys():
        words[counted] = times(int(numbers[counted]))
    if reason.id == "test-again":
        words["days"] = ngettext("%(count)s day", "%(count)s days", int(numbers["days"]))
    if "points" in numbers:
        words["points"] = f"{numbers['points']:.0f}"
    if "judgements" in numbers:
        words["needed"] = _needed(Missing(int(numbers["judgements"]), int(numbers["attempts"])))
    return words


def chance(estimate: Estimate) -> str:
    """A chance with its range, in tenths.

    >>> chance(Estimate(0.71, 0.52, 0.88))
    'about 7 in 10 (5 to 9)'
    """
    low, high = _tenths(estimate.low), _tenths(estimate.high)
    words = _in_ten(estimate.mean)
    if low == high:
        return words
    if 0 < _tenths(estimate.mean) < 10:
        return _("%(chance)s (%(low)s to %(high)s)", chance=words, low=low, high=high)
    return _("%(chance)s (%(low)s to %(high)s in 10)", chance=words, low=low, high=high)


def sure(estimate: Estimate) -> str:
    """How sure somebody is, with the range.

    >>> sure(Estimate(0.55, 0.45, 0.65))
    'You are 55 sure, between 45 and 65.'
    """
    mean, low, high = (round(100 * number) for number in estimate[:3])
    return _("You are %(mean)s sure, between %(low)s and %(high)s.", mean=mean, low=low, high=high)


def record(tried: int, worked: int) -> str:
    """What became of a step so far.

    >>> record(3, 2), record(1, 0), record(0, 0)
    ('Tried 3 times, worked twice.', 'Tried once, has not worked yet.', 'Not tried yet.')
    """
    if not tried:
        return _("Not tried yet.")
    if not worked:
        return _("Tried %(times)s, has not worked yet.", times=times(tried))
    return _("Tried %(tried)s, worked %(worked)s.", tried=times(tried), worked=times(worked))


def too_early(missing: Missing | None = None) -> str:
    """Why there is no number yet, and what would change that.

    >>> too_early(Missing(0, 2))
    'Too early to say. 2 more tries, and Rung can tell you something.'
    """
    if missing is None or (missing.judgements <= 0 and missing.attempts <= 0):
        return _("Too early to say.")
    return _("Too early to say. %(needed)s", needed=_needed(missing))


def did(outcome: Did) -> str:
    """What became of a step, in a word or two."""
    return _(_DID[outcome])


def times(count: int) -> str:
    """A count as people say it."""
    if count == 0:
        return _("no times")
    if count == 1:
        return _("once")
    return _("twice") if count == 2 else ngettext("%(count)s time", "%(count)s times", count)


def _in_ten(share: float) -> str:
    tenths = _tenths(share)
    if tenths == 0:
        return _("hardly ever")
    return _("nearly always") if tenths == 10 else _("about %(tenths)s in 10", tenths=tenths)


def _tenths(share: float) -> int:
    return round(10 * min(1.0, max(0.0, share)))


def _needed(missing: Missing) -> str:
    """What would tell more."""
    if missing.judgements <= 0:
        return ngettext(
            "One more try, and Rung can tell you something.",
            "%(count)s more tries, and Rung can tell you something.",
            missing.attempts,
        )
    if missing.attempts <= 0:
        return ngettext(
            "Say how sure you are of one step, and Rung can tell you something.",
            "Say how sure you are of %(count)s steps, and Rung can tell you something.",
            missing.judgements,
        )
    return ngettext(
        "Say how sure you are, or try once more, and Rung can tell you something.",
        "Say how sure you are, or try %(count)s more times, and Rung can tell you something.",
        missing.attempts,
    )


def _tries(worked: float, attempts: int) -> str:
    """What came of several tries; a part of one counts as such."""
    whole = int(worked)
    if worked == 0:
        return _("%(tried)s, and it has not worked yet", tried=times(attempts))
    if attempts == 1:
        return _("once, and it worked") if worked == 1 else _("once, and it worked partly")
    if worked == attempts:
        return _("%(tried)s, and it worked each time", tried=times(attempts))
    if whole == 0:
        return _("%(tried)s, and it worked partly", tried=times(attempts))
    if worked == whole:
        return _("%(tried)s, and it worked %(worked)s", tried=times(attempts), worked=times(whole))
    return _(
        "%(tried)s, and it worked %(worked)s and partly once more", tried=times(attempts), worked=times(whole)
    )
