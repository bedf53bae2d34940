"""The audit trail shows every way of rewriting it, and every form that writes leaves at least one event."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from matcher.kit import audit
from matcher.kit.append_only import APPENDED
from matcher.kit.session import make_engine, session_factory
from tests.trust.pages import open_doors
from tests.trust.test_gets import prints
from tests.trust.walker import Walk

Attack = Callable[[sqlite3.Connection, str], None]


def edit(db: sqlite3.Connection, chain: str) -> None:
    """Somebody gives another reason."""
    db.execute("UPDATE audit_events SET reason = 'another' WHERE chain = ? AND seq = 3", (chain,))


def delete(db: sqlite3.Connection, chain: str) -> None:
    """Somebody takes one event out."""
    db.execute("DELETE FROM audit_events WHERE chain = ? AND seq = 3", (chain,))


def insert(db: sqlite3.Connection, chain: str) -> None:
    """Somebody adds an event at the end that never happened, hash and head included, but knows no kept head."""
    columns = [row[1] for row in db.execute("PRAGMA table_info(audit_events)") if row[1] != "id"]
    names = ", ".join(columns)
    copied = ", ".join("seq + 1" if name == "seq" else name for name in columns)
    db.execute(f"INSERT INTO audit_events ({names}) SELECT {copied} FROM audit_events WHERE chain = ? "
               "ORDER BY seq DESC LIMIT 1", (chain,))


def reorder(db: sqlite3.Connection, chain: str) -> None:
    """Somebody swaps two events."""
    for one, two in ((3, -1), (4, 3), (-1, 4)):
        db.execute("UPDATE audit_events SET seq = ? WHERE chain = ? AND seq = ?", (two, chain, one))


def truncate(db: sqlite3.Connection, chain: str) -> None:
    """Somebody cuts the end off and moves the head back, so that the rest is whole in itself."""
    last = db.execute("SELECT max(seq) FROM audit_events WHERE chain = ?", (chain,)).fetchone()[0]
    db.execute("DELETE FROM audit_events WHERE chain = ? AND seq > ?", (chain, last - 5))
    db.execute("UPDATE trail_heads SET seq = ?, hash = (SELECT hash FROM audit_events WHERE chain = ?1 AND seq = ?2) "
               "WHERE chain = ?1".replace("seq = ?,", "seq = ?2,"), (chain, last - 5))


def replay(db: sqlite3.Connection, chain: str) -> None:
    """Somebody writes history anew from an early event on, with right hashes and a right head."""
    start = db.execute("SELECT max(seq) FROM audit_events WHERE chain = ?", (chain,)).fetchone()[0] - 5
    row = db.execute("SELECT hash FROM audit_events WHERE chain = ? AND seq = ?", (chain, start)).fetchone()
    columns = ("chain", "seq", "at", "actor_id", "action", "subject_table", "subject_id", "reason")
    previous, seq = row[0], start
    for _ in range(5):
        seq += 1
        told = db.execute(f"SELECT {', '.join(columns)} FROM audit_events WHERE chain = ? AND seq = ?",
                          (chain, seq)).fetchone()
        at = audit.AuditEvent.__table__.c.at.type.process_result_value(_moment(told[2]), None)
        fields = {**dict(zip(columns, told, strict=True)), "at": at, "reason": "It was like this.", "before": None,
                  "after": None, "details": None}
        digest = audit.link_hash(previous, fields)
        db.execute("UPDATE audit_events SET reason = ?, before = NULL, after = NULL, details = NULL, previous = ?, "
                   "hash = ? WHERE chain = ? AND seq = ?", (fields["reason"], previous, digest, chain, seq))
        previous = digest
    db.execute("UPDATE trail_heads SET hash = ? WHERE chain = ?", (previous, chain))


def _moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored)


ATTACKS: list[Attack] = [edit, delete, insert, reorder, truncate, replay]
NEED_KEPT_HEADS = {truncate, replay}  # whole in themselves: only a head that was kept elsewhere shows them


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_every_attack_on_the_trail_is_found(walk: Walk, attack: Attack) -> None:
    """Six of six, by somebody who writes into the file and has taken the triggers away."""
    path, url = walk.settings.data_dir / "first_rung.db", walk.settings.database_url
    faults, heads = verify(url)
    assert faults == []
    chain = max(heads, key=lambda name: heads[name][0])
    assert heads[chain][0] > 100
    tamper(path, attack, chain)
    found, _ = verify(url, heads)
    assert found, attack.__name__
    assert all(fault.startswith(chain) for fault in found), "the other chains are whole"
    alone, _ = verify(url)
    assert bool(alone) is (attack not in NEED_KEPT_HEADS)


def verify(url: str, kept: dict[str, tuple[int, str]] | None = None) -> tuple[list[str], dict[str, tuple[int, str]]]:
    """Faults of the trail, and its heads."""
    engine = make_engine(url)
    with session_factory(engine, read_only=True)() as session:
        faults = audit.verify(session, kept)
        heads = {head.chain: (head.seq, head.hash) for head in session.query(audit.TrailHead)}
    engine.dispose()
    return faults, heads


def tamper(path: Path, attack: Attack, chain: str) -> None:
    """Open the file, drop what protects it, and do it."""
    with sqlite3.connect(path) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        attack(db, chain)
    db.close()


def test_invariant_8_history_is_appended_the_database_refuses_the_rest(walk: Walk) -> None:
    """Even for somebody with the application's own connection."""
    engine = make_engine(walk.settings.database_url)
    filled = 0
    for table in APPENDED:
        with engine.connect() as db:
            rows = db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0
        filled += rows > 0
        for statement in (f"UPDATE {table} SET rowid = rowid", f"DELETE FROM {table}"):
            if rows:
                with engine.begin() as db, pytest.raises(DatabaseError, match="appended only"):
                    db.exec_driver_sql(statement)
    engine.dispose()
    assert filled >= 4


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", ["candidate", "employer-owner", "provider", "workforce", "operator"])
def test_invariant_1_every_write_leaves_an_event_in_its_own_transaction(walk: Walk, visitor: str) -> None:
    """A form that changed any row but those that hold no facts also wrote to the trail."""
    without_facts = {"audit_events", "trail_heads", "match_runs", "facts_versions", "profile_views", "outbox_jobs",
                     "facts_clocks", "saved_postings"}
    before, tried = prints(walk), 0
    for door, address in open_doors(walk, visitor, "POST"):
        if walk.ask(walk.browser(visitor), door, address).status_code >= 400:
            continue
        after = prints(walk)
        changed = {name for name in before if before[name] != after[name]} - without_facts
        if changed - {"notices"}:
            tried += 1
            assert len(after["audit_events"]) > len(before["audit_events"]), (door.endpoint, changed)
        walk.put_back()
    assert tried >= 2 or visitor == "workforce"
