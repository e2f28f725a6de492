import gzip
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import strategies
from tests.conftest import Databases, join
from tests.databases import SetClock

from rung.adapters.vault import AesVault, new_key, read_keys
from rung.app import esteem, evidence, outlook, scaling, sources
from rung.app.accounts import people
from rung.app.accounts.preferences import PAUSED, Preferences, preferences_of, set_preferences
from rung.app.beliefs import believer
from rung.app.climbing import ladders, plans, steps
from rung.app.climbing.plans import MOST_PLANNED, Draft
from rung.app.keeping import archive
from rung.app.keeping.belongings import MOST_BRACKETS
from rung.app.keeping.foreign import belongings_of_log
from rung.app.keeping.log_bytes import log_from_bytes
from rung.app.keeping.parcels import LARGEST_JSON, LARGEST_PART
from rung.app.model import Did, EventId, Ladder, PersonId, Reflection
from rung.app.ports import Services
from rung.app.reminding import reminders
from rung.app.reminding.occasions import Rule
from rung.app.reminding.reminders import MOST_REMINDERS
from rung.app.sheets import meetings
from rung.engine.events import Event
from rung.errors import InvalidArchive, InvalidInput, InvalidLog, NotFound, RefusedGoal
from rung.words import speaking

PARTS = [
    "manifest.json",
    "ladders.json",
    "log.csv",
    "entries.json",
    "plans.json",
    "reminders.json",
    "preferences.json",
    "esteem.json",
    "scalings.json",
    "meetings.json",
    "sharing.json",
]


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return target.getvalue()


def everything(services: Services, person: PersonId) -> tuple[object, ...]:
    """All that an export must bring back, without whose it is."""
    found = [
        (ladder.id, ladder.name, ladder.wanted_chance, ladder.created_at, ladder.archived_at, ladder.steps)
        for ladder in ladders.ladders_of(services, person)
    ]
    with services.store.reading() as tx:
        log = [
            (entry.event[1:], entry.recorded_at, entry.reflected, dict(entry.extra))
            for entry in tx.evidence.log(person)
        ]
        texts = tx.evidence.texts(person)
        belief = believer(services, tx, person).to_json()
    return found, log, texts, belief


@pytest.fixture
def lived(services: Services, clock: SetClock, ana: PersonId) -> Ladder:
    """Ana has done a few things."""
    ladders.archive_ladder(services, ana, ladders.name_ladder(services, ana, "Running", ["run"]).id)
    clock.move(minutes=1)
    talks = ladders.name_ladder(services, ana, "Talks: «é»", ["a", 'b, "quoted"', "c"])
    ladders.set_wanted_chance(services, ana, talks.id, 0.9)
    evidence.judge(services, ana, talks.id, {step.id: 55 for step in talks.steps}, {talks.steps[0].id: 30})
    for did in Did:
        clock.move(hours=7, microseconds=123)
        event_id = evidence.record(services, ana, talks.id, talks.steps[1].id, did)
        if did is Did.TRIED:
            given = Reflection(aid=1 / 3, appraisal=-0.1, what_helped="line one\nline two, «é»")
            evidence.reflect(services, ana, event_id, given)
        if did is Did.AVOIDED:
            evidence.take_back(services, ana, event_id)
    steps.retire_step(services, ana, talks.id, talks.steps[2].id)
    return talks


def test_an_export_brings_everything_back_on_another_server(
    services: Services, databases: Databases, open_at: Callable[[str], Services], ana: PersonId, lived: Ladder
) -> None:
    exported = archive.export_archive(services, ana)
    other = open_at(databases.fresh())
    person = people.welcome(other, "Somebody", "correct horse").id
    summary = archive.import_archive(other, person, exported)
    assert summary == archive.Imported(ladders=2, events=10, known=0)
    assert everything(other, person) == everything(services, ana)
    again = archive.export_archive(other, person)
    assert parts_of(again)["ladders.json"] == parts_of(exported)["ladders.json"]
    assert parts_of(again)["entries.json"] == parts_of(exported)["entries.json"]
    assert parts_of(again)["log.csv"] == parts_of(exported)["log.csv"].replace(ana.encode(), person.encode())


def test_an_export_can_go_to_another_person_of_the_same_server(
    services: Services, ana: PersonId, ben: PersonId, lived: Ladder
) -> None:
    archive.import_archive(services, ben, archive.export_archive(services, ana))
    assert everything(services, ben) == everything(services, ana)


def test_an_import_of_what_is_here_already_changes_nothing(
    services: Services, ana: PersonId, lived: Ladder
) -> None:
    before = everything(services, ana)
    summary = archive.import_archive(services, ana, archive.export_archive(services, ana))
    assert summary == archive.Imported(ladders=0, events=0, known=10)
    assert everything(services, ana) == before


def test_an_old_export_brings_back_what_is_missing_and_leaves_what_is_newer(
    services: Services, clock: SetClock, ana: PersonId, lived: Ladder
) -> None:
    exported = archive.export_archive(services, ana)
    newer = ladders.rename_ladder(services, ana, lived.id, "Speeches")
    event_id = evidence.record(services, ana, lived.id, lived.steps[0].id, Did.DONE)
    archive.import_archive(services, ana, exported)
    assert ladders.ladder(services, ana, lived.id) == newer
    assert event_id in {event.id for event in evidence.log_of(services, ana)}


def test_what_was_taken_back_here_stays_so_after_an_import(
    services: Services, ana: PersonId, lived: Ladder
) -> None:
    exported = archive.export_archive(services, ana)
    last = next(event for event in evidence.log_of(services, ana) if event.kind == "attempt")
    evidence.take_back(services, ana, EventId(last.id))
    before = everything(services, ana)
    archive.import_archive(services, ana, exported)
    assert everything(services, ana) == before


