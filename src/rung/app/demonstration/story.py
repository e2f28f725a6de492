"""What the demonstration is about: four ladders, what is planned, and the few turns that are told, not drawn.

Days are counted from the beginning in a story of `LENGTH` days; a shorter or longer one is stretched to fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rung.app.model import Did

__all__ = [
    "BRIDGE",
    "LADDERS",
    "LENGTH",
    "PAUSE",
    "STUCK",
    "TURNS",
    "WHOLE",
    "WHOLE_IN_PARTS",
    "Course",
    "Turn",
    "about",
    "is_at_work",
]

LENGTH: Final = 90
PAUSE: Final = (48, 56)
"""The week with nothing in it: first day, and the first day after it."""


@dataclass(frozen=True, slots=True)
class Course:
    """One ladder, and when Robin is at it."""

    key: str
    name: str
    template: str
    steps: tuple[str, ...]
    first_day: int
    weekdays: tuple[int, ...]
    hours: tuple[int, int]
    keenness: float
    """How often one of these days comes to anything."""
    ratings: tuple[int, int]
    """How sure at first of the easiest step and of the goal, 0 to 100."""
    conditions: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """What steps in Robin's own words are done under, by place from 0."""
    told_days: tuple[int, int] = (0, 0)
    """Days in which the story alone says what happens: first day, and the first day after them."""
    judged: tuple[int, ...] = ()
    last_day: int = LENGTH
    wanted_chance: float = 0.75
    opens: tuple[tuple[str, int], ...] = ()
    """From which day on a step can be gone for, where the story has a say in it."""


WHOLE = "Say no to something extra in the weekly call"
WHOLE_IN_PARTS = (
    "Answer “I will check and tell you tomorrow” in the weekly call",
    "Say no to one extra task in the weekly call, with one reason",
)
"""What becomes of a step that turns out to be too big."""
STUCK = "Speak for two minutes in the team meeting"
BRIDGE = "Read out one number in the team meeting, sitting down"

