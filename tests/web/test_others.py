"""Every door of the pages, tried by people whom somebody let in, each within what they were granted.

What a grant does not say is for them as for strangers: their answers are those that ids of nobody would give,
nothing of the person changes, and no word that was not shown stands in any page.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest
from tests.conftest import join
from tests.databases import SetClock
from tests.web.doors import SHOWS_A_SECRET, Door, Life, Stage, attempts, doors, let_in, live, rows_of
from tests.web.stage import Visitor, served

from rung.app import evidence
from rung.app.accounts import people, sessions
from rung.app.climbing import ladders
from rung.app.model import Did, Ladder, PersonId
from rung.app.policies import Role
from rung.app.ports import Bond, Services
from rung.app.sharing import consenting
from rung.app.sharing.fields import Field
from rung.web import Settings, create_app

HIDDEN = ("Topaz helped", "Topaz heart", "Topaz friend", "Topaz place", "Topaz label", "Topaz class", "Opal")
"""What nobody is shown: words, what belongs to no field, and another ladder."""
END = "/sharing/{bond_id}/end"


@dataclass(frozen=True)
class Relation:
    """What Ben is to Ana, and which doors that opens."""

    let: Callable[[Services, PersonId, PersonId, Ladder], Bond | None]
    opens: frozenset[tuple[str, str]] = frozenset()
    """Methods and paths at which her ids may give another answer than those of nobody."""
    changes: frozenset[str] = field(default_factory=frozenset)
    """Tables in which rows of hers may come to be."""
    after: Callable[[Services, PersonId, SetClock, Bond | None], None] = lambda *_anything: None
    sees_ladder: bool = False
    hidden: tuple[str, ...] = ("Topaz",)


LOOKS = frozenset(
    {
        ("get", "/coach/{bond_id}"),
        ("get", "/coach/{bond_id}/{ladder_id}"),
        ("get", "/coach/{bond_id}/{ladder_id}/sheet"),
        ("get", "/coach/{bond_id}/{ladder_id}/sheet.pdf"),
        ("post", "/coach/{bond_id}/snooze"),
        ("post", "/coach/{bond_id}/wake"),
    }
)
LEAVES = frozenset(
    {
        ("post", "/coach/{bond_id}/{ladder_id}/{kind}"),
        ("post", "/coach/{bond_id}/left/{left_id}/take-back"),
    }
)
BY_NAME = LOOKS - {one for one in LOOKS if "ladder_id" in one[1]}
"""While nothing is shown to them, a coach still has the person in the list."""


def as_coach(services: Services, ana: PersonId, ben: PersonId, ladder: Ladder) -> Bond:
    until = services.clock.now() + timedelta(days=1)
    return let_in(services, ana, ben, ladder, Field.JUDGEMENTS, Field.OUTCOMES, until=until)


def as_supervisor(services: Services, ana: PersonId, ben: PersonId, ladder: Ladder) -> Bond:
    coach = join(services, "Her coach")
    bond = let_in(services, ana, coach, ladder, Field.JUDGEMENTS, Field.OUTCOMES, supervised=True)
    let_in(services, coach, ben, ladders.name_ladder(services, coach, "x", ["y"]), role=Role.SUPERVISOR)
    return bond


def as_leader(services: Services, ana: PersonId, ben: PersonId, ladder: Ladder) -> Bond:
    return let_in(services, ana, ben, ladder, Field.JUDGEMENTS, Field.OUTCOMES, role=Role.LEADER)


def as_researcher(services: Services, ana: PersonId, ben: PersonId, ladder: Ladder) -> Bond:
    return let_in(services, ana, ben, ladder, Field.JUDGEMENTS, Field.OUTCOMES, role=Role.RESEARCHER)


def a_day_later(_services: Services, _ana: PersonId, clock: SetClock, _bond: Bond | None) -> None:
    clock.move(days=2)


def ended(services: Services, ana: PersonId, _clock: SetClock, bond: Bond | None) -> None:
    assert bond is not None
    consenting.end(services, ana, bond.id)


SEEN = ("Topaz helped", "Topaz heart", "Topaz friend", "Topaz place", "Topaz label", "Topaz class")

RELATIONS: Mapping[str, Relation] = {
    "coach": Relation(
        as_coach, LOOKS | LEAVES, frozenset({"reads", "left_by_others"}), sees_ladder=True, hidden=SEEN
    ),
    "coach whose time is over": Relation(as_coach, BY_NAME, after=a_day_later),
    "coach whom she ended it with": Relation(as_coach, after=ended),
    "supervisor of her coach": Relation(
        as_supervisor, LOOKS, frozenset({"reads"}), sees_ladder=True, hidden=SEEN
    ),
    "supervisor, when the coach is ended": Relation(as_supervisor, after=ended),
    "leader of her group": Relation(as_leader),
    "researcher": Relation(as_researcher, changes=frozenset({"reads"})),
    "whoever looks after the server": Relation(lambda *_nothing: None),
}


@dataclass
class Walk(Stage):
    """Ben at the doors, with what he is to Ana."""

    ana: PersonId
    relation: Relation
    opal: Life
    """Her other ladder, of which nothing is shown to anybody."""


@pytest.fixture(params=RELATIONS)
def walk(request: pytest.FixtureRequest, sqlite_services: Services, clock: SetClock) -> Iterator[Walk]:
    services, relation = sqlite_services, RELATIONS[request.param]
    # Whoever came first looks after the server.
    if request.param == "whoever looks after the server":
        ben = people.welcome(services, "Ben", "correct horse").id
        ana = join(services, "Ana")
    else:
        ana = people.welcome(services, "Ana", "correct horse").id
        ben = join(services, "Ben")
    hers = live(services, ana, "Topaz")
    opal = ladders.name_ladder(services, ana, "Opal ladder", ["Opal a", "Opal b"])
    evidence.record(services, ana, opal.id, opal.steps[0].id, Did.DONE)
    clock.move(hours=1)
    his = live(services, ben, "Running")
    clock.move(days=8)
    shown = ladders.ladder(services, ana, hers.ladder)  # type: ignore[arg-type]
    bond = relation.let(services, ana, ben, shown)
    relation.after(services, ana, clock, bond)
    hers = replace(hers, bond=bond.id if bond else hers.bond)
    other = replace(hers, ladder=opal.id, step=opal.steps[0].id)
    with services.store.writing(ben) as tx:
        token = sessions.open_session(services, tx, ben)
    with served(create_app(services, Settings(most_changes=0))) as url, Visitor(url) as visitor:
        yield Walk(services, visitor, token, his, hers, Life(), ana, relation, other)


def what_is_hers(walk: Walk) -> dict[str, list[tuple[object, ...]]]:
    """Her rows, without those tables in which the relation may leave something."""
    found = rows_of(walk.services, walk.ana)
    return {name: rows for name, rows in found.items() if name not in walk.relation.changes}


def check(walk: Walk, door: Door, known: httpx.Response, chosen: Mapping[str, str]) -> None:
    """No fault, and no word that the relation does not show."""
    assert known.status_code < 500, (door, chosen)
    for words in (*HIDDEN, *walk.relation.hidden):
        assert words not in known.text, (door, chosen, words)


def tries(walk: Walk, door: Door) -> Iterator[tuple[Life, dict[str, str], dict[str, str]]]:
    """What to try at a door: all her ids together, and those of her other ladder where one is shown."""
    for hers, nobodys in attempts(door, walk.hers, walk.nobodys, alone=False):
        yield walk.hers, hers, nobodys
    if walk.relation.opens:
        for hers, nobodys in attempts(door, walk.opal, walk.nobodys, alone=False):
            if any(walk.opal.ladder in value or walk.opal.step in value for value in hers.values()):
                yield walk.opal, hers, nobodys


def test_each_gets_what_nobodys_ids_give_but_for_what_the_grant_says(walk: Walk) -> None:
    before, opened = what_is_hers(walk), set[tuple[str, str]]()
    for door in (door for door in doors(walk.services) if door.path != END):
        is_open = (door.method, door.path) in walk.relation.opens
        for ids, hers, nobodys in tries(walk, door):
            known = walk.ask(door, hers)
            check(walk, door, known, hers)
            if not is_open:
                unknown = walk.ask(door, nobodys)
                if door.path not in SHOWS_A_SECRET:
                    assert walk.told(known, ids) == walk.told(unknown, walk.nobodys), (door, hers)
            elif ids is walk.opal and "ladder_id" in hers:
                assert known.status_code >= 400, (door, hers)
            elif known.status_code < 400:
                opened.add((door.method, door.path))
    assert what_is_hers(walk) == before
    assert opened >= {one for one in walk.relation.opens if one[0] == "get"}, "what the grant says is there"


def test_no_page_that_names_no_id_says_what_was_not_shown(walk: Walk) -> None:
    for door in doors(walk.services):
        if door.method == "get":
            check(walk, door, walk.ask(door, {}), {})


def test_what_each_may_have_holds_what_was_shown_and_nothing_else(walk: Walk) -> None:
    walk.ben.cookies.set("rung", walk.token, domain="localhost.local")
    path = f"/coach/{walk.hers.bond}/{walk.hers.ladder}"
    told = walk.ben.get(path)
    assert (told.status_code == 200) is walk.relation.sees_ladder
    assert ("Topaz ladder" in told.text) is walk.relation.sees_ladder
    log = walk.ben.post("/studies/log")
    assert walk.ana not in log.text
    assert walk.hers.ladder not in log.text
    assert (log.text.count("\n") > 1) is (walk.relation.let is as_researcher)
