"""Today: one next step, what is planned, what waits, and when to say again how sure one is."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.databases import SetClock
from tests.web.stage import Past, Visitor, path_of

from rung.app import evidence, outlook
from rung.app.at_hand import AtHand
from rung.app.climbing import ladders, plans
from rung.app.model import Did, Reflection
from rung.app.ports import Services
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule
from rung.engine import Reason
from rung.engine.loops import OVER_REACH, STUCK_STEP, Sign
from rung.engine.planning import Source
from rung.web.views.today import StepCard, today_view


def test_one_step_is_proposed_and_the_other_ladders_take_a_line_each(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    other = ladders.name_ladder(sqlite_services, past.person, "Sing at the wedding", ["Hum", "Sing"])
    page = robin.page(f"/?ladder={past.ladder}")
    assert page.count("Next rung") == 1
    assert "Have the difficult conversation" in page
    assert f'href="/?ladder={other.id}"' in page
    chosen = robin.page(f"/?ladder={other.id}")
    assert "How sure are you, as things are now?" in chosen
    assert f'href="/?ladder={past.ladder}"' in chosen


def test_the_ladder_used_last_is_at_hand_unless_another_is_planned(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    clock.move(days=1)
    other = ladders.name_ladder(sqlite_services, past.person, "Sing", ["Hum", "Sing"])
    assert f'href="/?ladder={past.ladder}"' in robin.page("/")
    plans.make(sqlite_services, past.person, past.ladder, past.steps[6], plans.Draft(where="at work"))
    assert f'href="/?ladder={other.id}"' in robin.page("/")


def test_a_plan_is_shown_with_its_moment_and_its_words_and_never_as_missed(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    draft = plans.Draft(
        at=clock.now() + timedelta(hours=3),
        where="in the kitchen",
        if_text="he interrupts me",
        then_text="finish my sentence",
    )
    plans.make(sqlite_services, past.person, past.ladder, past.steps[6], draft)
    page = robin.page("/")
    assert "in the kitchen" in page
    assert "If he interrupts me, then I finish my sentence." in page
    clock.move(days=1)
    page = robin.page("/")
    assert "It was planned for" in page
    assert "missed" not in page.lower()
    robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="done")
    assert "It was planned for" not in robin.page("/")


def test_asking_again_is_offered_after_a_try_and_not_on_every_visit(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    assert "judge?steps=" not in robin.page("/")
    evidence.record(sqlite_services, past.person, past.ladder, past.steps[6], Did.TRIED)
    page = robin.page("/")
    asked = re.search(r'href="(/ladders/[^"]+/judge\?steps=[^"]+)"', page)
    assert asked
    assert str(past.steps[6]) in asked[1]


def test_a_reminder_that_has_come_waits_here_and_can_be_put_off(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    soon = clock.now() + timedelta(hours=1)
    rule = Rule(times=(soon.time(),), day=soon.date())
    me, step = past.person, past.steps[6]
    reminders.make_reminder(sqlite_services, me, "step", past.ladder, step, rule, zone="UTC")
    assert "You asked to be reminded" not in robin.page("/")
    clock.move(hours=1.5)
    page = robin.page("/")
    assert "You asked to be reminded" in page
    later = re.search(r'action="(/reminders/[^"]+/later)"', page)
    assert later
    path_of(robin.send_form(later[1], until="hour"))
    assert "You asked to be reminded" not in robin.page("/")


def test_after_a_failure_the_persons_own_record_stands_beside_the_doubt(robin: Visitor, past: Past) -> None:
    page = robin.page(
        path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="tried"))
    )
    assert page.index("What would you do differently") < page.index("Your own record, beside “I can’t”")
    assert "It worked." in page
    page = robin.page(
        path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="done"))
    )
    assert "Your own record, beside" not in page


def test_what_was_answered_is_there_when_one_comes_back_to_it(robin: Visitor, past: Past) -> None:
    path = path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="tried"))
    path = path.partition("?")[0]
    robin.send_form(path, cause="day", circumstances=["rough", "first"], hands="partly")
    page = robin.page(path)
    for name, value in (("cause", "day"), ("circumstances", "rough"), ("circumstances", "first")):
        assert re.search(rf'name="{name}" value="{value}" checked', page)
    assert not re.search(r'value="others" checked', page)


def test_a_failure_on_a_rough_day_has_a_passing_cause_unless_said_otherwise(
    past: Past, sqlite_services: Services
) -> None:
    def stable(did: Did, again: float | None = None) -> float | None:
        event_id = evidence.record(sqlite_services, past.person, past.ladder, past.steps[6], did)
        told = Reflection(circumstances="rough", stable=again)
        evidence.reflect(sqlite_services, past.person, event_id, told)
        return next(
            event.stable for event in evidence.log_of(sqlite_services, past.person) if event.id == event_id
        )

    assert stable(Did.TRIED) == 0.0
    assert stable(Did.TRIED, 1.0) == 1.0
    assert stable(Did.DONE) is None


def test_a_circumstance_that_rung_does_not_know_is_refused(robin: Visitor, past: Past) -> None:
    path = path_of(robin.send_form(f"/ladders/{past.ladder}/log?step={past.steps[6]}", did="tried"))
    response = robin.send_form(path.partition("?")[0], circumstances=["moon"])
    assert response.status_code == 422
    assert "no such circumstance" in response.text


@pytest.fixture
def standing(past: Past, sqlite_services: Services) -> outlook.Today:
    """The ladder as it stands today."""
    return outlook.today(sqlite_services, past.person, past.ladder)


def card_of(today: outlook.Today) -> StepCard:
    """What the card says of the proposed step."""
    card = today_view(AtHand(todays=(today,), plans=(), reminders=(), at=today.at)).card
    assert card is not None
    assert card.step is not None
    return card.step


def seen(kind: str, task: str | None = None, missed: float = 4.0) -> Sign:
    numbers = {"missed": missed, "occasions": 5.0, "expected": 4.0, "days": 9.0}
    return Sign(kind, task, 0.0, 5, 1.0, numbers)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("model", "/sources/models"),
        ("assurance", "/sources/encouragement"),
        ("reappraisal", "/body/reappraise"),
    ],
)
def test_what_would_help_first_leads_to_the_page_that_does_it(
    robin: Visitor, standing: outlook.Today, source: Source, place: str
) -> None:
    (link,) = card_of(_proposing(standing, before=(source,))).first
    assert link.href.startswith(f"{place}?ladder={standing.ladder.id}&step=")
    robin.page(link.href)
    assert card_of(_proposing(standing, before=())).first == ()


def _proposing(today: outlook.Today, before: tuple[Source, ...]) -> outlook.Today:
    return replace(today, recommendation=today.recommendation._replace(before=before))


def test_over_reach_is_said_at_once_and_without_blame(standing: outlook.Today) -> None:
    (concern,) = card_of(replace(standing, signs=(seen(OVER_REACH),))).concerns
    assert concern.words.startswith("The last tries went worse than you were sure of")
    assert concern.way is None


def test_a_stuck_step_is_named_once_and_leads_to_where_it_is_split(
    robin: Visitor, standing: outlook.Today, past: Past
) -> None:
    step = standing.ladder.step(past.steps[6])
    assert step is not None
    signs = (seen(OVER_REACH), seen(STUCK_STEP, step.id))
    proposal = standing.recommendation
    assert proposal.task is not None
    proposal = proposal._replace(
        resting=(proposal.task._replace(name=step.id),),
        reasons=(Reason("two-failures", {"failures": 4.0}), *proposal.reasons),
    )
    (concern,) = card_of(replace(standing, recommendation=proposal, signs=signs)).concerns
    assert concern.words.startswith(f"“{step.name}” did not work in 4 of the last 5 tries.")
    assert concern.way is not None
    assert "Split it" in robin.page(concern.way.href)


def test_a_step_that_keeps_failing_is_seen_to_be_stuck(
    robin: Visitor, past: Past, sqlite_services: Services, clock: SetClock
) -> None:
    for _ in range(6):
        evidence.record(sqlite_services, past.person, past.ladder, past.steps[7], Did.TRIED)
        clock.move(days=1)
    page = robin.page("/")
    assert "did not work in 6 of the last 6 tries" in page
    assert f'href="/ladders/{past.ladder}/steps/{past.steps[7]}"' in page
    assert page.count("in a row") == 0


def test_the_dial_says_how_unlikely_a_step_it_allows(
    robin: Visitor, past: Past, sqlite_services: Services
) -> None:
    told = []
    for chance in (0.6, 0.75, 0.9):
        ladders.set_wanted_chance(sqlite_services, past.person, past.ladder, chance)
        found = re.search(r"by steps that work at least about (\d) in 10", robin.page("/"))
        assert found
        told.append(int(found[1]))
    assert told == sorted(set(told))
