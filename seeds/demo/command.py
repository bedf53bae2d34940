"""`python -m matcher demo` tells the demo town into an empty database; `demo accounts` lists who can sign in."""

import argparse
import importlib
import json
import sys

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from matcher.kit import clock, crypto
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings

FILE = "demo_accounts.json"


def main(argv: list[str]) -> int:
    """Tell the story once, or list its accounts. 0 when there is nothing left to do; 2 outside demo mode."""
    parser = argparse.ArgumentParser(prog="python -m matcher demo", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("accounts",), help="list who can sign in, tell nothing")
    asked = parser.parse_args(argv)
    settings = Settings.from_env()
    if asked.what:
        return _list(settings)
    if not settings.demo:
        sys.stderr.write("The demo town is for FIRST_RUNG_MODE=demo only: it invents people.\n")
        return 2
    # The whole domain stands behind the story: who only asks for the accounts need not wait for it.
    story, accounts = (importlib.import_module(f"seeds.demo.{name}") for name in ("story", "accounts"))
    crypto.configure(settings)
    maker = session_factory(make_engine(settings.database_url))
    with maker() as session:
        if story.told(session):
            return 0
    columns = (TextColumn("Telling the demo town's year"), BarColumn(),
               TextColumn("day {task.completed} of {task.total}"), TimeElapsedColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("story", total=story.DAYS)
        made = story.tell(maker, clock.now(), progress=lambda day, days: bar.update(task, completed=day, total=days))
    path = settings.data_dir / FILE
    path.write_text(json.dumps(accounts.as_rows(made), indent=1), encoding="utf-8")
    path.chmod(0o600)
    return 0


def _list(settings: Settings) -> int:
    path = settings.data_dir / FILE
    if not path.exists():
        sys.stdout.write("No demo accounts here.\n")
        return 0
    for row in json.loads(path.read_text(encoding="utf-8")):
        extra = " · second factor: see the demo sign-in page" if row["totp_secret"] else ""
        sys.stdout.write(f"  {row['kind']:<10} {row['email']:<44} {row['password']}{extra}\n")
    return 0
