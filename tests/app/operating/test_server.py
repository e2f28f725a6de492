"""Who looks after a server, and what they may do there."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import join

from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.accounts.sessions import Visit
from rung.app.model import PersonId
from rung.app.operating import server
from rung.app.ports import Reason, Services
from rung.errors import ConfirmationNeeded, InvalidBackup, NotFound


@pytest.fixture
def kept(tmp_path: Path) -> Services:
    return open_services(tmp_path, environment={})


@pytest.fixture
def operator(kept: Services) -> PersonId:
    return people.welcome(kept, "Ana", "correct horse").id


@pytest.fixture
def visit(kept: Services, operator: PersonId) -> Visit:
    return Visit(people.sign_in(kept, "Ana", "correct horse"))


def test_the_first_account_looks_after_the_server(kept: Services, operator: PersonId) -> None:
    ben = join(kept, "Ben")
    assert server.is_operator(kept, operator)
    assert not server.is_operator(kept, ben)
    people.delete_account(kept, operator, "correct horse")
    assert server.is_operator(kept, ben)


def test_for_anybody_else_there_is_no_such_page(kept: Services, operator: PersonId) -> None:
    name = server.back_up_now(kept, operator).name
    ben = join(kept, "Ben")
    visit = Visit(people.sign_in(kept, "Ben", "battery staple"))
    deeds: tuple[Callable[[], object], ...] = (
        lambda: server.overview(kept, ben),
        lambda: server.look_through(kept, ben),
        lambda: server.back_up_now(kept, ben),
        lambda: server.check_backup(kept, ben, name),
        lambda: server.restore_backup(kept, ben, name, visit),
    )
    for deed in deeds:
        with pytest.raises(NotFound):
            deed()
    assert len(server.overview(kept, operator).backups) == 1


def test_a_server_without_backups_has_no_page(services: Services, ana: PersonId) -> None:
    with pytest.raises(NotFound):
        server.overview(services, ana)


def test_the_operator_makes_checks_and_restores_backups(
    kept: Services, operator: PersonId, visit: Visit
) -> None:
    made = server.back_up_now(kept, operator)
    join(kept, "Ben")
    assert server.check_backup(kept, operator, made.name).backup == made
    assert server.overview(kept, operator).standing.people == 2
    done = server.restore_backup(kept, operator, made.name, visit)
    found = server.look_through(kept, operator)
    assert found.standing.people == 1
    assert found.backups[0] == done.before
    assert found.backups[0].reason is Reason.RESTORE
    assert {"integrity", "texts"} <= {one.check for one in found.findings}
    assert people.whoami(kept, visit.token)


def test_a_restore_asks_for_a_fresh_sign_in(kept: Services, operator: PersonId, visit: Visit) -> None:
    made = server.back_up_now(kept, operator)
    with kept.store.writing(operator) as tx:
        (session,) = tx.sessions.of(operator)
        tx.sessions.remove(session.token_hash)
        old = session.created_at - timedelta(hours=1)
        tx.sessions.add(type(session)(operator, session.token_hash, old, old, session.expires_at))
    with pytest.raises(ConfirmationNeeded):
        server.restore_backup(kept, operator, made.name, visit)
    assert server.overview(kept, operator).backups == [made]
    with pytest.raises(InvalidBackup):
        server.restore_backup(kept, operator, "another.zip", Visit(solo=True))