def test_a_step_that_an_import_brings_gets_a_place_of_its_own(
    services: Services, ana: PersonId, ben: PersonId, lived: Ladder
) -> None:
    first = archive.export_archive(services, ana)
    archive.import_archive(services, ben, first)
    steps.add_steps(services, ana, lived.id, ["from ana"], after=lived.steps[0].id)
    steps.add_steps(services, ben, lived.id, ["from ben"], after=lived.steps[0].id)
    archive.import_archive(services, ben, archive.export_archive(services, ana))
    merged = ladders.ladder(services, ben, lived.id)
    assert len({step.difficulty for step in merged.climbing}) == len(merged.climbing) == 4


def test_an_empty_account_can_be_exported_and_imported(services: Services, ana: PersonId) -> None:
    exported = archive.export_archive(services, ana)
    assert list(parts_of(exported)) == PARTS
    assert archive.import_archive(services, ana, exported) == archive.Imported(0, 0, 0)


def changed(exported: bytes, part: str, change: Callable[[Any], object]) -> bytes:
    parts = parts_of(exported)
    content = json.loads(parts[part])
    found = change(content)
    return packed({**parts, part: json.dumps(content if found is None else found).encode()})


def set_to(*path: Any) -> Callable[[Any], None]:
    *keys, last, value = path

    def change(content: Any) -> None:
        for key in keys:
            content = content[key]
        content[last] = value

    return change


def with_extra(exported: bytes, value: bytes) -> bytes:
    """An export whose events have this, as JSON, in a column that the format does not know."""
    parts = parts_of(exported)
    mood = b'"extra": {"mood": ' + value + b"}"
    return packed({**parts, "entries.json": parts["entries.json"].replace(b'"extra": {}', mood)})


FIRST: Any = 0
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "no zip": lambda data: b"not a zip",
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "damaged inside": lambda data: data[:200] + bytes(byte ^ 0xFF for byte in data[200:260]) + data[260:],
    "a part missing": lambda data: packed(
        {name: part for name, part in parts_of(data).items() if name != "log.csv"}
    ),
    "a part too many": lambda data: packed({**parts_of(data), "notes.txt": b"hello"}),
    "a path as a name": lambda data: packed({**parts_of(data), "../../evil": b"hello"}),
    "an absolute path": lambda data: packed({**parts_of(data), "/etc/passwd": b"hello"}),
    "a zip bomb": lambda data: packed({**parts_of(data), "log.csv": b"0" * (LARGEST_PART + 1)}),
    "manifest of another": lambda data: changed(data, "manifest.json", set_to("format", "other")),
    "manifest of the future": lambda data: changed(data, "manifest.json", set_to("version", 99)),
    "manifest a list": lambda data: changed(data, "manifest.json", lambda content: [1]),
    "manifest no JSON": lambda data: packed({**parts_of(data), "manifest.json": b"\xff\xfe"}),
    "ladders an object": lambda data: changed(data, "ladders.json", lambda content: {}),
    "ladders of numbers": lambda data: changed(data, "ladders.json", lambda content: [1]),
    "ladders lost": lambda data: changed(data, "ladders.json", lambda content: []),
    "ladders twice": lambda data: changed(data, "ladders.json", lambda content: content * 2),
    "ladder without id": lambda data: changed(
        data, "ladders.json", lambda content: content[0].pop("id") and None
    ),
    "ladder id a path": lambda data: changed(data, "ladders.json", set_to(1, "id", "../../x")),
    "ladder id a number": lambda data: changed(data, "ladders.json", set_to(1, "id", 5)),
    "ladder name empty": lambda data: changed(data, "ladders.json", set_to(1, "name", " ")),
    "ladder name a list": lambda data: changed(data, "ladders.json", set_to(1, "name", [])),
    "ladder name too long": lambda data: changed(data, "ladders.json", set_to(1, "name", "x" * 201)),
    "wanted chance 1": lambda data: changed(data, "ladders.json", set_to(1, "wanted_chance", 1)),
    "created in no zone": lambda data: changed(
        data, "ladders.json", set_to(1, "created_at", "2026-01-01T00:00:00")
    ),
    "created never": lambda data: changed(data, "ladders.json", set_to(1, "created_at", None)),
    "difficulty a text": lambda data: changed(data, "ladders.json", set_to(1, "steps", 0, "difficulty", "1")),
    "difficulty endless": lambda data: changed(
        data, "ladders.json", set_to(1, "steps", 0, "difficulty", 1e400)
    ),
    "difficulty huge": lambda data: changed(data, "ladders.json", set_to(1, "steps", 0, "difficulty", 1e9)),
    "a step twice": lambda data: changed(
        data, "ladders.json", lambda content: content[1]["steps"].append(content[1]["steps"][0])
    ),
    "steps without end": lambda data: changed(
        data,
        "ladders.json",
        lambda content: content[1]["steps"].extend(
            {**content[1]["steps"][0], "id": f"00000000-0000-4000-8000-{number:012}", "difficulty": number}
            for number in range(60)
        ),
    ),
    "ladders without end": lambda data: changed(
        data,
        "ladders.json",
        lambda content: content.extend(
            {**content[1], "id": f"00000000-0000-4000-8000-{number:012}"} for number in range(60)
        ),
    ),
    "nested without end": lambda data: packed({**parts_of(data), "ladders.json": b"[" * 100_000}),
    "not a number": lambda data: packed({**parts_of(data), "ladders.json": b"[NaN]"}),
    "log no log": lambda data: packed({**parts_of(data), "log.csv": b"hello\nworld\n"}),
    "log with a bad value": lambda data: packed(
        {**parts_of(data), "log.csv": parts_of(data)["log.csv"].replace(b"judgement,0.55", b"judgement,55")}
    ),
    "log with a foreign ladder": lambda data: packed(
        {**parts_of(data), "log.csv": parts_of(data)["log.csv"].replace(*_ladder_and_other(data))}
    ),
    "entries a list": lambda data: changed(data, "entries.json", lambda content: []),
    "entries of nothing": lambda data: changed(data, "entries.json", lambda content: {}),
    "an entry too many": lambda data: changed(
        data, "entries.json", lambda content: content.update(x=next(iter(content.values())))
    ),
    "an entry of numbers": lambda data: changed(
        data, "entries.json", lambda content: dict.fromkeys(content, 1)
    ),
    "reflected perhaps": lambda data: changed(
        data,
        "entries.json",
        lambda content: [entry.update(reflected="no") for entry in content.values()] and None,
    ),
    "a column endless": lambda data: with_extra(data, b"1e999"),
    "a column of half a character": lambda data: with_extra(data, b'"\\ud800"'),
    "a column nested too deep": lambda data: with_extra(data, b"[" * 200 + b"]" * 200),
    "recorded before all time": lambda data: changed(
        data,
        "entries.json",
        lambda content: (
            [e.update(recorded_at="0001-01-01T00:00:00+14:00") for e in content.values()] and None
        ),
    ),
    "created before all time": lambda data: changed(
        data, "ladders.json", set_to(1, "created_at", "0001-01-01T00:00:00+14:00")
    ),
    "a text of no field": lambda data: changed(
        data,
        "entries.json",
        lambda content: [entry.update(texts={"x": "y"}) for entry in content.values()] and None,
    ),
    "a text a number": lambda data: changed(
        data,
        "entries.json",
        lambda content: [entry.update(texts={"what_helped": 5}) for entry in content.values()] and None,
    ),
    "a text with a zero byte": lambda data: changed(
        data,
        "entries.json",
        lambda content: [entry.update(texts={"what_helped": "\0"}) for entry in content.values()] and None,
    ),
}


