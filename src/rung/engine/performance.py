"""Ability and its outcomes: the latent chance of success, apart from what is believed of it.

    P(works) = sigmoid(a [theta - b + 1.4 (effort - .6) + body + 2 aid])
    theta   <- theta + (.02 + .04 y) / (1 + n / 20)     what the attempt after n others teaches

Belief reaches performance only through what people try and how hard they try (effort), not by magic:
within a person past performance moves efficacy (.40) more than efficacy moves performance (.23; .06
detrended) (Sitzmann & Yeo 2013). Help lifts the outcome, so a helped success says less of ability.
That practice teaches ever less is the power law of practice (Newell & Rosenbloom 1981); 20 is a choice.
"""

from __future__ import annotations

from rung.engine.affect import on_performance
from rung.engine.parameters import Parameters
from rung.engine.scales import Number

__all__ = ["circumstances", "practice"]


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
