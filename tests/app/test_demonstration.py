import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import Databases
from tests.databases import SetClock, fast_passwords

from rung.adapters.database import DatabaseStore, connect, database_address
from rung.adapters.passkeys import WebAuthnCeremonies
from rung.adapters.vault import AesVault, new_key, read_keys
from rung.app import evidence, sources
from rung.app.accounts import people
from rung.app.accounts.preferences import preferences_of
from rung.app.beliefs import believer
from rung.app.climbing import ladders, plans
from rung.app.demonstration import demonstrate
from rung.app.demonstration.diary import FEARED, HELPED, NEXT, READING, RESOURCES
from rung.app.demonstration.living import MovingClock
from rung.app.demonstration.story import BRIDGE, LADDERS, STUCK, WHOLE
from rung.app.keeping import archive
from rung.app.model import PLAN_STATES, Account, Ladder
from rung.app.ports import Services
from rung.engine import Engine
from rung.engine.events import Event, check_event
from rung.errors import Conflict, InvalidPassword

END = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@dataclass
class Demo:
    services: Services
    account: Account

    def ladder(self, key: str) -> Ladder:
        name = next(course.name for course in LADDERS if course.key == key)
        return next(one for one in ladders.ladders_of(self.services, self.account.id) if one.name == name)

    def events(self, kind: str) -> list[Event]:
        return [event for event in evidence.log_of(self.services, self.account.id) if event.kind == kind]


@pytest.fixture(scope="module")
def demo(sqlite: Databases) -> Iterator[Demo]:
    """Robin after three months, to look at alone."""
    vault = AesVault(read_keys(new_key(), "the test"))
    store = DatabaseStore(connect(database_address(Path(), sqlite.fresh())), vault)
    services = Services(store, vault, fast_passwords(), MovingClock(END), Engine(), WebAuthnCeremonies())
    yield Demo(services, demonstrate(services, PASSWORD, END))
    store.close()


def parts_of(services: Services, account: Account) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive.export_archive(services, account.id))) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_month_three_looks_as_it_is_told(demo: Demo) -> None:
    services, robin = demo.services, demo.account.id
    talk, call, speak, run = (demo.ladder(key) for key in ("talk", "call", "speak", "run"))
    assert [one.archived_at is not None for one in (talk, call, speak, run)] == [False, True, False, False]
    retired = [step.name for one in (talk, speak, run) for step in one.steps if step.retired_at]
    assert retired == [WHOLE, "Run twenty-five minutes where people can see me"]
    assert len({step.conditions for step in talk.steps}) > 4
    deeds = Counter(event.value for event in evidence.log_of(services, robin) if event.kind == "attempt")
    assert min(deeds[1.0], deeds[0.5], deeds[0.0]) >= 3
    tried = {event.task for event in demo.events("attempt")}
    assert not tried & {one.climbing[-1].id for one in (talk, speak, run)}
    assert talk.climbing[-2].id in tried
    stories = [event.context for event in demo.events("model")]
    assert sorted(stories) == ["", "story:marta-four-weekends", "story:thuy-lab-questions"]
    said = sources.encouragements(services, robin, talk.id).assurances
    assert [(bool(one.seen), one.saw is not None) for one in said] == [(True, True), (False, False)]
    assert preferences_of(services, robin).quiet_from == "21:30"
    assert any(event.arousal is not None for event in demo.events("attempt"))
    assert any(event.feared is not None and event.happened is not None for event in demo.events("attempt"))


def test_a_loop_of_letting_pass_is_seen_and_a_bridge_breaks_it(demo: Demo) -> None:
    speak = demo.ladder("speak")
    stuck, bridge = (next(step for step in speak.steps if step.name == name) for name in (STUCK, BRIDGE))
    happened = [
        (event.task == bridge.id, event.kind, event.value)
        for event in evidence.log_of(demo.services, demo.account.id, speak.id)
        if event.task in (stuck.id, bridge.id) and (event.kind, event.value) != ("choice", 1.0)
        and event.kind in ("attempt", "choice")
    ]  # fmt: skip
    told = [(place, value) for place, _, value in happened]
    assert told[:8] == [(False, 0.0)] * 6 + [(True, 1.0)] * 2
    assert (False, 1.0) in told[8:]
    assert bridge.difficulty < stuck.difficulty


