"""A kind word about the loop of letting pass: what is seen, how the loop works, and ways out of it.

Made for See; any page that has a `Today` at hand can show it with `parts` of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from rung.app.avoiding import LEAST, FearRecord, LoopNotice
from rung.words import _, ngettext

__all__ = ["LoopView", "Way", "fear_words", "loop_view"]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class LoopView:
    """What is said of the loop."""

    seen: str
    how: str
    feared: str
    """What one's own record says of the fear; empty where it says nothing of use."""
    ways: tuple[Way, ...]


def loop_view(notice: LoopNotice | None) -> LoopView | None:
    """The words for what is seen; none where nothing is."""
    if notice is None:
        return None
    base = f"/ladders/{notice.ladder}"
    step = notice.step
    prepare = f"{base}/prepare?step={step.id}" if step else base
    return LoopView(
        seen=_seen(notice),
        how=_(
            "That is how the loop works: what is let pass cannot show how it would have gone, "
            "so the doubt stays as it is. A smaller step, or a talk with somebody you trust, usually helps."
        ),
        feared=_feared(notice.fears),
        ways=(
            Way(_("Put in a smaller step"), f"{base}/steps"),
            Way(_("Prepare it: when, where, and what if"), prepare),
            Way(_("Let this ladder rest for a while: nothing is lost"), base),
        ),
    )


def _seen(notice: LoopNotice) -> str:
    counts = {"passed": notice.passed, "occasions": notice.occasions, "weeks": notice.weeks}
    if notice.is_less_sure:
        return _(
            "You let it pass %(passed)s of %(occasions)s times in the last %(weeks)s weeks, "
            "and feel less sure each time.",
            **counts,
        )
    if notice.often:
        return _(
            "You let it pass %(passed)s of %(occasions)s times in the last %(weeks)s weeks, "
            "most often “%(step)s”.",
            step=notice.often.name,
            **counts,
        )
    return _("You let it pass %(passed)s of %(occasions)s times in the last %(weeks)s weeks.", **counts)


def _feared(fears: FearRecord | None) -> str:
    if fears is None or fears.tries < LEAST or fears.milder * 2 <= fears.tries:
        return ""
    return _("When you did go, this is what your record says. %(record)s", record=fear_words(fears))


def fear_words(fears: FearRecord) -> str:
    """What was feared against what happened, in one line."""
    return ngettext(
        "It went milder than feared %(milder)s of %(count)s time. "
        "You feared %(feared)s, and %(happened)s came true.",
        "It went milder than feared %(milder)s of %(count)s times. "
        "On average you feared %(feared)s, and %(happened)s came true.",
        fears.tries,
        milder=fears.milder,
        feared=round(fears.feared * 100),
        happened=round(fears.happened * 100),
    )
