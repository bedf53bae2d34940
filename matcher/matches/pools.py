"""The compiled pools of each hub, kept by each process and brought up to date before every list."""

import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from matcher.matches.pool_files import Base

Pool = CandidatePool | RolePool
BIG = 5_000  # from so many people on, the index is quicker than scoring everyone
MANY_ROLES = 2_000  # the same for roles
FOLDER = "pools"  # in the data folder
MUCH = 1_000  # so many changes since the file was written make a new one worth its while


@dataclass
class Kept:
    """One pool with the version and day it stands at, and its documents for building a day's facts anew.

    Where the pool comes from a file (`base`), `documents` holds only what changed since.
    """

    kind: str
    pool: Pool
    version: int = 0
    day: date | None = None
    documents: dict[str, tuple[int, bool, facts.Document]] = field(default_factory=dict)
    unwritten: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    base: "Base | None" = None
    alone_on: date | None = None  # the day on which it could not be put into a file


class Pools:
    """All pools of one process (one instance for each database in use).

    `folder` is where the pools of big hubs lie in files that all processes of the host share; without one each
    process keeps its own.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
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
            if kept.day is None or (kept.day != day and kept.base is not None):
                self._open(session, kept, hub_id, day)
            _read_changes(session, kept, hub_id)
            if kept.day != day:
                _turn(kept, day)
            self._share(session, kept, hub_id)
        return kept

    def _open(self, session: Session, kept: Kept, hub_id: str, day: date) -> None:
        """Stand on the hub's file where there is one, made to be of `day`."""
        if self.folder is None or not (self.folder / hub_id / kept.kind).exists():
            return
        from matcher.matches import pool_files

        base = pool_files.opened(session, self.folder, kept.kind, hub_id)
        if base is not None and base.version >= kept.version:
            _stand_on(kept, base.on(day), day)
        elif kept.base is not None:
            _stand_on(kept, kept.base.on(day), day)

    def _share(self, session: Session, kept: Kept, hub_id: str) -> None:
        """Put a big pool into a file, once every fact in it is noted, and stand on the file from then on."""
        if self.folder is None or kept.unwritten or kept.alone_on == kept.day:
            return
        if not _is_big(kept) or not _is_news(kept):
            return
        from matcher.matches import pool_files

        after = kept.base.version if kept.base else 0
        if missing := pool_files.missing(session, kept.kind, hub_id, kept.documents, after):
            kept.unwritten += [_row(kept, name, hub_id) for name in missing]  # a process died before it wrote them
            return
        assert kept.day is not None
        base = pool_files.publish(session, self.folder, kept.kind, hub_id, kept.pool, kept.base, kept.documents,
                                  version=kept.version, day=kept.day)
        if base is None:
            kept.alone_on = kept.day
        else:
            _stand_on(kept, base.on(kept.day), kept.day)

    def note(self, session: Session, hub_id: str) -> None:
        """Append the facts of a hub's big pools, so that they may be put into files. Needs a session that may write."""
        with self._lock:
            mine = [kept for (_, hub), kept in self._kept.items() if hub == hub_id and _is_big(kept)]
        for kept in mine if self.folder else []:
            write_versions(session, kept)


def _stand_on(kept: Kept, base: "Base", day: date) -> None:
    """Take over a file's pool, with what is known to have changed since on top."""
    kept.base, kept.day, kept.pool = base, day, base.pool()
    kept.documents = {name: held for name, held in kept.documents.items() if held[0] > base.version}
    kept.version = max(kept.version, base.version)
    for name in kept.documents:
        _put(kept, name)


def _read_changes(session: Session, kept: Kept, hub_id: str) -> None:
    changed = facts.versions(session, kept.kind, hub_id, kept.version)
    if not changed:
        return
    read = facts.candidate_documents if kept.kind == "candidates" else facts.role_documents
    documents = read(session, [name for name, _, _ in changed])
    for name, version, ranked in changed:
        kept.documents[name] = (version, ranked, documents[name])
        kept.unwritten.append(_row(kept, name, hub_id))
        if kept.day is not None:
            _put(kept, name)
    kept.version = max(version for _, version, _ in changed)


def _turn(kept: Kept, day: date) -> None:
    """Build everything anew for a day, in the kind of pool that suits the hub's size."""
    kept.day = day
    if type(kept.pool) is CandidatePool and len(kept.documents) > BIG:
        from matcher.ranking.index_pool import IndexedPool  # loads a compiler, which small hubs need not wait for

        kept.pool = IndexedPool()
    elif type(kept.pool) is RolePool and len(kept.documents) > MANY_ROLES:
        from matcher.ranking.index_pool import IndexedRolePool

        kept.pool = IndexedRolePool()
    for name in kept.documents:
        _put(kept, name)


def _is_big(kept: Kept) -> bool:
    return type(kept.pool) not in (CandidatePool, RolePool)


def _is_news(kept: Kept) -> bool:
    """Whether the file is missing, of an earlier day, or far behind."""
    return kept.base is None or len(kept.documents) > MUCH or (kept.day is not None and kept.base.written < kept.day)


def _row(kept: Kept, name: str, hub_id: str) -> dict[str, Any]:
    version, ranked, document = kept.documents[name]
    return {"subject_id": name, "version": version, "hub_id": hub_id, "kind": kept.kind, "ranked": ranked,
            "facts": document}


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
