"""Brings a database to the newest schema, through the same numbered migrations on SQLite and PostgreSQL."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from matcher.kit.session import make_engine
from matcher.kit.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run every missing migration; running it again changes nothing."""
    command.upgrade(_config(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to a revision ("base" for an empty database)."""
    command.downgrade(_config(engine), revision)


def main(argv: list[str]) -> int:
    """`python -m matcher migrate [REVISION]`."""
    engine = make_engine(Settings.from_env().database_url)
    upgrade(engine, argv[0] if argv else "head")
    return 0
