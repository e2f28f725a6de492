"""What Robin writes in the demonstration: short, plain, as somebody writes who has other things to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FEARED", "HELPED", "NEXT", "READING", "RESOURCES"]

Words = Mapping[str, tuple[str, ...]]

HELPED: Final[Words] = {
    "alone": (
        "Wrote it three times, the shortest one was right",
        "Said it to the kitchen wall. Felt silly, then less so",
        "Did it first thing, before I had read my mails",
        "Standing up made it easier to breathe",
        "One sentence only. The rest can go on the slide",
        "Listened to the recording on the bus. I talk faster than I thought",
    ),
    "friend": (
        "Sam only nodded. I did not have to defend anything",
        "Counted to three when Sam cut in, then went on where I was",
        "I had eaten. On the other days I had not",
        "Sam said it sounded like me. I had sounded like a letter before",
    ),
    "dana": (
        "Started with the sentence on the card and did not look up until it was out",
        "I stopped after the sentence instead of explaining for two minutes",
        "She said mm-hm and went on to the next point. That was all",
        "Had the two dates in front of me",
        "The room was empty for a moment so I took it",
        "Asked for Thursday instead of apologising for asking",
        "Not good, but it was said",
        "My voice went up at the start and then came down again",
        "Wrote it in the chat first and then said it as well",
        "She asked why and I gave one reason, not four",
    ),
    "jo": (
        "Jo asked something I did not know and I said I would look it up",
        "Looked at Jo for the first half and at the window for the rest",
        "Lost the word for it once and used another one",
        "Jo cut in on purpose. I put a finger on the line where I was",
    ),
    "room": (
        "Read it off the page. Nobody minded",
        "Sat at the side where I do not see all of them",
        "Asked the question I had written down the evening before",
        "One number, one sentence, done. My hands were cold",
        "Put the water within reach and did not need it",
        "Somebody else was before me, so the start was not mine",
        "Lee said thanks and went on. I had expected more of a moment",
    ),
    "run": (
        "Went before I could think about it",
        "Slower than walking pace nearly, but without a break",
        "The route along the canal, nobody there",
        "Shoes were by the door",
        "Legs heavy, breath was fine",
        "Turned the watch face inwards and did not look",
    ),
    "call": (
        "Wrote the first sentence down and read it off",
        "They were friendly and it took four minutes",
    ),
}
"""What made it work, or helped, by what the step is about."""

NEXT: Final[Words] = {
    "alone": ("In the evening I have no head for it. Mornings", "One sentence, I wrote half a page again"),
    "friend": (
        "I let it become a joke. Next time no joke",
        "Got loud. Sit down next time",
        "Leave out the word actually",
    ),
    "dana": (
        "Not after the long meeting. In the morning",
        "Say the sentence first and the reasons after, if at all",
        "Ask if it is a good moment, then I cannot drift off",
        "Put the card on the table where I see it",
        "I said yes before I had heard what it was. Wait until she has finished",
        "Write the two words I want to say on my hand",
        "Too many people in the call. Try it when it is only the four of us",
    ),
    "jo": (
        "Breathe out before the first word, not in",
        "Practise the middle. I only ever do the start",
    ),
    "room": (
        "Have the first line on paper, word for word",
        "Come five minutes early and sit down before they do",
        "Went blank after the first sentence. Three words on a card",
        "Tell Jo beforehand, so that one person knows",
        "Talked to the screen. Turn the chair round",
    ),
    "run": (
        "Slower from the start",
        "Not straight after lunch",
        "Walk the first five minutes",
        "Lay out the things the evening before",
    ),
    "call": ("Ring before ten, later they are at lunch", "Have the reference number ready"),
}
"""What to do differently."""

FEARED: Final[Words] = {
    "alone": ("That it sounds ridiculous",),
    "friend": ("Sam thinks I am making a fuss", "That I start crying"),
    "dana": (
        "That she sighs and says everybody has it hard",
        "That she writes it down somewhere",
        "Silence",
        "That I say it and take it back in the same breath",
        "She says no and it stays between us",
    ),
    "jo": ("That Jo is polite about it", "Having to stop in the middle"),
    "room": (
        "That my voice shakes and they look at the table",
        "A question that I have no answer to",
        "Going red",
        "That I stand there with nothing in my head",
        "They check their phones",
        "Somebody laughs",
    ),
    "run": ("That the knee hurts again", "Being overtaken by everybody", "Having to stop after a minute"),
    "call": ("That they put me on hold and I hang up", "Not finding the words"),
}
"""What was feared."""

READING: Final = (
    ("Heart is going. It was going on Thursday as well, and then it worked", 0.7, 0.5),
    ("Stomach tight, did not sleep much. Rather not ready", 0.7, -0.5),
    ("Warm face, quick breath. I read it as waking up", 0.6, 0.5),
    ("Fast, but I know that by now", 0.8, 0.0),
)
"""How the body is read before an attempt: the words, arousal, appraisal."""

RESOURCES: Final = (
    "The card with my three sentences. Sam said I can ring before and after",
    "I have the hours of the last eight weeks on paper. I have said harder things to my brother",
)
"""What there is to manage it with."""
