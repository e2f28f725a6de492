"""When sessions about a ladder were: the person says so, and the next sheet begins there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from rung.app.model import LadderId, PersonId
from rung.app.policies import Action, permitted
from rung.app.ports import Meeting, Services
from rung.errors import Conflict, NotFound
from rung.words import _

__all__ = ["MOST_MEETINGS", "SAME", "WEEKS", "begins_at", "forget_session", "keep_session", "sessions_about"]

WEEKS = 4
"""How far a sheet looks back where no session was kept."""
SAME = timedelta(hours=12)
"""A sheet that is opened this soon after a session is still the one for it."""
MOST_MEETINGS = 1000


def begins_at(meetings: Sequence[Meeting], until: datetime) -> datetime:
    """Where a sheet that ends at a moment begins: at the last session before, or some weeks ago."""
    held = [meeting.at for meeting in meetings if meeting.at <= until - SAME]
    return max(held) if held else until - timedelta(weeks=WEEKS)


def sessions_about(services: Services, actor: PersonId, ladder_id: LadderId) -> list[datetime]:
    """When the actor's sessions about a ladder were, oldest first."""
    with services.store.reading() as tx:
        permitted(actor, Action.READ_LADDER, tx.ladders.get(actor, ladder_id), "ladder")
        return [meeting.at for meeting in tx.meetings.of(actor, ladder_id)]


def keep_session(services: Services, actor: PersonId, ladder_id: LadderId) -> datetime:
    """Keep that a session about a ladder is held as of now; pressed twice, it is one."""
    now = services.clock.now()
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_LADDER, tx.ladders.get(actor, ladder_id), "ladder")
        held = [meeting.at for meeting in tx.meetings.of(actor, ladder_id)]
        if held and timedelta() <= now - held[-1] < SAME:
            return held[-1]
        if len(held) >= MOST_MEETINGS:
            raise Conflict(_("You have kept as many sessions as Rung keeps: delete one first"))
        tx.meetings.add(Meeting(actor, ladder_id, now))
    return now


def forget_session(services: Services, actor: PersonId, ladder_id: LadderId, at: datetime) -> None:
    """Delete one session."""
    with services.store.writing(actor) as tx:
        permitted(actor, Action.CHANGE_LADDER, tx.ladders.get(actor, ladder_id), "ladder")
        # Compared here, for not every moment that can be written is one that a database can hold.
        found = [meeting for meeting in tx.meetings.of(actor, ladder_id) if meeting.at == at]
        if not found:
            raise NotFound(_("There is no such session"))
        tx.meetings.remove(found[0])
