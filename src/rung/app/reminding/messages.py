"""What a reminder says: nothing about the person, as long as they do not ask for more.

A letter's identity comes from the reminder, its moment and the way it goes: sent twice, it is seen once.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from rung.app.model import Ladder
from rung.app.ports import Letter, Reminder, Services
from rung.words import _, speaking

__all__ = ["letter_of", "title_of", "trial_letter"]

_SHORT = 32
"""Characters of a Topic (RFC 8030, section 5.4)."""


def letter_of(
    reminder: Reminder,
    ladder: Ladder,
    moment: datetime,
    channel: str,
    address: str,
    language: str,
    now: datetime,
) -> Letter:
    """The message of a reminder for a moment, in a language."""
    # Times are told by nobody here: a message comes when it is due.
    with speaking(language) as speech:
        return Letter(
            identity=_identity(reminder.person, reminder.id, moment.astimezone(UTC).isoformat(), channel),
            title=title_of(reminder),
            body=_subject(reminder, ladder) if reminder.names else _("You asked Rung to tell you now."),
            link=address + _path(reminder),
            footer=_(
                "You get this because you asked for it. Change it or switch it off: %(link)s",
                link=f"{address}/reminders",
            ),
            language=speech.language.code,
            direction=speech.language.direction,
            lasts=max(moment + reminder.window - now, timedelta(seconds=1)),
        )


def title_of(reminder: Reminder) -> str:
    """What it says first; nothing about the person."""
    if reminder.about == "judge":
        return _("Time to say how sure you are")
    return _("Time for your next step")


def trial_letter(services: Services, channel: str, language: str) -> Letter:
    """A message that shows that the way works."""
    address = services.senders.address
    with speaking(language) as speech:
        return Letter(
            identity=_identity("trial", channel, services.clock.now().isoformat()),
            title=_("This is how a reminder looks"),
            body=_("It works. Nothing is due."),
            link=f"{address}/reminders",
            footer=_(
                "You get this because you asked for it. Change it or switch it off: %(link)s",
                link=f"{address}/reminders",
            ),
            language=speech.language.code,
            direction=speech.language.direction,
            lasts=timedelta(minutes=10),
        )


def _subject(reminder: Reminder, ladder: Ladder) -> str:
    step = ladder.step(reminder.step) if reminder.step else None
    return step.name if step else ladder.name


def _path(reminder: Reminder) -> str:
    return f"/ladders/{reminder.ladder}/judge" if reminder.about == "judge" else "/"


def _identity(*parts: str) -> str:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:_SHORT]
