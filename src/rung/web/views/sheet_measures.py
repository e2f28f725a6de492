"""The measures of a sheet in words: change against noise, judgement against act, and scaled goals."""

from __future__ import annotations

from rung.app.sharing.fields import Field
from rung.app.sheets import Goals, Moved, Sheet
from rung.engine.measures import LEAST_PAIRS, Congruence
from rung.web.views.sheet_parts import Line, SheetPart
from rung.words import _, day_and_month, ngettext, number

__all__ = ["FEW", "change_part", "congruence_part", "goals_part", "level_words", "score_words", "signed"]

LEAST = 3
"""Tries from which judgement and act are held against each other, as on See."""
FEW = 10
"""Tries from which kappa is told: below, its interval holds nearly everything (assumption)."""


def change_part(sheet: Sheet) -> SheetPart | None:
    """Whether judgements moved by more than noise."""
    if Field.JUDGEMENTS not in sheet.fields:
        return None
    title = _("Change in how sure")
    if sheet.moved is None:
        return SheetPart("change", title, (_("No step was judged both before and in this time."),))
    moved = sheet.moved
    words = ngettext(
        "%(count)s step was judged before and since: from %(before)s to %(after)s of 100.",
        "%(count)s steps were judged before and since: from %(before)s to %(after)s of 100 on average.",
        moved.steps,
        before=number(round(100 * moved.before)),
        after=number(round(100 * moved.after)),
    )
    return SheetPart("change", title, (f"{words} {_reliable(moved)}",), _single(moved), note=_noise(moved))


def _reliable(moved: Moved) -> str:
    least = number(round(100 * moved.change.least))
    if moved.change.is_reliable:
        return _(
            "That is a reliable change: more than the %(least)s points that chance alone may make.",
            least=least,
        )
    return _("That may be chance alone: a change is reliable from %(least)s points on.", least=least)


def _noise(moved: Moved) -> str:
    if moved.noise.is_own:
        return ngettext(
            "Held against how this person’s own judgements waver, from %(count)s pair of them.",
            "Held against how this person’s own judgements waver, from %(count)s pairs of them.",
            moved.noise.pairs,
        )
    return _(
        "Held against how judgements waver as Rung assumes it: of %(least)s pairs of own judgements that "
        "would tell more, %(pairs)s are there.",
        least=number(LEAST_PAIRS),
        pairs=number(moved.noise.pairs),
    )


def _single(moved: Moved) -> tuple[Line, ...]:
    return tuple(
        Line(step.name, _("%(points)s points, by itself reliable", points=signed(100 * change.difference)))
        for step, change in moved.single
    )


def congruence_part(sheet: Sheet) -> SheetPart | None:
    """Whether what was said of a step matched what came of it."""
    own, ever = sheet.matched, sheet.matched_ever
    if own is None or ever is None:
        return None
    title = _("Said, and done")
    if ever.tries < LEAST:
        return SheetPart(
            "congruence",
            title,
            (_("Too early to say: it takes three tries of steps that were judged before."),),
        )
    facts = _(
        "“I can do it” (50 of 100 or more) or not, and whether it worked: they matched in %(own)s of "
        "%(own_tries)s tries of this time, and in %(ever)s of %(ever_tries)s so far. Saying the same each "
        "time would have matched %(base)s.",
        own=number(own.matched),
        own_tries=number(own.tries),
        ever=number(ever.matched),
        ever_tries=number(ever.tries),
        base=number(ever.base),
    )
    return SheetPart("congruence", title, (f"{facts} {_kappa(ever)}".strip(),))


def _kappa(found: Congruence) -> str:
    if found.tries < FEW or found.agreement is None:
        return _("That is too little, or too much alike, to tell it from chance.")
    low, high = found.agreement.interval
    return _(
        "Agreement beyond chance (kappa): %(kappa)s, between %(low)s and %(high)s; 0 is chance, 1 is all.",
        kappa=number(round(found.agreement.kappa, 2)),
        low=number(round(low, 2)),
        high=number(round(high, 2)),
    )


def goals_part(sheet: Sheet) -> SheetPart | None:
    """How far the scaled goals have come; nothing where none are set up."""
    goals = sheet.goals
    if goals is None:
        return None
    words = [score_words(goals.score)]
    if goals.first is not None and goals.first_at is not None:
        words.append(
            _(
                "It was %(score)s on %(day)s.",
                score=number(round(goals.first)),
                day=day_and_month(goals.first_at),
            )
        )
    return SheetPart(
        "goals",
        _("Goals, as they were scaled"),
        (" ".join(words),),
        tuple(_goal_lines(goals)),
        note=_("Noted on %(day)s.", day=day_and_month(goals.noted_at)),
    )


def _goal_lines(goals: Goals) -> list[Line]:
    names = goals.names or tuple(
        _("Goal %(place)s", place=number(place)) for place in range(1, len(goals.levels) + 1)
    )
    words = goals.words or ("",) * len(names)
    return [
        Line(
            name,
            _("%(level)s: %(words)s", level=level_words(level), words=text) if text else level_words(level),
        )
        for name, level, text in zip(names, goals.levels, words, strict=True)
    ]


def score_words(score: float) -> str:
    """What a T-score means, in words."""
    told = number(round(score))
    if round(score) == 50:
        return _("T-score %(score)s: on the whole as was expected.", score=told)
    if score > 50:
        return _("T-score %(score)s: on the whole further than was expected (50).", score=told)
    return _("T-score %(score)s: on the whole not as far as was expected (50).", score=told)


def level_words(level: int) -> str:
    """A level in words."""
    return {
        -2: _("much less than expected"),
        -1: _("less than expected"),
        0: _("as expected"),
        1: _("more than expected"),
        2: _("much more than expected"),
    }[level]


def signed(points: float) -> str:
    """A difference with its sign."""
    rounded = round(points)
    return f"+{number(rounded)}" if rounded > 0 else number(rounded)
