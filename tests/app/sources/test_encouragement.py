"""What somebody said: how it comes into the log, and what is left of its lift."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.databases import SetClock

from rung.app import evidence, sources
from rung.app.climbing import ladders
from rung.app.model import Did, EventId, Ladder, PersonId
from rung.app.ports import Services
from rung.engine import Engine, Event
from rung.engine.events import in_order
from rung.engine.state import LIFT
from rung.errors import InvalidInput, NotFound

DAY = 86_400.0


@pytest.fixture
def talks(services: Services, ana: PersonId) -> Ladder:
    return ladders.name_ladder(services, ana, "Talks", ["to a friend", "to the team"])


def test_an_assurance_stands_on_the_attempt_that_was_seen(services: Services, talks: Ladder) -> None:
    attempt = evidence.record(services, talks.person, talks.id, talks.steps[1].id, Did.DONE)
    services.clock.move(hours=1)  # type: ignore[attr-defined]  # the tests' clock
    event_id = sources.hear(
        services,
        talks.person,
        talks.id,
        "Jo",
        "You stayed calm.",
        0.8,
        0.67,
        "He cut in twice.",
        attempt_id=attempt,
    )
    event = evidence.log_of(services, talks.person)[-1]
    assert (event.id, event.kind, event.value, event.credibility) == (event_id, "persuasion", 0.8, 0.67)
    assert (event.task, event.context) == (talks.steps[1].id, f"attempt:{attempt}")
    (one,) = sources.encouragements(services, talks.person).assurances
    assert (one.who, one.said, one.seen) == ("Jo", "You stayed calm.", "He cut in twice.")
    assert one.saw is not None
    assert one.saw.event_id == attempt
    evidence.take_back(services, talks.person, attempt)
    (one,) = sources.encouragements(services, talks.person).assurances
    assert one.saw is None


def test_empty_praise_is_kept_too(services: Services, talks: Ladder) -> None:
    sources.hear(services, talks.person, talks.id, "Jo", "You can do it", 1.0, 1.0)
    assert sources.encouragements(services, talks.person).assurances[0].seen == ""


def test_a_lift_halves_in_its_half_life(services: Services, clock: SetClock, talks: Ladder) -> None:
    sources.hear(services, talks.person, talks.id, "Jo", "Calm", 0.8, 1.0)
    (fresh,) = sources.encouragements(services, talks.person).assurances
    assert fresh.held.share == 1.0
    assert fresh.held.given == pytest.approx(fresh.held.left, abs=1e-6)
    assert fresh.held.given > 1.0
    clock.move(days=services.engine.parameters.persuasion_half_life)
    (faded,) = sources.encouragements(services, talks.person).assurances
    assert faded.held.share == pytest.approx(0.5)
    assert faded.held.given == fresh.held.given
    assert 0.0 < faded.held.left < fresh.held.left


def test_a_failure_cuts_what_is_left_and_a_success_does_not(
    services: Services, clock: SetClock, ana: PersonId
) -> None:
    shares = {}
    for what in (Did.DONE, Did.TRIED):
        ladder = ladders.name_ladder(services, ana, f"Talks {what}", ["a"])
        sources.hear(services, ana, ladder.id, "Jo", "Calm", 0.8, 1.0)
        evidence.record(services, ana, ladder.id, ladder.steps[0].id, what)
        (one,) = sources.encouragements(services, ana, ladder.id).assurances
        shares[what] = (one.held.share, one.held.cut)
    assert shares == {
        Did.DONE: (1.0, False),
        Did.TRIED: (pytest.approx(services.engine.parameters.persuasion_left), True),
    }


events = st.lists(
    st.tuples(
        st.sampled_from(["persuasion", "attempt", "judgement", "model", "state"]),
        st.floats(0.0, 1.0),
        st.floats(0.0, 1.0),
        st.floats(0.0, 9.0),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(events)
def test_what_each_assurance_holds_adds_up_to_the_engines_lift(
    told: list[tuple[str, float, float, float]],
) -> None:
    engine, log, time = Engine(), [], 0.0
    for number, (kind, value, second, days) in enumerate(told):
        time += days * DAY
        event = Event("p", "d", "t", time, kind, None if kind == "state" else value, id=str(number))
        if kind == "attempt":
            event = event._replace(feedback=value)
        log.append(event._replace(credibility=second, arousal=second))
    log = in_order(log)
    held = sources.held_of(engine, log, time)
    assert held.keys() == {event.id for event in log if event.kind == "persuasion"}
    assert all(0.0 <= one.share <= 1.0 for one in held.values())
    later = sources.held_of(engine, log, time + engine.parameters.persuasion_half_life * DAY)
    assert all(later[id].lift == pytest.approx(held[id].lift / 2) for id in held)
    if log:
        lift = float(engine.replay(log).domains["d"].belief.mean[LIFT])
        assert sum(one.lift for one in held.values()) == pytest.approx(lift, abs=1e-9)


def test_shares_only_shrink(services: Services, clock: SetClock, talks: Ladder) -> None:
    sources.hear(services, talks.person, talks.id, "Jo", "Calm", 0.9, 1.0)
    shares = []
    for what in (Did.TRIED, Did.AVOIDED, Did.DONE, Did.TRIED, Did.PARTLY):
        clock.move(hours=5)
        evidence.record(services, talks.person, talks.id, talks.steps[0].id, what)
        shares.append(sources.encouragements(services, talks.person).assurances[0].held.share)
    assert all(before >= after for before, after in pairwise(shares))


@pytest.mark.parametrize(
    "who, said", [("", "a"), ("a", ""), (" ", "\n"), ("a" * 4001, "a"), ("a", "\x07"), ("a", "\ud800")]
)
def test_who_and_what_are_needed_and_plain(services: Services, talks: Ladder, who: str, said: str) -> None:
    with pytest.raises(InvalidInput):
        sources.hear(services, talks.person, talks.id, who, said, 0.5, 0.5)
    assert evidence.log_of(services, talks.person) == []


@pytest.mark.parametrize("conveyed, credibility", [(1.1, 0.5), (0.5, -0.1), (float("nan"), 0.5)])
def test_a_chance_is_a_chance(services: Services, talks: Ladder, conveyed: float, credibility: float) -> None:
    with pytest.raises(InvalidInput):
        sources.hear(services, talks.person, talks.id, "a", "b", conveyed, credibility)


def test_only_an_attempt_of_the_same_ladder_was_seen(
    services: Services, ana: PersonId, talks: Ladder
) -> None:
    running = ladders.name_ladder(services, ana, "Running", ["run"])
    elsewhere = evidence.record(services, ana, running.id, running.steps[0].id, Did.DONE)
    avoided = evidence.record(services, ana, talks.id, talks.steps[0].id, Did.AVOIDED)
    for attempt in (elsewhere, avoided, EventId(talks.id), EventId("nothing")):
        with pytest.raises(NotFound):
            sources.hear(services, ana, talks.id, "a", "b", 0.5, 0.5, attempt_id=attempt)
