"""A client for the HTTP interface of a Rung server, with nothing but the standard library.

A token comes from the page You, Programs; [the page about the interface](docs/api.md) says what its scopes
open. What goes wrong is a `ClientError` of a class that says what can be done about it.

>>> from rung.client import Client
>>> rung = Client("https://rung.example.org", "rung_…")
>>> for ladder in rung.ladders():  # doctest: +SKIP
...     step = rung.next_step(ladder)
...     print(ladder.name, step.reasons[0].text)
...     rung.record(ladder, step.step, "done")
"""

from rung.client.client import Client, Did
from rung.client.failures import (
    ClientError,
    NotAccepted,
    NothingThere,
    NotInScope,
    OutOfDate,
    ServerTrouble,
    TokenRefused,
    TooMany,
    Unreachable,
)
from rung.client.things import (
    Appended,
    Bridge,
    Change,
    Changes,
    Estimate,
    Event,
    Ladder,
    Level,
    Made,
    Missing,
    NextStep,
    Option,
    Plan,
    Reason,
    Recorded,
    State,
    Step,
    StepState,
    Texts,
    Whoami,
)

__all__ = [
    "Appended",
    "Bridge",
    "Change",
    "Changes",
    "Client",
    "ClientError",
    "Did",
    "Estimate",
    "Event",
    "Ladder",
    "Level",
    "Made",
    "Missing",
    "NextStep",
    "NotAccepted",
    "NotInScope",
    "NothingThere",
    "Option",
    "OutOfDate",
    "Plan",
    "Reason",
    "Recorded",
    "ServerTrouble",
    "State",
    "Step",
    "StepState",
    "Texts",
    "TokenRefused",
    "TooMany",
    "Unreachable",
    "Whoami",
]
