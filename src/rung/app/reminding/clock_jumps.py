"""What a clock that was ahead for a while leaves behind: reminders that would be silent until it is that day.

While the clock of the server is a year ahead, the next moment of a daily reminder becomes one of next year.
Once the clock is right again, that moment is later than the rule says, and is counted anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from rung.app.accounts.preferences import preferences_in
from rung.app.ports import DueReminder, Services
from rung.app.reminding.occasions import next_moment
from rung.app.reminding.scheduling import due_of, zone_for

__all__ = ["BACK", "WEEK", "count_anew"]

BACK = timedelta(minutes=1)
"""How far back a clock must go to count as one that jumped; what keeps clocks right moves them by less."""
WEEK = timedelta(days=8)
"""No moment of a weekly rule is further away, whatever the zones."""
_ALL = 2**31 - 1


def count_anew(services: Services, beyond: timedelta) -> int:
    """Count anew what is due further away than so, and later than its rule says; how many there were."""
    now = services.clock.now()
    with services.store.reading() as tx:
        far = [one for one in tx.reminders.soonest(_ALL) if one.due_at > now + beyond]
    return sum(_counted_anew(services, one) for one in far)


def _counted_anew(services: Services, due: DueReminder) -> bool:
    with services.store.writing(due.person) as tx:
        now, reminder = services.clock.now(), tx.reminders.get(due.person, due.id)
        if reminder is None or not reminder.is_on or reminder.next_at is None or reminder.about == "plan":
            return False
        zone = zone_for(preferences_in(tx, due.person).zone, reminder)
        expected = next_moment(reminder.rule, now, zone)
        if expected is None or expected >= reminder.next_at:
            return False
        earlier = replace(reminder, next_at=expected)
        unsettled = tx.deliveries.unsettled(due.person, due.id)
        tx.reminders.put(replace(earlier, due_at=due_of(earlier, unsettled, now)))
        return True
