"""`python -m matcher list replay RUN…`: makes shown lists again and says whether they are the same."""

import argparse
import sys

from matcher.kit import crypto
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.matches import lists
from matcher.matches.models import MatchRun


def main(argv: list[str]) -> int:
    """Replay the named runs; 0 when all are the same, 1 when one differs, 2 for unusable words."""
    parser = argparse.ArgumentParser(prog="python -m matcher list", description=__doc__)
    replay = parser.add_subparsers(dest="verb", required=True).add_parser("replay", help="make lists again and compare")
    replay.add_argument("run", nargs="+", metavar="RUN_ID", help="a list as the log names it")
    try:
        names = parser.parse_args(argv).run
    except SystemExit as stop:
        return int(stop.code or 0)
    settings = Settings.from_env()
    crypto.configure(settings)
    worst = 0
    with session_factory(make_engine(settings.database_url), read_only=True)() as session:
        for name in names:
            run = session.get(MatchRun, name)
            if run is None:
                sys.stderr.write(f"{name}: there is no such list\n")
                worst = 2
                continue
            try:
                same = lists.fingerprint(lists.replay(session, run)) == run.fingerprint
            except ValueError as error:
                sys.stderr.write(f"{name}: {error}\n")
                worst = max(worst, 1)
                continue
            sys.stdout.write(f"{name}: {'the same' if same else 'DIFFERENT'} ({len(run.lines)} lines)\n")
            worst = max(worst, 0 if same else 1)
    return worst
