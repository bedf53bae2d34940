"""The match lists of a hub as an audit looks at them: everyone who could be ranked, who passed, and in which order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.matches import crowding, facts
from matcher.matches.lists import SEED
from matcher.matches.models import FactsVersion, MatchRun
from matcher.matches.pools import Pools
from matcher.outcomes.fairness_stages import Stage
from matcher.ranking import congestion, features
from matcher.ranking.audit_lists import TOP, Ranked
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import COLUMNS
from matcher.ranking.logistics import Floats
from matcher.ranking.pool import CandidatePool
from matcher.ranking.ranker import Ranker, candidate_needs, role_needs
from matcher.roles.models import Posting

FILTER, SHOWN = "filter", "shown"
MOST_ROLES = 300  # newest first; a hub with more live roles is audited on these
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class HubLists:
    """Every live role's list. `columns` (people, 8) are each person's means over the roles; `people` names its rows.

    `lists` have the first places as they are shown, with nobody on more lists than the cap; `bare` have no cap.
    """

    roles: tuple[RoleFacts, ...]
    lists: tuple[Ranked, ...]
    bare: tuple[Ranked, ...]
    people: tuple[str, ...]
    facts: tuple[CandidateFacts, ...]
    columns: Floats
    passed: Mapping[str, int]


def lists_now(
    session: Session, hub_id: str, at: datetime, pools: Pools, ranker: Ranker, *, capped: bool = True
) -> HubLists:
    """The lists of the hub's live roles at this moment, by any ranker; `capped` as last night found it."""
    day, cap = at.date(), crowding.latest(session, hub_id) if capped else None
    more: Mapping[str, Sequence[str]] = cap.more if cap else {}
    ids = list(session.scalars(
        select(Posting.id).where(Posting.hub_id == hub_id, Posting.state == "live")
        .order_by(Posting.live_at.desc(), Posting.id).limit(MOST_ROLES)
    ))
    documents = facts.role_documents(session, ids)
    roles = [facts.role_facts(name, documents[name], day) for name in ids]
    kept = pools.fresh(session, "candidates", hub_id, day)
    with kept.lock:
        assert isinstance(kept.pool, CandidatePool)
        return _of_pool(kept.pool, [role for role in roles if not role_needs(role)], ranker, day, more)


def _of_pool(
    pool: CandidatePool, roles: Sequence[RoleFacts], ranker: Ranker, day: date, more: Mapping[str, Sequence[str]]
) -> HubLists:
    lists, bare, passed = [], [], defaultdict[str, int](int)
    everyone = [person for person in pool.facts() if not candidate_needs(person)]
    people = tuple(sorted(person.id for person in everyone))
    sums = np.zeros((len(people), len(COLUMNS)))
    for role in roles:
        names, columns = pool.contenders(role, ranker.near, filtered=False)
        sums += columns[:, np.argsort(names)].T
        through, _ = pool.contenders(role, ranker.near)
        for name in through:
            passed[name] += 1
        order = [line.id for line in pool.rank_for(role, ranker=ranker, day=day, seed=SEED, top=congestion.DEPTH).lines]
        lists.append(Ranked(tuple(through), _first(order, more.get(role.id, ()))))
        bare.append(Ranked(tuple(through), tuple(order[:TOP])))
    by_id = {person.id: person for person in everyone}
    return HubLists(tuple(roles), tuple(lists), tuple(bare), people, tuple(by_id[name] for name in people),
                    sums / max(len(roles), 1), passed)


def _first(order: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    """The first places as they are shown: those who sit under "more" come after them."""
    return tuple(congestion.parted(order, more)[0][:TOP])


def filtered(found: HubLists) -> Stage:
    """Filter: everyone who could be ranked; through when no declared wish keeps them from at least half the lists."""
    roles = len(found.lists)
    decided = {name: found.passed.get(name, 0) >= ALIKE * roles for name in found.people} if roles else {}
    return Stage(FILTER, decided)


def shown_now(found: HubLists) -> Stage:
    """Shown: everyone who passed for a list; through when they stand in the first ten of at least one."""
    return _shown(set().union(*(one.pool for one in found.lists)), (one.order for one in found.lists))


def shown_in(session: Session, hub_id: str, since: datetime, until: datetime) -> Stage | None:
    """The same from the lists that were opened in the period, by the journal; None when nobody opened one."""
    runs = session.execute(
        select(MatchRun.lines, MatchRun.pool_version, MatchRun.filters)
        .where(MatchRun.hub_id == hub_id, MatchRun.direction == "candidates", MatchRun.created_at >= since,
               MatchRun.created_at < until)
    ).all()
    if not runs:
        return None
    newest = (
        select(FactsVersion.subject_id, func.max(FactsVersion.version).label("version"))
        .where(FactsVersion.hub_id == hub_id, FactsVersion.kind == "candidates",
               FactsVersion.version <= max(run.pool_version for run in runs))
        .group_by(FactsVersion.subject_id).subquery()
    )
    pool = set(session.scalars(
        select(FactsVersion.subject_id)
        .join(newest, (newest.c.subject_id == FactsVersion.subject_id) & (newest.c.version == FactsVersion.version))
        .where(FactsVersion.ranked)
    ))
    # Somebody hired since then is no longer in the pool, yet stands in the journal.
    listed = {line[0] for run in runs for line in run.lines}
    return _shown(pool | listed, (
        _first([line[0] for line in run.lines if line[2]], (run.filters or {}).get("more", ())) for run in runs))


def _shown(pool: Iterable[str], orders: Iterable[Sequence[str]]) -> Stage:
    top = {name for order in orders for name in order[:TOP]}
    return Stage(SHOWN, {name: name in top for name in pool})


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of people and roles: columns (8, n), the ranker's scores (n), None with too little to say."""

    columns: Floats
    scores: tuple[float | None, ...]


def pairs_of(session: Session, pairs: Sequence[tuple[str, str]], day: date, ranker: Ranker) -> Pairs:
    """(candidate, posting) pairs as the ranker would see and score them on that day."""
    people = facts.candidate_documents(session, sorted({person for person, _ in pairs}))
    roles = facts.role_documents(session, sorted({role for _, role in pairs}))
    known = {name: facts.candidate_facts(name, document, day) for name, document in people.items()}
    asked = {name: facts.role_facts(name, document, day) for name, document in roles.items()}
    both = [(asked[role], known[person]) for person, role in pairs]
    columns = features.pair_matrix(both, ranker.near)
    enough = [not role_needs(role) and not candidate_needs(person) for role, person in both]
    found = ranker.score(columns).tolist() if pairs else []
    return Pairs(columns, tuple(value if known else None for value, known in zip(found, enough, strict=True)))
