"""Published findings as experiments on simulated people, each in the design of its study."""

from rung.research.facts.finding import Band, Experiment, Finding, Numbers
from rung.research.facts.registry import FINDINGS, named
from rung.research.facts.run import Facts, Outcome, Simulated, Verdict, run_facts, run_finding

__all__ = [
    "FINDINGS",
    "Band",
    "Experiment",
    "Facts",
    "Finding",
    "Numbers",
    "Outcome",
    "Simulated",
    "Verdict",
    "named",
    "run_facts",
    "run_finding",
]
