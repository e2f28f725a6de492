"""Every page and what can be done on it, one module an area."""

from rung.web.routes import about, data, evidence, judge, ladders, people, see, steps, today

ALL = (
    about.router,
    people.router,
    today.router,
    ladders.router,
    steps.router,
    judge.router,
    evidence.router,
    see.router,
    data.router,
)

__all__ = ["ALL"]
