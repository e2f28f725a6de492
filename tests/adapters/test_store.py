import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, StatementError
from tests.databases import SetClock

from rung.adapters.database import DatabaseStore
from rung.adapters.database.schema import events, ladders, steps, texts
from rung.app.model import EventId, Ladder, LadderId, PersonId, Step, StepId
from rung.app.ports import Entry, SavedState, Services
from rung.engine.events import COLUMNS, Event
from rung.errors import Conflict, SealBroken

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(services: Services) -> DatabaseStore:
    assert isinstance(services.store, DatabaseStore)
    return services.store


def entry(person: PersonId, **changes: object) -> Entry:
    event = Event(person, "ladder", "step", 1.5, "attempt", 1.0, id=str(uuid4()))
    return Entry(event._replace(**changes), NOW)  # type: ignore[arg-type]


def a_ladder(person: PersonId) -> Ladder:
    made = [Step(StepId(str(uuid4())), name, float(number)) for number, name in enumerate("abc")]
    return Ladder(LadderId(str(uuid4())), person, "Talks", 0.75, NOW, None, tuple(made))


def test_every_column_of_an_event_comes_back_exactly(store: DatabaseStore, ana: PersonId) -> None:
    numbers = {column.name: 1 / 3 for column in COLUMNS if column.type == "number" and not column.binary}
    full = entry(ana, **numbers, coping=1.0, time=-1234567.891011, context="in words, «é»")
    full = replace(full, extra={"mood": "fine", "list": [1, {"deep": None}]}, reflected=True)
    with store.writing(ana) as tx:
        tx.evidence.append([full])
    with store.reading() as tx:
        assert tx.evidence.log(ana) == [full]


def test_the_log_as_read_is_the_latest_revision_that_is_not_withdrawn(
    store: DatabaseStore, ana: PersonId
) -> None:
    first, second, third = entry(ana, time=3.0), entry(ana, time=2.0), entry(ana, time=1.0)
    again = replace(first, event=first.event._replace(aid=0.5), revision=2)
    with store.writing(ana) as tx:
        tx.evidence.append([first, second, third])
        tx.evidence.append([again, replace(second, revision=2, withdrawn=True)])
        assert tx.evidence.standing(ana) == 5
    with store.reading() as tx:
        assert tx.evidence.log(ana) == [third, again]
        assert tx.evidence.log(ana, since=2.0) == [again]
        assert tx.evidence.log(ana, domain="another") == []
        assert tx.evidence.latest(ana) == again.event
        assert tx.evidence.revisions(ana, [first.event.id, "none"]) == {first.event.id: [first, again]}


def test_the_last_of_one_moment_is_the_last_in_canonical_order(store: DatabaseStore, ana: PersonId) -> None:
    attempt, choice = entry(ana), entry(ana, kind="choice")
    with store.writing(ana) as tx:
        assert tx.evidence.latest(ana) is None
        tx.evidence.append([attempt, choice])
        assert tx.evidence.latest(ana) == attempt.event


def test_a_revision_that_exists_is_a_conflict(store: DatabaseStore, ana: PersonId) -> None:
    once = entry(ana)
    with store.writing(ana) as tx:
        tx.evidence.append([once])
    with pytest.raises(Conflict), store.writing(ana) as tx:
        tx.evidence.append([replace(once, event=once.event._replace(value=0.0))])
    with store.reading() as tx:
        assert tx.evidence.log(ana) == [once]


def test_thousands_of_ids_can_be_asked_for_at_once(store: DatabaseStore, ana: PersonId) -> None:
    many = [entry(ana, time=float(number)) for number in range(1200)]
    with store.writing(ana) as tx:
        tx.evidence.append(many)
        ids = [one.event.id for one in many] + [str(uuid4()) for _ in range(40_000)]
        assert len(tx.evidence.revisions(ana, ids)) == 1200


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "other"},
        {"value": 1.01},
        {"value": -0.01},
        {"appraisal": -1.01},
        {"coping": 0.5},
        {"aid": 2.0},
        {"revision": 0},
        {"number": 0},
    ],
    ids=str,
)
def test_the_database_itself_refuses_what_the_log_does_not_allow(
    store: DatabaseStore, ana: PersonId, wrong: dict[str, object]
) -> None:
    with store.writing(ana) as tx:
        tx.evidence.append([entry(ana)])
    with store.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(update(events).values(wrong))


def test_a_row_belongs_to_a_person_who_exists(store: DatabaseStore) -> None:
    nobody = PersonId(str(uuid4()))
    with pytest.raises(Conflict), store.writing(nobody) as tx:
        tx.evidence.append([entry(nobody)])
    with pytest.raises(Conflict), store.writing(nobody) as tx:
        tx.ladders.put(a_ladder(nobody))


