"""What is not shown leaves no trace: a sheet does not change with what its reader may not see."""

from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.app.sheets.stage import IDS, live
from tests.conftest import join
from tests.databases import SetClock

from rung.app.model import Did, PersonId, Reflection
from rung.app.ports import Entry, Services
from rung.app.sharing.fields import ALL_FIELDS, Field
from rung.app.sheets import Sheet
from rung.app.sheets.shown import shown
from rung.engine import Event

AT = datetime(2026, 11, 1, tzinfo=UTC)
some_fields = st.sets(st.sampled_from(list(Field))).map(frozenset)
share = st.floats(0, 1)


def entry(kind: str, **values: object) -> Entry:
    return Entry(Event("p", "d", "t", 0.0, kind, **values), AT)  # type: ignore[arg-type]


@given(some_fields, share, share)
def test_columns_of_hidden_fields_are_gone(fields: frozenset[Field], one: float, two: float) -> None:
    attempt = entry("attempt", value=1.0, internal=one, effort=two, feared=one, happened=two, arousal=one)
    found = shown([attempt], fields)
    if Field.OUTCOMES not in fields:
        assert found == []
        return
    (seen,) = found
    assert (seen.event.internal is not None) == (Field.ATTRIBUTIONS in fields)
    assert (seen.event.feared is not None) == (seen.event.arousal is not None) == (Field.FEARS in fields)


def test_kinds_of_hidden_fields_are_gone() -> None:
    log = [entry(kind, value=0.5) for kind in ("judgement", "attempt", "choice", "model", "persuasion")]
    log.append(entry("state", arousal=0.5))
    assert [one.event.kind for one in shown(log, frozenset({Field.JUDGEMENTS}))] == ["judgement"]
    assert [one.event.kind for one in shown(log, frozenset({Field.OUTCOMES}))] == ["attempt", "choice"]
    assert shown(log, frozenset()) == []
    assert shown(log, ALL_FIELDS) == log


def test_every_column_that_people_fill_in_belongs_to_a_field_or_to_the_event() -> None:
    of_the_event = {
        "person", "domain", "task", "time", "kind", "value", "difficulty", "feedback", "context", "id",
        "similarity", "coping", "credibility", "versus",
    }  # fmt: skip
    full = entry(
        "attempt",
        **{name: 0.5 for name in Event._fields if name not in of_the_event | {"versus"}},
    )
    (bare,) = shown([full], frozenset({Field.OUTCOMES}))
    left = {name for name, value in bare.event._asdict().items() if value not in (None, "")}
    assert left <= of_the_event


ratings = st.integers(0, 10).map(lambda tens: tens * 10)
reflections = st.builds(
    Reflection,
    aid=share,
    effort=share,
    internal=share,
    stable=share,
    feared=share,
    happened=share,
    arousal=share,
    what_helped=st.sampled_from(["", "a hidden word"]),
    what_next=st.sampled_from(["", "another word"]),
    what_feared=st.sampled_from(["", "a fear in words"]),
    cause=st.sampled_from(["", "me", "help"]),
)
lives = st.lists(
    st.tuples(ratings, ratings, st.sampled_from([Did.DONE, Did.PARTLY, Did.TRIED]), reflections),
    min_size=4,
    max_size=4,
)


def mixed(field: Field, one: Reflection, two: Reflection) -> Reflection:
    """The first reflection, with what belongs to a field taken from the second."""
    names = {
        Field.ATTRIBUTIONS: ("aid", "effort", "internal", "stable", "cause"),
        Field.FEARS: ("feared", "happened", "arousal"),
        Field.TEXTS: ("what_helped", "what_next", "what_feared"),
    }.get(field, ())
    assert set(names) <= {one_field.name for one_field in fields_of(Reflection)}
    return replace(one, **{name: getattr(two, name) for name in names})


@pytest.mark.parametrize("hidden", list(Field))
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=lives, second=lives)
def test_a_sheet_is_the_same_whatever_the_hidden_field_holds(
    sqlite_services: Services,
    clock: SetClock,
    hidden: Field,
    first: list[tuple[int, int, Did, Reflection]],
    second: list[tuple[int, int, Did, Reflection]],
) -> None:
    """Two people who differ in one field alone have the same sheet for whoever is not shown that field."""
    began, sheets = clock.moment, []
    for whose in (first, second):
        clock.moment = began
        made = live(sqlite_services, clock, join(sqlite_services), ladder_id=str(IDS))
        lived = [
            (
                whose[place][0] if hidden is Field.JUDGEMENTS else first[place][0],
                whose[place][1] if hidden is Field.JUDGEMENTS else first[place][1],
                whose[place][2] if hidden is Field.OUTCOMES else first[place][2],
                mixed(hidden, first[place][3], whose[place][3]),
            )
            for place in range(4)
        ]
        made.judge(*(one[0] for one in lived))
        clock.move(weeks=5)
        for place, (_before, _after, did, told) in enumerate(lived):
            made.go(place, did, told)
        made.judge(*(one[1] for one in lived))
        if hidden is not Field.OUTCOMES or whose is first:
            made.plan(0)
        clock.move(days=1)
        found = made.sheet(ALL_FIELDS - {hidden})
        sheets.append(_told(found, made.person))
    assert sheets[0] == sheets[1]
    assert not any(word in sheets[0] for word in ("hidden word", "fear in words") if hidden is Field.TEXTS)


def _told(sheet: Sheet, person: PersonId) -> str:
    return str(sheet).replace(person, "somebody")
