"""Every event that can stand in the trail has plain words on its page."""

import re
from pathlib import Path

from web.hub import trail_words

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r'action="([a-z_]+\.[a-z_]+)"')


def actions() -> set[str]:
    """What the code writes: named outright, or one step of a life."""
    named = {name for path in (ROOT / "matcher").rglob("*.py") for name in NAMED.findall(path.read_text())}
    steps = {f"{life.name}.{step.name}" for life in trail_words.STEPS.values() for step in life.steps}
    return named | steps


def test_every_action_has_words() -> None:
    found = actions()
    assert len(found) > 100
    assert sorted(name for name in found if not trail_words.known(name)) == []


def test_an_action_nobody_knows_is_shown_as_written() -> None:
    assert not trail_words.known("comet.land")
