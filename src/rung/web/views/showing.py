"""How this works: five levers, what theory says of each, and the month of made-up people that follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from rung.app.showing import (
    ASSURED_ON,
    DAYS,
    DUE_ON,
    PEOPLE,
    RANGES,
    STEPS,
    WATCHED_ON,
    Levers,
    Month,
    month,
    place_of,
)
from rung.web import charts
from rung.web.charts.month import Curve, month_chart, sample
from rung.web.views.records import Legend, Table
from rung.words import _, later, number

__all__ = ["LeverView", "ShowingView", "levers_of", "month_picture", "showing_view"]

_TABLE_EVERY = 5
_REST = Levers()


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says of one lever; texts to be translated."""

    title: str
    theory: str
    label: str
    low: str
    high: str
    picture: str
    ours: str


_TOLD: Mapping[str, _Told] = {
    "dial": _Told(
        later("Doing it yourself"),
        later(
            "Nothing says more about what you can do than having done it. A step that is too hard is let "
            "pass, or fails; one that is too easy teaches little. So the next step is one that will "
            "probably work."
        ),
        later("Chance that the next step works, of 100"),
        later("hard steps"),
        later("easy steps"),
        later(
            "Move it down: they let more pass, fewer tries work, and belief grows more slowly. Move it up: "
            "more works and belief grows faster, but the steps that have worked are the easy ones."
        ),
        later(
            "Our assumption: here Rung knows everybody’s chances exactly. With you it has to estimate them, "
            "and shows how far it may be off."
        ),
    ),
    "attribution": _Told(
        later("What you put it down to"),
        later(
            "A success counts for belief as far as you see your own doing in it, and a failure as far as "
            "you see in it what you are like. Doubt makes both worse: it takes success for luck and failure "
            "for proof."
        ),
        later("What they put it down to"),
        later("what works was luck, what does not is what I am like"),
        later("what works was my doing, what does not is how I went about it"),
        later(
            "At 50 they put it down as people do. At 0 belief falls, although most of their tries work. At "
            "100 the same tries carry it up."
        ),
        later(
            "That beliefs shape what people put things down to, and the other way round, was found. How "
            "little luck counts, and a failure whose cause can change, are our choices."
        ),
    ),
    "similarity": _Told(
        later("Seeing somebody like you"),
        later(
            "Somebody like you who manages it says: people like me can. The less alike they are, the less "
            "it says. Whoever struggled at first is felt to be more alike than somebody who never did."
        ),
        later("How much like them somebody is whom they see manage it"),
        later("not at all"),
        later("very much"),
        later(
            "They see somebody manage the step once a week, at each square. Belief rises a little and stays "
            "up; whether a try works hardly changes, for watching is no practice."
        ),
        later(
            "That a model who struggled is felt to be more alike was found (Schunk, Hanson and Cox 1987). "
            "How sharply likeness counts is a number that we tuned."
        ),
    ),
    "credibility": _Told(
        later("Being told that you can"),
        later(
            "Words lift belief as far as you believe whoever says them, and not for long. What lasts is "
            "what you do while they hold, and they fall quickly where it goes otherwise."
        ),
        later("How far they believe somebody who says: you can do this"),
        later("not at all"),
        later("wholly"),
        later(
            "They are told three times, at each diamond. The line jumps, and sinks back within days; at the "
            "end of the month next to nothing of it is left."
        ),
        later(
            "That the lift passes was found (McNatt and Judge 2004). That half of it is gone after three "
            "days is our choice."
        ),
    ),
    "reappraisal": _Told(
        later("What you read in a fast heart"),
        later(
            "Before something that matters, doubt makes the heart go faster. Read as “I can’t”, that takes "
            "from belief and from the try itself. Read as “I’m ready”, the same heartbeat gives to belief "
            "and takes nothing from the try."
        ),
        later("How they read a fast heart"),
        later("I can’t"),
        later("I’m ready"),
        later(
            "At 50 they read neither in it. Both lines move on the first day and keep their distance: it "
            "takes no new evidence, the reading alone is another."
        ),
        later(
            "That such a reading helps a little was found for how a try goes (Bosshard and Gomez 2024). How "
            "much it does for belief is our choice."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class LeverView:
    """One lever with its section."""

    name: str
    title: str
    theory: str
    label: str
    low: str
    high: str
    picture: str
    ours: str
    least: int
    most: int
    by: int
    value: int


@dataclass(frozen=True, slots=True)
class ShowingView:
    """The whole page."""

    people: str
    levers: tuple[LeverView, ...]
    coping: bool
    summary: str
    chart: Markup
    legend: Legend
    facts: tuple[tuple[str, str], ...]
    table: Table
    is_at_rest: bool


def levers_of(texts: Mapping[str, str]) -> Levers:
    """Where somebody put the levers; what cannot be read leaves its lever at rest."""
    places = {name: place_of(name, texts.get(name, "")) for name in RANGES}
    return Levers(coping=texts.get("coping") == "yes", **places)


def showing_view(levers: Levers) -> ShowingView:
    """Everything that the page shows."""
    now, rest = month(levers), month(_REST)
    summary = _summary(now, rest, levers != _REST)
    return ShowingView(
        people=number(PEOPLE),
        levers=tuple(_lever(name, getattr(levers, name)) for name in RANGES),
        coping=levers.coping,
        summary=summary,
        chart=month_picture(levers, summary),
        legend=_legend(levers),
        facts=_facts(now, rest, levers != _REST),
        table=_table(now, rest),
        is_at_rest=levers == _REST,
    )


def month_picture(levers: Levers, about: str) -> Markup:
    """The chart of a month beside the one with the levers at rest."""
    now, rest = month(levers), month(_REST)
    sure = Curve(
        [one.mean for one in now.sure],
        [one.mean for one in rest.sure],
        [one.low for one in now.sure],
        [one.high for one in now.sure],
    )
    works = Curve([one.mean for one in now.works], [one.mean for one in rest.works])
    return month_chart(sure, works, _events(levers), _("A month of made-up people"), about)


def _events(levers: Levers) -> list[tuple[int, str]]:
    watched = WATCHED_ON if levers.similarity or levers.coping else ()
    assured = ASSURED_ON if levers.credibility else ()
    return [*((day, "model") for day in watched), *((day, "persuasion") for day in assured)]


def _lever(name: str, value: int) -> LeverView:
    told, lever = _TOLD[name], RANGES[name]
    return LeverView(
        name=name,
        title=_(told.title),
        theory=_(told.theory),
        label=_(told.label),
        low=_(told.low),
        high=_(told.high),
        picture=_(told.picture),
        ours=_(told.ours),
        least=lever.low,
        most=lever.high,
        by=lever.by,
        value=value,
    )


def _summary(now: Month, rest: Month, is_moved: bool) -> str:
    first, sure, works = now.sure[0].mean, now.sure[-1], now.works
    numbers = {
        "sure": _percent(sure.mean),
        "low": _percent(sure.low),
        "high": _percent(sure.high),
        "first": _percent(first),
        "works": _percent(works[-1].mean),
        "then": _percent(works[0].mean),
    }
    end = _(
        "After a month they are %(sure)s sure of their steps, the middle half of them between %(low)s and "
        "%(high)s; at the beginning it was %(first)s. A try would work %(works)s times in 100; at the "
        "beginning it was %(then)s.",
        **numbers,
    )
    if not is_moved:
        return end
    without = _(
        "With the levers at rest it would be %(sure)s sure, and %(works)s times.",
        sure=_percent(rest.sure[-1].mean),
        works=_percent(rest.works[-1].mean),
    )
    return f"{end} {without}"


def _legend(levers: Levers) -> Legend:
    found = [
        (sample("sure"), _("how sure they are, and the middle half of them")),
        (sample("works"), _("how often a try would work")),
    ]
    if levers != _REST:
        found.append((sample("rest"), _("with the levers at rest")))
    words = {"model": _("saw somebody do it"), "persuasion": _("told that they can")}
    kinds = dict.fromkeys(kind for _day, kind in _events(levers))
    return (*found, *((charts.glyph(kind), words[kind]) for kind in kinds))


def _facts(now: Month, rest: Month, is_moved: bool) -> tuple[tuple[str, str], ...]:
    occasions = number(len(DUE_ON))
    rows = (
        (_("Occasions let pass, of %(count)s", count=occasions), now.let_pass, rest.let_pass),
        (_("Tries that worked"), now.worked, rest.worked),
        (
            _("Hardest step that has worked, of %(count)s", count=number(STEPS)),
            now.hardest,
            rest.hardest,
        ),
    )
    return tuple(
        (
            words,
            _("%(now)s (at rest %(rest)s)", now=_tenths(mine), rest=_tenths(other))
            if is_moved
            else _tenths(mine),
        )
        for words, mine, other in rows
    )


def _table(now: Month, rest: Month) -> Table:
    lines = tuple(
        (
            number(day),
            _percent(now.sure[day].mean),
            _between(now.sure[day].low, now.sure[day].high),
            _percent(rest.sure[day].mean),
            _percent(now.works[day].mean),
            _between(now.works[day].low, now.works[day].high),
            _percent(rest.works[day].mean),
        )
        for day in range(0, DAYS + 1, _TABLE_EVERY)
    )
    half, at_rest = _("middle half"), _("levers at rest")
    heads = (_("day"), _("how sure"), half, at_rest, _("a try works, of 100"), half, at_rest)
    return Table(_("A month of made-up people"), heads, lines)


def _between(low: float, high: float) -> str:
    return _("%(low)s to %(high)s", low=_percent(low), high=_percent(high))


def _percent(share: float) -> str:
    return number(round(100 * share))


def _tenths(count: float) -> str:
    return number(round(count, 1))
