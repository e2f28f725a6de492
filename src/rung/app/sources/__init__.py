"""The four sources of efficacy as use cases: what the log holds of each, and how something is added to it.

`mastery` reads the attempts back as a person's own evidence, `models` and `encouragement` keep what others
did and said, `body` how it was going and how that was read, `balance` what each source has given so far.
All of it are events of the one log, so that the engine learns from them at once; `recording` is how they
come into it.
"""

from rung.app.sources.balance import SOURCES, Balance, Given, Source, balance_of, given_by
from rung.app.sources.body import BodyLog, Felt, body_log, note_state
from rung.app.sources.encouragement import (
    AboutTry,
    Assurance,
    Encouragements,
    encouragements,
    hear,
)
from rung.app.sources.lifts import Held, held_of
from rung.app.sources.mastery import PAGE, Bank, Doubt, Proof, against_doubt, bank, doubts_of, folded
from rung.app.sources.models import Models, Seen, StoryOutlook, models, read_story, see_somebody
from rung.app.sources.recording import Shelf

__all__ = [
    "PAGE",
    "SOURCES",
    "AboutTry",
    "Assurance",
    "Balance",
    "Bank",
    "BodyLog",
    "Doubt",
    "Encouragements",
    "Felt",
    "Given",
    "Held",
    "Models",
    "Proof",
    "Seen",
    "Shelf",
    "Source",
    "StoryOutlook",
    "against_doubt",
    "balance_of",
    "bank",
    "body_log",
    "doubts_of",
    "encouragements",
    "folded",
    "given_by",
    "hear",
    "held_of",
    "models",
    "note_state",
    "read_story",
    "see_somebody",
]
