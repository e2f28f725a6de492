from hypothesis import given
from tests.strategies import events

from rung.engine.events import Event, check_event


@given(events(strays=True))
def test_every_generated_event_is_valid(event: Event) -> None:
    check_event(event)
