"""All ladders beside each other: each one now and before, and where belief has spread. Never one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from rung.app import sentences
from rung.app.across import Across, Reach
from rung.app.deeds import Deed
from rung.web import charts
from rung.web.views.records import LEAST, Table
from rung.words import _, day, day_and_month, ngettext, number

__all__ = ["AcrossView", "across_view"]


@dataclass(frozen=True, slots=True)
class RowView:
    """One ladder."""

    name: str
    href: str
    words: str
    """Strength now and before."""
    level: str
    chart: Markup | None
    marks: Markup | None


@dataclass(frozen=True, slots=True)
class Group:
    """Ladders of which the same holds."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AcrossView:
    """The whole page."""

    rows: tuple[RowView, ...]
    words: str
    """What has spread, in a sentence or two."""
    groups: tuple[Group, ...]
    table: Table | None


def across_view(found: Across) -> AcrossView:
    """Everything that the page shows."""
    return AcrossView(
        rows=tuple(_row(row, place) for place, row in enumerate(found.rows, start=1)),
        words=_spread(found),
        groups=_groups(found) if len(found.known) > 1 else (),
        table=_table(found.rows) if any(not row.today.strength.missing for row in found.rows) else None,
    )


def _row(row: Reach, place: int) -> RowView:
    today = row.today
    strength, base = today.strength, f"/ladders/{today.ladder.id}"
    dids = [str(deed.did) for deed in sorted(_deeds(row), key=lambda deed: deed.at)]
    words = _words(row)
    return RowView(
        name=today.ladder.name,
        href=f"{base}/see",
        words=words,
        level=_level(row),
        chart=None
        if strength.missing
        else charts.change_bar(
            f"across-{place}", strength[:3], row.then.mean if row.then else None, today.ladder.name, words
        ),
        marks=charts.marks(dids) if set(dids) - {"skipped"} else None,
    )


def _deeds(row: Reach) -> list[Deed]:
    return [deed for outlook in row.today.steps for deed in outlook.deeds]


def _words(row: Reach) -> str:
    strength = row.today.strength
    if not row.today.steps:
        return _("It has no steps yet.")
    if strength.missing:
        return sentences.too_early(strength.missing)
    numbers = {
        "now": round(strength.mean * 100),
        "low": round(strength.low * 100),
        "high": round(strength.high * 100),
    }
    span = _("Over its steps you are %(now)s sure now, between %(low)s and %(high)s.", **numbers)
    if row.then is None:
        return span
    before = round(row.then.mean * 100)
    if abs(before - numbers["now"]) < LEAST:
        change = _("That is about where you were on %(day)s.", day=day_and_month(row.then.at))
    elif numbers["now"] > before:
        change = _("Up from %(before)s on %(day)s.", before=before, day=day_and_month(row.then.at))
    else:
        change = _("Down from %(before)s on %(day)s.", before=before, day=day_and_month(row.then.at))
    return f"{span} {change}"


def _level(row: Reach) -> str:
    level, steps = row.today.level, row.today.steps
    if level.missing or not steps:
        return ""
    if not level.step:
        return _("You rate no step of it 20 or more so far.")
    return _(
        "The hardest step that you rate 20 or more: %(place)s of %(count)s, “%(name)s”.",
        place=number(level.step),
        count=number(level.steps),
        name=steps[level.step - 1].step.name,
    )


def _spread(found: Across) -> str:
    if not found.rows:
        return _("There is no ladder yet. What you become able to do shows here, each thing by itself.")
    if len(found.rows) == 1:
        return _(
            "There is one ladder so far, so nothing can be said of what carries over. "
            "With a second one, you see here whether belief has spread."
        )
    if len(found.known) < 2:
        return _("Too early to say what carries over: say how sure you are on at least two ladders.")
    if not found.reaching:
        return _("As things are now, you are rather unsure of a step of middling difficulty on each of them.")
    if not found.newly:
        return _("As far as Rung can tell, nothing has newly spread in the last eight weeks.")
    return ngettext(
        "On %(count)s ladder you have become rather sure of a step of middling difficulty.",
        "On %(count)s ladders you have become rather sure of a step of middling difficulty.",
        len(found.newly),
    )


def _groups(found: Across) -> tuple[Group, ...]:
    names = {row.today.ladder.id: row.today.ladder.name for row in found.rows}
    told = _("%(name)s (newly so)")
    sure = tuple(told % {"name": names[one]} if one in found.newly else names[one] for one in found.reaching)
    unsure = tuple(names[one] for one in found.known if one not in found.reaching)
    early = tuple(names[one] for one in names if one not in found.known)
    groups = (
        Group(_("Rather sure of a step of middling difficulty"), sure),
        Group(_("Rather unsure of one, as things are now"), unsure),
        Group(_("Too early to say"), early),
    )
    return tuple(group for group in groups if group.names)


def _table(rows: Sequence[Reach]) -> Table:
    lines = []
    for row in rows:
        strength, then = row.today.strength, row.then
        if strength.missing:
            continue
        low, high = round(strength.low * 100), round(strength.high * 100)
        lines.append(
            (
                row.today.ladder.name,
                str(round(strength.mean * 100)),
                _("%(low)s to %(high)s", low=low, high=high),
                _("%(sure)s on %(day)s", sure=round(then.mean * 100), day=day(then.at))
                if then
                else _("not known"),
                _(
                    "%(part)s of %(whole)s",
                    part=number(row.today.level.step),
                    whole=number(row.today.level.steps),
                ),
            )
        )
    heads = (_("ladder"), _("how sure"), _("between"), _("before"), _("hardest step rated 20 or more"))
    return Table(_("All ladders"), heads, tuple(lines))
