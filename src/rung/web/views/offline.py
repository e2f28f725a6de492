"""What is left of the pages where there is no network, and what a browser keeps for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rung.app.model import WANTED_CHANCES, Did, EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.outbox import Answer, Item, Judged, Logged, Pocket, PocketLadder, State
from rung.app.outlook import Deed, LookBack
from rung.engine.events import Event
from rung.web.views.evidence import Choice, ReflectView, choices, reflect_view
from rung.words import Speech, _

__all__ = ["ShellView", "answer_json", "manifest_json", "pocket_json", "shell_view", "worker_script"]


@dataclass(frozen=True, slots=True)
class ShellView:
    """The page without a network: words alone, and nothing of anybody."""

    choices: tuple[Choice, ...]
    asked: tuple[tuple[str, ReflectView], ...]
    """What is asked after each answer but "not today"."""


def shell_view() -> ShellView:
    """The five buttons, and what is asked after each."""
    asked = ((did.value, reflect_view(_look(did))) for did in Did)
    return ShellView(choices(), tuple((did, view) for did, view in asked if view))


def _look(did: Did) -> LookBack:
    """A look back on what is not known yet: of nobody, at no step."""
    step = Step(StepId(""), "", 0.0)
    ladder = Ladder(LadderId(""), PersonId(""), "", WANTED_CHANCES[0], _NEVER, None, (step,))
    deed = Deed(EventId(""), step.id, did, _NEVER, reflected=False)
    return LookBack(ladder, step, deed, _NOTHING, {}, tried=0, worked=0, strong=None)


_NEVER = datetime.min.replace(tzinfo=UTC)
_NOTHING = Event(person="", domain="", task="", time=0.0, kind="note")


def pocket_json(pocket: Pocket, speech: Speech) -> dict[str, object]:
    """What a browser keeps: names and ids, easiest step first."""
    return {
        "accounts": list(pocket.keys),
        "language": speech.language.code,
        "direction": speech.language.direction,
        "ladders": [_ladder(one) for one in pocket.ladders],
    }


def _ladder(one: PocketLadder) -> dict[str, object]:
    return {
        "id": one.ladder.id,
        "name": one.ladder.name,
        "next": one.next,
        "steps": [{"id": step.id, "name": step.name} for step in one.ladder.climbing],
        "waiting": [
            {"event": deed.event_id, "step": deed.step, "did": deed.did.value, "at": deed.at.isoformat()}
            for deed in one.waiting
        ],
    }


def answer_json(answer: Answer, item: Item | None) -> dict[str, object]:
    """What became of one item; `next` is where the form of a page would have led."""
    is_in = answer.state in (State.STORED, State.KNOWN)
    return {
        "state": answer.state.value,
        "reason": f"{answer.reason}." if answer.reason else "",
        "clock": answer.is_clock,
        "next": _next(item, answer.is_taken_back) if item and is_in else "",
    }


def _next(item: Item, is_taken_back: bool) -> str:
    if isinstance(item, Judged):
        return f"/ladders/{item.ladder}?said=judged"
    if not isinstance(item, Logged):
        return "/?said=reflected"
    if is_taken_back:
        return f"/?taken={item.id}"
    return f"/?skipped={item.id}" if item.did is Did.SKIPPED else f"/attempts/{item.id}/reflect?saved=1"


def manifest_json(speech: Speech, icons: Mapping[str, str], colours: tuple[str, str]) -> dict[str, object]:
    """What a device installs: `icons` are URLs by file name, `colours` those of the page and of the bar."""
    small = [{"src": icons["icon.png"], "sizes": "192x192", "type": "image/png"}]
    return {
        "id": "/",
        "name": "Rung",
        "short_name": "Rung",
        "description": _("Become able to do one thing you doubt you can do, step by step."),
        "lang": speech.language.code,
        "dir": speech.language.direction,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": colours[0],
        "theme_color": colours[1],
        "icons": [
            {"src": icons["logo.svg"], "sizes": "any", "type": "image/svg+xml"},
            *small,
            {"src": icons["icon-512.png"], "sizes": "512x512", "type": "image/png"},
            {
                "src": icons["icon-maskable.png"],
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
        "shortcuts": [
            {"name": _("Log a try"), "url": "/log", "icons": small},
            {"name": _("Today"), "url": "/", "icons": small},
        ],
    }


def worker_script(script: str, version: str, shell: Iterable[str], imports: Iterable[str]) -> str:
    """The worker's script with what it is to keep in front: URLs of the shell, scripts to load."""
    listed = ",\n".join(f'  "{url}"' for url in shell)
    loaded = "".join(f'importScripts("{url}");\n' for url in imports)
    # In a block of its own: scripts that are loaded share one room for names.
    made = f'const VERSION = "{version}";\nconst SHELL = [\n{listed},\n];\n{script}'
    return f'"use strict";\n{loaded}{{\n{made}}}\n'
