"""Alembic's entry: runs the numbered migrations on the engine it is handed."""

from alembic import context
from sqlalchemy import text

from matcher import tables
from matcher.kit.migrate import make_engine
from matcher.kit.settings import Settings


def run() -> None:
    """Run inside one transaction, with SQLite's foreign keys off while tables are rebuilt."""
    engine = context.config.attributes.get("engine") or make_engine(Settings.from_env().database_url)
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        elif connection.dialect.name == "postgresql":
            # Two workers that start at once must not migrate at once.
            connection.execute(text("SELECT pg_advisory_lock(7261001)"))
            connection.commit()
        context.configure(connection=connection, target_metadata=tables.METADATA, render_as_batch=True,
                          compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            connection.connection.execute("PRAGMA foreign_keys=ON")
        else:
            connection.execute(text("SELECT pg_advisory_unlock(7261001)"))
            connection.commit()


run()
