"""What a person will say, choose and manage next: learned from people, then from the person.

Read it in this order: `evidence` (what stands before the person, and what theory expects of it), `rows` (that
as numbers), `habits` (what the numbers weigh, in general and for this person), `cases` (what a sum cannot
say), `answers` (how people repeat and round); then `memory` and `chances` for success and choices. `judging`
takes one person event by event, `crowd` many at once; `model` is what people have in common, and `predictor`
the front of it all. docs/prediction.md has the whole on a page.
"""

from rung.engine.prediction.answers import Answer
from rung.engine.prediction.model import Model
from rung.engine.prediction.predictor import Known, Predictor

__all__ = ["Answer", "Known", "Model", "Predictor"]
