"""The planner against the rules of today: who climbs, by which rule, and what comes of it.

Read it in this order: `worlds` (the scenes), `rules`, `planner` and `oracle` (the policies), `contestants`
(which of them meet, and those from a file), `comparing` (everybody on every scene), `results` and `marks`
(what came of it), `tables`, `figures` and `report`. `populations` lets many people climb by one policy.
"""
