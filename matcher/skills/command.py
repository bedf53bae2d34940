"""`python -m matcher taxonomy load`: put the shipped taxonomy into the database; safe to repeat."""

from __future__ import annotations

import argparse

from matcher.kit import clock
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.skills.load import load


def main(argv: list[str]) -> int:
    """Run `taxonomy load`; returns 0, also where the database already had this version."""
    parser = argparse.ArgumentParser(prog="matcher taxonomy", description=__doc__)
    parser.add_argument("verb", choices=["load"])
    parser.parse_args(argv)
    engine = make_engine(Settings.from_env().database_url)
    try:
        with session_factory(engine)() as session:
            done = load(session, clock.now(), progress=lambda name: print(f"  {name} …"))
            session.commit()
    finally:
        engine.dispose()
    rows = sum(done.rows.values())
    print(f"Taxonomy {done.digest[:12]}: " + (f"{rows:,} rows written." if done.changed else "already there."))
    return 0
