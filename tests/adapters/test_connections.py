import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.conftest import Databases

from rung.adapters.database import connect, database_address
from rung.errors import MissingExtra, StoreUnavailable


@pytest.mark.parametrize(
    "address, told",
    [
        ("postgresql://rung:s3c@ret@127.0.0.1/rung", "write @ in the password as %40"),
        ("postgresql://rung:s3cret@127.0.0.1:abc/rung", "a number as port"),
        ("s3cret", "no URL"),
    ],
)
def test_an_address_that_cannot_be_read_is_told_without_its_password(address: str, told: str) -> None:
    with pytest.raises(StoreUnavailable, match=told) as refusal:
        database_address(Path(), address)
    assert not any(part in str(refusal.value) for part in ("s3c", "ret@", "ret:"))
    assert refusal.value.__cause__ is None


def test_an_at_sign_in_the_password_can_be_written() -> None:
    found = database_address(Path(), "postgresql://rung:s3c%40ret@127.0.0.1/rung")
    assert (found.host, found.password) == ("127.0.0.1", "s3c@ret")


def test_without_the_driver_of_postgresql_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtra, match=r"PostgreSQL needs .*rung\[postgresql\]"):
        connect(database_address(Path(), "postgresql://rung@localhost/rung"))


def test_what_a_query_carries_stays_out_of_its_error(databases: Databases) -> None:
    engine = connect(database_address(Path(), databases.emptied()))
    with pytest.raises(DBAPIError) as failed, engine.connect() as connection:
        connection.execute(text("SELECT nothing FROM people WHERE id = :id"), {"id": "what nobody may read"})
    assert "nobody" not in str(failed.value)
    engine.dispose()
