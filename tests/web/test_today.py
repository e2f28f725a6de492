"""Today: one next step, what is planned, what waits, and when to say again how sure one is."""

import re
from datetime import timedelta

from tests.databases import SetClock
from tests.web.stage import Past, Visitor, path_of

from rung.app import evidence
from rung.app.climbing import ladders, plans
from rung.app.model import Did, Reflection
from rung.app.ports import Services
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule


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
