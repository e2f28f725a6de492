"""Where everything is kept: one consistent look at it, and one all-or-nothing change of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from rung.app.model import PersonId
from rung.app.ports.accounts import People, Sessions
from rung.app.ports.esteem import EsteemNotes
from rung.app.ports.identities import Identities
from rung.app.ports.plans import Plans
from rung.app.ports.practice import EvidenceLog, Ladders, States
from rung.app.ports.programs import KeptAnswers, Tokens
from rung.app.ports.reminding import Deliveries, Feeds, Reminders, Subscriptions
from rung.app.ports.settings import StoredPreferences
from rung.app.ports.sharing import Bonds, Groups, LeftByOthers, Links, Offers, Reads, Snoozes
from rung.app.ports.sheets import Meetings, Scalings
from rung.app.ports.ways_in import Challenges, Invitations, Passkeys, RecoveryCodes
from rung.app.ports.webhooks import Webhooks

__all__ = ["Store", "Transaction"]


class Transaction(Protocol):
    """One consistent look at the store, and one all-or-nothing change of it."""

    @property
    def people(self) -> People:
        """Accounts."""

    @property
    def sessions(self) -> Sessions:
        """Signed-in browsers."""

    @property
    def passkeys(self) -> Passkeys:
        """Passkeys."""

    @property
    def identities(self) -> Identities:
        """Who people are at providers outside of Rung."""

    @property
    def recovery_codes(self) -> RecoveryCodes:
        """Recovery codes."""

    @property
    def challenges(self) -> Challenges:
        """What authenticators must sign."""

    @property
    def invitations(self) -> Invitations:
        """Open invitations."""

    @property
    def ladders(self) -> Ladders:
        """Ladders and steps."""

    @property
    def evidence(self) -> EvidenceLog:
        """The log."""

    @property
    def states(self) -> States:
        """The cache of derived states."""

    @property
    def plans(self) -> Plans:
        """When, where and how steps are to be done."""

    @property
    def esteem(self) -> EsteemNotes:
        """Self-esteem, where people want to note it."""

    @property
    def preferences(self) -> StoredPreferences:
        """What people decided about language, time and quiet."""

    @property
    def reminders(self) -> Reminders:
        """When to remind of what."""

    @property
    def deliveries(self) -> Deliveries:
        """What is to be sent, and what was."""

    @property
    def subscriptions(self) -> Subscriptions:
        """Browsers that take web push."""

    @property
    def feeds(self) -> Feeds:
        """Secret addresses of calendars."""

    @property
    def scalings(self) -> Scalings:
        """Scaled goals of ladders."""

    @property
    def meetings(self) -> Meetings:
        """When sessions about ladders were."""

    @property
    def tokens(self) -> Tokens:
        """What programs show, to act for people."""

    @property
    def kept_answers(self) -> KeptAnswers:
        """What programs were answered, for when they ask once more."""

    @property
    def webhooks(self) -> Webhooks:
        """Addresses that are told what happens."""

    @property
    def offers(self) -> Offers:
        """Open invitations between people."""

    @property
    def bonds(self) -> Bonds:
        """Who let whom in, with their consents."""

    @property
    def links(self) -> Links:
        """Secret addresses of reports."""

    @property
    def reads(self) -> Reads:
        """Every look that somebody else took."""

    @property
    def left(self) -> LeftByOthers:
        """What others proposed, said and shared."""

    @property
    def snoozes(self) -> Snoozes:
        """Whom coaches put aside for a while."""

    @property
    def groups(self) -> Groups:
        """Classes and wards."""


class Store(Protocol):
    """Where everything is kept."""

    def reading(self) -> AbstractContextManager[Transaction]:
        """Open a look at one moment of the store."""

    def writing(self, person: PersonId | None = None) -> AbstractContextManager[Transaction]:
        """Open a change; changes for the same person (or of no person) wait for each other."""

    def close(self) -> None:
        """Let go of all connections."""
