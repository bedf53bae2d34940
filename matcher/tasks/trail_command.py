"""`python -m matcher trail verify|head`: proves that the audit trail is whole, and prints heads to keep elsewhere."""

import json
import sys
from pathlib import Path

from sqlalchemy import select

from matcher.kit import audit
from matcher.kit.audit import TrailHead
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings

USAGE = """Usage:
  python -m matcher trail verify [--heads FILE]   0 when whole, 1 with the faults listed
  python -m matcher trail head                    the heads as JSON, to keep outside this machine
"""


def main(argv: list[str]) -> int:
    """Run one of the two verbs."""
    if argv in (["--help"], ["-h"]):
        sys.stdout.write(USAGE)
        return 0
    if argv[:1] not in (["verify"], ["head"]) or (len(argv) > 1 and (argv[1] != "--heads" or len(argv) != 3)):
        sys.stderr.write(USAGE)
        return 2
    kept = None
    if len(argv) == 3:
        try:
            kept = {chain: (int(seq), str(digest))
                    for chain, (seq, digest) in json.loads(Path(argv[2]).read_text(encoding="utf-8")).items()}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            sys.stderr.write(f"{argv[2]}: not a file written by 'trail head' ({type(error).__name__})\n")
            return 2
    with session_factory(make_engine(Settings.from_env().database_url), read_only=True)() as session:
        if argv[0] == "head":
            heads = {head.chain: [head.seq, head.hash] for head in session.scalars(select(TrailHead))}
            sys.stdout.write(json.dumps(heads, sort_keys=True) + "\n")
            return 0
        faults = audit.verify(session, kept)
    for fault in faults:
        sys.stdout.write(f"FAULT {fault}\n")
    if not faults:
        sys.stdout.write("The trail is whole.\n")
    return 1 if faults else 0
