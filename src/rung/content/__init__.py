"""Domains and crisis lines: data, each file with a schema, a licence and a version.

The JSON files beside this module are the content (CC BY 4.0); `*.schema.json` say what may stand in them.
`rung.content.domains.domains` gives the whole library, `search` and `matching` what fits somebody's words.
"""

from rung.content.crisis import CrisisLine, crisis_line
from rung.content.domains import CONDITIONS, Domain, DomainStep, IfThen, Questions, Story, domain, story
from rung.content.searching import matching, search

__all__ = [
    "CONDITIONS",
    "CrisisLine",
    "Domain",
    "DomainStep",
    "IfThen",
    "Questions",
    "Story",
    "crisis_line",
    "domain",
    "matching",
    "search",
    "story",
]
