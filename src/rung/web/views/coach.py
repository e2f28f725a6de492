"""The caseload in words: who needs a word, each with the evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from rung.app import sentences
from rung.app.coaching.caseload import SNOOZES, Case, CaseLadder, Caseload, Sort, chosen
from rung.app.coaching.flags import KINDS, Flag, Kind
from rung.app.policies import Role
from rung.app.ports import Offer
from rung.engine import Estimate
from rung.words import _, day, day_and_month, later, local, ngettext, number

__all__ = [
    "FLAGS",
    "PAGE",
    "CaseView",
    "CoachView",
    "FlagView",
    "coach_view",
    "flag_view",
    "last_words",
    "person_view",
    "short_day",
]

PAGE = 50
"""People on one page."""

FLAGS: Mapping[Kind, str] = {
    "stuck": later("Stuck"),
    "worse": later("Less sure"),
    "ready": later("Ready for more"),
    "quiet": later("Quiet"),
}
SORTS: Mapping[Sort, str] = {
    "need": later("who needs a word first"),
    "last": later("who was active last"),
    "name": later("name"),
}

_CLEAR = timedelta(days=300)
"""How long ago a day can be that is told without its year."""
_SNOOZED = {1: later("For a day"), 7: later("For a week"), 28: later("For four weeks")}


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go, and whether one is there."""

    words: str
    href: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class FlagView:
    """A flag, and the evidence behind it."""

    kind: Kind
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class LadderLine:
    """One ladder of somebody, as far as it is shown."""

    title: str
    href: str
    flags: tuple[FlagView, ...]
    last: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One person."""

    bond: str
    name: str
    href: str
    role: str
    """Empty for their own coach."""
    last: str
    ladders: tuple[LadderLine, ...]
    left: str
    snoozed: str
    """Until when they are put aside."""


@dataclass(frozen=True, slots=True)
class OfferView:
    """An open offer to coach somebody."""

    id: str
    label: str
    facts: str


@dataclass(frozen=True, slots=True)
class CoachView:
    """The whole page."""

    is_empty: bool
    filters: tuple[Link, ...]
    cases: tuple[CaseView, ...]
    found: str
    """How many these are."""
    earlier: str
    more: str
    """Addresses of the pages before and after; empty where there is none."""
    aside: tuple[CaseView, ...]
    offers: tuple[OfferView, ...]
    snoozes: tuple[tuple[int, str], ...]
    sorts: tuple[tuple[str, str], ...]


def coach_view(
    found: Caseload, offers: Sequence[Offer], kind: Kind | None, words: str, sort: Sort, page: int
) -> CoachView:
    """Everything that the page shows."""
    cases = chosen(found, kind, words, sort)
    pages = max((len(cases) + PAGE - 1) // PAGE, 1)
    page = min(max(page, 1), pages)

    def href(**changed: str) -> str:
        told = {"flag": kind or "", "q": words, "sort": sort if sort != "need" else "", **changed}
        query = urlencode({name: value for name, value in told.items() if value})
        return f"/coach?{query}" if query else "/coach"

    every = Link(_("All %(count)s", count=number(len(found.cases))), href(flag=""), kind is None)
    counts = found.counts
    return CoachView(
        is_empty=not found.cases and not found.aside,
        filters=(
            every,
            *(
                Link(
                    _("%(name)s %(count)s", name=_(FLAGS[one]), count=number(counts[one])),
                    href(flag=one),
                    one == kind,
                )
                for one in KINDS
            ),
        ),
        cases=tuple(_case(case, found.at) for case in cases[PAGE * (page - 1) : PAGE * page]),
        found=ngettext("%(count)s person", "%(count)s people", len(cases)),
        earlier=href(page=str(page - 1)) if page > 1 else "",
        more=href(page=str(page + 1)) if page < pages else "",
        aside=tuple(_case(case, found.at) for case in found.aside),
        offers=tuple(
            OfferView(
                offer.id,
                offer.label or _("No name noted"),
                _("Good until %(day)s", day=day(offer.expires_at)),
            )
            for offer in offers
        ),
        snoozes=tuple((days, _(_SNOOZED[days])) for days in SNOOZES),
        sorts=tuple((key, _(told)) for key, told in SORTS.items()),
    )


def person_view(case: Case, now: datetime) -> CaseView:
    """One person with all that they show."""
    return _case(case, now)


def _case(case: Case, now: datetime) -> CaseView:
    href = f"/coach/{case.bond}"
    return CaseView(
        bond=case.bond,
        name=case.name,
        href=href,
        role=_("along with their coach") if case.role is Role.SUPERVISOR else "",
        last=last_words(case.last, now),
        ladders=tuple(_line(one, href, now) for one in case.ladders),
        left=ngettext(
            "%(count)s thing that you left waits for an answer",
            "%(count)s things that you left wait for an answer",
            case.left,
        )
        if case.left
        else "",
        snoozed=_("until %(day)s", day=day(case.until)) if case.until else "",
    )


def _line(one: CaseLadder, href: str, now: datetime) -> LadderLine:
    return LadderLine(
        title=one.title,
        href=f"{href}/{one.ladder}",
        flags=tuple(flag_view(flag, now) for flag in one.flags),
        last=last_words(one.last, now),
    )


def last_words(last: datetime | None, now: datetime) -> str:
    """When something was logged last."""
    if last is None:
        return _("Nothing logged yet")
    days = (local(now).date() - local(last).date()).days
    if days <= 0:
        return _("Active today")
    return ngettext("Active %(count)s day ago", "Active %(count)s days ago", days)


def flag_view(flag: Flag, now: datetime) -> FlagView:
    """A flag in words."""
    since = short_day(flag.since, now) if flag.since else ""
    return FlagView(flag.kind, _(FLAGS[flag.kind]), _flag_words(flag, since))


def short_day(at: datetime, now: datetime) -> str:
    """A day, with its year where that is not clear."""
    return day_and_month(at) if now - at < _CLEAR else day(at)


def _flag_words(flag: Flag, since: str) -> str:
    numbers = {name: number(round(value)) for name, value in flag.numbers.items()}
    match flag.reason:
        case "passed-in-a-row":
            return _(
                "Let “%(step)s” pass %(times)s in a row, since %(since)s.",
                step=flag.step,
                times=sentences.times(round(flag.numbers["count"])),
                since=since,
            )
        case "passed":
            return _(
                "Let %(missed)s of %(occasions)s occasions pass since %(since)s.",
                missed=numbers["missed"],
                occasions=numbers["occasions"],
                since=since,
            )
        case "not-worked":
            return _(
                "“%(step)s” did not work in %(missed)s of the last %(occasions)s tries, since %(since)s.",
                step=flag.step,
                missed=numbers["missed"],
                occasions=numbers["occasions"],
                since=since,
            )
        case "worked-in-a-row":
            chance = Estimate(flag.numbers["chance"], flag.numbers["low"], flag.numbers["high"])
            return _(
                "“%(step)s” worked %(times)s in a row; “%(above)s” would work %(chance)s.",
                step=flag.step,
                times=sentences.times(round(flag.numbers["count"])),
                above=flag.above,
                chance=sentences.chance(chance),
            )
        case "longer-than-usual":
            return ngettext(
                "Nothing for %(count)s day; 9 of 10 of their breaks lasted %(usual)s or less.",
                "Nothing for %(count)s days; 9 of 10 of their breaks lasted %(usual)s or less.",
                round(flag.numbers["days"]),
                usual=ngettext("%(count)s day", "%(count)s days", round(flag.numbers["usual"])),
            )
        case "long":
            return ngettext(
                "Nothing for %(count)s day, since %(since)s.",
                "Nothing for %(count)s days, since %(since)s.",
                round(flag.numbers["days"]),
                since=since,
            )
        case "nothing-yet":
            return ngettext(
                "Nothing logged in %(count)s day.",
                "Nothing logged in %(count)s days.",
                round(flag.numbers["days"]),
            )
    return ngettext(
        "%(points)s of 100 less sure of %(count)s step than four weeks ago; "
        "by chance their answers move by up to %(least)s.",
        "%(points)s of 100 less sure of %(count)s steps than four weeks ago; "
        "by chance their answers move by up to %(least)s.",
        round(flag.numbers["steps"]),
        points=numbers["points"],
        least=numbers["least"],
    )
