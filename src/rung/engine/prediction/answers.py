"""The answer that a person will give, as a distribution, from what their judgement is expected to be.

A regression expects N(mean, sd). People answer in ways of their own: they give the answer before again,
use a few answers that they like, prefer round numbers (Manski & Molinari 2010, J Bus Econ Stat 28:219), or
move the slider by a hair. So, over the 101 hundredths g, x being the last answer and r the chance of x again,

    P(g) = r [g = x] + (1 - r) sum of shares x  likes(g) N(g; centre, scale) / sum
    logit r = b . cues + a,   a ~ N(0, v) by person            centre = mean + (mean - x) r / (1 - r)

`likes` is the person's own count of answers, the popularity of g among people, or 1, each with a narrow and
a wide scale; one more share is for answers next to x. As r pulls towards x, the centre of the rest lies
beyond the mean. The scale is sd times what errors of answers that were no repeats have lately shown.

a is followed by one Laplace step an answer (MacKay 1992, Neural Computation 4:720), its mean over v is taken
by Zeger, Liang & Albert 1988 (Biometrics 44:1049); the shares are learned by the chance that each had in
what was answered (EM). At last P is tilted, P(g) exp(k g), half way from its own mean to the regression's:
two forecasts of one thing are best averaged (Bates & Granger 1969, Oper Res Q 20:451), and this changes the
distribution least (Robertson, Tallman & Whiteman 2005, J Money Credit Bank 37:383). Its mean is the forecast.

An interval of 80 % cannot hold 80 % where one answer has half the mass. So the mass of each answer is spread
over +-.001, and how much of it lies below the answer differs from judgement to judgement, evenly over 0 to 1
(the fractions of multiples of the golden ratio): the interval then takes in or leaves out an answer on its
edge as often as it should. It is the randomised forecast of Smith 1985 (J Forecasting 4:283) without chance.

Every constant here was chosen on the development logs, unless it says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from rung.engine.scales import FloatArray, sigmoid
from rung.errors import InvalidParameters

__all__ = [
    "ANSWERS",
    "CUES",
    "REPEAT_CUES",
    "SHARES",
    "Answer",
    "AnswerHabits",
    "Respondent",
    "as_lists",
    "begin",
    "follow",
    "forecast",
    "from_lists",
    "observe",
    "place_of",
    "quantiles_of",
    "remember",
    "repeat_cues",
    "responsibilities",
]

CUES = (
    "was told",
    "distance of what was told",
    "was outcome",
    "distance of the outcome",
    "change of difficulty",
    "other task",
)
"""What the caller knows of the time since the last answer. Distances are from that answer, all are >= 0."""
REPEAT_CUES = (
    "one",
    "surprise squared",
    "surprise",
    *CUES,
    "at the top",
    "at the bottom",
    "ten",
    "five",
    "streak",
    "doubt",
    "liking",
)
"""What the chance of a repeat is weighed from."""
SHARES = (
    "own, narrow",
    "own, wide",
    "popular, narrow",
    "popular, wide",
    "smooth, narrow",
    "smooth, wide",
    "near",
)
"""Where an answer that is no repeat comes from."""
ANSWERS: FloatArray = np.arange(101) / 100.0
"""The hundredths."""

_LEVELS: FloatArray = np.arange(1, 100) / 100.0
_SHARPNESS = -0.5 / np.array([[0.6], [1.2]]) ** 2
"""Of the narrow and the wide scale."""
_NEAR = np.exp(-np.abs(np.subtract.outer(np.arange(101), np.arange(101))) / 2.0) * (1.0 - np.eye(101))
"""How near answers are: by 1/e less for every two hundredths."""
_UNUSED = 0.3
"""What an answer next to the last one counts where the person has not used it."""
_USUALLY_NEAR = 0.75
"""exp(-surprise^2 / 2), by which answers next to the last one are likely, at a usual surprise."""
_FORGET = 1.0 / 30.0
"""Share of the own answers that an answer takes away."""
_BEYOND = 0.65
"""Highest chance of a repeat by which the centre of the rest is moved."""
_LOWEST, _HIGHEST = 0.002, 0.995
"""Chance of a repeat."""
_SMALLEST_SD = 0.01
_SCALE_WEIGHT, _SCALE_FORGET, _LARGEST_ERROR = 10.0, 0.03, 16.0
_SHARE_WEIGHT, _SHARE_FORGET = 8.0, 1.0 / 60.0
_DRIFT = 0.01
"""Growth of what is not known of a personal intercept, an answer."""
_TILT = 0.5
_STEEPEST, _ROUNDS, _CLOSE = 1e4, 30, 1e-4
_HALF = 0.001
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0

Cues: TypeAlias = Sequence[float]
"""The numbers of `CUES`."""


class AnswerHabits(NamedTuple):
    """How people answer. The defaults are assumptions, for when there is nobody to learn from."""

    repeat: FloatArray = np.array(
        [0.2, 0.0, -0.8, -0.2, -0.5, -0.2, -0.2, -0.2, -0.3, 0.4, 0.4, 0.1, 0.1, 0.3, 0.0, 0.5]
    )
    """Weights of `REPEAT_CUES`."""
    variance: float = 0.5
    """Of the personal intercept."""
    shares: FloatArray = np.array([0.12, 0.12, 0.15, 0.25, 0.1, 0.16, 0.1])
    """Of `SHARES`."""
    popularity: FloatArray = np.where(
        np.arange(101) % 10 == 0, 4.0, np.where(np.arange(101) % 5 == 0, 2.0, 0.5)
    )
    """Of each hundredth relative to those around it, shape (101,)."""


class Respondent(NamedTuple):
    """What is remembered of how a person answers: some 200 numbers, however long they have answered."""

    own: FloatArray
    """How often each hundredth was answered, the newest counting most, shape (101,)."""
    exact: FloatArray
    """The last answer in each hundredth, shape (101,)."""
    shares: FloatArray
    """Answers of each kind of `SHARES`."""
    intercept: float
    variance: float
    streak: int
    """Repeats in a row."""
    squares: float
    """Sum of squared errors of answers that were no repeats, in units of sd squared."""
    weight: float
    """How many they count as."""
    answered: int


class Answer(NamedTuple):
    """Forecast of an answer."""

    masses: FloatArray
    """Chance of each answer, shape (101,); they sum to 1."""
    places: FloatArray
    """The answers themselves, shape (101,): within .005 of a hundredth, in order."""
    mean: float
    turn: float
    """How much of the mass of an answer is spread below it, 0 to 1."""


class _Parts(NamedTuple):
    logit: float
    """Log odds of a repeat."""
    repeat: float
    centre: float
    weights: FloatArray
    """Shape (3, 2): share of a kind and scale over its sum."""
    likes: FloatArray
    """Shape (3, 101)."""
    kernels: FloatArray
    """Shape (2, 101)."""
    near: FloatArray
    """Shape (101,), with its share."""


def as_lists(habits: AnswerHabits) -> dict[str, list[float]]:
    """The habits as plain numbers, to be stored."""
    return {name: np.atleast_1d(value).tolist() for name, value in habits._asdict().items()}


def from_lists(told: Mapping[str, Sequence[float]]) -> AnswerHabits:
    """The habits from `as_lists`. Raises `InvalidParameters` where a list is missing or wrong.

    >>> from_lists(as_lists(AnswerHabits())).variance
    0.5
    """
    faults = []
    arrays = {}
    for name, default in as_lists(AnswerHabits()).items():
        array = arrays[name] = np.asarray(told.get(name, ()), dtype=np.float64)
        if array.shape != (len(default),) or not np.isfinite(array).all():
            faults.append(f"{name}: expected {len(default)} finite numbers")
        elif name != "repeat" and not (array > 0.0).all():
            faults.append(f"{name}: expected numbers above 0")
    if faults:
        raise InvalidParameters(faults)
    return AnswerHabits(
        arrays["repeat"], float(arrays["variance"][0]), arrays["shares"], arrays["popularity"]
    )


def begin(habits: AnswerHabits) -> Respondent:
    """A person who has not answered yet."""
    shares = _SHARE_WEIGHT * habits.shares / habits.shares.sum()
    known = (np.zeros(101), ANSWERS, shares, 0.0, habits.variance)
    return Respondent(*known, streak=0, squares=_SCALE_WEIGHT, weight=_SCALE_WEIGHT, answered=0)


def place_of(answer: float) -> int:
    """Nearest hundredth of an answer.

    >>> place_of(0.285), place_of(1.0)
    (29, 100)
    """
    return math.floor(100.0 * answer + 0.5 + 1e-9)


def repeat_cues(state: Respondent, last: float, mean: float, sd: float, cues: Cues) -> tuple[float, ...]:
    """`REPEAT_CUES` of a judgement, `last` being the answer before in its domain."""
    sd = max(sd, _SMALLEST_SD)
    surprise = min(abs(last - mean) / sd, 3.0)
    used, liked = float(state.own.sum()), float(state.own[place_of(last)])
    if liked == 0.0:
        used, liked = used + 1.0, 1.0
    return (
        1.0,
        0.5 * surprise * surprise,
        surprise,
        *cues,
        float(last > 0.985),
        float(last < 0.015),
        float(abs(10.0 * last - round(10.0 * last)) < 0.01),
        float(abs(20.0 * last - round(20.0 * last)) < 0.01),
        min(state.streak, 3) / 3.0,
        math.log(10.0 * sd),
        math.log((liked + 0.2) / (used + 2.0)),
    )


def forecast(
    state: Respondent, last: float, mean: float, sd: float, cues: Cues, habits: AnswerHabits
) -> Answer:
    """Distribution of the next answer, which a regression expects to be N(mean, sd).

    `last` is the last answer in the same domain, 0 to 1, `cues` are the numbers of `CUES`.

    >>> answer = forecast(begin(AnswerHabits()), 0.5, 0.55, 0.1, (0, 0, 0, 0, 0, 0), AnswerHabits())
    >>> int(answer.masses.argmax())
    50
    """
    return _answer(state, last, mean, _parts(state, last, mean, sd, cues, habits))


def observe(
    state: Respondent, last: float, mean: float, sd: float, cues: Cues, answer: float, habits: AnswerHabits
) -> Respondent:
    """The person after they have answered what was forecast from the same numbers."""
    return _observed(state, last, sd, answer, _parts(state, last, mean, sd, cues, habits), habits)


def follow(
    state: Respondent, last: float, mean: float, sd: float, cues: Cues, answer: float, habits: AnswerHabits
) -> tuple[Answer, Respondent]:
    """`forecast`, then `observe`, for what both have in common is half the work."""
    parts = _parts(state, last, mean, sd, cues, habits)
    told = _answer(state, last, mean, parts)
    return told, _observed(state, last, sd, answer, parts, habits)


def remember(state: Respondent, last: float, answer: float) -> Respondent:
    """The person with one more answer in their repertoire, and nothing else learned."""
    own, exact = state.own.copy(), state.exact.copy()
    before, now = place_of(last), place_of(answer)
    if own[before] == 0.0:
        own[before], exact[before] = 1.0, last
    own *= 1.0 - _FORGET
    own[now] += 1.0
    exact[now] = answer
    streak = state.streak + 1 if answer == last else 0
    return state._replace(own=own, exact=exact, streak=streak, answered=state.answered + 1)


def responsibilities(
    state: Respondent, last: float, mean: float, sd: float, cues: Cues, answer: float, habits: AnswerHabits
) -> FloatArray:
    """Chance that each of `SHARES` had in an answer that is no repeat, shape (7,)."""
    return _responsible(_parts(state, last, mean, sd, cues, habits), answer)


def quantiles_of(masses: FloatArray, places: FloatArray, turns: FloatArray) -> FloatArray:
    """Quantiles .01 to .99 of forecasts, one a row: shapes (n, 101), (n, 101), (n,) to (n, 99).

    They lie within 0 to 1 and do not decrease along a row.
    """
    rows = np.arange(len(masses))[:, None]
    upto = np.cumsum(masses, axis=1)
    upto /= upto[:, -1:]
    found = np.searchsorted((upto + 2.0 * rows).ravel(), (_LEVELS - 1e-9 + 2.0 * rows).ravel())
    at = np.minimum(found.reshape(-1, 99) - 101 * rows, 100)
    mass = masses[rows, at]
    share = 1.0 - (upto[rows, at] - _LEVELS) / np.where(mass > 0.0, mass, 1.0)
    spread = places[rows, at] + 2.0 * _HALF * (share - turns[:, None])
    return np.maximum.accumulate(np.clip(spread, 0.0, 1.0), axis=1)


def _parts(
    state: Respondent, last: float, mean: float, sd: float, cues: Cues, habits: AnswerHabits
) -> _Parts:
    sd, here = max(sd, _SMALLEST_SD), place_of(last)
    row = np.array(repeat_cues(state, last, mean, sd, cues))
    logit = state.intercept + float(habits.repeat @ row)
    repeat = min(max(sigmoid(logit / math.sqrt(1.0 + 0.35 * state.variance)), _LOWEST), _HIGHEST)
    pull = min(repeat, _BEYOND)
    centre = min(max(mean + (mean - last) * pull / (1.0 - pull), -0.1), 1.1)
    z = (ANSWERS - centre) / (sd * math.sqrt(state.squares / state.weight))
    kernels = np.exp(_SHARPNESS * (z * z))
    kernels += 1e-9
    likes = np.empty((3, 101))
    likes[0], likes[1], likes[2] = state.own, habits.popularity, 1.0
    likes[0, here] = 0.0
    sums = likes @ kernels.T
    near = _NEAR[here] * (state.own + _UNUSED)
    shares = state.shares[:6].reshape(3, 2) * (sums > 1e-7)
    surprise = min(abs(last - mean) / sd, 3.0)
    share = float(state.shares[6]) * math.exp(-0.5 * surprise * surprise) / _USUALLY_NEAR
    total = float(shares.sum()) + share
    weights = shares / (total * np.maximum(sums, 1e-7))
    near *= share / (total * float(near.sum()))
    return _Parts(logit, repeat, centre, weights, likes, kernels, near)


def _answer(state: Respondent, last: float, mean: float, parts: _Parts) -> Answer:
    masses = ((parts.weights @ parts.kernels) * parts.likes).sum(axis=0)
    masses += parts.near
    masses *= 1.0 - parts.repeat
    here = place_of(last)
    masses[here] += parts.repeat
    places = state.exact.copy()
    places[here] = last
    own_mean = float(masses @ places)
    masses = _tilted(masses, places, own_mean + _TILT * (min(max(mean, 0.0), 1.0) - own_mean))
    return Answer(masses, places, float(masses @ places), (0.5 + state.answered * _GOLDEN) % 1.0)


def _tilted(masses: FloatArray, places: FloatArray, goal: float) -> FloatArray:
    """The masses times exp(k places), `goal` being their mean: Newton's method, halving where it leaps."""
    low, high, k = -_STEEPEST, _STEEPEST, 0.0
    tilted = masses
    for _ in range(_ROUNDS):
        mean = float(tilted @ places)
        if abs(goal - mean) < _CLOSE:
            break
        low, high = (k, high) if mean < goal else (low, k)
        k += (goal - mean) / max(float(tilted @ (places * places)) - mean * mean, _CLOSE**2)
        k = k if low < k < high else (low + high) / 2.0
        power = k * places
        tilted = masses * np.exp(power - power.max())
        tilted /= tilted.sum()
    return tilted


