"""Who asks, on every route of the API: the token, the services, and the scope that the route needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Request, Security
from fastapi.security import HTTPBearer

from rung.app.accounts.tokens import actor_of
from rung.app.model import LadderId, PersonId
from rung.app.policies import Action, Actor, Scope
from rung.app.ports import Services, Token
from rung.app.programs import allowing
from rung.app.programs.repeating import id_from

__all__ = [
    "Anybody",
    "Caller",
    "ReadsEvidence",
    "ReadsLadders",
    "ReadsTexts",
    "WritesEvidence",
    "WritesLadders",
]

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token that the person made under You, Programs: `Authorization: Bearer rung_…`.",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A program, and the person that it acts for."""

    services: Services
    token: Token
    key: str
    """Of what is asked; empty where it has none."""

    @property
    def actor(self) -> Actor:
        """The program as the policies know it."""
        return actor_of(self.token)

    def person(self, action: Action, ladder: UUID) -> tuple[PersonId, LadderId]:
        """Whom it acts for and the ladder, where it may do this with the ladder."""
        this = LadderId(str(ladder))
        return allowing.person_for(self.actor, action, this), this

    def own_id(self, given: UUID | None) -> str:
        """The id of what is made: the one given, or one that follows from the key, or any."""
        if given is not None:
            return str(given)
        return id_from(self.token, self.key) if self.key else str(uuid4())


def _caller(request: Request, _shown: Annotated[Any, Security(_BEARER)] = None) -> Caller:
    return Caller(request.app.state.services, request.state.token, request.state.key)


Anybody = Annotated[Caller, Security(_caller)]
ReadsLadders = Annotated[Caller, Security(_caller, scopes=[Scope.READ_LADDERS.value])]
ReadsEvidence = Annotated[Caller, Security(_caller, scopes=[Scope.READ_EVIDENCE.value])]
ReadsTexts = Annotated[Caller, Security(_caller, scopes=[Scope.READ_TEXTS.value])]
WritesEvidence = Annotated[Caller, Security(_caller, scopes=[Scope.WRITE_EVIDENCE.value])]
WritesLadders = Annotated[Caller, Security(_caller, scopes=[Scope.WRITE_LADDERS.value])]
