"""Plain sentences for what the engine answers: message ids with numbers in, words out.

Every sentence stands in one of the tables below, so that translations can come later. Numbers of trust
are told as "about 7 in 10 (5 to 9)"; where too little is known the sentence says so instead of a number.
It states the person's own evidence, and leaves the conclusion to them.
"""

from __future__ import annotations

from rung.app.model import Did
from rung.engine.forecasting import Estimate, Missing
from rung.engine.planning import Reason

__all__ = [
    "CONCERNS",
    "REASONS",
    "TOO_EARLY",
    "chance",
    "did",
    "record",
    "sentence",
    "sure",
    "times",
    "too_early",
]

TOO_EARLY = "Too early to say."

REASONS = {
    "near-wanted-chance": "It works {chance}, near the {wanted} that you chose.",
    "below-wanted-chance": (
        "No step comes up to the {wanted} that you chose. This one comes nearest: it works {chance}."
    ),
    "above-wanted-chance": (
        "Every step is likelier than the {wanted} that you chose. This one comes nearest: it works {chance}."
    ),
    "managed-before": "You have tried this step {tries}.",
    "managed-below": "You have tried the step below {tries}.",
    "rated": "You rated this one {rating}.",
    "not-judged-yet": "You have not said yet how sure you are of this one.",
    "not-enough-data": "Little is known so far: {needed} would tell more.",
    "nearest-to-wanted": (
        "No step comes near the {wanted} that you chose. This one comes nearest: it works {chance}."
    ),
    "two-failures": (
        "A step did not work {failures} in a row. It rests until something easier has worked: "
        "which smaller step would help?"
    ),
    "avoided": (
        "You have let a step pass {avoidances} in a row. That happens, and it is worth knowing. "
        "It rests until something easier has worked: would a smaller step help?"
    ),
    "easiest-fails": (
        "Even the easiest step did not work {failures} in a row. The step is too big, not you too small: "
        "what would be a smaller one? A talk with somebody you trust can help to find it."
    ),
    "easiest-avoided": (
        "You have let even the easiest step pass {avoidances} in a row. Would one that is half as big help?"
    ),
    "belief-down-avoidance-up": (
        "For some weeks you have let much pass, and been less sure each time. That is how the loop works. "
        "A smaller step, or a talk with somebody you trust, usually helps."
    ),
    "judged-lower": (
        "You are about {points} points less sure than when you last said. What has changed? "
        "Rung proposes nothing harder for now; a talk with somebody you trust can help."
    ),
    "all-stand-firm": "Every step of this ladder stands firm.",
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

_TIMES = ("no times", "once", "twice")
_DID = {
    Did.DONE: "worked",
    Did.PARTLY: "worked partly",
    Did.TRIED: "tried, did not work",
    Did.AVOIDED: "let pass",
    Did.SKIPPED: "not today",
}


def sentence(reason: Reason) -> str:
    """The plain sentence for a reason of the engine.

    >>> sentence(Reason("managed-below", {"worked": 3.0, "attempts": 4.0}))
    'You have tried the step below 4 times, and it worked 3 times.'
    """
    return REASONS[reason.id].format(**_words(reason))


def _words(reason: Reason) -> dict[str, str]:
    numbers = reason.numbers
    words = {name: f"{number:g}" for name, number in numbers.items()}
    if "chance" in numbers:
        words["chance"] = _in_ten(numbers["chance"])
        words["wanted"] = f"{numbers['wanted'] * 100:.0f} in 100"
    if "rating" in numbers:
        words["rating"] = f"{numbers['rating'] * 100:.0f} of 100"
    if "worked" in numbers:
        words["tries"] = _tries(numbers["worked"], int(numbers["attempts"]))
    for counted in {"failures", "avoidances"} & numbers.keys():
        words[counted] = times(int(numbers[counted]))
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
    return f"{words} ({low} to {high})" if words.endswith("in 10") else f"{words} ({low} to {high} in 10)"


def sure(estimate: Estimate) -> str:
    """How sure somebody is, with the range.

    >>> sure(Estimate(0.55, 0.45, 0.65))
    'You are 55 sure, between 45 and 65.'
    """
    mean, low, high = (round(100 * number) for number in estimate[:3])
    return f"You are {mean} sure, between {low} and {high}."


def record(tried: int, worked: int) -> str:
    """What became of a step so far.

    >>> record(3, 2), record(1, 0), record(0, 0)
    ('Tried 3 times, worked twice.', 'Tried once, has not worked yet.', 'Not tried yet.')
    """
    if not tried:
        return "Not tried yet."
    outcome = f"worked {times(worked)}" if worked else "has not worked yet"
    return f"Tried {times(tried)}, {outcome}."


def too_early(missing: Missing | None) -> str:
    """Why there is no number yet, and what would change that.

    >>> too_early(Missing(0, 2))
    'Too early to say. Two more tries and Rung can tell you something.'
    """
    if missing is None or (missing.judgements <= 0 and missing.attempts <= 0):
        return TOO_EARLY
    needed = _needed(missing)
    return f"{TOO_EARLY} {needed[0].upper()}{needed[1:]} and Rung can tell you something."


def did(outcome: Did) -> str:
    """What became of a step, in a word or two."""
    return _DID[outcome]


def times(count: int) -> str:
    """A count as people say it."""
    return _TIMES[count] if count < len(_TIMES) else f"{count} times"


def _in_ten(share: float) -> str:
    tenths = _tenths(share)
    return {0: "hardly ever", 10: "nearly always"}.get(tenths, f"about {tenths} in 10")


def _tenths(share: float) -> int:
    return round(10 * min(1.0, max(0.0, share)))


def _needed(missing: Missing) -> str:
    attempts = _more(missing.attempts, "try", "tries")
    if missing.judgements <= 0:
        return attempts
    if missing.attempts <= 0:
        steps = "step" if missing.judgements == 1 else "steps"
        return f"saying how sure you are of {_count(missing.judgements)} {steps}"
    return f"saying how sure you are, or {attempts},"


def _more(count: int, one: str, many: str) -> str:
    return f"{_count(count)} more {one if count == 1 else many}"


def _count(count: int) -> str:
    names = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return names[count] if 0 <= count < len(names) else str(count)


def _tries(worked: float, attempts: int) -> str:
    """What came of several tries; a part of one counts as such."""
    if worked == 0:
        return f"{times(attempts)}, and it has not worked yet"
    if attempts == 1:
        return "once, and it worked" if worked == 1 else "once, and it worked partly"
    if worked == attempts:
        return f"{times(attempts)}, and it worked each time"
    partly = " and partly once more" if worked > int(worked) >= 1 else ""
    return f"{times(attempts)}, and it worked {times(int(worked)) if worked >= 1 else 'partly'}{partly}"
