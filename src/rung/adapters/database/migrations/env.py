"""Runs Alembic's migrations on the connection that `rung.adapters.database.upgrading` gives it."""

from alembic import context

from rung.adapters.database.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter most of a table: batch mode copies it.
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
