"""What the tests of reminders stand on: a person with a ladder, and senders that note what they are given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

from rung.app.accounts.preferences import set_preferences
from rung.app.climbing import ladders
from rung.app.model import Ladder, PersonId
from rung.app.ports import Delivery, Letter, Outcome, Reminder, Senders, Sent, Services, Subscription
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminders import make_reminder

BERLIN = "Europe/Berlin"
EVERY_DAY = Rule((time(18, 30),), days=tuple(range(7)))
ONCE = Rule((time(18, 30),), day=date(2026, 11, 24))
ADDRESS = "ana@example.org"


@dataclass
class NotingMail:
    """Takes every letter, and does with it what the test says."""

    does: Callable[[Letter, str], Outcome | Sent] = lambda letter, to: Outcome.SENT
    letters: list[Letter] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    def send(self, letter: Letter, to: str) -> Sent:
        self.letters.append(letter)
        self.to.append(to)
        became = self.does(letter, to)
        return became if isinstance(became, Sent) else Sent(became)


@dataclass
class NotingPush:
    """The same for web push."""

    does: Callable[[Letter, Subscription], Outcome | Sent] = lambda letter, to: Outcome.SENT
    letters: list[Letter] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    public_key: str = "key"

    def check(self, subscription: Subscription) -> None:
        """Any will do."""

    def send(self, letter: Letter, to: Subscription) -> Sent:
        self.letters.append(letter)
        self.to.append(to.endpoint)
        became = self.does(letter, to)
        return became if isinstance(became, Sent) else Sent(became)


def sending(services: Services, mail: NotingMail | None = None, push: NotingPush | None = None) -> Services:
    """The services with these senders."""
    return replace(services, senders=Senders(mail, push, "https://rung.example.org"))


def a_ladder(services: Services, person: PersonId, *steps: str) -> Ladder:
    return ladders.name_ladder(services, person, "Talks", steps or ("say one thing", "say it all"))


def reminded(
    services: Services, person: PersonId, ladder: Ladder, rule: Rule = EVERY_DAY, **more: Any
) -> Reminder:
    """A reminder of the first step, by the clock of Berlin."""
    more.setdefault("zone", BERLIN)
    return make_reminder(services, person, "step", ladder.id, ladder.steps[0].id, rule, **more)


def by_mail(services: Services, person: PersonId) -> None:
    set_preferences(services, person, email=ADDRESS)


def again(services: Services, reminder: Reminder) -> Reminder:
    """The reminder as it is now."""
    with services.store.reading() as tx:
        found = tx.reminders.get(reminder.person, reminder.id)
    assert found
    return found


def unsettled(services: Services, reminder: Reminder) -> list[Delivery]:
    with services.store.reading() as tx:
        return tx.deliveries.unsettled(reminder.person, reminder.id)


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