LADDERS: Final = (
    Course(
        key="talk",
        name="Tell Dana that I cannot go on with these hours",
        template="difficult-conversation",
        steps=(
            "Write down in one sentence what I want to say",
            "Say my first sentence aloud, three times",
            "Say all of it to a friend who only listens",
            "Say it to a friend who cuts in and disagrees",
            "Tell Dana one small thing that I see differently",
            WHOLE,
            "Ask Dana for twenty minutes, and say what it is about",
            "Say my main sentence to Dana, with my note in my hand",
            "Have the conversation about the hours, and stay in it",
        ),
        first_day=0,
        weekdays=(0, 1, 3),
        hours=(15, 18),
        keenness=0.8,
        ratings=(80, 10),
        conditions=((5, ("watched",)), (7, ("notes", "pressure")), (8, ("pressure", "interrupted"))),
        judged=(0, 7, 16, 27, 39, 57, 69, 80),
        opens=(
            ("Say it to a friend who cuts in and disagrees", 6),
            ("Tell Dana one small thing that I see differently", 12),
            (WHOLE, 18),
            (WHOLE_IN_PARTS[1], 45),
            ("Ask Dana for twenty minutes, and say what it is about", 67),
            ("Say my main sentence to Dana, with my note in my hand", 76),
            ("Have the conversation about the hours, and stay in it", LENGTH),
        ),
        wanted_chance=0.6,
    ),
    Course(
        key="call",
        name="Make the phone calls that I put off",
        template="phone-calls",
        steps=(
            "Write down who to call and what to ask",
            "Call to ask when somewhere opens",
            "Call the dentist and make an appointment",
            "Call about the bill that is wrong",
        ),
        first_day=4,
        weekdays=(2, 4),
        hours=(9, 11),
        keenness=0.6,
        ratings=(90, 40),
        judged=(4,),
        last_day=21,
    ),
    Course(
        key="speak",
        name="Give the monthly update in front of the whole team",
        template="speaking-in-front-of-people",
        steps=(
            "Write down in one sentence what people should remember",
            "Say my opening aloud, standing up, three times",
            "Record two minutes of it on my phone, and listen to it once",
            "Say all of it to one person I trust",
            "Ask one question in the team meeting",
            "Speak for two minutes in the team meeting",
            "Say all of it to someone who cuts in twice",
            "Give the update to my own group of five",
            "Give the monthly update to the whole team",
        ),
        first_day=10,
        weekdays=(0, 2, 4),
        hours=(12, 18),
        keenness=0.7,
        ratings=(80, 10),
        conditions=((4, ("watched",)), (5, ("watched",)), (7, ("watched", "notes"))),
        told_days=(23, 48),
        judged=(10, 19, 26, 38, 46, 58, 72, 83),
        opens=(
            (STUCK, 60),
            ("Say all of it to someone who cuts in twice", 62),
            ("Give the update to my own group of five", 74),
            ("Give the monthly update to the whole team", LENGTH),
        ),
    ),
    Course(
        key="run",
        name="Run 5 km in the park",
        template="first-5-km",
        steps=(
            "Put on my shoes and walk for ten minutes",
            "Walk for thirty minutes, a little faster than usual",
            "Run one minute and walk two, six times over",
            "Run two minutes and walk two, six times over",
            "Run five minutes and walk three, three times over",
            "Run ten minutes and walk three, twice over",
            "Run fifteen minutes without a break, slowly enough to talk",
            "Run twenty minutes in light rain, or after a long day",
            "Run twenty-five minutes where people can see me",
            "Run 5 km, at any pace",
        ),
        first_day=76,
        weekdays=(1, 4, 6),
        hours=(7, 9),
        keenness=0.85,
        ratings=(100, 20),
        judged=(76, 84),
    ),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One deed that the story tells."""

    day: int
    ladder: str
    step: str
    did: Did
    hour: int = 13
    feared: float | None = None
    happened: float | None = None
    helped: str = ""
    next: str = ""
    fear: str = ""


TURNS: Final = (
    Turn(
        17,
        "speak",
        "Ask one question in the team meeting",
        Did.DONE,
        feared=0.6,
        happened=0.1,
        helped="It was on the agenda anyway, I only asked when",
    ),
    Turn(1, "talk", "Write down in one sentence what I want to say", Did.DONE, 20, feared=0.2, happened=0.1),
    Turn(3, "talk", "Say my first sentence aloud, three times", Did.DONE, 18, feared=0.3, happened=0.0),
    Turn(
        24,
        "talk",
        WHOLE_IN_PARTS[0],
        Did.PARTLY,
        15,
        feared=0.5,
        happened=0.3,
        next="Said I will check, and then that it should be fine. Only the first half",
    ),
    Turn(
        45,
        "talk",
        WHOLE_IN_PARTS[0],
        Did.DONE,
        15,
        feared=0.5,
        happened=0.1,
        helped="Had the sentence on the screen beside the call",
    ),
    Turn(
        59,
        "talk",
        WHOLE_IN_PARTS[1],
        Did.DONE,
        15,
        feared=0.6,
        happened=0.2,
        helped="The reason was the report. Somebody else took it",
        fear="That nobody else says anything and it comes back to me",
    ),
    Turn(
        23,
        "speak",
        STUCK,
        Did.TRIED,
        feared=0.8,
        happened=0.6,
        next="I said I had nothing this week. Have it on paper next time",
        fear="That my voice goes and everybody hears it",
    ),
    Turn(
        25,
        "speak",
        "Say all of it to one person I trust",
        Did.DONE,
        18,
        feared=0.4,
        happened=0.1,
        helped="Jo timed it. It was under two minutes",
    ),
    Turn(
        28,
        "speak",
        STUCK,
        Did.TRIED,
        feared=0.8,
        happened=0.5,
        next="Stopped after one sentence. Nobody said anything about it",
        fear="The same as last time",
    ),
    Turn(31, "speak", STUCK, Did.AVOIDED),
    Turn(35, "speak", STUCK, Did.AVOIDED, next="Said my train was late. It was not"),
    Turn(38, "speak", STUCK, Did.AVOIDED),
    Turn(
        42,
        "speak",
        STUCK,
        Did.AVOIDED,
        next="Each week that I let it pass, the next one is bigger. Something smaller",
    ),
    Turn(
        45,
        "speak",
        BRIDGE,
        Did.DONE,
        feared=0.6,
        happened=0.1,
        helped="One number. It took ten seconds, and it was in the room",
        fear="That I say the wrong number",
    ),
    Turn(
        47,
        "speak",
        BRIDGE,
        Did.DONE,
        feared=0.4,
        happened=0.0,
        helped="The same with the new number. Knew by now how it goes",
    ),
    Turn(
        60,
        "speak",
        STUCK,
        Did.PARTLY,
        feared=0.6,
        happened=0.3,
        helped="A minute perhaps, and the number was in the middle of it",
        next="End with the sentence, not with so yes",
    ),
    Turn(
        67,
        "speak",
        STUCK,
        Did.DONE,
        feared=0.5,
        happened=0.1,
        helped="Two minutes. Read most of it. It is said",
        fear="Losing my place again",
    ),
    Turn(
        80,
        "speak",
        STUCK,
        Did.DONE,
        feared=0.4,
        happened=0.2,
        helped="With the page in my hand, like the last time",
    ),
    Turn(
        66,
        "talk",
        "Ask Dana for twenty minutes, and say what it is about",
        Did.DONE,
        16,
        feared=0.7,
        happened=0.2,
        helped="Asked at the door, not by mail. She looked at the calendar and said Tuesday",
        fear="That she asks what it is about and I say nothing important",
    ),
    Turn(
        75,
        "talk",
        "Say my main sentence to Dana, with my note in my hand",
        Did.PARTLY,
        16,
        feared=0.8,
        happened=0.4,
        helped="The sentence was out, the second half of it she said herself",
        next="Stay with the sentence when she answers quickly",
        fear="That she says everyone has to",
    ),
    Turn(
        82,
        "talk",
        "Say my main sentence to Dana, with my note in my hand",
        Did.DONE,
        16,
        feared=0.6,
        happened=0.2,
        helped="Read it from the note. She was quiet for a while and asked since when",
    ),
    Turn(77, "run", "Put on my shoes and walk for ten minutes", Did.DONE, 8, feared=0.1, happened=0.0),
    Turn(
        81,
        "run",
        "Run one minute and walk two, six times over",
        Did.PARTLY,
        8,
        feared=0.4,
        happened=0.3,
        next="Four of six. Went off far too fast in the second one",
        fear="A stitch in front of the dog people",
    ),
)
"""In order of time by ladder."""


def about(key: str, step: str) -> str:
    """What a step is about, as the diary knows it."""
    if key == "talk":
        return "dana" if "Dana" in step or "call" in step or "conversation" in step else _among_two(step)
    if key == "speak":
        return "room" if any(word in step for word in ("meeting", "group", "team")) else _among_two(step)
    return key


def _among_two(step: str) -> str:
    if "friend" in step:
        return "friend"
    return "jo" if "person" in step or "someone" in step else "alone"


def is_at_work(turn: Turn) -> bool:
    """True where it can only happen on a working day."""
    return about(turn.ladder, turn.step) in ("dana", "room")
