"""What the use cases need from the outside, as protocols, and the services that carry it.

One request is one transaction: a use case opens `store.reading()` or `store.writing(person)`, and what
it wrote is either there as a whole when the block ends, or not at all.
Every row belongs to a person, and every question to the store names that person.
"""

from rung.app.ports.accounts import Credentials, People, Session, Sessions
from rung.app.ports.esteem import EsteemNote, EsteemNotes
from rung.app.ports.plans import Plan, Plans
from rung.app.ports.practice import Entry, EvidenceLog, Ladders, SavedState, States
from rung.app.ports.reminding import (
    ABOUT,
    Deliveries,
    Delivery,
    DueReminder,
    Feed,
    Feeds,
    Letter,
    Mail,
    Outcome,
    Push,
    Reminder,
    ReminderId,
    Reminders,
    Senders,
    Sent,
    Subscription,
    Subscriptions,
)
from rung.app.ports.services import Clock, Passwords, Services, Vault
from rung.app.ports.settings import StoredPreferences
from rung.app.ports.store import Store, Transaction
from rung.app.ports.ways_in import (
    Ceremonies,
    Challenge,
    Challenges,
    Invitation,
    Invitations,
    NewKey,
    Passkey,
    Passkeys,
    Place,
    RecoveryCodes,
)

__all__ = [
    "ABOUT",
    "Ceremonies",
    "Challenge",
    "Challenges",
    "Clock",
    "Credentials",
    "Deliveries",
    "Delivery",
    "DueReminder",
    "Entry",
    "EsteemNote",
    "EsteemNotes",
    "EvidenceLog",
    "Feed",
    "Feeds",
    "Invitation",
    "Invitations",
    "Ladders",
    "Letter",
    "Mail",
    "NewKey",
    "Outcome",
    "Passkey",
    "Passkeys",
    "Passwords",
    "People",
    "Place",
    "Plan",
    "Plans",
    "Push",
    "RecoveryCodes",
    "Reminder",
    "ReminderId",
    "Reminders",
    "SavedState",
    "Senders",
    "Sent",
    "Services",
    "Session",
    "Sessions",
    "States",
    "Store",
    "StoredPreferences",
    "Subscription",
    "Subscriptions",
    "Transaction",
    "Vault",
]
