"""What a hub's ranker may learn from: pairs that were shown and then decided by both sides, with the facts of then."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application
from matcher.matches import facts
from matcher.matches.models import FactsVersion, MatchRun
from matcher.matches.training_answers import answers_in
from matcher.matches.training_labels import judged_in
from matcher.ranking import codec
from matcher.ranking.facts import CandidateFacts, RoleFacts

Version = tuple[str, int]
Pair = tuple[str, str]  # posting, candidate
_Line = tuple[bool, Version, str, int, date, float | None]


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

    `judgments` are role -> person -> grade 0-4; `propensities` the same pairs; `answers` are role -> person -> whether
    the person said yes when asked on; `left_out` and `unanswered` count pairs by why they teach nothing.
    """

    roles: Mapping[str, RoleFacts] = field(default_factory=dict)
    people: Mapping[str, CandidateFacts] = field(default_factory=dict)
    judgments: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    propensities: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    when: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    unanswered: Mapping[str, int] = field(default_factory=dict)

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

    @property
    def answered(self) -> int:
        """How many answers of people."""
        return sum(map(len, self.answers.values()))

    def digest(self) -> str:
        """A hash of every pair with its grade or answer: the same lessons teach the same model."""
        return codec.digest({name: {role: dict(sorted(row.items())) for role, row in sorted(rows.items())}
                             for name, rows in (("judgments", self.judgments), ("answers", self.answers))})


def gather(session: Session, hub_id: str, at: datetime) -> Lessons:
    """The lessons of a hub up to a moment, in a fixed number of statements for every 500 people and roles."""
    judged, left_out = judged_in(session, hub_id, at)
    answered, unanswered = answers_in(session, hub_id, at)
    shown, asked = _shown(session, hub_id, {pair.key: pair.judged_at for pair in judged},
                          {answer.key: answer.answered_at for answer in answered})
    left_out["never_shown"] = sum(pair.key not in shown for pair in judged)
    unanswered["never_shown"] = sum(answer.key not in asked for answer in answered)
    rows = [*shown.values(), *asked.values()]
    facts_then = _Facts(documents_of(session, {version for row in rows for version in (row.role, row.person)}))
    judgments: defaultdict[str, dict[str, int]] = defaultdict(dict)
    propensities: defaultdict[str, dict[str, float | None]] = defaultdict(dict)
    when: defaultdict[str, dict[str, date]] = defaultdict(dict)
    answers: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for pair in sorted(judged, key=lambda pair: pair.key):
        if names := facts_then.names(shown.get(pair.key)):
            role, person = names
            judgments[role][person], when[role][person] = pair.grade, pair.on
            propensities[role][person] = shown[pair.key].propensity
    for answer in sorted(answered, key=lambda answer: answer.key):
        if names := facts_then.names(asked.get(answer.key)):
            answers[names[0]][names[1]] = answer.accepted
    return Lessons(facts_then.roles, facts_then.people, dict(judgments), dict(propensities), dict(when),
                   dict(left_out), dict(answers), dict(unanswered))


class _Facts:
    """The facts as they stood, under ids that say which version and day they are of."""

    def __init__(self, documents: Mapping[Version, facts.Document]) -> None:
        self.documents = documents
        self.roles: dict[str, RoleFacts] = {}
        self.people: dict[str, CandidateFacts] = {}
        self._named: dict[Version, str] = {}

    def names(self, row: Shown | None) -> tuple[str, str] | None:
        """The ids of a pair's role and person; None where it was never shown, or its facts were not kept."""
        if row is None or row.role not in self.documents or row.person not in self.documents:
            return None
        person = f"{row.person[0]}@{row.person[1]}@{row.day.isoformat()}"
        if person not in self.people:
            self.people[person] = facts.candidate_facts(person, self.documents[row.person], row.day)
        if row.role not in self._named:  # the day changes nothing about a role
            name = f"{row.role[0]}@{row.role[1]}"
            self._named[row.role] = _same_role(self.roles, name, self.documents[row.role], row.day)
        return self._named[row.role], person


def _same_role(roles: dict[str, RoleFacts], name: str, document: facts.Document, day: date) -> str:
    """The id under which this posting's facts are kept; versions that differ in nothing share the first one's."""
    posting = name.partition("@")[0]
    new = facts.role_facts(posting, document, day)
    for key, kept in roles.items():
        if key.startswith(posting) and codec.facts_to_dict(kept) == {**codec.facts_to_dict(new), "id": key}:
            return key
    roles[name] = facts.role_facts(name, document, day)
    return name


def _shown(session: Session, hub_id: str, *wanted: Mapping[Pair, datetime]) -> list[dict[Pair, Shown]]:
    """For each wanted set of pairs the last list before the moment given in which each stood.

    An employer's list counts before a candidate's. All sets are answered by one reading of the journal.
    """
    keys = {key for own in wanted for key in own}
    by_subject: defaultdict[str, set[Pair]] = defaultdict(set)
    for key in keys:
        for name in key:
            by_subject[name].add(key)
    runs = session.execute(
        select(MatchRun.created_at, MatchRun.direction, MatchRun.subject_id, MatchRun.subject_version,
               MatchRun.pool_version, MatchRun.day, MatchRun.lines)
        .where(MatchRun.hub_id == hub_id, MatchRun.subject_id.in_(_subjects(hub_id)))
        .order_by(MatchRun.created_at, MatchRun.id).execution_options(yield_per=500)
    )
    found: list[dict[Pair, _Line]] = [{} for _ in wanted]
    for at, direction, subject, version, pool_version, day, lines in runs:
        here, by_employer = by_subject.get(subject, ()), direction == "candidates"
        for line in lines if here else ():
            key = (subject, line[0]) if by_employer else (line[0], subject)
            for own, moments in zip(found, wanted, strict=True) if key in here else ():
                if key in moments and at <= moments[key] and (key not in own or by_employer >= own[key][0]):
                    own[key] = (by_employer, (subject, version), line[0], pool_version, day, line[4])
    return _resolved(session, hub_id, found, {name for key in keys for name in key})


def _subjects(hub_id: str) -> Any:
    """Postings that somebody applied to, and those who did."""
    mine = select(Application.posting_id).where(Application.hub_id == hub_id)
    return mine.union(select(Application.candidate_id).where(Application.hub_id == hub_id))


def _resolved(
    session: Session, hub_id: str, found: Sequence[Mapping[Pair, _Line]], subjects: set[str],
) -> list[dict[Pair, Shown]]:
    """The other side's version: the newest that was in the pool then."""
    known = versions_in(session, hub_id, subjects)
    resolved: list[dict[Pair, Shown]] = [{} for _ in found]
    for own, lines in zip(resolved, found, strict=True):
        for key, (by_employer, subject, other, pool_version, day, propensity) in lines.items():
            if (seen := known.newest(other, pool_version)) is not None:
                role, person = (subject, seen) if by_employer else (seen, subject)
                own[key] = Shown(role, person, day, propensity)
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
