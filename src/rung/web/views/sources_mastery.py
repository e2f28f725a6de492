"""The mastery bank: what worked, in the person's own words, and what stood against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from rung.app.model import Did
from rung.app.sources import Bank, Proof
from rung.web import charts
from rung.web.views.sources import Chooser, chooser
from rung.words import _, day, later, ngettext

__all__ = ["BankView", "ProofView", "bank_view", "proof_view"]

SAID = (
    ("what_helped", later("What you did, and what helped")),
    ("what_next", later("For the next time")),
    ("what_feared", later("What you feared")),
    ("resources", later("What you had to manage with")),
)


@dataclass(frozen=True, slots=True)
class ProofView:
    """One attempt that worked or partly worked."""

    step: str
    ladder: str
    day: str
    outcome: str
    mark: Markup
    why: str
    """What stood against it, in sentences; empty where that was not asked for."""
    said: tuple[tuple[str, str], ...]
    """What was asked, and what the person wrote."""
    href: str


@dataclass(frozen=True, slots=True)
class BankView:
    """The whole page."""

    chooser: Chooser
    words: str
    doubted: bool
    names_ladders: bool
    """True where tries of more than one ladder may stand beside each other."""
    summary: str
    proofs: tuple[ProofView, ...]
    empty: str
    """What to say where nothing is shown."""
    is_new: bool
    """True where nothing has worked yet at all."""
    toggle: str
    """Where the button about doubt leads."""
    everything: str
    """Where everything is shown; empty where it is."""
    place: str
    newer: str
    older: str


def bank_view(bank: Bank) -> BankView:
    """Everything that the page shows."""
    found = chooser(bank.shelf)
    shown = {"ladder": found.chosen, "words": bank.words, "doubted": "1" if bank.doubted else ""}

    def at(**changed: str) -> str:
        query = {name: value for name, value in {**shown, **changed}.items() if value}
        return f"/sources/mastery?{urlencode(query)}" if query else "/sources/mastery"

    is_narrow = bool(bank.words or bank.doubted or found.chosen)
    return BankView(
        chooser=found,
        words=bank.words,
        doubted=bank.doubted,
        names_ladders=not found.chosen and len(found.ladders) > 1,
        summary=_summary(bank),
        proofs=tuple(proof_view(proof) for proof in bank.proofs),
        empty=_empty(bank),
        is_new=not bank.whole,
        toggle=at(doubted="" if bank.doubted else "1"),
        everything="/sources/mastery" if is_narrow else "",
        place=_("Page %(page)s of %(pages)s", page=bank.page, pages=bank.pages) if bank.pages > 1 else "",
        newer=at(page=str(bank.page - 1)) if bank.page > 1 else "",
        older=at(page=str(bank.page + 1)) if bank.page < bank.pages else "",
    )


def proof_view(proof: Proof) -> ProofView:
    """One attempt, as it is shown anywhere."""
    is_whole = proof.outcome == 1.0
    return ProofView(
        step=proof.step.name,
        ladder=proof.ladder.name,
        day=day(proof.at),
        outcome=_("It worked.") if is_whole else _("Some of it worked."),
        mark=charts.marks([Did.DONE if is_whole else Did.PARTLY]),
        why=" ".join(_whys(proof)),
        said=tuple((_(asked), proof.texts[field]) for field, asked in SAID if proof.texts.get(field)),
        href=f"/attempts/{proof.event_id}/reflect",
    )


def _whys(proof: Proof) -> Sequence[str]:
    doubt = proof.doubt
    if doubt is None:
        return ()
    whys = []
    if doubt.unsure:
        whys.append(_("You were %(sure)s sure.", sure=round(100 * doubt.expected)))
    if doubt.awake and proof.event.arousal is not None:
        whys.append(_("Your body was going at %(arousal)s of 10.", arousal=round(10 * proof.event.arousal)))
    if doubt.passed:
        whys.append(_("You had let this step pass before."))
    if doubt.failed:
        whys.append(_("It had not worked the time before."))
    return whys


def _summary(bank: Bank) -> str:
    if bank.doubted:
        return ngettext(
            "%(count)s time you doubted, and did it anyway.",
            "%(count)s times you doubted, and did it anyway.",
            bank.found,
        )
    if bank.words:
        return ngettext("%(count)s try has these words.", "%(count)s tries have these words.", bank.found)
    return ngettext(
        "%(count)s try that worked, or worked partly.",
        "%(count)s tries that worked, or worked partly.",
        bank.found,
    )


def _empty(bank: Bank) -> str:
    if bank.proofs:
        return ""
    if bank.words:
        return _("No try has all of these words in it. Fewer words find more.")
    if bank.doubted:
        return _(
            "Nothing yet. A try shows here when it works although you were less than 50 sure of "
            "it, or your heart was "
            "going at 6 of 10 or more, or the step had been let pass or had failed before."
        )
    return _("Nothing has worked here yet. The first try that does shows here, and it stays.")
