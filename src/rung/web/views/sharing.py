"""What the pages say about the people somebody let in: who, as what, what they see, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rung.app.model import Ladder
from rung.app.policies import Role
from rung.app.ports import Consent, Link, Offer
from rung.app.sharing.consenting import SHOWN_TO, LetIn
from rung.app.sharing.fields import Field
from rung.app.sharing.inviting import DAYS, Offered
from rung.app.sharing.reports import DAYS as REPORT_DAYS
from rung.web.views.notices import Notice
from rung.words import _, day, later, listed, ngettext

__all__ = [
    "FIELDS",
    "OfferView",
    "PersonView",
    "ReportView",
    "day_choices",
    "field_choices",
    "fields_said",
    "offer_views",
    "offered_words",
    "person_view",
    "reader_said",
    "report_days",
    "report_views",
    "role_choices",
    "said",
    "unseen_notice",
]

FIELDS: Mapping[Field, str] = {
    Field.JUDGEMENTS: later("How sure you are"),
    Field.OUTCOMES: later("What you tried, and how it went"),
    Field.ATTRIBUTIONS: later("What you put it down to"),
    Field.FEARS: later("What you feared, and what your body did"),
    Field.TEXTS: later("What you wrote about it"),
}
"""Each field, as the choice is called."""
_SAID_FIELDS: Mapping[Field, str] = {
    Field.JUDGEMENTS: later("how sure you are"),
    Field.OUTCOMES: later("what you tried"),
    Field.ATTRIBUTIONS: later("what you put it down to"),
    Field.FEARS: later("what you feared"),
    Field.TEXTS: later("what you wrote"),
}
_ROLES: Mapping[Role, str] = {
    Role.COACH: later("Coach or therapist"),
    Role.SUPERVISOR: later("Supervisor of you as a coach"),
    Role.LEADER: later("Leads a group that you are in"),
    Role.RESEARCHER: later("Researcher"),
}
_TO_THEM: Mapping[Role, str] = {
    Role.COACH: later("You are their coach"),
    Role.SUPERVISOR: later("You supervise them as a coach"),
    Role.LEADER: later("In a group that you lead"),
    Role.RESEARCHER: later("In your research"),
}
_LET_IN: Mapping[Role, str] = {
    Role.COACH: later("A coach or therapist: sees what I choose, proposes steps, and leaves me a word"),
    Role.SUPERVISOR: later("My supervisor, as I am a coach: reads along where my people agreed"),
    Role.RESEARCHER: later("A researcher: gets what I choose under a pseudonym, never words or names"),
}
_OFFERS = (
    later("%(name)s would let you in"),
    (
        later("You see what they choose to show, and nothing before they have chosen."),
        later("They see each time that you look, and can end it at any time."),
    ),
)
_ASKS: Mapping[Role, tuple[str, tuple[str, ...]]] = {
    Role.COACH: (
        later("%(name)s asks to be let in as your coach"),
        (
            later("They see what you tick here, ladder by ladder, propose steps, and leave you a word."),
            later("Each time that they look is on record for you, and you can end it at any time."),
        ),
    ),
    Role.SUPERVISOR: (
        later("%(name)s asks to supervise you as a coach"),
        (
            later("They read along with those people of yours who agreed to it. Nothing of your own."),
            later("You can end it at any time."),
        ),
    ),
    Role.LEADER: (
        later("%(name)s asks you into the group %(group)s"),
        (
            later("You are counted with the ladders that you tick here: numbers of five people and more."),
            later("They see no name, no ladder and no word of yours. You can leave at any time."),
        ),
    ),
    Role.RESEARCHER: (
        later("%(name)s asks for your log, for research"),
        (
            later("They get what you tick here under a pseudonym: no name, no word, no name of a step."),
            later("Each time is on record for you. You can end it at any time; what they took, they keep."),
        ),
    ),
}
"""What each role asks, and what it means."""
_DAYS = {
    1: later("One day"),
    7: later("A week"),
    14: later("Two weeks"),
    30: later("A month"),
    90: later("Three months"),
}

# Any link can make the page say these: none of them alarms or reassures anybody where it is not so.
_SAID = {
    "let-in": later("They are let in. What they see stands below, and you can change it at any time."),
    "accepted": later("You are let in. What you see is up to them, and they see each time that you look."),
    "kept": later("Kept. What is ticked here is what they see."),
    "ended": later("It is ended. Nothing is shown there any more."),
    "link-ended": later("Ended. The link opens nothing any longer."),
    "taken-back": later("Taken back. The link opens nothing any longer."),
}


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody on the other side of a bond."""

    id: str
    name: str
    role: str
    sees: tuple[str, ...]
    """A line for each ladder that they see."""
    href: str
    """Where to change what they see; empty where there is nothing to choose."""
    is_mine: bool
    """True where the reader let them in."""


