"""The append-only trail: who did what, when and why, chained by hashes so that an edit shows."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, String, Text, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from matcher.kit.base import Base, Json, UtcDateTime

START = "0" * 64
INSTALLATION = "installation"
_PENDING = "trail.pending"


class AuditEvent(Base):
    """One fact of the trail. Rows are never changed or deleted; the database refuses it."""

    __tablename__ = "audit_events"
    __table_args__ = (UniqueConstraint("chain", "seq"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    chain: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[str | None] = mapped_column(String(16), index=True)
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject_table: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class TrailHead(Base):
    """The newest link of each chain (one chain per hub, one for the installation)."""

    __tablename__ = "trail_heads"

    chain: Mapped[str] = mapped_column(String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def record(
    session: Session, *, at: datetime, actor_id: str | None, action: str, subject: Any, hub_id: str | None = None,
    reason: str = "", before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one event to the transaction; the link is made just before commit, so the chain's lock is held briefly.

    `subject` is a row, or a pair (table name, id). No personal data belongs in before, after or details.
    """
    table, row_id = subject if isinstance(subject, tuple) else (subject.__tablename__, str(subject.id))
    session.info.setdefault(_PENDING, []).append({
        "chain": hub_id or INSTALLATION, "at": at, "actor_id": actor_id, "action": action,
        "subject_table": table, "subject_id": row_id, "reason": reason,
        "before": _plain(before) if before else None, "after": _plain(after) if after else None,
        "details": _plain(details) if details else None,
    })


def link_hash(previous: str, fields: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the event's canonical JSON."""
    body = json.dumps({k: _plain(v) for k, v in fields.items()}, sort_keys=True, separators=(",", ":"),
                      ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


_FIELDS = ("chain", "seq", "at", "actor_id", "action", "subject_table", "subject_id", "reason", "before", "after",
           "details")


def write_pending(session: Session) -> None:
    """Link and insert the events of this transaction; called by the session before it commits."""
    pending = session.info.pop(_PENDING, [])
    if not pending:
        return
    session.flush()
    for chain in sorted({fields["chain"] for fields in pending}):
        head = session.scalar(select(TrailHead).where(TrailHead.chain == chain).with_for_update())
        if head is None:
            head = TrailHead(chain=chain, seq=0, hash=START)
            session.add(head)
            session.flush()
        for fields in (e for e in pending if e["chain"] == chain):
            fields = {**fields, "seq": head.seq + 1}
            digest = link_hash(head.hash, fields)
            session.add(AuditEvent(**fields, previous=head.hash, hash=digest))
            head.seq, head.hash = head.seq + 1, digest
    session.flush()


def watch(maker: sessionmaker[Session]) -> None:
    """Make every session of this maker write its trail before commit and forget it on rollback."""
    event.listen(maker, "before_commit", write_pending)
    event.listen(maker, "after_rollback", lambda session: session.info.pop(_PENDING, None))


def verify(session: Session, kept_heads: Mapping[str, tuple[int, str]] | None = None) -> list[str]:
    """Return the faults of all chains (none when whole).

    `kept_heads` (chain -> seq, hash) are heads kept outside the database; they show a truncated or replayed chain.
    """
    faults: list[str] = []
    links: dict[str, tuple[int, str]] = {}
    kept = dict(kept_heads or {})
    rows = session.execute(select(AuditEvent).order_by(AuditEvent.chain, AuditEvent.seq)).scalars()
    for row in rows.yield_per(1000):
        seq, digest = links.get(row.chain, (0, START))
        fields = {name: getattr(row, name) for name in _FIELDS}
        if row.seq != seq + 1:
            faults.append(f"{row.chain}: event {seq + 1} is missing or out of order (found {row.seq})")
        if row.previous != digest or row.hash != link_hash(row.previous, fields):
            faults.append(f"{row.chain}: event {row.seq} was changed")
        if row.chain in kept and kept[row.chain][0] == row.seq and kept[row.chain][1] != row.hash:
            faults.append(f"{row.chain}: event {row.seq} is not the one that was kept")
        links[row.chain] = (row.seq, row.hash)
    heads = {head.chain: (head.seq, head.hash) for head in session.scalars(select(TrailHead))}
    for chain in sorted(set(heads) | set(links)):
        if heads.get(chain) != links.get(chain, (0, START)):
            faults.append(f"{chain}: the head does not match the last event")
    for chain, (seq, _) in kept.items():
        if links.get(chain, (0, START))[0] < seq:
            faults.append(f"{chain}: events after {links.get(chain, (0, START))[0]} are gone (kept head: {seq})")
    return faults
