"""Ability and its outcomes: the latent chance of success, apart from what is believed of it.

    P(works) = sigmoid(a [theta - b + 1.4 (effort - .6) + body + 2 aid])
    theta   <- theta + (.02 + .04 y) / (1 + n / 20)     what the attempt after n others teaches
    R(t)     = (1 + F t / S)^-w                         what is left of it t days after the last attempt

Belief reaches performance only through what people try and how hard they try (effort), not by magic:
within a person past performance moves efficacy (.40) more than efficacy moves performance (.23; .06
detrended) (Sitzmann & Yeo 2013). Help lifts the outcome, so a helped success says less of ability.
That practice teaches ever less is the power law of practice (Newell & Rosenbloom 1981); 20 is a choice.
Only what practice added is forgotten, along the curve of FSRS-6 (F such that R(S) = .9); S is a choice.
"""

from __future__ import annotations

from rung.engine.affect import on_performance
from rung.engine.parameters import Parameters
from rung.engine.scales import Number

__all__ = ["circumstances", "practice", "retained"]


def circumstances(
    effort: Number | float | None, aid: Number | float, arousal: Number, appraisal: Number, p: Parameters
) -> Number:
    """What effort, help and bodily state add to the log odds of success, beside ability and difficulty.

    >>> round(circumstances(1.0, 0.0, 0.0, 0.0, Parameters()), 2)
    0.56
    """
    tried = 0.0 if effort is None else p.effort_weight * (effort - p.effort_usual)
    total: Number = tried + p.aid_lift * aid + on_performance(arousal, appraisal, p)
    return total


def practice(outcome: Number, attempts_before: Number | float, p: Parameters) -> Number:
    """Ability, in logits, that an attempt adds.

    >>> practice(1.0, 0.0, Parameters()), practice(1.0, 20.0, Parameters())
    (0.06, 0.03)
    """
    taught: Number = p.practice_bad + (p.practice_good - p.practice_bad) * outcome
    return taught / (1.0 + attempts_before / p.practice_half)


def retained(days: Number, p: Parameters) -> Number:
    """Share of what practice added that is left, some days after the last attempt.

    >>> p = Parameters()
    >>> retained(0.0, p), round(retained(p.forgetting_days, p), 9)
    (1.0, 0.9)
    """
    if not p.forgetting_power:
        return days * 0.0 + 1.0
    factor = 0.9 ** (-1.0 / p.forgetting_power) - 1.0
    left: Number = (1.0 + factor * days / p.forgetting_days) ** -p.forgetting_power
    return left
