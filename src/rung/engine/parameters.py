"""Every number of the model in one place: its value, unit, range, where it comes from, and how sure that is.

Sources are named by author and year; `docs/model.md` lists them with their DOIs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args

import numpy as np

from rung.engine.provenance import Origin, Provenance, assumed, fitted, published
from rung.engine.scales import FloatArray
from rung.errors import InvalidParameters

__all__ = ["PARAMETERS_VERSION", "Parameters"]

PARAMETERS_VERSION = 1
_FACTS = "tuned in a compact model so that published findings come out together; `rung facts` says how far"
_QUARTER = "5 in 100 simulated steady people a quarter have a false alarm (`rung simulate loops --calibrate`)"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The population's parameters; one set serves every person, log and scenario.

    Raises `InvalidParameters`, with every fault at once, where a value is out of its range.

    >>> Parameters().weight_bad
    1.2
    >>> Parameters().origin_of("belief_ability_correlation").provenance
    'published'
    >>> Parameters(rating_noise=-1.0)
    Traceback (most recent call last):
    rung.errors.InvalidParameters: rating_noise: -1 is not between 0.001 and 0.5
    """

    # Belief before any evidence, and how it wanders
    prior_belief: float = assumed(
        0.0, "logits", "mean set point of people", "a neutral task is judged 50", -math.inf
    )
    set_point_spread: float = assumed(
        1.0, "logits", "sd of set points between people", "wide, so that ratings decide"
    )
    belief_spread: float = assumed(
        0.8, "logits", "sd of a belief around its set point",
        "more than half of the variance is within person (Vogelsang 2026), noise included",
    )  # fmt: skip
    task_spread: float = assumed(
        1.0, "logits", "sd of how much harder or easier a task is to this person than its difficulty says",
        "a choice",
    )  # fmt: skip
    slope: float = assumed(
        1.0, "logits per logit", "how steeply efficacy falls with difficulty", "Rasch", 0.1, 10.0
    )
    belief_half_life: float = assumed(
        180.0, "days", "half-life of the way back to the set point", "a choice", 0.01
    )

    # Mastery: one's own outcomes
    openness: float = fitted(
        1.5, "logits²", "how open a new belief is to evidence (the person's own variance)",
        "learning rates .06-.25 / .08-.35 (Müller-Pinzler 2019, 2022)",
    )  # fmt: skip
    openness_per_event: float = fitted(
        0.05,
        "logits²",
        "openness that each own outcome adds",
        "least error on five development logs, in sample; within the rates of Müller-Pinzler (2019, 2022)",
    )
    openness_per_day: float = assumed(0.004, "logits² per day", "openness that time adds", "a choice")
    openness_limit: float = assumed(3.0, "logits²", "openness never grows beyond", "twice a new belief's")
    weight_good: float = fitted(
        0.80,
        "factor",
        "weight of news better than believed",
        "valence bias -.12 (Müller-Pinzler 2022), credit counted in",
    )
    weight_bad: float = fitted(1.20, "factor", "weight of news worse than believed", "as weight_good")
    learning_spread: float = published(
        0.5, "factor", "sd of an update relative to its size, from person to person",
        "rates .25 (sd .13), .35 (.20) (Müller-Pinzler 2022)",
    )  # fmt: skip
    belief_wander: float = assumed(
        0.4,
        "logits",
        "sd of what else moves a belief at each own outcome and is not in the log",
        "momentary efficacy varies widely within a person (Vogelsang 2026); size is a choice",
    )
    own_sense_weight: float = assumed(
        0.8, "factor", "weight of one's own sense of success where nothing was told",
        "blunted by anxious-depression (Katyal 2025); size is a choice", 0.0, 1.0,
    )  # fmt: skip

    # Attribution: how far an outcome is put down to oneself
    external_good: float = fitted(0.20, "chance", "prior that a success came from outside", _FACTS, 0.0, 1.0)
    external_bad: float = fitted(0.25, "chance", "prior that a failure came from outside", _FACTS, 0.0, 1.0)
    external_likelihood: float = assumed(
        0.5, "chance", "chance of the outcome if something outside decided it", "a coin", 0.01, 1.0
    )
    external_weight: float = assumed(
        0.15, "factor", "credit for what came from outside", "small (Mayer); a choice", 0.0, 1.0
    )
    passing_share: float = assumed(
        0.25, "share", "how far a failure's cause is passing, if not said", "a choice", 0.0, 1.0
    )
    passing_weight: float = assumed(
        0.30, "factor", "credit of a failure whose cause passes", "a choice", 0.0, 1.0
    )
    controllable_share: float = assumed(
        0.5,
        "share",
        "how far a cause in one's hands counts as passing",
        "Weiner's dimensions; size is a choice",
        0.0,
        1.0,
    )

    # Vicarious experience: models
    vicarious_rate: float = fitted(0.25, "factor", "weight of a model's outcome against one's own", _FACTS)
    similarity_exponent: float = fitted(1.5, "exponent", "how sharply similarity matters", _FACTS, 0.0, 10.0)
    similarity_unknown: float = assumed(
        0.5, "0 to 1", "similarity where it is not said", "the middle", 0.0, 1.0
    )
    coping_similarity: float = fitted(
        0.35, "share", "part of the missing similarity that a coping model makes good",
        "coping models are judged more similar (Schunk, Hanson & Cox 1987)", 0.0, 1.0,
    )  # fmt: skip

    # Social persuasion: a lift that fades
    persuasion_rate: float = fitted(0.9, "factor", "lift per logit of a wholly credible assurance", _FACTS)
    persuasion_reach: float = assumed(
        2.0, "logits", "distance at which an assurance loses its hold", "a choice", 0.1
    )
    persuasion_half_life: float = assumed(
        3.0, "days", "half-life of the lift", "temporary (McNatt & Judge 2004); 3 is a choice", 0.01
    )
    persuasion_left: float = assumed(
        0.5, "share", "lift that is left when an outcome speaks against it", "a choice", 0.0, 1.0
    )
    trust_change: float = assumed(
        0.2, "share", "how fast trust in assurances follows what happens after them", "a choice", 0.0, 1.0
    )
    lift_felt: float = assumed(
        0.2, "logits", "lift that is wholly felt; trust moves less below it", "a choice", 0.001
    )
    credibility_unknown: float = assumed(
        0.5, "0 to 1", "credibility where it is not said", "the middle", 0.0, 1.0
    )

    # Bodily state
    arousal_on_belief: float = assumed(
        0.8,
        "logits",
        "what full arousal read as threat takes from belief",
        "a choice; the study (Bosshard & Gomez 2024) is of performance",
    )
    arousal_on_performance: float = fitted(
        0.5,
        "logits",
        "what full arousal read as threat takes from performance",
        "d = .23 (Bosshard & Gomez 2024)",
    )
    arousal_half_life: float = assumed(0.1, "days", "half-life of arousal", "hours, not days", 0.0001)

    # Readings
    rating_noise: float = fitted(
        0.09,
        "rating / 100",
        "sd of a judgement around its belief",
        "51-89 % of variance within person (Vogelsang 2026)",
        0.001,
        0.5,
    )
    rating_step: float = assumed(
        0.1, "rating / 100", "judgements are given in steps of", "scales are asked in tens", 0.0, 1.0
    )

    # Approach and avoidance
    approach_slope: float = assumed(
        8.0,
        "logits",
        "how sharply approach rises with efficacy",
        "behaviour d = .47 (Sheeran 2016); a choice",
    )
    approach_threshold: float = assumed(
        0.45, "chance", "efficacy at which approach is even", "a choice", -1.0, 2.0
    )
    approach_spread: float = assumed(1.5, "logits", "sd of the bias to approach between people", "a choice")
    fear_cost: float = assumed(0.2, "chance", "efficacy that a full fear outweighs", "a choice", 0.0, 1.0)

    # Ability: the latent chance of success
    prior_ability: float = assumed(
        0.0, "logits", "mean ability of people", "a neutral task works every other time", -math.inf
    )
    ability_spread: float = assumed(
        1.2, "logits", "sd of ability between people", "wide, so that outcomes decide"
    )
    ability_task_spread: float = assumed(
        0.7, "logits", "sd of how much better or worse a task suits this person", "a choice"
    )
    ability_drift: float = assumed(
        0.002, "logits² per day", "how fast an ability that is not seen becomes uncertain", "a choice"
    )
    practice_good: float = fitted(0.06, "logits", "ability gained by an attempt that works", _FACTS)
    practice_bad: float = fitted(0.02, "logits", "ability gained by an attempt that does not", _FACTS)
    practice_half: float = assumed(20.0, "attempts", "after these an attempt teaches half", "a choice", 0.1)
    effort_weight: float = assumed(
        1.4, "logits", "what full effort instead of none brings", "2 x .7; a choice"
    )
    effort_usual: float = assumed(0.6, "0 to 1", "effort of an ordinary attempt", "a choice", 0.0, 1.0)
    aid_lift: float = assumed(2.0, "logits", "what full help brings", "a choice")
    belief_ability_correlation: float = published(
        0.38,
        "r",
        "correlation of belief and ability between people",
        "r = .38 (Stajkovic & Luthans 1998)",
        0.01,
        0.99,
    )

    # Skill that is not used fades
    forgetting_power: float = published(
        0.1542, "exponent", "how retention falls with time", "FSRS-6 defaults (Ye 2024)", 0.0, 2.0
    )
    forgetting_days: float = assumed(
        90.0, "days", "time after which nine tenths of what practice added are left", "a choice", 0.1
    )

    # Effort, arousal and staying follow from belief
    effort_least: float = fitted(0.35, "0 to 1", "effort where one is sure to fail", _FACTS, 0.0, 1.0)
    effort_belief: float = fitted(0.45, "0 to 1", "effort that full efficacy adds", _FACTS, 0.0, 1.0)
    effort_eased: float = assumed(
        0.6, "factor", "effort that being very sure takes back",
        "striving is eased by being sure (Vancouver & Purl 2017); size is a choice",
    )  # fmt: skip
    effort_eased_from: float = assumed(0.85, "chance", "efficacy from which it eases", "a choice", 0.0, 1.0)
    arousal_doubt: float = assumed(
        0.7, "0 to 1", "arousal that full doubt brings where all is at stake",
        "arousal falls as efficacy rises (Bandura, Reese & Adams 1982); size is a choice", 0.0, 1.0,
    )  # fmt: skip
    quitting: float = assumed(
        0.02, "chance per day", "chance to give up, of somebody without any efficacy", "a choice", 0.0, 1.0
    )
    quitting_fall: float = assumed(
        4.0, "per unit", "how sharply it falls with efficacy", "persistence r = .34 (Multon 1991); a choice"
    )

    # How people differ, and what moves them that no log holds (the simulator alone)
    belief_ability_link: float = fitted(
        0.7, "r", "correlation of set point and ability, and of what makes a task easy for somebody",
        "r(efficacy, performance) = .38 comes out (Stajkovic & Luthans 1998)", 0.0, 0.99,
    )  # fmt: skip
    valence_spread: float = published(
        0.92, "log ratio", "sd between people of weight_good over weight_bad",
        "just under a third learn more from good news (Müller-Pinzler 2022)",
    )  # fmt: skip
    mood_spread: float = fitted(
        0.8, "logits", "sd of what else moves a belief from hour to hour",
        "51-89 % of variance within person (Vogelsang 2026)",
    )  # fmt: skip
    mood_half_life: float = assumed(0.25, "days", "half-life of it", "hours; a choice", 0.0001)
    sense_noise: float = assumed(
        0.2, "0 to 1", "sd of one's own sense of success around the outcome", "a choice", 0.0, 1.0
    )

    # Signs of being caught (`loops`): log likelihood ratios from which they are spoken of
    loop_limit: float = fitted(6.11, "nats", "evidence of a loop of letting pass", _QUARTER, 0.1)
    over_reach_limit: float = fitted(4.26, "nats", "evidence of over-reach", _QUARTER, 0.1)
    stuck_limit: float = fitted(2.92, "nats", "evidence that a step is stuck", _QUARTER, 0.1)

    # Derived measures
    level_threshold: float = assumed(
        0.2,
        "chance",
        "a step counts towards the level from",
        "the customary cut-off of 20 of 100, which we have not confirmed",
        0.0,
        1.0,
    )
    window_days: float = assumed(14.0, "days", "window in which avoidance is counted", "a choice", 0.5)

    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Where values come from that are not the defaults (set by `with_values`)."""

    def __post_init__(self) -> None:
        faults = [
            fault
            for item in fields(self)
            if item.metadata
            for fault in _faults(item, getattr(self, item.name))
        ]
        if faults:
            raise InvalidParameters(faults)

    def origin_of(self, name: str) -> Origin:
        """Where the value of a parameter comes from."""
        default: Origin = _FIELDS[name].metadata["origin"]
        return self.origins.get(name, default)

    def with_values(self, values: Mapping[str, float], provenance: Provenance, source: str) -> Parameters:
        """A copy with other values, which remember where they come from."""
        origin = Origin(provenance, source)
        return replace(self, **dict(values), origins={**self.origins, **dict.fromkeys(values, origin)})

    def varied(self, values: Mapping[str, FloatArray]) -> Parameters:
        """A copy in which some values are arrays, one number for each of n people: for the simulator.

        Every formula takes floats and arrays alike. `to_json` holds for plain numbers only.

        >>> Parameters().varied({"weight_good": np.array([0.7, 0.9])}).weight_good
        array([0.7, 0.9])
        """
        arrays: dict[str, Any] = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
        return replace(self, **arrays)

    def to_json(self) -> str:
        """Text with the value, unit, meaning, provenance and source of each parameter."""
        values = {name: self._described(name) for name in _FIELDS}
        return json.dumps(
            {"format": "rung-parameters", "version": PARAMETERS_VERSION, "parameters": values}, indent=2
        )

    def _described(self, name: str) -> dict[str, object]:
        origin, metadata = self.origin_of(name), _FIELDS[name].metadata
        return {
            "value": getattr(self, name),
            "unit": metadata["unit"],
            "meaning": metadata["meaning"],
            "provenance": origin.provenance,
            "source": origin.source,
        }

    @classmethod
    def from_json(cls, text: str) -> Parameters:
        """Read what `to_json` wrote; parameters that are not named keep their defaults."""
        named = _named(text)
        faults = [f"{name}: no such parameter" for name in named if name not in _FIELDS]
        faults += [f"{name}: {fault}" for name, entry in named.items() if (fault := _entry_fault(entry))]
        if faults:
            raise InvalidParameters(faults)
        origins = {
            name: Origin(entry["provenance"], str(entry.get("source", ""))) for name, entry in named.items()
        }
        values = {name: float(entry["value"]) for name, entry in named.items()}
        told = {
            name: origin for name, origin in origins.items() if origin != _FIELDS[name].metadata["origin"]
        }
        return cls(**values, origins=told)


_FIELDS = {item.name: item for item in fields(Parameters) if item.metadata}


def _faults(item: Any, value: object) -> list[str]:
    low, high = item.metadata["low"], item.metadata["high"]
    if isinstance(value, np.ndarray):
        return _faults(item, float(value.min())) or _faults(item, float(value.max()))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return [f"{item.name}: {value!r} is not a finite number"]
    return [] if low <= value <= high else [f"{item.name}: {value:g} is not between {low:g} and {high:g}"]


def _named(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise InvalidParameters([f"not JSON: {error}"]) from error
    if not isinstance(content, dict) or content.get("format") != "rung-parameters":
        raise InvalidParameters(["not a file of Rung's parameters (format is not 'rung-parameters')"])
    if content.get("version") != PARAMETERS_VERSION:
        raise InvalidParameters(
            [f"version {content.get('version')!r} is not {PARAMETERS_VERSION}, which this Rung reads"]
        )
    named = content.get("parameters")
    if not isinstance(named, dict):
        raise InvalidParameters(["parameters: is missing"])
    return named


def _entry_fault(entry: object) -> str | None:
    if not isinstance(entry, dict) or isinstance(entry.get("value"), bool | str | None | list | dict):
        return "has no number as its value"
    if entry.get("provenance") not in get_args(Provenance):
        return f"provenance {entry.get('provenance')!r} is not one of {', '.join(get_args(Provenance))}"
    return None