def _observed(
    state: Respondent, last: float, sd: float, answer: float, parts: _Parts, habits: AnswerHabits
) -> Respondent:
    chance = sigmoid(parts.logit)
    doubt = 1.0 / min(state.variance * (1.0 + _DRIFT), habits.variance)
    doubt = 1.0 / (doubt + chance * (1.0 - chance))
    intercept = state.intercept + doubt * (float(answer == last) - chance)
    state = remember(state, last, answer)._replace(intercept=intercept, variance=doubt)
    if answer == last:
        return state
    prior = _SHARE_FORGET * _SHARE_WEIGHT * habits.shares / habits.shares.sum()
    error = (answer - parts.centre) / max(sd, _SMALLEST_SD)
    kept, back = 1.0 - _SCALE_FORGET, _SCALE_FORGET * _SCALE_WEIGHT
    return state._replace(
        shares=(1.0 - _SHARE_FORGET) * state.shares + prior + _responsible(parts, answer),
        squares=kept * state.squares + min(error * error, _LARGEST_ERROR) + back,
        weight=kept * state.weight + 1.0 + back,
    )


def _responsible(parts: _Parts, answer: float) -> FloatArray:
    at = place_of(answer)
    chances = parts.weights * parts.likes[:, at, None] * parts.kernels[:, at]
    found: FloatArray = np.append(chances, parts.near[at])
    found /= found.sum()
    return found
