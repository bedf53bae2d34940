"""The pools of big hubs in files: written by whoever has one first, opened by every other process of the host."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import audit
from matcher.matches import facts
from matcher.matches.models import FactsVersion
from matcher.organizations.models import FactsClock
from matcher.ranking import index_files
from matcher.ranking.index import PeopleIndex
from matcher.ranking.index_dated import Dated, ordinals
from matcher.ranking.index_files import IndexFault, Stored
from matcher.ranking.index_people import People
from matcher.ranking.index_pool import IndexedPool, IndexedRolePool
from matcher.ranking.index_role_rows import Roles
from matcher.ranking.index_roles import RoleIndex
from matcher.ranking.index_words import Lexicon
from matcher.ranking.pool import CandidatePool
from matcher.ranking.role_pool import RolePool

Documents = Mapping[str, tuple[int, bool, facts.Document]]
Heads = dict[str, list[Any]]


@dataclass(frozen=True)
class Base:
    """A pool as its file has it: everything up to `version`, people as of `day`; the day it was written for is
    `written`."""

    rows: Dated | Roles
    words: Lexicon
    version: int
    day: date
    written: date

    def pool(self) -> IndexedPool | IndexedRolePool:
        """A pool of its own over the shared rows."""
        if isinstance(self.rows, Dated):
            return IndexedPool(index=PeopleIndex([self.rows.people], self.words.copy()))
        return IndexedRolePool(RoleIndex([self.rows], self.words.copy()))

    def on(self, day: date) -> "Base":
        """The same as of another day; what roles ask for does not grow older."""
        rows = self.rows.on(day) if isinstance(self.rows, Dated) and day != self.day else self.rows
        return Base(rows, self.words, self.version, day, self.written)


def folder_of(root: Path, kind: str, hub_id: str) -> Path:
    """Where the pool of a hub is kept."""
    return root / hub_id / kind


def opened(session: Session, root: Path | None, kind: str, hub_id: str) -> Base | None:
    """The pool in the hub's file; None when there is none that can be trusted.

    A file tells the newest links of the audit trail when it was written. A database that does not hold them is
    another one, or was put back to an earlier time, and what the file says may never have happened there.
    """
    if root is None or not index_files.generation(folder := folder_of(root, kind, hub_id)):
        return None
    try:
        if kind == "candidates":
            stored: Stored[Any] = index_files.take(People, folder)
            beside = stored.beside
            rows: Dated | Roles = Dated(stored.rows, stored.words, beside["proved_on"], beside["used_on"])
        else:
            stored = index_files.take(Roles, folder)
            rows = stored.rows
        about = stored.about
        day, version = date.fromisoformat(about["day"]), int(about["version"])
        if about["hub"] != hub_id or about["kind"] != kind or not _happened(session, hub_id, version, about["heads"]):
            return None
    except (IndexFault, KeyError, TypeError, ValueError):
        return None
    return Base(rows, stored.words, version, day, day)


def publish(
    session: Session, root: Path, kind: str, hub_id: str, pool: CandidatePool | RolePool, base: Base | None,
    documents: Documents, *, version: int, day: date,
) -> Base | None:  # fmt: skip
    """Write the pool's file and open it; where another process was quicker, open its file.

    `documents` is what changed since `base`, everything where there is none. None when the file cannot be written.
    """
    folder = folder_of(root, kind, hub_id)
    try:
        with index_files.writing(folder):
            there = opened(session, root, kind, hub_id)
            if there is not None and there.written >= day and there.version >= version:
                return there
            about = {"kind": kind, "hub": hub_id, "version": version, "day": day.isoformat(),
                     "heads": _heads(session, hub_id)}
            if isinstance(pool, IndexedPool):
                people = _people(pool, base, documents, day)
                beside = {"proved_on": people.proved_on, "used_on": people.used_on}
                index_files.put(Stored(people.people, people.words, beside, about), folder)
            elif isinstance(pool, IndexedRolePool):
                pool.index.tidy()
                index_files.put(Stored(pool.index.parts[0].rows, pool.index.words, {}, about), folder)
            return opened(session, root, kind, hub_id)
    except (OSError, IndexFault, IndexError):
        return None  # a full disk, or nobody left in the pool: lists go on without a file


def missing(session: Session, kind: str, hub_id: str, documents: Documents, after: int) -> list[str]:
    """Ids whose facts no process has noted yet: lists made from a file with them could not be made again."""
    noted = {(name, version) for name, version in session.execute(
        select(FactsVersion.subject_id, FactsVersion.version)
        .where(FactsVersion.hub_id == hub_id, FactsVersion.kind == kind, FactsVersion.version > after)
    )}
    return [name for name, (version, _, _) in documents.items() if (name, version) not in noted]


def _people(pool: IndexedPool, base: Base | None, documents: Documents, day: date) -> Dated:
    if base is None or not isinstance(base.rows, Dated):
        pool.index.tidy()
        rows = pool.index.parts[0].rows
        return _dated(rows, pool.index.words, (documents[name.decode()][2] for name in rows.names.tolist()))
    ranked = {name: document for name, (_, active, document) in documents.items() if active}
    words = base.words.copy()
    fresh = [facts.candidate_facts(name, document, day) for name, document in ranked.items()]
    newer = _dated(People.from_facts(fresh, words), words, ranked.values())
    return base.rows.changed(documents, newer)


def _dated(people: People, words: Lexicon, documents: Iterable[facts.Document]) -> Dated:
    held = [skill for document in documents for skill in document["skills"]]
    given, used = ([date.fromisoformat(skill[at]) if skill[at] else None for skill in held] for at in (3, 4))
    if len(held) != int(people.skill_at[-1]):
        raise IndexFault("dates and skills are not of the same people")
    return Dated(people, words, ordinals(given), ordinals(used))


def _heads(session: Session, hub_id: str) -> Heads:
    rows = session.execute(select(audit.TrailHead.chain, audit.TrailHead.seq, audit.TrailHead.hash)
                           .where(audit.TrailHead.chain.in_((hub_id, audit.INSTALLATION))))
    return {chain: [seq, digest] for chain, seq, digest in rows}


def _happened(session: Session, hub_id: str, version: int, heads: Heads) -> bool:
    clock = session.scalar(select(FactsClock.value).where(FactsClock.hub_id == hub_id)) or 0
    kept = [session.scalar(select(audit.AuditEvent.hash).where(
        audit.AuditEvent.chain == chain, audit.AuditEvent.seq == seq)) == digest
        for chain, (seq, digest) in heads.items()]
    return clock >= version and all(kept)
