"""The page of the operator: what it shows, and that nobody else finds it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.adapters.backups.lives import operations_of, spoil
from tests.conftest import join
from tests.web.stage import NAME, PASSWORD, Visitor, path_of, served, session_of

from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.model import PersonId
from rung.app.ports import Reason, Services
from rung.web import Settings, create_app


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Services]:
    services = open_services(tmp_path, environment={})
    people.welcome(services, NAME, PASSWORD)
    yield services
    services.store.close()


@pytest.fixture
def operator(kept: Services) -> Iterator[Visitor]:
    with served(create_app(kept, Settings())) as url, Visitor(url) as visitor:
        session_of(visitor, kept)
        yield visitor


def grown_old(services: Services) -> None:
    """Let the sign-in be an hour ago."""
    with services.store.reading() as tx:
        person: PersonId = tx.people.first(1)[0]
        (session,) = tx.sessions.of(person)
    with services.store.writing(person) as tx:
        tx.sessions.remove(session.token_hash)
        at = datetime.now(UTC) - timedelta(hours=1)
        tx.sessions.add(type(session)(person, session.token_hash, at, at, session.expires_at))


def test_the_operator_finds_the_page_and_makes_a_backup(operator: Visitor, kept: Services) -> None:
    assert 'href="/server"' in operator.page("/you")
    assert "There is none yet." in operator.page("/server")
    assert path_of(operator.send_form("/server/backups")) == "/server"
    html = operator.page("/server")
    assert "The newest backup is at the top of the list." in html
    assert "within the last hour" in html
    assert "secret.key" in html
    assert "at the top of the list" not in operator.page("/server"), "it is said once"
    assert len(operations_of(kept).backups()) == 1


def test_everything_is_looked_through_when_asked(operator: Visitor, tmp_path: Path) -> None:
    operator.send_form("/server/backups")
    assert "Everything was read, and all is well." in operator.send_form("/server/check").text
    tmp_path.chmod(0o755)
    html = operator.page("/server")
    assert "Something is wrong." in html
    assert f"chmod 700 {tmp_path}" in html


def test_a_backup_is_restored_after_it_is_proved_and_confirmed(operator: Visitor, kept: Services) -> None:
    operator.send_form("/server/backups")
    join(kept, "Ben")
    href = re.search(r'href="(/server/restore\?name=[^"]+)"', operator.page("/server"))
    assert href
    name = href[1].partition("=")[2]
    assert "It was read from end to end just now" in operator.page(href[1])
    refused = operator.send_form("/server/restore", name=name)
    assert (refused.status_code, "Say first that you mean all of it." in refused.text) == (422, True)
    assert path_of(operator.send_form("/server/restore", name=name, sure="yes")) == "/server"
    html = operator.page("/server")
    assert "The server is as the backup had it." in html
    assert "before a restore" in html
    with kept.store.reading() as tx:
        assert len(tx.people.first(9)) == 1


def test_a_restore_asks_for_a_fresh_sign_in(operator: Visitor, kept: Services) -> None:
    name = operations_of(kept).back_up(Reason.ASKED).name
    grown_old(kept)
    assert "confirm that it is you" in operator.page(f"/server/restore?name={name}")
    sent = operator.send_form("/server/restore", name=name, sure="yes")
    assert path_of(sent) == "/you/confirm?then=server"
    confirmed = operator.send_form("/you/confirm", password=PASSWORD, then="server")
    assert path_of(confirmed) == "/server"
    assert len(operations_of(kept).backups()) == 1
    assert path_of(operator.send_form("/server/restore", name=name, sure="yes")) == "/server"
    assert len(operations_of(kept).backups()) == 2


def test_a_backup_that_would_not_restore_is_told_and_cannot_be_chosen(
    operator: Visitor, kept: Services, tmp_path: Path
) -> None:
    path = tmp_path / "backups" / operations_of(kept).back_up(Reason.ASKED).name
    spoil(path)
    shown = operator.get("/server/restore", params={"name": path.name})
    assert shown.status_code == 422
    assert "Nothing was changed." in shown.text
    assert 'name="sure"' not in shown.text
    assert operator.send_form("/server/restore", name=path.name, sure="yes").status_code == 422
    assert operator.get("/server/restore", params={"name": "../secret.key"}).status_code == 422


def test_a_backup_that_cannot_be_written_is_told(operator: Visitor, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way")
    said = operator.send_form("/server/backups")
    assert said.status_code == 503
    assert "cannot be used for backups" in said.text


def test_nobody_else_finds_the_page(operator: Visitor, kept: Services) -> None:
    name = operations_of(kept).back_up(Reason.ASKED).name
    join(kept, "Ben")
    with Visitor(str(operator.base_url)) as ben:
        token = people.sign_in(kept, "Ben", "battery staple")
        ben.cookies.set("rung", token, domain="localhost.local")
        assert "/server" not in ben.page("/you")
        for page in ("/server", f"/server/restore?name={name}"):
            assert ben.get(page).status_code == 404
        for form in ("/server/check", "/server/backups", "/server/restore"):
            assert ben.send_form(form, name=name, sure="yes").status_code == 404
    with Visitor(str(operator.base_url)) as stranger:
        assert path_of(stranger.get("/server")) == "/sign-in"
    assert len(operations_of(kept).backups()) == 1


def test_without_backups_there_is_no_page(robin: Visitor) -> None:
    assert robin.get("/server").status_code == 404
    assert "/server" not in robin.page("/you")
