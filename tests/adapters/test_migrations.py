from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from tests.conftest import Databases

from rung.adapters.database import connect, database_address, metadata, upgrade
from rung.adapters.database.upgrading import configuration
from rung.engine.events import COLUMNS
from rung.errors import StoreUnavailable


@pytest.fixture
def database(databases: Databases) -> Iterator[Engine]:
    found = connect(database_address(Path(), databases.fresh()))
    yield found
    found.dispose()


def tables_of(database: Engine) -> dict[str, Any]:
    """All that a database tells about its tables, CHECK constraints included, in no particular order."""
    looked = inspect(database)
    return {
        table: {
            "columns": {column["name"]: _plain(column) for column in looked.get_columns(table)},
            "key": looked.get_pk_constraint(table),
            "references": _by_name(looked.get_foreign_keys(table)),
            "unique": _by_name(looked.get_unique_constraints(table)),
            "checks": _by_name(looked.get_check_constraints(table)),
            "indexes": _by_name(looked.get_indexes(table)),
        }
        for table in looked.get_table_names()
        if table != "alembic_version"
    }


def _plain(column: Any) -> dict[str, Any]:
    return {**column, "type": repr(column["type"])}


def _by_name(found: Any) -> dict[str, Any]:
    return {item["name"]: {**item} for item in found}


def test_the_migrated_tables_equal_the_defined_ones(database: Engine) -> None:
    migrated = tables_of(database)
    metadata.drop_all(database)
    metadata.create_all(database)
    assert migrated == tables_of(database)
    assert len(migrated["events"]["checks"]) >= 19


def test_alembic_sees_nothing_left_to_do(database: Engine) -> None:
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_that_is_up_to_date_stays_as_it_is(database: Engine) -> None:
    before = tables_of(database)
    upgrade(database)
    assert tables_of(database) == before


def test_the_migrations_can_be_taken_back(database: Engine) -> None:
    with database.begin() as connection:
        command.downgrade(configuration(connection), "base")
    assert inspect(database).get_table_names() == ["alembic_version"]


def test_a_database_of_a_newer_rung_is_refused(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer Rung"):
        upgrade(database)


def test_every_column_of_the_log_is_a_column_of_the_table(database: Engine) -> None:
    names = [column["name"] for column in inspect(database).get_columns("events")]
    assert names[: len(COLUMNS)] == [column.name for column in COLUMNS]


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(StoreUnavailable, match="mysql"):
        database_address(Path(), "mysql://somewhere/rung")
    with pytest.raises(StoreUnavailable, match="no URL"):
        database_address(Path(), "somewhere")
    for memory in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(StoreUnavailable, match="no file"):
            database_address(Path(), memory)
