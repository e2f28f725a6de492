"""Every operation of the API, one module an area."""

from rung.web.api.routes import events, ladders, plans, standing, steps, whoami

ALL = (
    whoami.router,
    ladders.router,
    steps.router,
    standing.router,
    events.router,
    plans.router,
)

__all__ = ["ALL"]
