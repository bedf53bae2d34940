"""Match lists both ways: ranked, explained, and noted so that each can be made again exactly."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.candidates.models import Candidate
from matcher.matches import crowding, facts
from matcher.matches.model_blob import ModelRefused
from matcher.matches.models import FactsVersion, MatchRun
from matcher.matches.pools import POOLS, Kept, Pools, one_candidate, one_role
from matcher.ranking import congestion, features
from matcher.ranking.change import Change, cheapest_change
from matcher.ranking.compiled import Ranking
from matcher.ranking.explain import Explanation, explain
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.order import propensity
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker, Scored
from matcher.ranking.role_pool import RolePool
from matcher.roles.models import Posting

SEED = crowding.SEED
TOP = 200


@dataclass(frozen=True)
class Listing:
    """A list as it is shown: the ranking, the journal line to keep, and what explaining needs."""

    ranking: Ranking
    run: MatchRun
    kept: Kept
    ranker: Ranker
    role: RoleFacts | None = None
    candidate: CandidateFacts | None = None
    more: tuple[str, ...] = ()

    def in_turn(self, lines: Sequence[Scored]) -> list[Scored]:
        """Lines as they are shown: who tops too many lists comes after the first places, and nobody is left out."""
        return in_turn(lines, self.more)


def in_turn(lines: Sequence[Scored], more: Sequence[str]) -> list[Scored]:
    """The first places without those under "more", then everyone else in order."""
    first, under = congestion.parted([line.id for line in lines], more)
    turn = {name: place for place, name in enumerate(first[:congestion.PLACES])} if under else {}
    return sorted(lines, key=lambda line: turn.get(line.id, congestion.PLACES))


def placed(lines: Sequence[Scored], more: Sequence[str]) -> list[Scored]:
    """The same lines in rank order; how likely each is looked at follows the place where it is shown."""
    places = {line.id: place for place, line in enumerate(in_turn(lines, more), start=1)} if more else {}
    return [replace(line, propensity=propensity(places[line.id])) if line.id in places and line.rank else line
            for line in lines]


def candidates_for(
    session: Session, posting: Posting, *, viewer_id: str | None, at: datetime, top: int = TOP, pools: Pools = POOLS,
) -> Listing:
    """The people who fit a role, best first."""
    day = at.date()
    document = facts.role_documents(session, [posting.id])[posting.id]
    role = facts.role_facts(posting.id, document, day)
    kept = pools.fresh(session, "candidates", posting.hub_id, day)
    model = pools.in_use(session, posting.hub_id)
    with kept.lock:
        assert isinstance(kept.pool, CandidatePool)
        ranking = kept.pool.rank_for(role, ranker=model.ranker, day=day, seed=SEED, top=top)
        size, version = len(kept.pool), kept.version
    _keep_subject(kept, "roles", posting.hub_id, posting.id, posting.facts_version, str(posting.state) == "live",
                  document)
    more = crowding.under_more(session, posting)
    ranking = replace(ranking, lines=tuple(placed(ranking.lines, more)))
    run = _run("candidates", posting.id, posting.facts_version, posting.hub_id, ranking, viewer_id=viewer_id, at=at,
               top=top, size=size, version=version, model=model.hash)
    run.filters = {"more": list(more)} if more else None
    return Listing(ranking, run, kept, model.ranker, role=role, more=more)


def roles_for(
    session: Session, candidate: Candidate, *, viewer_id: str | None, at: datetime, top: int = TOP,
    pools: Pools = POOLS, document: facts.Document | None = None,
) -> Listing:
    """The roles that fit a person, best first; `document` is what `facts.candidate_documents` read of many at once."""
    day = at.date()
    document = document or facts.candidate_documents(session, [candidate.id])[candidate.id]
    person = facts.candidate_facts(candidate.id, document, day)
    kept = pools.fresh(session, "roles", candidate.hub_id, day)
    model = pools.in_use(session, candidate.hub_id)
    with kept.lock:
        assert isinstance(kept.pool, RolePool)
        ranking = kept.pool.rank_for(person, ranker=model.ranker, day=day, seed=SEED, top=top)
        size, version = len(kept.pool), kept.version
    _keep_subject(kept, "candidates", candidate.hub_id, candidate.id, candidate.facts_version,
                  str(candidate.state) == "active", document)
    run = _run("roles", candidate.id, candidate.facts_version, candidate.hub_id, ranking, viewer_id=viewer_id, at=at,
               top=top, size=size, version=version, model=model.hash)
    return Listing(ranking, run, kept, model.ranker, candidate=person)


def _keep_subject(kept: Kept, kind: str, hub_id: str, name: str, version: int, ranked: bool,
                  document: facts.Document) -> None:
    with kept.lock:
        kept.unwritten.append({"subject_id": name, "version": version, "hub_id": hub_id, "kind": kind,
                               "ranked": ranked, "facts": document})


def lines_of(ranked: Sequence[Scored]) -> list[list[Any]]:
    """What is kept of each line: id, score, rank, near-tie group, propensity."""
    return [[s.id, s.score, s.rank, s.near_tie_group, s.propensity] for s in ranked]


def fingerprint(lines: Sequence[Sequence[Any]]) -> str:
    """SHA-256 over the lines, floats to the last bit."""
    exact = [[v.hex() if isinstance(v, float) else v for v in line] for line in lines]
    return hashlib.sha256(json.dumps(exact, separators=(",", ":")).encode()).hexdigest()


def _run(
    direction: str, subject_id: str, subject_version: int, hub_id: str, ranking: Ranking, *, viewer_id: str | None,
    at: datetime, top: int, size: int, version: int, model: str,
) -> MatchRun:
    lines = lines_of(ranking.lines)
    return MatchRun(
        created_at=at, hub_id=hub_id, direction=direction, subject_id=subject_id, subject_version=subject_version,
        viewer_id=viewer_id, pool_version=version, pool_size=size, model_hash=model,
        feature_schema=str(features.SCHEMA), day=at.date(), seed=SEED, top=top, hits=dict(ranking.hits), lines=lines,
        fingerprint=fingerprint(lines),
    )


def explain_line(session: Session, listing: Listing, name: str, *, pools: Pools = POOLS) -> Explanation:
    """The reasons for one line of a list, from the numbers that made its score."""
    role, person = _pair(listing, name)
    return explain(listing.ranker, role, person)


def change_for(session: Session, posting: Posting, candidate: Candidate, *, at: datetime,
               pools: Pools = POOLS) -> Change | None:
    """The cheapest change that would move this person up most for this role, verified by ranking again."""
    day = at.date()
    role, person = one_role(session, posting.id, day), one_candidate(session, candidate.id, day)
    kept, ranker = pools.fresh(session, "candidates", posting.hub_id, day), pools.ranker(session, posting.hub_id)
    with kept.lock:
        assert isinstance(kept.pool, CandidatePool)
        return cheapest_change(role, person, kept.pool, ranker=ranker, day=day, seed=SEED)


def explain_pair(session: Session, posting_id: str, candidate_id: str, *, at: datetime,
                 pools: Pools = POOLS) -> Explanation:
    """The reasons for one person and one role outside any list."""
    day, hub_id = at.date(), session.get_one(Posting, posting_id).hub_id
    ranker = pools.ranker(session, hub_id)
    return explain(ranker, one_role(session, posting_id, day), one_candidate(session, candidate_id, day))


def _pair(listing: Listing, name: str) -> tuple[RoleFacts, CandidateFacts]:
    with listing.kept.lock:
        if listing.role is not None and isinstance(listing.kept.pool, CandidatePool):
            return listing.role, listing.kept.pool.get(name)
        assert listing.candidate is not None
        assert isinstance(listing.kept.pool, RolePool)
        return listing.kept.pool.get(name), listing.candidate


def replay(session: Session, run: MatchRun, pools: Pools = POOLS) -> list[list[Any]]:
    """Make a list again from its journal line and the facts kept then; equal to `run.lines` to the last bit.

    The model that made it comes from the hub's history. Raises ValueError when it cannot be had, or when the features
    have changed since.
    """
    if str(features.SCHEMA) != run.feature_schema:
        raise ValueError("this list was made with other columns")
    try:
        ranker = pools.models.by_hash(session, run.hub_id, run.model_hash)
    except ModelRefused as error:
        raise ValueError(f"this list was made by another model: {error}") from None
    subject = session.get(FactsVersion, (run.subject_id, run.subject_version))
    if subject is None:
        raise ValueError("the subject's facts were not kept")
    pool_kind = run.direction
    day: date = run.day
    if pool_kind == "candidates":
        people = CandidatePool()
        for name, document in _documents(session, run, pool_kind):
            people.upsert(facts.candidate_facts(name, document, day))
        role = facts.role_facts(run.subject_id, subject.facts, day)
        ranking = people.rank_for(role, ranker=ranker, day=day, seed=run.seed, top=run.top)
    else:
        roles = RolePool()
        for name, document in _documents(session, run, pool_kind):
            roles.upsert(facts.role_facts(name, document, day))
        person = facts.candidate_facts(run.subject_id, subject.facts, day)
        ranking = roles.rank_for(person, ranker=ranker, day=day, seed=run.seed, top=run.top)
    return lines_of(placed(ranking.lines, (run.filters or {}).get("more", ())))


def _documents(session: Session, run: MatchRun, kind: str) -> list[tuple[str, facts.Document]]:
    newest = (
        select(FactsVersion.subject_id, func.max(FactsVersion.version).label("version"))
        .where(FactsVersion.hub_id == run.hub_id, FactsVersion.kind == kind, FactsVersion.version <= run.pool_version)
        .group_by(FactsVersion.subject_id).subquery()
    )
    rows = session.execute(
        select(FactsVersion.subject_id, FactsVersion.ranked, FactsVersion.facts)
        .join(newest, (newest.c.subject_id == FactsVersion.subject_id) & (newest.c.version == FactsVersion.version))
    )
    return [(name, document) for name, ranked, document in rows if ranked]
