"""What is worth looking at, in words: each rule of `rung.app.sheets.focus` with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rung.app import sentences
from rung.app.sheets import Focus
from rung.engine import Estimate
from rung.web.views.sheet_parts import Line
from rung.words import _, later, number

__all__ = ["FOCUS", "focus_lines"]

FOCUS: Mapping[str, tuple[str, str]] = {
    "loop": (
        later(
            "Letting pass: %(passed)s of %(occasions)s occasions in %(weeks)s weeks. "
            "What is let pass brings no evidence."
        ),
        later(
            "Letting pass, “%(step)s” above all: %(passed)s of %(occasions)s occasions in %(weeks)s weeks. "
            "What is let pass brings no evidence."
        ),
    ),
    "less-sure": (
        later(
            "Less sure than before by %(points)s points on average: more than these judgements waver by "
            "themselves. What has changed?"
        ),
        "",
    ),
    "stuck": (
        "",
        later("“%(step)s” did not work in %(missed)s of the last %(occasions)s tries: is it several steps?"),
    ),
    "over-reach": (
        later(
            "Tries go worse than expected: %(missed)s of the last %(occasions)s did not work. "
            "Are the steps too wide?"
        ),
        "",
    ),
    "lasting-blame": (
        later(
            "%(tries)s tries that did not work were put down to oneself, and to what stays as it is. "
            "What of it was the way of going about it?"
        ),
        later(
            "%(tries)s tries that did not work, of “%(step)s” above all, were put down to oneself, and to "
            "what stays as it is. What of it was the way of going about it?"
        ),
    ),
    "surer": (
        later("Of %(tries)s tries about %(expected)s were expected to work, and %(worked)s did."),
        "",
    ),
    "stricter": (
        later(
            "Of %(tries)s tries about %(expected)s were expected to work, and %(worked)s did: "
            "the doubt is stricter than the record."
        ),
        "",
    ),
    "fears": (
        later(
            "Over %(tries)s tries %(feared)s of 100 was feared and %(happened)s happened: "
            "what does the doubt make of that?"
        ),
        "",
    ),
    "with-help": (
        later("%(tries)s tries worked with much help. What would one without it be like?"),
        later(
            "%(tries)s tries worked with much help, of “%(step)s” above all. What would one without be like?"
        ),
    ),
    "open-plans": (
        later("%(plans)s plans were due, and nothing is logged of them."),
        later("“%(step)s” was planned, and nothing is logged of it."),
    ),
    "quiet": (later("Nothing was tried, and nothing was let pass. What was in the way?"), ""),
    "not-judged": (later("Nothing was judged since %(tries)s tries. How sure is it now?"), ""),
}
"""What each kind says, without a step and with one."""


def focus_lines(found: Sequence[Focus]) -> tuple[Line, ...]:
    """One line for each."""
    return tuple(Line(_words(focus)) for focus in found)


def _words(focus: Focus) -> str:
    name = focus.step.name if focus.step else ""
    if focus.kind == "bridge":
        if focus.below is None:
            return _("A step below “%(above)s” may help.", above=name)
        return _("A step between “%(below)s” and “%(above)s” may help.", below=focus.below.name, above=name)
    if focus.kind == "next":
        return _next(focus, name)
    alone, with_step = FOCUS[focus.kind]
    numbers = {key: number(round(value)) for key, value in focus.numbers.items()}
    return _(with_step if name and with_step else alone or with_step, step=name, **numbers)


def _next(focus: Focus, name: str) -> str:
    if not focus.numbers:
        return _("Next, as far as Rung can tell: “%(step)s”.", step=name)
    chance = sentences.chance(Estimate(focus.numbers["mean"], focus.numbers["low"], focus.numbers["high"]))
    return _("Next, as far as Rung can tell: “%(step)s”. It works %(chance)s.", step=name, chance=chance)
