"""Every invariant of the domain that is built has a test that names its number."""

from __future__ import annotations

import re

from tests.town import ROOT

INVARIANTS = range(1, 17)
LATER = {
    13: "boards, their seats and meetings are not built yet",
}
NAMED = re.compile(r"def test_\w*?invariant_(\d+(?:_and_\d+)*)_")


def named() -> dict[int, list[str]]:
    """Number -> files whose tests name it."""
    found: dict[int, list[str]] = {number: [] for number in INVARIANTS}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for numbers in NAMED.findall(path.read_text(encoding="utf-8")):
            for number in numbers.split("_and_"):
                found.setdefault(int(number), []).append(path.name)
    return found


def test_every_invariant_is_named_by_a_test() -> None:
    """Whoever looks for the proof of a rule finds it by its number."""
    found = named()
    assert [number for number in INVARIANTS if not found[number] and number not in LATER] == []
    assert [number for number in LATER if found[number]] == [], "no longer left for later"
    assert set(found) == set(INVARIANTS)