def _ladder_and_other(data: bytes) -> tuple[bytes, bytes]:
    ladder = json.loads(parts_of(data)["ladders.json"])[1]["id"].encode()
    return ladder, b"1" + ladder[1:] if ladder[:1] != b"1" else b"2" + ladder[1:]


@pytest.fixture
def target(services: Services, ana: PersonId, lived: Ladder) -> Iterator[PersonId]:
    """Somebody who must have nothing after a refused import."""
    person = join(services)
    yield person
    found = everything(services, person)
    assert found[:3] == ([], [], {})


@pytest.mark.parametrize("harm", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_or_damaged_export_is_refused_and_nothing_of_it_stored(
    services: Services, ana: PersonId, target: PersonId, harm: Callable[[bytes], bytes]
) -> None:
    data = harm(archive.export_archive(services, ana))
    with pytest.raises(InvalidArchive) as refusal:
        archive.import_archive(services, target, data)
    assert len(str(refusal.value)) > 20
    assert len(str(refusal.value)) < 500


def test_an_encrypted_zip_is_refused(services: Services, ana: PersonId, target: PersonId) -> None:
    data = bytearray(archive.export_archive(services, ana))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        offset = 6 if mark == b"PK\x03\x04" else 8
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    with pytest.raises(InvalidArchive, match="encrypted"):
        archive.import_archive(services, target, bytes(data))


@pytest.mark.parametrize(
    "content, told",
    [
        (b" " * (LARGEST_JSON + 1), "ladders.json unpacks to more than 16 MB"),
        (b"[" + b"[]," * MOST_BRACKETS + b"[]]", "more than any export does"),
        (b"[" + b'{"":{}},' * (MOST_BRACKETS // 2) + b"[]]", "more than any export does"),
    ],
    ids=["size", "lists", "objects"],
)
def test_json_that_would_fill_the_memory_is_refused_before_it_is_read(
    services: Services, ana: PersonId, target: PersonId, content: bytes, told: str
) -> None:
    data = packed({**parts_of(archive.export_archive(services, ana)), "ladders.json": content})
    with pytest.raises(InvalidArchive, match=told):
        archive.import_archive(services, target, data)


def test_a_dangerous_goal_does_not_come_in_by_import(
    services: Services, ana: PersonId, target: PersonId
) -> None:
    data = changed(archive.export_archive(services, ana), "ladders.json", set_to(1, "name", "Double my dose"))
    with pytest.raises(RefusedGoal):
        archive.import_archive(services, target, data)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_no_flipped_byte_gets_anything_half_written(
    sqlite_services: Services, place: float, flip: int
) -> None:
    services = sqlite_services
    person = join(services)
    ladder = ladders.name_ladder(services, person, "Talks", ["a", "b"])
    evidence.record(services, person, ladder.id, ladder.steps[0].id, Did.DONE)
    exported = bytearray(archive.export_archive(services, person))
    exported[int(place * len(exported))] ^= flip
    other = join(services)
    before = everything(services, other)
    try:
        archive.import_archive(services, other, bytes(exported))
    except InvalidInput:
        assert everything(services, other) == before
    else:
        assert everything(services, other)[1] == everything(services, person)[1]


def test_nobody_exports_or_imports_without_an_account(services: Services, ana: PersonId) -> None:
    exported = archive.export_archive(services, ana)
    with pytest.raises(NotFound):
        archive.export_archive(services, PersonId("nobody"))
    with pytest.raises(NotFound):
        archive.import_archive(services, PersonId("nobody"), exported)


LOG = b"""person,domain,task,time,kind,value,difficulty,context,mood
p1,talks,small,0,judgement,0.8,-1,,
p1,talks,large,1,judgement,0.3,1,,
p1,talks,small,2,choice,1,-1,versus:large,
p1,talks,small,3,attempt,1,-1,"in the office, alone",fine
p1,maths,,4,state,,,,
p1,talks,small,3,attempt,1,-1,"in the office, alone",fine
"""


def test_a_plain_log_becomes_ladders_and_evidence(services: Services, ana: PersonId) -> None:
    summary = archive.import_log(services, ana, LOG, "mine.csv")
    assert summary == archive.Imported(ladders=2, events=6, known=0)
    found = {ladder.name: ladder for ladder in ladders.ladders_of(services, ana)}
    talks = found["talks"]
    assert [(step.name, step.difficulty) for step in talks.steps] == [("small", -1.0), ("large", 1.0)]
    assert found["maths"].steps == ()
    log = evidence.log_of(services, ana)
    assert [event.kind for event in log] == [
        "judgement", "judgement", "choice", "attempt", "attempt", "state",
    ]  # fmt: skip
    assert log[2].versus == talks.steps[1].id
    assert log[3].context == "in the office, alone"
    assert evidence.waiting(services, ana) == []
    with services.store.reading() as tx:
        assert [dict(entry.extra) for entry in tx.evidence.log(ana)][3:5] == [{"mood": "fine"}] * 2
    assert outlook.today(services, ana, talks.id).recommendation.task


def test_a_plain_log_imported_twice_is_stored_once(services: Services, ana: PersonId) -> None:
    archive.import_log(services, ana, LOG, "mine.csv")
    before = everything(services, ana)
    assert archive.import_log(services, ana, LOG, "mine.csv") == archive.Imported(0, 0, 6)
    assert everything(services, ana) == before
    longer = LOG + b"p1,talks,huge,9,attempt,0,,,\n"
    assert archive.import_log(services, ana, longer, "mine.csv").events == 1


def test_ones_own_log_comes_back_to_ones_own_ladders(
    services: Services, ana: PersonId, lived: Ladder
) -> None:
    log = parts_of(archive.export_archive(services, ana))["log.csv"]
    before = everything(services, ana)
    assert archive.import_log(services, ana, log, "log.csv") == archive.Imported(0, 0, 10)
    assert everything(services, ana) == before


@pytest.mark.parametrize("name", ["mine.csv.gz", "MINE.CSV.GZ", "mine.jsonl.gz", "mine.ndjson.gz"])
def test_a_packed_log_comes_in_as_a_plain_one(services: Services, ana: PersonId, name: str) -> None:
    rows = [{"person": "p", "domain": "talks", "task": "a", "time": 1, "kind": "attempt", "value": 1}]
    plain = LOG if ".csv" in name.lower() else b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    assert name.lower().endswith(archive.LOG_ENDINGS)
    came = archive.import_log(services, ana, gzip.compress(plain), name)
    assert archive.import_log(services, ana, plain, name.lower().removesuffix(".gz")).known == came.events


@pytest.mark.parametrize(
    "data",
    [LOG, b"", gzip.compress(LOG)[:-9], gzip.compress(b"0" * (LARGEST_PART + 1))],
    ids=["not packed", "empty", "cut off", "a bomb"],
)
def test_a_packed_log_that_is_none_is_refused(services: Services, ana: PersonId, data: bytes) -> None:
    with pytest.raises(InvalidInput):
        archive.import_log(services, ana, data, "mine.csv.gz")
    assert everything(services, ana)[:2] == ([], [])


@pytest.mark.parametrize("value", ["1e999", '"\\ud800"', "[" * 200 + "]" * 200])
def test_a_log_with_a_column_that_no_export_could_hold_is_refused(
    services: Services, ana: PersonId, value: str
) -> None:
    row = '{"person":"p","domain":"talks","task":"a","time":1,"kind":"attempt","value":1,"mood":%s}\n'
    with pytest.raises(InvalidInput):
        archive.import_log(services, ana, (row % value).encode(), "mine.jsonl")
    assert everything(services, ana)[:2] == ([], [])


def test_reading_and_writing_logs_leaves_no_trace_in_a_temporary_folder(
    services: Services, ana: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(tempfile, "mkdtemp", lambda *_, **__: made.append("a folder"))
    monkeypatch.setattr(tempfile, "mkstemp", lambda *_, **__: made.append("a file"))
    archive.import_log(services, ana, LOG, "mine.csv")
    archive.import_archive(services, ana, archive.export_archive(services, ana))
    assert made == []


def ids_of_import(services: Services, person: PersonId) -> set[str]:
    belongings = belongings_of_log(
        log_from_bytes(LOG, "mine.csv"), person, [], services.vault, services.clock.now()
    )
    steps = [step.id for ladder in belongings.ladders for step in ladder.steps]
    return {
        *(ladder.id for ladder in belongings.ladders),
        *steps,
        *(entry.event.id for entry in belongings.entries),
    }


def test_the_ids_of_imported_names_cannot_be_made_without_the_key(services: Services, ana: PersonId) -> None:
    other = replace(services, vault=AesVault(read_keys(new_key(), "the test")))
    assert len(ids_of_import(services, ana)) == 2 + 2 + 6
    assert ids_of_import(services, ana) == ids_of_import(services, ana)
    assert not ids_of_import(services, ana) & ids_of_import(other, ana)


def test_a_log_that_came_in_under_an_older_key_is_known_again(services: Services, ana: PersonId) -> None:
    old, new = (read_keys(new_key(), "the test")[0] for _ in range(2))
    archive.import_log(replace(services, vault=AesVault([old])), ana, LOG, "mine.csv")
    rotated = replace(services, vault=AesVault([new, old]))
    longer = LOG + b"p1,talks,huge,9,attempt,0,,,\np1,runs,far,9,attempt,0,,,\n"
    assert archive.import_log(rotated, ana, longer, "mine.csv") == archive.Imported(1, 2, 6)
    assert archive.import_log(rotated, ana, longer, "mine.csv") == archive.Imported(0, 0, 8)


def test_a_log_with_faults_is_refused_under_its_own_name(services: Services, ana: PersonId) -> None:
    with pytest.raises(InvalidLog, match=r"mine\.csv:2: value") as refusal:
        archive.import_log(services, ana, LOG.replace(b"0.8", b"8"), "mine.csv")
    assert refusal.value.faults[0].file == "mine.csv"
    assert ladders.ladders_of(services, ana) == []


@pytest.mark.parametrize(
    "log",
    [
        LOG.replace(b"p1,maths", b"p2,maths"),
        LOG.replace(b"talks", b"t" * 201),
        LOG.replace(b"p1,maths,,4,", b"p1,maths,,1e300,"),
        LOG.replace(b"judgement,0.8,-1", b"judgement,0.8,1e300"),
        LOG + b"".join(b"p1,talks,t%d,9,attempt,0,,,\n" % number for number in range(60)),
        LOG + b"".join(b"p1,d%d,t,9,attempt,0,,,\n" % number for number in range(60)),
    ],
    ids=["two people", "a long name", "time", "difficulty", "many steps", "many ladders"],
)
def test_a_log_that_no_ladder_can_be_made_of_is_refused(
    services: Services, ana: PersonId, log: bytes
) -> None:
    with pytest.raises(InvalidArchive):
        archive.import_log(services, ana, log, "mine.csv")
    assert everything(services, ana)[:2] == ([], [])


def test_a_log_of_dangerous_goals_is_refused(services: Services, ana: PersonId) -> None:
    with pytest.raises(RefusedGoal):
        archive.import_log(services, ana, LOG.replace(b"small", b"double my dose"), "mine.csv")


@pytest.mark.parametrize("seconds", [-9.5e10, -9e9, -8e9, -1.5, 0.1, 1e-9, 7e9, 7.5e9, 9.5e10])
def test_any_time_comes_back_exactly(
    services: Services, ana: PersonId, ben: PersonId, seconds: float
) -> None:
    log = f"person,domain,task,time,kind,value\np,talks,a,{seconds!r},attempt,1\n".encode()
    archive.import_log(services, ana, log, "log.csv")
    archive.import_archive(services, ben, archive.export_archive(services, ana))
    assert [event.time for event in evidence.log_of(services, ben)] == [seconds]


words = st.sampled_from(["talks", "runs", "maths"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    log=strategies.logs(
        people=st.just("p"), domains=words, tasks=st.sampled_from(["", "a", "b"]), strays=True
    )
)
def test_any_log_goes_in_and_out_and_in_again(
    sqlite_services: Services, tmp_path_factory: pytest.TempPathFactory, log: list[Event]
) -> None:
    from rung.log import write_log

    services, path = sqlite_services, tmp_path_factory.mktemp("log") / "log.csv"
    log = [event for event in log if event.versus not in ("c", "d") and len(event.versus or "") < 2]
    write_log(log, path)
    one, two = join(services), join(services)
    try:
        archive.import_log(services, one, path.read_bytes(), "log.csv")
    except InvalidArchive:
        return
    archive.import_archive(services, two, archive.export_archive(services, one))
    assert everything(services, two) == everything(services, one)


def test_an_export_is_the_same_twice_in_one_moment(
    services: Services, clock: SetClock, ana: PersonId, lived: Ladder
) -> None:
    assert archive.export_archive(services, ana) == archive.export_archive(services, ana)
    clock.moment += timedelta(days=1)
    manifest = json.loads(parts_of(archive.export_archive(services, ana))["manifest.json"])
    assert manifest["name"] == "Ana"
    assert manifest["log_format"] == "1.0"


# What came with version 2


@pytest.fixture
def full(services: Services, clock: SetClock, ana: PersonId, lived: Ladder) -> Ladder:
    """Ana has done everything there is to do."""
    first, second, *_ = lived.steps
    steps.set_conditions(services, ana, lived.id, first.id, ["watched", "notes"])
    steps.add_steps(services, ana, lived.id, ["d"], after=second.id, template="difficult-conversation")
    set_preferences(
        services, ana, language="de", zone="Europe/Berlin", quiet_from="22:00", quiet_to="07:00",
        email="ana@example.org",
    )  # fmt: skip
    esteem.turn_on(services, ana)
    esteem.note(services, ana, 4)
    clock.move(days=8)
    esteem.note(services, ana, 3)
    tomorrow = clock.now() + timedelta(days=1)
    made = plans.make(
        services, ana, lived.id, first.id, Draft(at=tomorrow, where="kitchen", then_text="say «é»")
    )
    done = plans.make(services, ana, lived.id, second.id, Draft(if_text="it is Tuesday", vary="place"))
    attempt = evidence.record(services, ana, lived.id, second.id, Did.PARTLY)
    assert plans.plan_of(services, ana, done.id).plan == replace(done, state="done", done_by=attempt)
    told = Reflection(cause="way", circumstances="first rough", what_feared="silence", what_next="earlier")
    evidence.reflect(services, ana, attempt, told)
    taken = plans.make(services, ana, lived.id, second.id, Draft(where="office"))
    evidence.take_back(services, ana, evidence.record(services, ana, lived.id, second.id, Did.DONE))
    plans.put_aside(services, ana, taken.id)
    reminders.make_reminder(
        services, ana, "step", lived.id, first.id, Rule((time(18, 30),), days=(0, 2)), names=True
    )
    off = reminders.make_reminder(
        services, ana, "judge", lived.id, None, Rule((time(9),), day=date(2027, 1, 5))
    )
    reminders.switch_reminder(services, ana, off.id, False)
    reminders.remind_of_plan(services, ana, made.id, before=timedelta(hours=2))
    sources.read_story(services, ana, lived.id, "marta-four-weekends", 0.7, step_id=first.id)
    sources.see_somebody(services, ana, lived.id, "My brother", "He asked for a rise", 1.0)
    sources.hear(services, ana, lived.id, "Jo", "You held on", 0.7, 0.8, "I paused", attempt_id=attempt)
    sources.note_state(services, ana, lived.id, 0.7, 0.5, "ready, rather")
    scaling.add_goal(services, ana, lived.id, "Speak up", 2, ["none", "once", "weekly", "daily", "«é»"])
    scaling.note(services, ana, lived.id, [-1])
    meetings.keep_session(services, ana, lived.id)
    clock.move(hours=1)
    return lived


def beside(services: Services, person: PersonId) -> dict[str, Any]:
    """What an export holds beside the log, without whose it is."""
    parts = parts_of(archive.export_archive(services, person))
    assert list(parts) == PARTS
    return {name: json.loads(part) for name, part in parts.items() if name in PARTS[4:]}


def moments(services: Services, person: PersonId) -> list[object]:
    with services.store.reading() as tx:
        return [(one.is_on, one.next_at, one.due_at) for one in tx.reminders.of(person)]


def test_an_export_holds_everything_that_the_app_keeps(
    services: Services, ana: PersonId, full: Ladder
) -> None:
    parts = parts_of(archive.export_archive(services, ana))
    written = b"".join(parts.values()).decode()
    for text in ("kitchen", "say «é»", "it is Tuesday", "Europe/Berlin", "ana@example.org", "22:00",
                 "My brother", "He asked for a rise", "You held on", "I paused", "ready, rather",
                 "silence", "earlier", "difficult-conversation", "watched",
                 "story:marta-four-weekends", "vary:place", "attempt:"):  # fmt: skip
        assert text in written, text
    assert [note["value"] for note in json.loads(parts["esteem.json"])] == [4, 3]
    states = [plan["state"] for plan in json.loads(parts["plans.json"])]
    assert sorted(states) == ["done", "dropped", "planned"]


def test_everything_comes_back_on_another_server_and_goes_out_the_same(
    services: Services, databases: Databases, open_at: Callable[[str], Services], ana: PersonId, full: Ladder
) -> None:
    exported = archive.export_archive(services, ana)
    other = open_at(databases.fresh())
    person = people.welcome(other, "Somebody", "correct horse").id
    came = archive.import_archive(other, person, exported)
    assert (came.plans, came.reminders, came.notes) == (3, 3, 2)
    assert everything(other, person) == everything(services, ana)
    assert beside(other, person) == beside(services, ana)
    assert moments(other, person) == moments(services, ana)
    assert ladders.ladder(other, person, full.id) == replace(
        ladders.ladder(services, ana, full.id), person=person
    )
    with other.store.reading() as tx:
        replayed = other.engine.replay(entry.event for entry in tx.evidence.log(person))
        assert believer(other, tx, person).to_json() == replayed.to_json()
        assert tx.states.get(person) is not None
    again = archive.import_archive(other, person, exported)
    assert again == archive.Imported(0, 0, came.events)
    assert beside(other, person) == beside(services, ana)


def test_reminders_count_their_moments_anew_from_now(
    services: Services, clock: SetClock, ana: PersonId, ben: PersonId, full: Ladder
) -> None:
    exported = archive.export_archive(services, ana)
    clock.move(days=100)
    archive.import_archive(services, ben, exported)
    found = {one.about: one for one in _reminders(services, ben)}
    assert found["step"].is_on
    next_at = found["step"].next_at
    assert next_at is not None
    assert clock.now() < next_at < clock.now() + timedelta(days=7)
    assert found["step"].due_at == next_at
    assert (found["plan"].is_on, found["plan"].next_at) == (True, None)
    assert (found["judge"].is_on, found["judge"].due_at) == (False, None)


def _reminders(services: Services, person: PersonId) -> list[Any]:
    with services.store.reading() as tx:
        return list(tx.reminders.of(person))


def test_what_was_decided_and_changed_here_stays_as_it_is(
    services: Services, ana: PersonId, ben: PersonId, full: Ladder
) -> None:
    exported = archive.export_archive(services, ana)
    set_preferences(services, ben, zone="America/Lima", email="ben@example.org")
    archive.import_archive(services, ben, exported)
    assert preferences_of(services, ben) == Preferences(
        language="de", zone="America/Lima", quiet_from="22:00", quiet_to="07:00", email="ben@example.org"
    )
    (plan,) = plans.planned(services, ben)
    plans.put_aside(services, ben, plan.id)
    reminders.switch_reminder(services, ben, _reminders(services, ben)[0].id, False)
    before = beside(services, ben), moments(services, ben)
    archive.import_archive(services, ben, exported)
    assert (beside(services, ben), moments(services, ben)) == before


def test_an_old_pause_does_not_silence_who_has_decided_on_anything(
    services: Services, ana: PersonId, ben: PersonId
) -> None:
    set_preferences(services, ana, paused_until=PAUSED)
    exported = archive.export_archive(services, ana)
    set_preferences(services, ben, language="es")
    archive.import_archive(services, ben, exported)
    assert preferences_of(services, ben).paused_until == ""
    carla = join(services)
    archive.import_archive(services, carla, exported)
    assert preferences_of(services, carla).paused_until == PAUSED


def test_a_plan_that_was_done_by_something_taken_back_here_is_open_again(
    services: Services, ana: PersonId, ben: PersonId, lived: Ladder
) -> None:
    without = archive.export_archive(services, ana)
    archive.import_archive(services, ben, without)
    made = plans.make(services, ana, lived.id, lived.steps[0].id, Draft(where="kitchen"))
    attempt = evidence.record(services, ana, lived.id, lived.steps[0].id, Did.DONE)
    with_plan = archive.export_archive(services, ana)
    no_plans = changed(with_plan, "plans.json", lambda content: [])
    archive.import_archive(services, ben, no_plans)
    evidence.take_back(services, ben, attempt)
    archive.import_archive(services, ben, with_plan)
    assert [plan.id for plan in plans.planned(services, ben)] == [made.id]


def test_nothing_of_how_somebody_signs_in_or_is_reached_is_in_an_export(
    services: Services, ana: PersonId, ben: PersonId, full: Ladder
) -> None:
    people.sign_in(services, "Ana", "correct horse")
    ladders.name_ladder(services, ben, "Something of Ben's", ["x"])
    with services.store.reading() as tx:
        credentials = tx.people.credentials(ana)
    assert credentials is not None
    written = b"".join(parts_of(archive.export_archive(services, ana)).values())
    for secret in (
        credentials.password_hash.encode(),
        credentials.name_key,
        b"argon2",
        b"Ben's",
        ben.encode(),
    ):
        assert secret not in written
    keys = set(re.findall(rb'"([a-z_0-9]+)":', written))
    assert not keys & {b"password", b"token", b"token_hash", b"endpoint", b"p256dh", b"auth", b"agent"}


def test_an_export_of_version_1_still_comes_in(services: Services, ana: PersonId) -> None:
    exported = (Path(__file__).parent / "exports" / "version-1.zip").read_bytes()
    assert json.loads(parts_of(exported)["manifest.json"])["version"] == 1
    assert archive.import_archive(services, ana, exported) == archive.Imported(2, 11, 0)
    talks = next(one for one in ladders.ladders_of(services, ana) if one.archived_at is None)
    assert (talks.template, {step.conditions for step in talks.steps}) == ("", {()})
    assert "line one\\nline two" in str(everything(services, ana)[2])
    assert archive.import_archive(services, ana, exported) == archive.Imported(0, 0, 11)
    assert parts_of(archive.export_archive(services, ana))["log.csv"].count(b"\n") == 12


def test_an_export_of_version_2_still_comes_in(
    services: Services, ana: PersonId, ben: PersonId, full: Ladder
) -> None:
    data = changed(archive.export_archive(services, ana), "manifest.json", set_to("version", 2))
    parts = parts_of(data)
    for part in ("scalings.json", "meetings.json", "sharing.json"):
        del parts[part]
    assert archive.import_archive(services, ben, packed(parts)).plans == 3
    assert beside(services, ben)["scalings.json"] == []


def without(*keys: Any) -> Callable[[Any], None]:
    *path, last = keys

    def change(content: Any) -> None:
        for key in path:
            content = content[key]
        del content[last]

    return change


def add_same(content: Any) -> None:
    content.append(content[0])


def each(**values: object) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        for one in content:
            one.update(values)

    return change


def more(count: int) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        first = next(one for one in content if one.get("state", "planned") == "planned")
        content.extend({**first, "id": f"00000000-0000-4000-8000-{n:012}"} for n in range(1, count + 1))

    return change


def of(about: str, *path: Any) -> Callable[[Any], None]:
    def change(content: Any) -> None:
        set_to(next(n for n, one in enumerate(content) if one["about"] == about), *path)(content)

    return change


NOWHERE = "00000000-0000-4000-8000-000000000001"
BROKEN: dict[str, tuple[str, Callable[[Any], object]]] = {
    "template a path": ("ladders", set_to(1, "template", "../../x")),
    "template a number": ("ladders", set_to(1, "template", 5)),
    "condition unknown": ("ladders", set_to(1, "steps", 0, "conditions", ["drunk"])),
    "conditions a text": ("ladders", set_to(1, "steps", 0, "conditions", "notes")),
    "created beyond the calendar": ("ladders", set_to(1, "created_at", "9999-12-31T23:59:59+00:00")),
    "plans an object": ("plans", lambda content: {}),
    "plans of numbers": ("plans", lambda content: [1]),
    "plan twice": ("plans", add_same),
    "plan without id": ("plans", without(0, "id")),
    "plan id a path": ("plans", set_to(0, "id", "../x")),
    "plan of another ladder": ("plans", set_to(0, "ladder", NOWHERE)),
    "plan of another step": ("plans", set_to(0, "step", NOWHERE)),
    "plan of a strange state": ("plans", set_to(0, "state", "burnt")),
    "plan done by nothing": ("plans", each(state="done", done_by="")),
    "plan done by something else": ("plans", each(state="done", done_by=NOWHERE)),
    "plan varied strangely": ("plans", set_to(0, "vary", "planet")),
    "plan too long": ("plans", set_to(0, "where", "x" * 201)),
    "plan of two lines": ("plans", set_to(0, "where", "a\nb")),
    "plan with a zero byte": ("plans", set_to(0, "where", "\0")),
    "plan a number": ("plans", set_to(0, "where", 5)),
    "plan in no zone": ("plans", set_to(0, "at", "2026-01-01T00:00:00")),
    "plan at the end of the calendar": ("plans", set_to(0, "at", "9999-12-31T23:59:59+00:00")),
    "plan made in the future": ("plans", set_to(0, "made_at", "2099-01-01T00:00:00+00:00")),
    "plan of nothing": ("plans", each(at=None, where="", if_text="", then_text="", vary="")),
    "reminders an object": ("reminders", lambda content: {}),
    "reminder twice": ("reminders", add_same),
    "reminder id a number": ("reminders", set_to(0, "id", 7)),
    "reminder of something strange": ("reminders", set_to(0, "about", "birthday")),
    "reminder of a step without one": ("reminders", of("step", "step", None)),
    "reminder of a foreign step": ("reminders", of("step", "step", NOWHERE)),
    "reminder of a foreign ladder": ("reminders", of("judge", "ladder", NOWHERE)),
    "reminder of a foreign plan": ("reminders", of("plan", "plan", NOWHERE)),
    "reminder of a plan at times": ("reminders", of("plan", "times", ["18:30"])),
    "reminder of no plan with one": ("reminders", of("judge", "plan", NOWHERE)),
    "reminder at no time": ("reminders", of("step", "times", [])),
    "reminder at 25": ("reminders", of("step", "times", ["25:00"])),
    "reminder at many times": ("reminders", of("step", "times", [f"{hour:02}:00" for hour in range(20)])),
    "reminder on no day": ("reminders", of("step", "days", [])),
    "reminder on the eighth day": ("reminders", of("step", "days", [8])),
    "reminder on a day a text": ("reminders", of("step", "days", "01")),
    "reminder on a day far off": ("reminders", of("judge", "day", "9999-12-31")),
    "reminder of no zone": ("reminders", of("step", "zone", "Mars/Olympus")),
    "reminder of a zone a path": ("reminders", of("step", "zone", "../../etc/passwd")),
    "reminder in Klingon": ("reminders", of("step", "language", "tlh")),
    "reminder perhaps on": ("reminders", of("step", "is_on", "yes")),
    "reminder with a strange window": ("reminders", of("step", "window_minutes", 7)),
    "reminder long before": ("reminders", of("plan", "before_minutes", 1e9)),
    "reminder endlessly before": ("reminders", of("plan", "before_minutes", -1)),
    "reminders without end": ("reminders", more(MOST_REMINDERS)),
    "plans without end": ("plans", more(MOST_PLANNED)),
    "preferences a list": ("preferences", lambda content: []),
    "preference strange": ("preferences", set_to("colour", "red")),
    "preference a number": ("preferences", set_to("zone", 5)),
    "preference of no zone": ("preferences", set_to("zone", "../../etc/passwd")),
    "preference of no language": ("preferences", set_to("language", "tlh")),
    "half quiet hours": ("preferences", set_to("quiet_to", "")),
    "quiet at 25": ("preferences", set_to("quiet_to", "25:00")),
    "quiet by another clock": ("preferences", set_to("quiet_to", "07:00+02:00")),
    "paused until sometime": ("preferences", set_to("paused_until", "soon")),
    "e-mail to many": ("preferences", set_to("email", "a@b.org,c@d.org")),
    "e-mail with a header": ("preferences", set_to("email", "a@b.org\nBcc: x@y.org")),
    "esteem perhaps": ("preferences", set_to("esteem", "perhaps")),
    "esteem an object": ("esteem", lambda content: {}),
    "esteem of 8": ("esteem", set_to(0, "value", 8)),
    "esteem true": ("esteem", set_to(0, "value", True)),
    "esteem in the future": ("esteem", set_to(0, "at", "2099-01-01T00:00:00+00:00")),
    "esteem twice": ("esteem", add_same),
    "esteem never": ("esteem", set_to(0, "at", None)),
    "scalings an object": ("scalings", lambda content: {}),
    "scaling twice": ("scalings", add_same),
    "scaling of another ladder": ("scalings", set_to(0, "ladder", NOWHERE)),
    "scaling of no goals": ("scalings", set_to(0, "goals", [])),
    "goals without end": ("scalings", set_to(0, "goals", list(range(6)))),
    "goal id a path": ("scalings", set_to(0, "goals", 0, "id", "../x")),
    "goal without a name": ("scalings", set_to(0, "goals", 0, "name", " ")),
    "goal of weight 4": ("scalings", set_to(0, "goals", 0, "weight", 4)),
    "goal of weight true": ("scalings", set_to(0, "goals", 0, "weight", True)),
    "goal of four levels": ("scalings", set_to(0, "goals", 0, "levels", ["a", "b", "c", "d"])),
    "goal of letters": ("scalings", set_to(0, "goals", 0, "levels", "abcde")),
    "goal with a number for a level": ("scalings", set_to(0, "goals", 0, "levels", 2, 5)),
    "noted too high": ("scalings", set_to(0, "noted", 0, "levels", [3])),
    "noted for two": ("scalings", set_to(0, "noted", 0, "levels", [1, 1])),
    "noted never": ("scalings", set_to(0, "noted", 0, "at", None)),
    "noted in the future": ("scalings", set_to(0, "noted", 0, "at", "2099-01-01T00:00:00+00:00")),
    "meetings an object": ("meetings", lambda content: {}),
    "meeting twice": ("meetings", add_same),
    "meeting about another ladder": ("meetings", set_to(0, "ladder", NOWHERE)),
    "meeting in no zone": ("meetings", set_to(0, "at", "2026-01-01T00:00:00")),
    "meeting in the future": ("meetings", set_to(0, "at", "2099-01-01T00:00:00+00:00")),
}  # fmt: skip


def test_a_broken_part_is_refused_by_its_name_and_nothing_of_the_rest_stored(
    services: Services, ana: PersonId, full: Ladder
) -> None:
    exported = archive.export_archive(services, ana)
    person = join(services)
    empty = beside(services, person)
    for name, (part, change) in BROKEN.items():
        with pytest.raises(InvalidArchive) as refusal:
            archive.import_archive(services, person, changed(exported, f"{part}.json", change))
        told = str(refusal.value)
        assert 20 < len(told) < 500, name
        assert part in told or "in the future" in told, (name, told)
        assert everything(services, person)[:3] == ([], [], {}), name
        assert beside(services, person) == empty, name
    assert archive.import_archive(services, person, exported).plans == 3


@pytest.mark.parametrize("field", ["then_text", "then_what"])
def test_a_dangerous_plan_does_not_come_in_by_import(
    services: Services, ana: PersonId, full: Ladder, field: str
) -> None:
    data = changed(archive.export_archive(services, ana), "plans.json", set_to(0, field, "double my dose"))
    with pytest.raises(RefusedGoal):
        archive.import_archive(services, join(services), data)


def test_a_domain_that_the_library_here_lacks_is_no_reason_to_refuse_a_ladder(
    services: Services, ana: PersonId, ben: PersonId, full: Ladder
) -> None:
    data = changed(
        archive.export_archive(services, ana), "ladders.json", set_to(1, "template", "playing-the-oboe")
    )
    archive.import_archive(services, ben, data)
    assert ladders.ladder(services, ben, full.id).template == "playing-the-oboe"
    assert outlook.today(services, ben, full.id).ladder.id == full.id
    assert sources.models(services, ben, full.id).shelf.chosen is not None


def test_the_parts_must_be_those_of_their_version(services: Services, ana: PersonId) -> None:
    exported = archive.export_archive(services, ana)
    for lost in PARTS[4:]:
        parts = {name: part for name, part in parts_of(exported).items() if name != lost}
        with pytest.raises(InvalidArchive, match=lost):
            archive.import_archive(services, ana, packed(parts))
    with pytest.raises(InvalidArchive, match="version 1"):
        archive.import_archive(services, ana, changed(exported, "manifest.json", set_to("version", 1)))


def test_what_breaks_a_rule_is_told_in_the_language_of_the_moment(services: Services, ana: PersonId) -> None:
    data = changed(archive.export_archive(services, ana), "preferences.json", set_to("zone", "x"))
    with speaking("de"), pytest.raises(InvalidArchive, match=r"preferences\.json"):
        archive.import_archive(services, ana, data)
