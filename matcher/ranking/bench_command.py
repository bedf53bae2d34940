"""`python -m matcher bench index …`: how quickly people are found, beside other ways, on a made-up population."""

import importlib
import sys

BENCHES = {"index": "tests.bench.index"}
USAGE = "Usage: python -m matcher bench index [--candidates N] [--roles R] [--k K] [--seed S] [--json FILE]\n"


def main(argv: list[str]) -> int:
    """Run the named benchmark; 2 for unusable words, and where the benchmarks are not installed."""
    if argv[:1] in (["--help"], ["help"]):
        sys.stdout.write(USAGE)
        return 0
    if not argv or argv[0] not in BENCHES:
        sys.stderr.write(USAGE)
        return 2
    name = BENCHES[argv[0]]
    try:
        bench = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        sys.stderr.write("The benchmarks are part of a checkout, not of an installation.\n")
        return 2
    return int(bench.main(argv[1:]))
