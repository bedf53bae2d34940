"""Brings a database to the newest schema, through the same numbered migrations on SQLite and PostgreSQL."""

import argparse
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
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
    """`python -m matcher migrate [REVISION]`: 0 when the schema is there, 2 for a revision that nobody wrote."""
    parser = argparse.ArgumentParser(prog="python -m matcher migrate", description=__doc__)
    parser.add_argument("revision", nargs="?", default="head", help="where to stop; the newest one unless told")
    revision = parser.parse_args(argv).revision
    engine = make_engine(Settings.from_env().database_url)
    try:
        upgrade(engine, revision)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0
