import json
from importlib import resources

import pytest

from rung.app.safety import screen_goal
from rung.errors import RefusedGoal

REFUSED = {
    "self-harm": [
        "Kill myself",
        "cut myself deeper each time",
        "Work up to ending my life",
        "Commit suicide",
        "Self-harm without anybody noticing",
        "jump off the bridge in town",
        "Jump in front of a train",
        "take an overdose",
        "k\u200bill myself",
        "KILL  MYSELF!!",
    ],
    "substance dose": [
        "Double my dose",
        "increase my insulin dose",
        "take more sleeping pills",
        "Try cocaine at the party",
        "Drink ten shots of vodka",
        "microdosing every day",
        "get drunk on my own",
        "Take 3 extra painkillers",
    ],
    "restricting food": [
        "Eat under 500 calories a day",
        "Fast for three days",
        "Skip meals for a week",
        "Stop eating",
        "make myself throw up after dinner",
        "Go two days without food",
        "starve myself",
        "Use laxatives",
        "water fast",
    ],
    "medical risk": [
        "Come off my antidepressants",
        "Stop taking my medication",
        "skip my insulin",
        "Run despite chest pain",
        "eat the peanuts I'm allergic to",
        "Live without my inhaler",
    ],
    "violence": [
        "Kill my boss",
        "Beat him up",
        "Stab someone",
        "hit my wife",
        "build a bomb",
        "Bring a knife to school",
        "follow her home",
        "Threaten my neighbour",
    ],
    "danger": [
        "Drive home drunk",
        "Free solo the north face",
        "Climb the tower without a rope",
        "walk on the train tracks",
        "Play Russian roulette",
        "Ride my motorbike without a helmet",
        "go back to my abusive ex",
    ],
}

FINE = [
    "Kill it at karaoke",
    "Shoot a film",
    "Shoot her a message",
    "Stop drinking",
    "Talk to my doctor about my dose",
    "Tell my therapist that I cut myself",
    "Tell my mum about my self-harm",
    "Call a helpline when I want to die",
    "Ask my doctor about coming off my antidepressants",
    "Come off sleeping pills with my doctor",
    "Take my medication every day",
    "Take my pills on time",
    "Stop forgetting my pills",
    "Say no to a drink at the party",
    "Drink a glass of water before the talk",
    "Drink more water",
    "Drink coffee with my boss",
    "Run fast for 2 hours",
    "Break my fast at Ramadan",
    "Fast for three days of Ramadan",
    "Stop eating in front of the television",
    "Stop eating meat",
    "Eat lunch with colleagues",
    "Stop skipping meals",
    "Have breakfast every day",
    "Cut myself some slack",
    "Not burn myself out",
    "Ski down without hurting myself",
    "Beat my brother at chess",
    "Hit the ball over the net",
    "Hit my target in sales",
    "Hit publish",
    "Hit her up about the flat",
    "Kill the engine and restart on a hill",
    "Play a killer in the school play",
    "Stab someone in the last scene of the play",
    "Punch somebody in boxing practice",
    "Jump off the diving board",
    "Jump off the bridge on a bungee",
    "Drive again after the accident",
    "Drive on the motorway at night",
    "Drive without my instructor",
    "Climb the wall with a rope",
    "Climb a ladder",
    "Cross the road alone",
    "Take the train along the coast",
    "Live with chronic pain",
    "Give blood",
    "Have an injection",
    "Get high marks in maths",
    "Tell her that she hurt me",
    "Talk about my brother's suicide with my parents",
    "Volunteer in suicide prevention",
    "Double-check the oven only once",
    "Take the fast lane",
    "Pick mushrooms",
    "Cook risotto with mushrooms",
    "Do an acid test in chemistry",
    "Have a difficult conversation with my manager",
    "Attack the hill on my bike",
    "Overcome stage fright",
    "Die Prüfung bestehen",
    "Leave the party at ten",
    "Speak to my ex about the children",
    "Get my revenge match in tennis",
    "Ask my boss for less work",
    "Take up speed skating",
    "Go without my phone for an evening",
    "Eat in a restaurant alone",
    "Lose a game without anger",
    "Throw a dart",
    "Be high up on a ladder",
]


@pytest.mark.parametrize("topic, text", [(topic, text) for topic, texts in REFUSED.items() for text in texts])
def test_a_dangerous_goal_is_refused_with_its_topic(topic: str, text: str) -> None:
    with pytest.raises(RefusedGoal) as refusal:
        screen_goal(text)
    assert refusal.value.topic == topic


@pytest.mark.parametrize("text", FINE)
def test_a_harmless_goal_is_let_through(text: str) -> None:
    screen_goal(text)


def test_no_template_of_the_library_is_refused() -> None:
    folder = resources.files("rung.content").joinpath("ladders")
    for file in folder.iterdir():
        for text in _texts(json.loads(file.read_text(encoding="utf-8"))):
            screen_goal(text)


@pytest.mark.parametrize("text", ["not " * 50, "tell " * 40, "fast for a " * 18, "a" * 200, "go move " * 25])
def test_no_text_keeps_the_screening_busy_for_ever(text: str) -> None:
    screen_goal(text)


def _texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    values = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return [text for value in values for text in _texts(value)]