def test_a_ladder_comes_back_as_it_was_put(store: DatabaseStore, ana: PersonId) -> None:
    made = a_ladder(ana)
    changed = replace(
        made,
        name="Speeches",
        wanted_chance=0.9,
        archived_at=NOW,
        steps=(
            replace(made.steps[1], name="B", difficulty=-0.25, retired_at=NOW),
            *made.steps[::2],
            Step(StepId(str(uuid4())), "d", 9.0),
        ),
    )
    with store.writing(ana) as tx:
        tx.ladders.put(made)
        assert tx.ladders.get(ana, made.id) == made
        tx.ladders.put(changed)
    with store.reading() as tx:
        assert tx.ladders.get(ana, made.id) == changed
        assert tx.ladders.of(ana) == [changed]


def test_an_error_undoes_the_whole_change(store: DatabaseStore, ana: PersonId) -> None:
    def change() -> None:
        with store.writing(ana) as tx:
            tx.ladders.put(a_ladder(ana))
            tx.evidence.append([entry(ana)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    with store.reading() as tx:
        assert tx.ladders.of(ana) == []
        assert tx.evidence.standing(ana) == 0


def test_a_look_sees_one_moment_whatever_others_write(store: DatabaseStore, ana: PersonId) -> None:
    with store.reading() as look:
        assert look.ladders.of(ana) == []
        with store.writing(ana) as tx:
            tx.ladders.put(a_ladder(ana))
            tx.evidence.append([entry(ana)])
        assert look.ladders.of(ana) == []
        assert look.evidence.standing(ana) == 0
    with store.reading() as look:
        assert look.evidence.standing(ana) == 1


def test_changes_for_one_person_wait_for_each_other(store: DatabaseStore, ana: PersonId) -> None:
    def add() -> None:
        for _ in range(10):
            with store.writing(ana) as tx:
                standing = tx.evidence.standing(ana)
                tx.evidence.append([entry(ana, time=float(standing))])

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as tx:
        assert [one.event.time for one in tx.evidence.log(ana)] == [float(number) for number in range(40)]


def test_times_come_back_in_utc_to_the_microsecond(store: DatabaseStore, ana: PersonId) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))
    made = replace(a_ladder(ana), created_at=elsewhere)
    with store.writing(ana) as tx:
        tx.ladders.put(made)
    with store.reading() as tx:
        (found,) = tx.ladders.of(ana)
    assert found.created_at == NOW
    assert found.created_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(store: DatabaseStore, ana: PersonId) -> None:
    naive = replace(a_ladder(ana), created_at=NOW.replace(tzinfo=None))
    with pytest.raises((StatementError, ValueError), match="no time zone"), store.writing(ana) as tx:
        tx.ladders.put(naive)


def test_an_empty_text_deletes_what_was_written(store: DatabaseStore, ana: PersonId) -> None:
    event_id = EventId(str(uuid4()))
    with store.writing(ana) as tx:
        tx.evidence.put_texts(ana, event_id, {"what_helped": "a", "what_next": "b"})
        tx.evidence.put_texts(ana, event_id, {"what_helped": "", "what_feared": "c"})
        assert tx.evidence.texts(ana) == {event_id: {"what_next": "b", "what_feared": "c"}}
        assert tx.evidence.texts(ana, [str(uuid4())]) == {}


def test_a_state_is_replaced_and_dropped(store: DatabaseStore, ana: PersonId) -> None:
    with store.writing(ana) as tx:
        assert tx.states.get(ana) is None
        for number in (1, 2):
            tx.states.put(ana, SavedState("1", number, "{}"))
        assert tx.states.get(ana) == SavedState("1", 2, "{}")
        tx.states.drop(ana)
        assert tx.states.get(ana) is None


def test_a_sealed_name_moved_to_another_row_does_not_open(
    store: DatabaseStore, clock: SetClock, ana: PersonId, ben: PersonId
) -> None:
    anas, bens = a_ladder(ana), a_ladder(ben)
    for ladder in (anas, bens):
        with store.writing(ladder.person) as tx:
            tx.ladders.put(ladder)
    with store.engine.begin() as connection:
        stolen = connection.scalar(select(ladders.c.name).where(ladders.c.person == ana))
        connection.execute(update(ladders).where(ladders.c.person == ben).values(name=stolen))
    with store.reading() as tx, pytest.raises(SealBroken):
        tx.ladders.of(ben)


def test_sealed_columns_hold_bytes_that_do_not_tell_the_text(store: DatabaseStore, ana: PersonId) -> None:
    ladder, event_id = a_ladder(ana), EventId(str(uuid4()))
    with store.writing(ana) as tx:
        tx.ladders.put(ladder)
        tx.evidence.put_texts(ana, event_id, {"what_helped": "I wrote it down"})
        tx.evidence.append([replace(entry(ana, context="with Carla"), extra={"mood": "fine"})])
    with store.engine.connect() as connection:
        rows = [connection.execute(select(table)).all() for table in (ladders, steps, texts, events)]
    for word in ("Talks", "wrote", "Carla", "mood", "fine"):
        assert word not in str(rows)


def test_a_table_refuses_a_text_field_that_is_not_known(store: DatabaseStore, ana: PersonId) -> None:
    with store.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(texts).values(person=ana, event=str(uuid4()), field="other", text=b"x"))
