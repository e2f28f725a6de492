"""The page of the operator in a real browser: nothing that axe finds fault with, and a restore by clicks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.adapters.backups.lives import operations_of, spoil
from tests.conftest import join
from tests.web.browser.test_accessible import SIZES, VIEWS, look
from tests.web.stage import NAME, PASSWORD

from rung.adapters.wiring import open_services
from rung.app.accounts import people
from rung.app.ports import Reason, Services


@pytest.fixture
def sqlite_services(tmp_path: Path) -> Iterator[Services]:
    """Services with a folder for backups, and the operator's account."""
    services = open_services(tmp_path / "data", environment={"RUNG_HOSTS": "rung.example.org"})
    people.welcome(services, NAME, PASSWORD)
    yield services
    services.store.close()


@VIEWS
@SIZES
def test_the_pages_of_the_operator(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
    tmp_path: Path,
    scheme: str,
    size: dict[str, int],
) -> None:
    page = sign_in(open_browser(color_scheme=scheme, viewport=size))
    look(page, "/server")
    operations = operations_of(sqlite_services)
    kept, spoilt = (operations.back_up(reason).name for reason in (Reason.NIGHTLY, Reason.UPGRADE))
    spoil(tmp_path / "data" / "backups" / spoilt)
    (tmp_path / "data" / "backups" / "rung-2026-01-01T02-00-00Z-nightly.zip").write_bytes(b"PK")
    (tmp_path / "data").chmod(0o755)
    for path in ("/server", f"/server/restore?name={kept}", f"/server/restore?name={spoilt}"):
        look(page, path)


def test_a_backup_is_made_and_restored_by_clicking(
    open_browser: Callable[..., BrowserContext],
    sign_in: Callable[[BrowserContext], Page],
    sqlite_services: Services,
) -> None:
    page = sign_in(open_browser())
    page.goto("/you")
    page.get_by_role("link", name="This server").click()
    page.get_by_role("button", name="Make one now").click()
    expect(page.locator("main")).to_contain_text("at the top of the list")
    join(sqlite_services, "Ben")
    page.get_by_role("link", name="Restore the backup").click()
    expect(page.locator("main")).to_contain_text("It was read from end to end just now")
    page.get_by_label("Yes, replace all of it").check()
    page.get_by_role("button", name="Restore this backup").click()
    expect(page.locator("main")).to_contain_text("The server is as the backup had it.")
    with sqlite_services.store.reading() as tx:
        assert len(tx.people.first(9)) == 1
