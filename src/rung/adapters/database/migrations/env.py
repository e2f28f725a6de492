"""Runs Alembic's migrations on the connection that `rung.adapters.database.upgrading` gives it."""

from alembic import context

from rung.adapters.database.schema import metadata

# Alembic loads this file under a name of its own; whoever imports it otherwise only looks at it.
if __name__ == "env_py":
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter most of a table: batch mode copies it.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    context.run_migrations()
