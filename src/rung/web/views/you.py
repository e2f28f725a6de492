"""What the page about a person says: open invitations, and what was just done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rung.app.ports import Invitation
from rung.web.views.notices import Notice
from rung.words import _, day, later

__all__ = ["InvitationView", "open_invitations", "you_notice"]

# Any link can make the page say these: they are harmless where they are not so.
SAID = {
    "kept": later("Kept."),
    "taken-back": later("Taken back. The link opens nothing any longer."),
}


@dataclass(frozen=True, slots=True)
class InvitationView:
    """One open invitation."""

    id: str
    facts: str


def open_invitations(found: Sequence[Invitation]) -> tuple[InvitationView, ...]:
    """Open invitations by their dates: who they are meant for is not known here."""
    return tuple(
        InvitationView(
            one.token_hash.hex(),
            _("Made %(made)s, open until %(end)s", made=day(one.created_at), end=day(one.expires_at)),
        )
        for one in found
    )


def you_notice(key: str) -> Notice | None:
    """The notice of this name; None for a name that is not known."""
    return Notice(_(SAID[key])) if key in SAID else None
