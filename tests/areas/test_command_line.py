"""Every verb of the command line as somebody new would call it: help, what is missing, never a traceback."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine

from matcher.__main__ import VERBS
from matcher.kit import migrate
from tests.house.files import ROOT

BARE = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
WITH_DATABASE = (
    "hub list", "taxonomy load", "trail verify", "trail head", "keys status", "keys rotate", "list replay nothing",
    "model list --hub nowhere", "worker --once",
)


def _all_at_once(verbs: Sequence[str], environ: dict[str, str]) -> dict[str, tuple[int, str]]:
    """Exit code and words of each verb, run as commands beside each other."""
    running = {words: subprocess.Popen(
        [sys.executable, "-m", "matcher", *words.split()], cwd=ROOT, env=environ, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for words in verbs}
    return {words: (process.wait(), output) for words, process in running.items()
            for output in [process.communicate()[0]]}


def test_every_verb_explains_itself_without_any_setting() -> None:
    for words, (code, said) in _all_at_once([f"{verb} --help" for verb in VERBS], BARE).items():
        assert code == 0, (words, said)
        assert "usage" in said.lower(), words
        assert "Traceback" not in said, (words, said)


def test_a_verb_without_its_settings_lists_what_to_repair() -> None:
    for words, (code, said) in _all_at_once([*WITH_DATABASE, "migrate", "demo"], BARE).items():
        assert code == 2, (words, said)
        assert "FIRST_RUNG_SECRET_KEY is not set" in said, (words, said)
        assert "Traceback" not in said, (words, said)


@pytest.mark.data
def test_a_verb_on_a_database_without_tables_says_to_migrate(engine: Engine, tmp_path: Path) -> None:
    migrate.downgrade(engine, "base")
    given = {**BARE, "FIRST_RUNG_MODE": "development", "FIRST_RUNG_DATA": str(tmp_path),
             "FIRST_RUNG_DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    for words, (code, said) in _all_at_once(WITH_DATABASE, given).items():
        assert code == 2, (words, said)
        assert "`python -m matcher migrate` was run" in said, (words, said)
        assert "Traceback" not in said, (words, said)
    [(code, said)] = _all_at_once(["migrate nowhere"], given).values()
    assert (code, "nowhere" in said, "Traceback" in said) == (2, True, False), said
