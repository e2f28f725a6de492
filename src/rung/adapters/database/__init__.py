"""The database: tables, migrations, and the store that the use cases work with."""

from rung.adapters.database.connections import connect, database_address
from rung.adapters.database.schema import metadata
from rung.adapters.database.store import DatabaseStore
from rung.adapters.database.upgrading import upgrade

__all__ = ["DatabaseStore", "connect", "database_address", "metadata", "upgrade"]
