"""The compiled pools of each hub, kept by each process and brought up to date before every list."""

import threading
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.matches import facts
from matcher.matches.models import FactsVersion
from matcher.matches.models_in_use import InUse, Models
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker
from matcher.ranking.role_pool import RolePool

Pool = CandidatePool | RolePool
BIG = 5_000  # from so many people on, the index is quicker than scoring everyone


@dataclass
class Kept:
    """One pool with the version and day it stands at, and its documents for building a day's facts anew."""

    kind: str
    pool: Pool
    version: int = 0
    day: date | None = None
    documents: dict[str, tuple[int, bool, facts.Document]] = field(default_factory=dict)
    unwritten: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)


class Pools:
    """All pools of one process (one instance for each database in use)."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}
        self._lock = threading.Lock()
        self.models = Models()

    def in_use(self, session: Session, hub_id: str) -> InUse:
        """The model that ranks for the hub now; another process's change shows in the very next list."""
        return self.models.in_use(session, hub_id)

    def ranker(self, session: Session, hub_id: str) -> Ranker:
        """The ranker of the hub, with the taxonomy's similarity."""
        return self.in_use(session, hub_id).ranker

    def fresh(self, session: Session, kind: str, hub_id: str, day: date) -> Kept:
        """The hub's pool of `kind` ("candidates" or "roles") as the database has it now.

        Hold `.lock` of what comes back while ranking. Ages are of `day`: on a new day every row is built anew.
        """
        with self._lock:
            pool: Pool = CandidatePool() if kind == "candidates" else RolePool()
            kept = self._kept.setdefault((kind, hub_id), Kept(kind, pool))
        with kept.lock:
            self._read_changes(session, kept, hub_id)
            if kept.day != day:
                kept.day = day
                if kept.kind == "candidates" and len(kept.documents) > BIG and type(kept.pool) is CandidatePool:
                    kept.pool = _big()
                for name in kept.documents:
                    _put(kept, name)
        return kept

    def _read_changes(self, session: Session, kept: Kept, hub_id: str) -> None:
        changed = facts.versions(session, kept.kind, hub_id, kept.version)
        if not changed:
            return
        read = facts.candidate_documents if kept.kind == "candidates" else facts.role_documents
        documents = read(session, [name for name, _, _ in changed])
        for name, version, ranked in changed:
            kept.documents[name] = (version, ranked, documents[name])
            kept.unwritten.append({"subject_id": name, "version": version, "hub_id": hub_id, "kind": kept.kind,
                                   "ranked": ranked, "facts": documents[name]})
            if kept.day is not None:
                _put(kept, name)
        kept.version = max(version for _, version, _ in changed)


def _big() -> CandidatePool:
    from matcher.ranking.index_pool import IndexedPool  # loads a compiler, which small hubs need not wait for

    return IndexedPool()


def _put(kept: Kept, name: str) -> None:
    _, ranked, document = kept.documents[name]
    if not ranked or kept.day is None:
        kept.pool.remove(name)
    elif isinstance(kept.pool, CandidatePool):
        kept.pool.upsert(facts.candidate_facts(name, document, kept.day))
    else:
        kept.pool.upsert(facts.role_facts(name, document, kept.day))


def one_candidate(session: Session, candidate_id: str, day: date) -> CandidateFacts:
    """The facts of one person, whether shown to employers or not."""
    return facts.candidate_facts(candidate_id, facts.candidate_documents(session, [candidate_id])[candidate_id], day)


def one_role(session: Session, posting_id: str, day: date) -> RoleFacts:
    """The facts of one role, whether open or not."""
    return facts.role_facts(posting_id, facts.role_documents(session, [posting_id])[posting_id], day)


def write_versions(session: Session, kept: Kept) -> None:
    """Append the facts that lists have used and no process has written yet. Needs a session that may write."""
    with kept.lock:
        rows, kept.unwritten = kept.unwritten, []
    if not rows:
        return
    ids = sorted({row["subject_id"] for row in rows})
    there: set[tuple[str, int]] = set()
    for start in range(0, len(ids), facts.CHUNK):
        there.update((s, v) for s, v in session.execute(
            select(FactsVersion.subject_id, FactsVersion.version)
            .where(FactsVersion.subject_id.in_(ids[start:start + facts.CHUNK]))
        ))
    new = [row for row in rows if (row["subject_id"], row["version"]) not in there]
    if new:
        _insert(session, new)


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), facts.CHUNK):
        # Another process may write the same line at the same moment: the first one stays.
        session.execute(insert(FactsVersion).values(rows[start:start + facts.CHUNK]).on_conflict_do_nothing())


POOLS = Pools()
