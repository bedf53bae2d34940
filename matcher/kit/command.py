"""One verb of a command line, run in one transaction: parsed, done, kept, and said in a sentence."""

import argparse
import sys
from collections.abc import Callable

from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.errors import DomainError
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings


def run(
    parser: argparse.ArgumentParser, argv: list[str], do: Callable[[Session, argparse.Namespace], str],
) -> int:
    """Parse, do, commit and print what `do` says.

    0 when it was done; 2, with a sentence on standard error and nothing kept, when the words cannot be used or `do`
    raises DomainError.
    """
    try:
        words = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    settings = Settings.from_env()
    crypto.configure(settings)
    with session_factory(make_engine(settings.database_url))() as session:
        try:
            said = do(session, words)
        except DomainError as error:
            sys.stderr.write(f"{error}\n")
            return 2
        session.commit()
    sys.stdout.write(said + "\n")
    return 0
