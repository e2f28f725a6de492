"""Ana with a ladder and a past, Ben as her coach, and what each of them can do."""

from dataclasses import dataclass

import pytest
from tests.conftest import join

from rung.app import evidence
from rung.app.climbing import ladders
from rung.app.model import Did, Ladder, PersonId, Reflection
from rung.app.policies import Actor, Role
from rung.app.ports import Bond, Consent, Services
from rung.app.sharing import consenting, inviting
from rung.app.sharing.actors import actor_of
from rung.app.sharing.fields import Field


@dataclass
class People:
    """Who is on the server, and how they find each other."""

    services: Services
    ana: PersonId
    ben: PersonId
    talks: Ladder

    def let_in(self, person: PersonId, other: PersonId, role: Role = Role.COACH) -> Bond:
        """The person lets the other in, who sees nothing yet."""
        code = inviting.invite(self.services, person, role, lets_in=True)
        return inviting.accept(self.services, other, code)

    def show(self, bond: Bond, *fields: Field, ladder: Ladder | None = None, **options: object) -> Bond:
        """The person of a bond shows fields of a ladder, and nothing else."""
        now, supervised = self.services.clock.now(), bool(options.pop("supervised", False))
        shown = Consent((ladder or self.talks).id, frozenset(fields), now, **options)  # type: ignore[arg-type]
        return consenting.consent(self.services, bond.person, bond.id, [shown], supervised=supervised)

    def actor(self, person: PersonId) -> Actor:
        """Somebody with what stands for them now."""
        with self.services.store.reading() as tx:
            return actor_of(self.services, tx, person)

    def seen_by(self, person: PersonId) -> dict[str, frozenset[Field]]:
        """What somebody is granted now, by ladder."""
        return {grant.ladder: grant.fields for grant in self.actor(person).grants}

    def more(self, name: str) -> PersonId:
        """One more person on the server."""
        return join(self.services, name)


@pytest.fixture
def people_here(services: Services, ana: PersonId, ben: PersonId) -> People:
    talks = ladders.name_ladder(services, ana, "Talks", ["a", "b", "c"])
    evidence.judge(services, ana, talks.id, {step.id: 50 for step in talks.steps})
    event = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.TRIED)
    evidence.reflect(services, ana, event, Reflection(aid=0.5, feared=0.7, what_helped="a secret"))
    return People(services, ana, ben, talks)