def test_one_try_waits_one_plan_has_passed_and_one_is_for_tomorrow(demo: Demo) -> None:
    services, robin = demo.services, demo.account.id
    (waiting,) = evidence.waiting(services, robin)
    assert END - timedelta(days=1) < datetime.fromtimestamp(waiting.time, UTC) < END
    past, coming = (plan.at for plan in plans.planned(services, robin))
    assert past is not None
    assert coming is not None
    assert past < END < coming < END + timedelta(days=2)
    with services.store.reading() as tx:
        made = Counter(plan.state for plan in tx.plans.of(robin, PLAN_STATES))
        (reminder,) = tx.reminders.of(robin)
    assert made["dropped"] >= 1
    assert made["done"] >= 5
    assert reminder.is_on
    assert reminder.next_at is not None
    assert reminder.next_at > END - timedelta(days=1)


def test_a_week_is_empty_and_nothing_is_at_night(demo: Demo) -> None:
    moments = [
        datetime.fromtimestamp(event.time, ZoneInfo("Europe/London"))
        for event in evidence.log_of(demo.services, demo.account.id)
    ]
    assert max(later - earlier for earlier, later in pairwise(moments)) >= timedelta(days=7)
    assert {moment.hour for moment in moments} <= set(range(7, 23))
    assert moments[-1] < END
    assert moments[0] >= END - timedelta(days=91)


def test_the_log_is_a_valid_one_and_the_state_its_replay(demo: Demo) -> None:
    log = evidence.log_of(demo.services, demo.account.id)
    for event in log:
        check_event(event)
    with demo.services.store.reading() as tx:
        assert tx.states.get(demo.account.id) is not None
        kept = believer(demo.services, tx, demo.account.id).to_json()
    assert kept == demo.services.engine.replay(log).to_json()


def test_belief_has_grown_with_the_record_where_there_was_one(demo: Demo) -> None:
    talk = demo.ladder("talk")
    first: dict[str, float] = {}
    last: dict[str, float] = {}
    for event in demo.events("judgement"):
        if event.domain == talk.id and event.value is not None:
            first.setdefault(event.task, event.value)
            last[event.task] = event.value
    grown = [last[step.id] - first[step.id] for step in talk.climbing]
    assert sum(grown) / len(grown) > 0.1


def test_what_is_written_is_different_each_time_and_never_cheers(demo: Demo) -> None:
    with demo.services.store.reading() as tx:
        written = tx.evidence.texts(demo.account.id)
    used = [text for texts in written.values() for text in texts.values() if " " in text]
    assert len(used) == len(set(used)) >= 40
    known = [text for words in (HELPED, NEXT, FEARED) for texts in words.values() for text in texts]
    known += [*RESOURCES, *(reading for reading, *_ in READING)]
    assert len(known) == len(set(known)) >= 40
    assert not [text for text in (*known, *used) if "!" in text or "great" in text.lower()]


def test_it_goes_out_and_into_another_server(
    demo: Demo, sqlite: Databases, open_at: Callable[[str], Services]
) -> None:
    other = replace(open_at(sqlite.fresh()), clock=MovingClock(END))
    somebody = people.welcome(other, "Somebody", PASSWORD)
    archive.import_archive(other, somebody.id, archive.export_archive(demo.services, demo.account.id))
    before, after = parts_of(demo.services, demo.account), parts_of(other, somebody)
    for name in set(before) - {"manifest.json"}:
        assert after[name].replace(somebody.id.encode(), demo.account.id.encode()) == before[name], name


def test_the_same_seed_and_end_make_the_same_account(
    sqlite: Databases, open_at: Callable[[str], Services]
) -> None:
    made = {}
    for name, seed in (("first", 3), ("again", 3), ("other", 4)):
        services = replace(open_at(sqlite.fresh()), clock=SetClock(END))
        made[name] = parts_of(services, demonstrate(services, PASSWORD, END, seed, 30))
    assert made["first"] == made["again"]
    assert made["first"]["log.csv"] != made["other"]["log.csv"]


@pytest.mark.parametrize(
    "end",
    ["2026-01-01T00:00:00+00:00", "2026-03-29T01:30:00+00:00", "2026-10-25T00:59:00+13:00"],
)
def test_any_moment_can_be_the_end(sqlite_services: Services, end: str) -> None:
    moment = datetime.fromisoformat(end)
    services = replace(sqlite_services, clock=SetClock(moment.astimezone(UTC)))
    done: list[int] = []
    account = demonstrate(services, PASSWORD, moment, 1, 30, done.append)
    assert done == list(range(1, 31))
    assert len(evidence.waiting(services, account.id)) == 1
    assert len(plans.planned(services, account.id)) == 2
    assert json.loads(parts_of(services, account)["manifest.json"])["name"] == "Robin"


def test_it_is_made_on_an_empty_server_alone(services: Services, ana: str) -> None:
    with pytest.raises(Conflict):
        demonstrate(services, PASSWORD, END)
    with pytest.raises(InvalidPassword):
        demonstrate(services, "short", END)
