"""What a hub's ranker may learn from: pairs that were shown and then judged by people, with the facts as they stood."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application
from matcher.matches import facts
from matcher.matches.models import FactsVersion, MatchRun
from matcher.matches.training_labels import Judged, judged_in
from matcher.ranking import codec
from matcher.ranking.facts import CandidateFacts, RoleFacts

Version = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """How a judged pair had been shown: the versions of both sides, the day, and the chance of being looked at."""

    role: Version
    person: Version
    day: date
    propensity: float | None


@dataclass(frozen=True)
class Lessons:
    """Everything one training may look at. Ids are of facts as they stood, so a person may stand under several.

    `judgments` are role -> person -> grade 0-4; `propensities` the same pairs; `left_out` counts pairs by why they
    teach nothing.
    """

    roles: Mapping[str, RoleFacts] = field(default_factory=dict)
    people: Mapping[str, CandidateFacts] = field(default_factory=dict)
    judgments: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    propensities: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    when: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def judged(self) -> int:
        """How many pairs."""
        return sum(map(len, self.judgments.values()))

    @property
    def grades(self) -> dict[int, int]:
        """How many pairs by grade."""
        return dict(sorted(Counter(grade for row in self.judgments.values() for grade in row.values()).items()))

    @property
    def span(self) -> tuple[date | None, date | None]:
        """The first and last day on which a pair was judged."""
        days = [day for row in self.when.values() for day in row.values()]
        return min(days, default=None), max(days, default=None)

    def digest(self) -> str:
        """A hash of every pair and grade: the same lessons teach the same model."""
        return codec.digest({role: dict(sorted(row.items())) for role, row in sorted(self.judgments.items())})


def gather(session: Session, hub_id: str, at: datetime) -> Lessons:
    """The lessons of a hub up to a moment, in a fixed number of statements for every 500 people and roles."""
    judged, left_out = judged_in(session, hub_id, at)
    shown = _shown(session, hub_id, judged)
    left_out["never_shown"] = sum(pair.key not in shown for pair in judged)
    documents = documents_of(session, {v for row in shown.values() for v in (row.role, row.person)})
    roles: dict[str, RoleFacts] = {}
    people: dict[str, CandidateFacts] = {}
    judgments: defaultdict[str, dict[str, int]] = defaultdict(dict)
    propensities: defaultdict[str, dict[str, float | None]] = defaultdict(dict)
    when: defaultdict[str, dict[str, date]] = defaultdict(dict)
    for pair in sorted(judged, key=lambda pair: pair.key):
        row = shown.get(pair.key)
        if row is None or row.role not in documents or row.person not in documents:
            continue
        role, person = f"{row.role[0]}@{row.role[1]}", f"{row.person[0]}@{row.person[1]}@{row.day.isoformat()}"
        role = _same_role(roles, role, documents[row.role], row.day)
        people[person] = facts.candidate_facts(person, documents[row.person], row.day)
        judgments[role][person] = pair.grade
        propensities[role][person], when[role][person] = row.propensity, pair.on
    return Lessons(roles, people, dict(judgments), dict(propensities), dict(when), dict(left_out))


def _same_role(roles: dict[str, RoleFacts], name: str, document: facts.Document, day: date) -> str:
    """The id under which this posting's facts are kept; versions that differ in nothing share the first one's."""
    posting = name.partition("@")[0]
    new = facts.role_facts(posting, document, day)
    for key, kept in roles.items():
        if key.startswith(posting) and codec.facts_to_dict(kept) == {**codec.facts_to_dict(new), "id": key}:
            return key
    roles[name] = facts.role_facts(name, document, day)
    return name


def _shown(session: Session, hub_id: str, judged: Iterable[Judged]) -> dict[tuple[str, str], Shown]:
    """The last list before the judgment in which each pair stood, an employer's list before a candidate's."""
    waiting = {pair.key: pair for pair in judged}
    subjects = {name for key in waiting for name in key}
    by_subject: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for posting_id, candidate_id in waiting:
        by_subject[posting_id].add((posting_id, candidate_id))
        by_subject[candidate_id].add((posting_id, candidate_id))
    runs = session.execute(
        select(MatchRun.created_at, MatchRun.direction, MatchRun.subject_id, MatchRun.subject_version,
               MatchRun.pool_version, MatchRun.day, MatchRun.lines)
        .where(MatchRun.hub_id == hub_id, MatchRun.subject_id.in_(_subjects(hub_id)))
        .order_by(MatchRun.created_at, MatchRun.id).execution_options(yield_per=500)
    )
    found: dict[tuple[str, str], tuple[bool, Version, str, int, date, float | None]] = {}
    for at, direction, subject, version, pool_version, day, lines in runs:
        for line in lines:
            key = (subject, line[0]) if direction == "candidates" else (line[0], subject)
            if key not in by_subject.get(subject, ()) or at > waiting[key].judged_at:
                continue
            by_employer = direction == "candidates"
            if key not in found or by_employer >= found[key][0]:
                found[key] = (by_employer, (subject, version), line[0], pool_version, day, line[4])
    return _resolved(session, hub_id, found, subjects)


def _subjects(hub_id: str) -> Any:
    """Postings that somebody applied to, and those who did."""
    mine = select(Application.posting_id).where(Application.hub_id == hub_id)
    return mine.union(select(Application.candidate_id).where(Application.hub_id == hub_id))


def _resolved(
    session: Session, hub_id: str, found: Mapping[tuple[str, str], tuple[bool, Version, str, int, date, float | None]],
    subjects: set[str],
) -> dict[tuple[str, str], Shown]:
    """The other side's version: the newest that was in the pool then."""
    known = versions_in(session, hub_id, subjects)
    resolved = {}
    for key, (by_employer, subject, other, pool_version, day, propensity) in found.items():
        if (seen := known.newest(other, pool_version)) is not None:
            role, person = (subject, seen) if by_employer else (seen, subject)
            resolved[key] = Shown(role, person, day, propensity)
    return resolved


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of facts that were kept, by profile or posting, in rising order."""

    kept: Mapping[str, Sequence[int]]

    def newest(self, name: str, upto: int) -> Version | None:
        """The newest version not after another; None when none was kept."""
        versions = self.kept.get(name, ())
        place = bisect_right(versions, upto)
        return (name, versions[place - 1]) if place else None


def versions_in(session: Session, hub_id: str, subjects: Container[str] | None = None) -> Versions:
    """All versions that a hub has kept, in one statement."""
    kept: defaultdict[str, list[int]] = defaultdict(list)
    for name, version in session.execute(
        select(FactsVersion.subject_id, FactsVersion.version).where(FactsVersion.hub_id == hub_id)
        .order_by(FactsVersion.subject_id, FactsVersion.version)
    ):
        if subjects is None or name in subjects:
            kept[name].append(version)
    return Versions(kept)


def documents_of(session: Session, wanted: set[Version]) -> dict[Version, facts.Document]:
    """The documents of these versions, as far as they were kept."""
    ids = sorted({name for name, _ in wanted})
    found: dict[Version, facts.Document] = {}
    for start in range(0, len(ids), facts.CHUNK):
        for name, version, document in session.execute(
            select(FactsVersion.subject_id, FactsVersion.version, FactsVersion.facts)
            .where(FactsVersion.subject_id.in_(ids[start:start + facts.CHUNK]))
        ):
            if (name, version) in wanted:
                found[name, version] = document
    return found
