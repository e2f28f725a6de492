"""The next step.

Read it in this order: `rungs` (the ladder as it stands), `stopping` (the rules of safety), `lookahead` (what
a step is worth in days), `ways` (how today may be spent), `recommending` (the answer) and `reasons` (why).
"""

from rung.engine.planning.reasons import REASONS, Reason
from rung.engine.planning.recommending import Bridge, Option, Recommendation, next_step
from rung.engine.planning.ways import Source

__all__ = ["REASONS", "Bridge", "Option", "Reason", "Recommendation", "Source", "next_step"]
