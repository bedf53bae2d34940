"""One command line: `python -m matcher VERB …`, one line per verb, loaded when it is called."""

import importlib
import os
import sys

from matcher.kit.settings import SettingsError

# Many processes share a host, and what is learned here is small: threads of one would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

VERBS: dict[str, str] = {
    "migrate": "matcher.kit.migrate:main",
    "hub": "matcher.tasks.hub_command:main",
    "taxonomy": "matcher.skills.command:main",
    "demo": "seeds.demo.command:main",
    "worker": "matcher.tasks.worker:main",
    "trail": "matcher.tasks.trail_command:main",
    "keys": "matcher.tasks.keys_command:main",
    "link": "matcher.ranking.link_command:main",
    "extract": "matcher.ranking.extract_command:main",
    "rank": "matcher.ranking.command:rank_main",
    "train": "matcher.ranking.command:train_main",
    "bench": "matcher.ranking.bench_command:main",
    "evaluate": "matcher.ranking.evaluate_command:main",
    "audit": "matcher.ranking.audit_command:main",
    "list": "matcher.matches.command:main",
    "model": "matcher.matches.model_command:main",
}


def main(argv: list[str]) -> int:
    """Run one verb; returns its exit code (2 for words that are no verb, and where settings or database are amiss)."""
    if not argv or argv[0] not in VERBS:
        sys.stderr.write("Usage: python -m matcher VERB …\nVerbs: " + ", ".join(sorted(VERBS)) + "\n")
        return 0 if argv[:1] in (["help"], ["--help"]) else 2
    module, function = VERBS[argv[0]].split(":")
    try:
        return int(getattr(importlib.import_module(module), function)(argv[1:]))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
    except Exception as error:
        # Not imported here: verbs that need no database should not wait for its library.
        if not _of_the_database(error):
            raise
        sys.stderr.write(f"The database cannot be used: {getattr(error, 'orig', error)}\n"
                         "See that it runs and that `python -m matcher migrate` was run.\n")
    return 2


def _of_the_database(error: Exception) -> bool:
    """Is it away, locked or without its tables? SQLAlchemy is not imported for it: many verbs need no database."""
    library = sys.modules.get("sqlalchemy")
    return library is not None and isinstance(error, library.exc.DBAPIError) and (
        isinstance(error, library.exc.OperationalError) or type(error.orig).__name__ == "UndefinedTable")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
