"""What can go wrong for a program that asks a server: one class for each thing that it can do about it.

ClientError
├── Unreachable        no answer came; whatever was asked may be asked again
├── TokenRefused       there is no good token (401)
├── NotInScope         the token is not for this (403)
├── NothingThere       there is nothing, or nothing that the token may see (404)
├── OutOfDate          it is not as the program thinks it is (409)
├── NotAccepted        something in the request does not fit (400, 413, 422)
├── TooMany            too many requests, more often than was waited for (429)
└── ServerTrouble      something is wrong with the server (500 and above, or an answer that is none of Rung's)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rung.errors import RungError

__all__ = [
    "ClientError",
    "NotAccepted",
    "NotInScope",
    "NothingThere",
    "OutOfDate",
    "ServerTrouble",
    "TokenRefused",
    "TooMany",
    "Unreachable",
    "failure",
]


class ClientError(RungError):
    """Something that was asked of a server did not come about."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        """The HTTP status; 0 where no answer came."""
        self.detail = str(problem.get("detail", ""))
        """What is wrong."""
        self.what_to_do = str(problem.get("what_to_do", ""))
        """What helps."""
        self.faults = tuple(
            f"{fault.get('where', '')}: {fault.get('what', '')}"
            for fault in problem.get("faults", ())
            if isinstance(fault, Mapping)
        )
        """Each thing that does not fit, with its place."""
        told = [self.detail or f"The server answered with {status}", *self.faults, self.what_to_do]
        super().__init__(". ".join(part.rstrip(".") for part in told if part))


class Unreachable(ClientError):
    """No answer came."""


class TokenRefused(ClientError):
    """There is no good token."""


class NotInScope(ClientError):
    """The token is not for this."""


class NothingThere(ClientError):
    """There is nothing, or nothing that the token may see."""


class OutOfDate(ClientError):
    """It is not as the program thinks it is."""


class NotAccepted(ClientError):
    """Something in the request does not fit."""


class TooMany(ClientError):
    """Too many requests."""


class ServerTrouble(ClientError):
    """Something is wrong with the server."""


_BY_STATUS: Mapping[int, type[ClientError]] = {
    400: NotAccepted,
    401: TokenRefused,
    403: NotInScope,
    404: NothingThere,
    409: OutOfDate,
    413: NotAccepted,
    422: NotAccepted,
    429: TooMany,
}


def failure(status: int, problem: Mapping[str, Any]) -> ClientError:
    """The error for an answer.

    >>> failure(404, {"detail": "There is no such ladder"})
    NothingThere('There is no such ladder')
    """
    return _BY_STATUS.get(status, ServerTrouble)(status, problem)
