"""What is at hand today, read at one moment."""

from datetime import timedelta

import pytest
from tests.databases import SetClock, counted

from rung.app.at_hand import at_hand
from rung.app.climbing import ladders, plans
from rung.app.model import PersonId
from rung.app.ports import Services
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule
from rung.errors import NotFound


@pytest.fixture
def busy(services: Services, ana: PersonId, clock: SetClock) -> PersonId:
    """Ana with two ladders, a plan on each, one ladder put away, and a reminder that has come."""
    soon = clock.now() + timedelta(hours=1)
    for name in ("Sing", "Swim"):
        made = ladders.name_ladder(services, ana, name, ["a little", "all of it"])
        plans.make(services, ana, made.id, made.steps[0].id, plans.Draft(where="there"))
        rule = Rule(times=(soon.time(),), day=soon.date())
        reminders.make_reminder(services, ana, "ladder", made.id, None, rule, zone="UTC")
    ladders.archive_ladder(services, ana, made.id)
    clock.move(hours=1.5)
    return ana


def test_ladders_plans_and_reminders_of_what_is_put_away_wait_with_it(
    services: Services, busy: PersonId
) -> None:
    found = at_hand(services, busy)
    assert [today.ladder.name for today in found.todays] == ["Sing"]
    assert [plan.ladder for plan in found.plans] == [found.todays[0].ladder.id]
    assert [due.ladder.name for due in found.reminders] == ["Sing"]
    assert list(found.plans) == plans.planned(services, busy)
    assert list(found.reminders) == reminders.due_now(services, busy)


def test_nobody_elses_things_are_at_hand(services: Services, busy: PersonId, ben: PersonId) -> None:
    found = at_hand(services, ben)
    assert (found.todays, found.plans, found.reminders) == ((), (), ())
    assert at_hand(services, busy).todays


def test_who_has_no_account_has_nothing_at_hand(services: Services, ana: PersonId) -> None:
    with pytest.raises(NotFound):
        at_hand(services, PersonId("00000000-0000-4000-8000-000000000009"))


def test_it_takes_few_queries_however_much_there_is(services: Services, busy: PersonId) -> None:
    with counted(services) as queries:
        at_hand(services, busy)
    assert len(queries) <= 10, queries
