"""People like me: two stories of the ladder's domain, others to browse, and whom the person has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from rung.app.sources import Models, Seen, StoryOutlook
from rung.web.views.sources import Chooser, chooser, steps_of
from rung.words import _, day, later

__all__ = ["ALIKE", "ENDINGS", "YES_NO", "ModelsView", "models_view"]

ALIKE: Mapping[str, tuple[str, float]] = {
    "not": (later("Not at all"), 0.0),
    "little": (later("A little"), 0.33),
    "fairly": (later("Fairly"), 0.67),
    "very": (later("Very"), 1.0),
}
"""How alike somebody is, 0 to 1 (assumption)."""

YES_NO: Mapping[str, tuple[str, float]] = {"yes": (later("Yes"), 1.0), "no": (later("No"), 0.0)}

ENDINGS: Mapping[str, tuple[str, float]] = {
    "managed": (later("They managed"), 1.0),
    "partly": (later("Partly"), 0.5),
    "not": (later("They did not"), 0.0),
}

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story, with the two taps below it."""

    id: str
    event_id: str
    """To keep it under."""
    who: str
    first: str
    """Its first paragraph."""
    rest: tuple[str, ...]
    kept: str
    """What was said of it last, and when; empty where nothing was."""
    label: str
    """Of the button."""
    alike: str
    coping: str
    step: str


@dataclass(frozen=True, slots=True)
class SeenView:
    """Somebody whom the person read of or saw."""

    who: str
    told: str
    facts: str
    about: str
    """The step that it is about; empty for the whole."""
    take_back: str


@dataclass(frozen=True, slots=True)
class ModelsView:
    """The whole page."""

    chooser: Chooser
    domain: str
    """Id of the stories' domain, where it is not the ladder's own."""
    language: str
    """Of the stories: the original's where they are not translated."""
    title: str
    """Of the stories' domain; empty where none is shown."""
    about: str
    none: str
    """What to say where no story is shown."""
    stories: tuple[StoryView, ...]
    others: Options
    """Where each other domain is, and its title."""
    seen: tuple[SeenView, ...]
    steps: Options
    alike: Options
    yes_no: Options
    endings: Options


def models_view(found: Models) -> ModelsView:
    """Everything that the page shows."""
    chosen = chooser(found.shelf)
    mark = "&" if chosen.query else "?"
    return ModelsView(
        chooser=chosen,
        domain=found.domain.id if found.domain and not found.is_fitting else "",
        language=found.domain.language if found.domain else "",
        title=found.domain.title if found.domain else "",
        about=_about(found),
        none="" if found.domain else _no_stories(chosen),
        stories=tuple(_story(outlook) for outlook in found.stories),
        others=tuple(
            (f"/sources/models{chosen.query}{mark}domain={one.id}", one.title) for one in found.others
        ),
        seen=tuple(_seen(one, chosen) for one in found.seen),
        steps=steps_of(found.shelf.chosen),
        alike=_options(ALIKE),
        yes_no=_options(YES_NO),
        endings=_options(ENDINGS),
    )


def _about(found: Models) -> str:
    if found.domain is None:
        return ""
    if found.is_fitting:
        return _("Two invented people with a struggle that is real. Neither of them was a natural.")
    return _("Another subject, but the struggle may be yours. Two invented people tell.")


def _no_stories(chosen: Chooser) -> str:
    if chosen.chosen:
        return _("No collection fits the name of this ladder. One of those below may come near.")
    return _("Choose a subject, and two people tell how they went about it.")


def _story(outlook: StoryOutlook) -> StoryView:
    story, seen = outlook.story, outlook.seen
    first, *rest = story.text.split("\n\n")
    return StoryView(
        id=story.id,
        event_id=str(uuid4()),
        who=story.who,
        first=first,
        rest=tuple(rest),
        kept=_kept(outlook),
        label=_("Correct it") if outlook.is_today else _("Keep"),
        alike=_key(ALIKE, seen.similarity) if seen else "",
        coping="no" if seen and not seen.coping else "yes",
        step=str(seen.step.id) if seen and seen.step else "",
    )


def _kept(outlook: StoryOutlook) -> str:
    if outlook.seen is None:
        return ""
    if outlook.is_today:
        return _("You kept this today. Reading it again today counts once.")
    return _("You kept this on %(day)s.", day=day(outlook.seen.at))


def _seen(seen: Seen, chosen: Chooser) -> SeenView:
    return SeenView(
        who=seen.who or _("Somebody"),
        told=seen.told,
        facts=" ".join((_(_ENDED[_key(ENDINGS, seen.outcome)]), *_likeness(seen), f"{day(seen.at)}.")),
        about=seen.step.name if seen.step else "",
        take_back=f"/sources/models/{seen.event_id}/take-back{chosen.query}",
    )


_ENDED = {"managed": later("Managed."), "partly": later("Partly managed."), "not": later("Did not manage.")}
_LIKE = {
    "not": later("Not at all like you."),
    "little": later("A little like you."),
    "fairly": later("Fairly like you."),
    "very": later("Very like you."),
}


def _likeness(seen: Seen) -> tuple[str, ...]:
    like = () if seen.similarity is None else (_(_LIKE[_key(ALIKE, seen.similarity)]),)
    return (*like, _("Struggled first.")) if seen.coping else like


def _key(options: Mapping[str, tuple[str, float]], number: float | None) -> str:
    """The answer that comes nearest to a number: imported logs may hold any."""
    if number is None:
        return ""
    return min(options, key=lambda key: abs(options[key][1] - number))


def _options(options: Mapping[str, tuple[str, float]]) -> Options:
    return tuple((key, _(words)) for key, (words, _number) in options.items())
