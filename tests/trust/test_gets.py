"""Looking changes nothing: every page is opened by everybody who may, and no row is another afterwards."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import text

from tests.trust.expected import VISITORS
from tests.trust.pages import open_doors
from tests.trust.walker import NOWHERE, Walk

JOURNALS = {"match_runs", "facts_versions", "profile_views"}  # these note what was shown, and only grow


def prints(walk: Walk) -> dict[str, list[str]]:
    """Every table's rows as hashes."""
    with walk.app.extensions["engine"].connect() as db:
        names = [row[0] for row in db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        return {name: [hashlib.sha256(repr(tuple(row)).encode()).hexdigest()
                       for row in db.execute(text(f'SELECT * FROM "{name}" ORDER BY rowid'))] for name in sorted(names)}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", list(VISITORS))
def test_invariant_16_no_page_changes_a_row(walk: Walk, visitor: str) -> None:
    """Neither GET nor HEAD, links from mails included; nothing is put into the outbox either."""
    before, client, opened = prints(walk), walk.browser(visitor), 0
    for _, address in open_doors(walk, visitor):
        for method in ("GET", "HEAD"):
            status = client.open(address, method=method).status_code
            assert status < 400, (method, address, status)
            opened += 1
    for door in walk.doors():
        if "secret" in door.rule.arguments and door.method == "GET":
            assert client.get(walk.address(door, "own").replace(NOWHERE, "a" * 43)).status_code == 410
    after = prints(walk)
    changed = [name for name in before if name not in JOURNALS and before[name] != after[name]]
    assert changed == []
    for name in JOURNALS:
        assert set(before[name]) <= set(after[name]), f"{name} lost or changed a row"
    assert opened > 30
