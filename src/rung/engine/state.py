"""What is known about a person at one moment: immutable, and the same after a trip through JSON.

A person has domains; a domain holds two joint Gaussians that never mix:

    belief    x = (m, set point, u, d_1 .. d_k)     logits
    ability   x = (theta, e_1 .. e_k)               logits

m is the efficacy belief, drawn to a personal set point; u the fading lift of persuasion; d_i (e_i) how
much easier task i is believed to be (is) for this person than its difficulty says. The k tasks are the
ones seen last, at most 48 a domain; beyond that the longest unseen is forgotten, to bound time and space.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from rung.engine.gaussian import Gaussian
from rung.errors import InvalidState

__all__ = [
    "BELIEF",
    "LIFT",
    "MAX_TASKS",
    "SET_POINT",
    "STATE_VERSION",
    "DomainState",
    "Person",
    "Stretch",
    "TaskRecord",
    "Usual",
    "Window",
]

STATE_VERSION = 3
"""Raised when the form of the state changes, or a formula that makes it: saved states are then made anew."""
BELIEF, SET_POINT, LIFT = 0, 1, 2
"""Places of the first three numbers of the belief; task i comes at 3 + i (in the ability at 1 + i)."""
MAX_TASKS = 48
"""More than a ladder of the app may have; few enough for an event to cost microseconds."""


class Stretch(NamedTuple):
    """Evidence for a sign (`loops`) as it gathers from event to event; at nought it begins anew."""

    evidence: float = 0.0
    """Log likelihood ratio, never below 0 nor above the threshold of the sign."""
    told: float = 0.0
    """What judgements add to it, as of the last event."""
    since: float | None = None
    """When the first event of it was."""
    last: float | None = None
    occasions: int = 0
    missed: int = 0
    """Of them let pass, or not worked."""
    expected: float = 0.0
    """Sum of the chances that they would be gone for, or work."""


class Usual(NamedTuple):
    """How it stands in a domain when the person goes for things: slow means, and how often they did."""

    belief: float
    """Logits, assurances included."""
    bias: float
    """To approach, logits."""
    feared: float
    went: int = 0
    passed: int = 0
    """Occasions gone for and let pass, without those of the stretch that gathers now."""


class TaskRecord(NamedTuple):
    """What happened at one task."""

    name: str
    seen: float
    """When it last came up."""
    difficulty: float | None = None
    """Logits, as it was told or rated last; None where it never was."""
    judgements: int = 0
    rating: float | None = None
    """The last efficacy judgement, 0 to 1."""
    rating_before: float | None = None
    """The one before it."""
    attempts: int = 0
    """Attempts whose outcome is known."""
    worked: float = 0.0
    """Sum of their outcomes."""
    failures_in_a_row: int = 0
    tried_at: float | None = None
    """When the last attempt was."""
    worked_at: float | None = None
    """When an attempt last worked, at least in half."""
    approached: int = 0
    avoided: int = 0
    avoided_in_a_row: int = 0
    successes_then: int = 0
    """Successes without help in the domain when this task was last tried or avoided."""
    feared: float = 0.0
    """How likely and bad the feared outcome was last said to be."""
    stuck: Stretch = Stretch()
    """Attempts that do not come to work."""


class Window(NamedTuple):
    """Approach and avoidance in one stretch of time, and the belief at its end."""

    number: int
    """Counted from 1970, or from the first second of laboratory data."""
    approached: int
    avoided: int
    belief: float


class DomainState(NamedTuple):
    """One domain of one person."""

    time: float
    belief: Gaussian
    ability: Gaussian
    tasks: tuple[TaskRecord, ...]
    openness: float
    """The person's own uncertainty about their belief, logits²."""
    trust: float
    """Trust in assurances, 0 to 1."""
    arousal: float
    appraisal: float
    approach_mean: float
    """Bias to approach, logits."""
    approach_variance: float
    models_seen: int = 0
    judgements: int = 0
    news: int = 0
    """Own outcomes and feedback that the person got to know."""
    attempts: int = 0
    """Attempts whose outcome is known."""
    worked: float = 0.0
    """Sum of their outcomes."""
    expected: float = 0.0
    """Sum of what was expected before each of them: the mean efficacy over what was not known of it."""
    practised: float = 0.0
    """Ability, logits, that attempts have added and time has not taken again."""
    practised_at: float | None = None
    """When the last attempt was whose outcome is known."""
    successes: int = 0
    """Outcomes of at least one half that were mostly the person's own doing."""
    windows: tuple[Window, ...] = ()
    """The last three windows, oldest first."""
    roused: float = 0.0
    """Arousal as it was last told at an attempt."""
    read: float = 0.0
    """How it is read: falls at once to a worse reading, and rises a fifth of the way to a better one."""
    since_assured: int | None = None
    """Occasions (attempts, and steps let pass) since the last assurance; None where nobody gave one."""
    usual: Usual | None = None
    """None before the first occasion."""
    loop: Stretch = Stretch()
    """Occasions let pass."""
    over_reach: Stretch = Stretch()
    """Attempts that go worse than the person was sure of."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Everything that Rung knows about a person, from nothing but events.

    `relatedness` says how alike two domains are (0 unrelated, .5 related, .9 near), both ways round.

    >>> ana = Person(relatedness={("talks", "meetings"): 0.5})
    >>> ana == Person.from_json(ana.to_json())
    True
    """

    domains: Mapping[str, DomainState] = field(default_factory=dict)
    relatedness: Mapping[tuple[str, str], float] = field(default_factory=dict)
    time: float | None = None
    """When the last event happened; None before the first."""

    def __post_init__(self) -> None:
        for name in ("domains", "relatedness"):
            if not isinstance(given := getattr(self, name), MappingProxyType):
                object.__setattr__(self, name, MappingProxyType(dict(given)))
        for pair, share in self.relatedness.items():
            if len(set(pair)) != 2 or not 0.0 <= share <= 1.0:
                raise InvalidState(
                    f"relatedness {pair}: {share} is not a share between 0 and 1 of two domains"
                )

    def related_to(self, domain: str) -> dict[str, float]:
        """Domains that share in what is learned in `domain`, and how alike they are."""
        related = {}
        for (one, other), share in self.relatedness.items():
            if domain in (one, other):
                related[other if domain == one else one] = share
        return related

    def with_domains(self, changed: Mapping[str, DomainState], time: float | None) -> Person:
        """A copy in which some domains are newer."""
        return Person({**self.domains, **changed}, self.relatedness, time)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Person) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def to_json(self) -> str:
        """The state as text; domains in alphabetical order, numbers exact."""
        related = {tuple(sorted(pair)): share for pair, share in self.relatedness.items()}
        content = {
            "format": "rung-person",
            "version": STATE_VERSION,
            "time": self.time,
            "relatedness": [[*pair, share] for pair, share in sorted(related.items())],
            "domains": {name: _domain_to_dict(state) for name, state in sorted(self.domains.items())},
        }
        return json.dumps(content, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Person:
        """Read what `to_json` wrote; raises `InvalidState` for anything else."""
        try:
            content = json.loads(text)
            if content["format"] != "rung-person" or content["version"] != STATE_VERSION:
                raise InvalidState(f"this is no state of version {STATE_VERSION}: replay the log instead")
            return cls(
                {name: _domain_from_dict(entry) for name, entry in content["domains"].items()},
                {(one, other): float(share) for one, other, share in content["relatedness"]},
                None if content["time"] is None else float(content["time"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidState(f"the state cannot be read ({error!r}): replay the log instead") from error


def _domain_to_dict(state: DomainState) -> dict[str, Any]:
    entry = state._asdict()
    for name in ("belief", "ability"):
        g: Gaussian = entry[name]
        entry[name] = {"mean": g.mean.tolist(), "covariance": g.covariance.tolist()}
    return entry


def _domain_from_dict(entry: dict[str, Any]) -> DomainState:
    gaussians = {name: _gaussian_from_dict(entry[name]) for name in ("belief", "ability")}
    tasks = tuple(TaskRecord(*record)._replace(stuck=Stretch(*record[-1])) for record in entry["tasks"])
    read = {
        "tasks": tasks,
        "windows": tuple(Window(*window) for window in entry["windows"]),
        "usual": None if entry["usual"] is None else Usual(*entry["usual"]),
        "loop": Stretch(*entry["loop"]),
        "over_reach": Stretch(*entry["over_reach"]),
    }
    state = DomainState(**{**entry, **gaussians, **read})
    if state.belief.mean.size != len(tasks) + 3 or state.ability.mean.size != len(tasks) + 1:
        raise ValueError("its tasks and its numbers do not match")
    return state


def _gaussian_from_dict(entry: dict[str, Any]) -> Gaussian:
    mean = np.array(entry["mean"], dtype=np.float64)
    return Gaussian(mean, np.array(entry["covariance"], dtype=np.float64).reshape(mean.size, mean.size))