@dataclass(frozen=True, slots=True)
class OfferView:
    """An open invitation."""

    id: str
    name: str
    facts: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A link to a report."""

    id: str
    name: str
    facts: str


def person_view(one: LetIn, now: datetime, *, is_mine: bool) -> PersonView:
    """One of the list of those who were let in, or who let the reader in."""
    role = one.bond.role
    roles = _ROLES if is_mine else _TO_THEM
    has_choice = is_mine and bool(SHOWN_TO[role])
    return PersonView(
        id=one.bond.id,
        name=one.name,
        role=_("%(role)s: %(group)s", role=_(roles[role]), group=one.group) if one.group else _(roles[role]),
        sees=_sees(one, now) if is_mine else (),
        href=f"/sharing/{one.bond.id}" if has_choice else "",
        is_mine=is_mine,
    )


def reader_said(reader: str) -> str:
    """A reader as noted with their look, with what they are to the person in words."""
    name, _space, role = reader.removesuffix(")").rpartition(" (")
    return f"{name} ({_(_ROLES[Role(role)])})" if name and role in set(Role) else reader


def fields_said(fields: frozenset[Field]) -> str:
    """Fields in the middle of a sentence: how sure you are, and what you tried."""
    return listed(_(_SAID_FIELDS[field]) for field in Field if field in fields)


def offer_views(offers: Sequence[Offer]) -> tuple[OfferView, ...]:
    """Open invitations."""
    return tuple(
        OfferView(
            one.id,
            one.label or (_("For one person") if one.uses == 1 else _("For everybody who has it")),
            _(
                "%(role)s. Open until %(end)s",
                role=_(_ROLES[one.role]) if one.lets_in else _("They are asked to let you in"),
                end=day(one.expires_at),
            ),
        )
        for one in offers
    )


def report_views(links: Sequence[tuple[Link, Ladder]]) -> tuple[ReportView, ...]:
    """Links that are still good."""
    return tuple(
        ReportView(
            link.id,
            ladder.name,
            _(
                "Shows %(fields)s. Good until %(end)s",
                fields=fields_said(link.fields),
                end=day(link.expires_at),
            ),
        )
        for link, ladder in links
    )


def offered_words(offered: Offered) -> tuple[str, tuple[str, ...]]:
    """What somebody is asked when they open an invitation: a heading, and what it means."""
    heading, lines = _OFFERS if offered.offer.lets_in else _ASKS[offered.offer.role]
    return _(heading, name=offered.name, group=offered.group), tuple(_(line) for line in lines)


def role_choices() -> tuple[tuple[str, str], ...]:
    """As what somebody can be let in."""
    return tuple((role.value, _(words)) for role, words in _LET_IN.items())


def field_choices() -> tuple[tuple[str, str], ...]:
    """What a report can show."""
    return tuple((field.value, _(words)) for field, words in FIELDS.items())


def report_days() -> tuple[tuple[str, str], ...]:
    """For how long a link to a report can be good."""
    return tuple((str(days), _(_DAYS[days])) for days in REPORT_DAYS)


def day_choices() -> tuple[tuple[str, str], ...]:
    """For how long an invitation can be open."""
    return tuple((str(days), _(_DAYS[days])) for days in DAYS)


def said(key: str) -> Notice | None:
    """What the page says first about what was just done; None for what is not known."""
    return Notice(_(_SAID[key])) if key in _SAID else None


def unseen_notice(found: Sequence[LetIn]) -> tuple[str, str] | None:
    """That somebody who was let in sees nothing yet, and where to choose what they see."""
    if not found:
        return None
    if len(found) == 1:
        words = _("You let in %(name)s, who sees nothing yet.", name=found[0].name)
        return words, f"/sharing/{found[0].bond.id}"
    words = ngettext(
        "You let in %(count)s person who sees nothing yet.",
        "You let in %(count)s people who see nothing yet.",
        len(found),
    )
    return words, "/sharing"


def _sees(one: LetIn, now: datetime) -> tuple[str, ...]:
    role = one.bond.role
    if role is Role.SUPERVISOR:
        return (_("Reads along with the people you coach, where they agreed. Nothing of your own."),)
    names = {ladder.id: ladder.name for ladder in one.ladders}
    lines = [_line(consent, names[consent.ladder], role, now) for consent in one.bond.consents]
    return tuple(lines) or (_("Sees nothing yet."),)


def _line(consent: Consent, name: str, role: Role, now: datetime) -> str:
    if not consent.stands(now):
        return _("%(ladder)s: not any more, its time is over.", ladder=name)
    shown = _("counted in the group") if role is Role.LEADER else fields_said(consent.fields)
    if consent.until is None:
        return _("%(ladder)s: %(fields)s. Until you end it.", ladder=name, fields=shown)
    last = day(consent.until - timedelta(seconds=1))
    return _("%(ladder)s: %(fields)s. Until %(day)s.", ladder=name, fields=shown, day=last)
