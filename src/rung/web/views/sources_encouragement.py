"""What somebody said, with what is left of its lift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from rung.app.sources import AboutTry, Assurance, Encouragements, Held
from rung.web.charts_sources import share_bar
from rung.web.views.sources import Chooser, chooser, steps_of
from rung.words import _, day, later, number

__all__ = ["BELIEVED", "EncouragementView", "encouragement_view"]

BELIEVED: Mapping[str, tuple[str, float]] = {
    "not": (later("Not at all"), 0.0),
    "little": (later("A little"), 0.33),
    "fairly": (later("Fairly"), 0.67),
    "very": (later("Very much"), 1.0),
}
"""How far somebody is believed on this, 0 to 1 (assumption)."""

FRESH, FADED = 0.75, 0.25
"""Shares of a lift above which it is fresh, below which it has faded (assumptions)."""
_LEAST = 0.5
"""Points of 100 below which a lift is none to speak of."""

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AssuranceView:
    """What one person said."""

    who: str
    said: str
    seen: str
    day: str
    about: str
    """The step, or the try, that it is about; empty for the whole."""
    facts: str
    bar: Markup
    state: str
    held: str
    advice: str
    """For an assurance that stands on nothing that was seen; empty for others."""
    take_back: str


@dataclass(frozen=True, slots=True)
class EncouragementView:
    """The whole page."""

    chooser: Chooser
    steps: Options
    tries: Options
    believed: Options
    assurances: tuple[AssuranceView, ...]
    how: str


def encouragement_view(found: Encouragements) -> EncouragementView:
    """Everything that the page shows."""
    chosen = chooser(found.shelf)
    return EncouragementView(
        chooser=chosen,
        steps=steps_of(found.shelf.chosen),
        tries=tuple((str(one.event_id), _try(one)) for one in found.tries),
        believed=tuple((key, _(words)) for key, (words, _number) in BELIEVED.items()),
        assurances=tuple(_assurance(one, chosen) for one in found.assurances),
        how=_(
            "The bar is what Rung’s model still holds of each lift. Half of it is gone after "
            "%(days)s days, and half at "
            "once when a try speaks against it. That it fades is found in studies; the number of "
            "days is a choice.",
            days=number(found.half_life),
        ),
    )


def _assurance(one: Assurance, chosen: Chooser) -> AssuranceView:
    return AssuranceView(
        who=one.who or _("Somebody"),
        said=one.said,
        seen=one.seen,
        day=day(one.at),
        about=_try(one.saw) if one.saw else one.step.name if one.step else "",
        facts=_facts(one),
        bar=share_bar(one.held.share if abs(one.held.given) >= _LEAST else 0.0),
        state=_state(one.held),
        held=_held(one.held),
        advice="" if one.seen else _advice(),
        take_back=f"/sources/encouragement/{one.event_id}/take-back{chosen.query}",
    )


def _advice() -> str:
    return _(
        "A belief stands better on what somebody saw. If they saw you do something, ask them what it was."
    )


def _try(one: AboutTry) -> str:
    told = {"step": one.step.name, "day": day(one.at)}
    if one.outcome == 1.0:
        return _("%(step)s, %(day)s: it worked", **told)
    if one.outcome > 0.0:
        return _("%(step)s, %(day)s: some of it worked", **told)
    return _("%(step)s, %(day)s: it did not work", **told)


def _facts(one: Assurance) -> str:
    many = round(10 * one.conveyed)
    if one.credibility is None:
        return _("It says that it works %(many)s in 10 times.", many=many)
    key = min(BELIEVED, key=lambda key: abs(BELIEVED[key][1] - (one.credibility or 0.0)))
    return {
        "not": _("It says that it works %(many)s in 10 times. You do not believe them on this.", many=many),
        "little": _("It says that it works %(many)s in 10 times. You believe them a little.", many=many),
        "fairly": _("It says that it works %(many)s in 10 times. You fairly believe them.", many=many),
        "very": _("It says that it works %(many)s in 10 times. You believe them very much.", many=many),
    }[key]


def _state(held: Held) -> str:
    if abs(held.given) < _LEAST:
        return _("no lift")
    if held.share >= FRESH:
        return _("fresh")
    if held.share >= FADED:
        return _("fading")
    return _("faded")


def _held(held: Held) -> str:
    if abs(held.given) < _LEAST:
        return _(
            "It moved nothing: too near to what you believe already, too far from it, or from "
            "somebody you doubt."
        )
    if held.given < 0.0:
        return _(
            "It took %(given)s points of 100, %(left)s of them still.",
            given=_points(held.given),
            left=_points(held.left),
        )
    words = {"given": _points(held.given), "left": _points(held.left)}
    if held.share < FADED:
        return _("It lifted you by %(given)s points of 100. What would renew it is doing the step.", **words)
    if held.cut:
        return _(
            "It lifted you by %(given)s points of 100, %(left)s are left. A try that spoke "
            "against it took some.",
            **words,
        )
    return _("It lifted you by %(given)s points of 100, %(left)s are left.", **words)


def _points(points: float) -> str:
    return number(round(abs(points)))
