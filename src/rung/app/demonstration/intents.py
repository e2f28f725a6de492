"""How Robin plans a step, by ladder: when, where, and what to do if."""

from __future__ import annotations

from typing import Final

from rung.app.climbing.plans import Draft

__all__ = ["drafts"]


def drafts(key: str) -> tuple[Draft, ...]:
    """How Robin plans a step of a ladder."""
    return _DRAFTS[key]


_DRAFTS: Final = {
    "talk": (
        Draft(
            where="The small meeting room",
            if_text="she has closed the laptop",
            then_text="say the sentence",
        ),
        Draft(
            if_text="it is five past four",
            then_text="take the card out and begin",
            obstacle="She is in a hurry",
            then_what="I ask for five minutes on the next day",
        ),
        Draft(where="At Sam’s, in the kitchen", who="Sam"),
        Draft(obstacle="I start to explain", then_what="I stop and drink some water", vary="time"),
    ),
    "speak": (
        Draft(where="Meeting room 2", if_text="Lee asks for news", then_text="read out my line", who="Jo"),
        Draft(
            if_text="I notice that I want to say next week",
            then_text="say the first word",
            obstacle="We run out of time",
            then_what="I write it to everybody and say it next week",
        ),
        Draft(where="In the living room, standing", vary="place"),
    ),
    "run": (
        Draft(where="The park, by the pond", if_text="the alarm rings", then_text="put the shoes on first"),
        Draft(obstacle="Rain", then_what="I walk it, with the hood up", vary="time"),
    ),
    "call": (Draft(if_text="I have had my coffee", then_text="dial before I sit down"),),
}
