"""The fairness audit of a hub: who gets how far, by group, and whether its lists and its ranker treat groups alike."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from matcher.matches import training_labels
from matcher.matches.pools import POOLS, Pools
from matcher.organizations.models import Hub
from matcher.outcomes import fairness_groups, fairness_lists, fairness_stages
from matcher.outcomes.fairness_groups import FACTORS, Answers
from matcher.outcomes.fairness_lists import HubLists
from matcher.outcomes.fairness_report import DEFINITION, Answered, FairnessReport, Open
from matcher.outcomes.fairness_stages import Sent, Stage
from matcher.outcomes.queries import end_of_day
from matcher.ranking import audit_cells, audit_lists, audit_proxy, audit_search, audit_twins, weights
from matcher.ranking.audit import Group, Limits, StageTable
from matcher.ranking.audit_calibration import Calibration, calibrations
from matcher.ranking.audit_cells import SMALLEST
from matcher.ranking.audit_gate import Gate, release_gate
from matcher.ranking.audit_proxy import Proxy
from matcher.ranking.audit_tables import MIN_SHARE, Decided, score_tables, stage_tables
from matcher.ranking.logistics import Floats
from matcher.ranking.ranker import Ranker

YEAR = timedelta(days=365)
SCORED = "scored"
_BY_RANKER = (fairness_lists.FILTER, fairness_lists.SHOWN)
LIMITS = Limits(share=MIN_SHARE, n=SMALLEST, reference=30)


@dataclass(frozen=True, slots=True)
class _ListFigures:
    """What the lists alone say."""

    skews: tuple[audit_lists.Skew, ...]
    proxies: tuple[Proxy, ...]
    twins: audit_twins.Twins


def audit_of(
    session: Session, hub: Hub, *, starts_on: date, as_of: date, at: datetime, pools: Pools = POOLS
) -> FairnessReport:
    """Audit what was decided from `starts_on` to `as_of`, and the lists as they are at `at`, made by the hub's model.

    Everything comes back as it may be shown. Reads only; a few seconds for a hub of some hundred people.
    """
    since, until = end_of_day(starts_on - timedelta(days=1), hub.time_zone), end_of_day(as_of, hub.time_zone)
    known = fairness_groups.answers(session, hub.id, until)
    model = pools.in_use(session, hub.id)
    now = fairness_lists.lists_now(session, hub.id, at, pools, model.ranker)
    journal = fairness_lists.shown_in(session, hub.id, since, until)
    sent = fairness_stages.applications(session, hub.id, since, until)
    stages = [
        fairness_lists.filtered(now), journal or fairness_lists.shown_now(now), *fairness_stages.of_applications(sent),
        fairness_stages.retained(session, hub.id, starts_on, as_of),
    ]
    tables = _stage_tables(stages, known)
    scored = _scored(session, sent, known, at, model.ranker)
    grades = {pair.key: pair.grade for pair in training_labels.judged_in(session, hub.id, at)[0]}
    within, raw = (score_tables(scored.newest, FACTORS, LIMITS, within_roles=way) for way in (True, False))
    figures, searches = _list_figures(now, known, model.ranker), _searches(scored, known, model.ranker)
    return FairnessReport(
        definition=DEFINITION, starts_on=starts_on, as_of=as_of, model_hash=model.hash,
        shown_by="today" if journal is None else "journal", lists=len(now.lists), stages=tuple(_shown(tables)),
        open=tuple(_open(stage) for stage in stages), within=tuple(_both(within, raw)), raw=tuple(_both(raw, within)),
        answered=tuple(_answered(stages, known, factor) for factor in FACTORS), skews=figures.skews,
        proxies=figures.proxies, calibrations=tuple(_calibrated(scored, known, model.ranker, grades)),
        congestion=_congestion(now.lists), uncapped=_congestion(now.bare), searches=searches,
        gate=_gate(figures, [one for one in tables if one.stage in _BY_RANKER], searches),
    )


def gate_for(session: Session, hub: Hub, ranker: Ranker, *, at: datetime, pools: Pools = POOLS) -> Gate:
    """Whether a ranker that does not run yet may run: its own lists of the hub's live roles, twins and columns."""
    known = fairness_groups.answers(session, hub.id, at)
    now = fairness_lists.lists_now(session, hub.id, at, pools, ranker, capped=False)
    tables = _stage_tables([fairness_lists.filtered(now), fairness_lists.shown_now(now)], known)
    return _gate(_list_figures(now, known, ranker), tables)


def last_year(as_of: date) -> date:
    """The first day of an audit that ends on `as_of`."""
    return as_of - YEAR + timedelta(days=1)


def _gate(
    figures: _ListFigures, tables: Sequence[StageTable], searches: Sequence[audit_search.Record] = ()
) -> Gate:
    return release_gate(twins=figures.twins.asked, moved=figures.twins.moved, skews=figures.skews, tables=tables,
                        proxies=figures.proxies, alternatives=min((len(one.tried) for one in searches), default=None))


def _stage_tables(stages: Sequence[Stage], known: Answers) -> list[StageTable]:
    rows = [Decided("", stage.name, through, known.get(person, {}))
            for stage in stages for person, through in sorted(stage.decided.items())]
    return stage_tables(rows, FACTORS, LIMITS)


def _shown(tables: Sequence[StageTable]) -> list[StageTable]:
    by_stage: defaultdict[str, list[StageTable]] = defaultdict(list)
    for one in tables:
        by_stage[one.stage].append(one)
    return [one for own in by_stage.values() for one in audit_cells.suppress(own)]


def _both(tables: Sequence[StageTable], others: Sequence[StageTable]) -> list[StageTable]:
    """Tables over the same people as others: what is hidden in either is hidden in both."""
    pairs = zip(_shown(tables), _shown(others), strict=True)
    return [audit_cells.hide_where(one, other) for one, other in pairs]


def _list_figures(now: HubLists, known: Answers, ranker: Ranker) -> _ListFigures:
    groups = {factor: fairness_groups.groups(known, now.people, factor) for factor in FACTORS}
    # How many there are is said by the tables alone, where small cells are hidden.
    skews = tuple(_uncounted(audit_lists.skew(factor, now.lists, own)) for factor, own in groups.items())
    proxies = audit_proxy.corrected([
        one for factor, own in groups.items() if now.lists
        for one in audit_proxy.proxies(factor, now.columns, [own.get(name) for name in now.people])
    ])
    proxies = [replace(one, people=None, others=None) for one in proxies]
    return _ListFigures(skews, tuple(proxies), audit_twins.ask(ranker, now.roles, now.facts))


def _congestion(lists: Sequence[audit_lists.Ranked]) -> audit_lists.Congestion | None:
    return audit_lists.congestion(lists) if lists else None


def _uncounted(one: audit_lists.Skew) -> audit_lists.Skew:
    return replace(one, rows=tuple(replace(row, places=None, expected=None) for row in one.rows))


@dataclass(frozen=True, slots=True)
class _Scored:
    """The applications of the period as the ranker sees them: columns (8, n) and a row for each."""

    columns: Floats
    sent: tuple[Sent, ...]
    rows: tuple[Decided, ...]

    @property
    def newest(self) -> list[Decided]:
        """One row a person, that of the newest application with a score: the tests count people who stand alone."""
        pairs = zip(self.sent, self.rows, strict=True)
        return list({app.candidate_id: row for app, row in pairs if row.score is not None}.values())

    @property
    def judged(self) -> list[int]:
        """Rows with a score and a decision by the employer."""
        return [at for at, (app, row) in enumerate(zip(self.sent, self.rows, strict=True))
                if row.score is not None and (app.contacted or app.state in fairness_stages.TURNED_DOWN)]


def _scored(session: Session, sent: Sequence[Sent], known: Answers, at: datetime, ranker: Ranker) -> _Scored:
    found = fairness_lists.pairs_of(session, [(row.candidate_id, row.posting_id) for row in sent], at.date(), ranker)
    rows = (Decided(row.posting_id, SCORED, None, known.get(row.candidate_id, {}), value)
            for row, value in zip(sent, found.scores, strict=True))
    return _Scored(found.columns, tuple(sent), tuple(rows))


def _calibrated(
    scored: _Scored, known: Answers, ranker: Ranker, grades: Mapping[tuple[str, str], int]
) -> list[Calibration]:
    """What the ranker said of the employer's side against what it is taught that became of it: the grade as a share."""
    if ranker.stage == 0:
        return []
    rows = [at for at, (app, row) in enumerate(zip(scored.sent, scored.rows, strict=True))
            if row.score is not None and (app.posting_id, app.candidate_id) in grades]
    sent = [scored.sent[row] for row in rows]
    people, roles = [one.candidate_id for one in sent], [one.posting_id for one in sent]
    chances = ranker.advance(scored.columns[:, rows]).tolist()
    happened = [grades[one.posting_id, one.candidate_id] / weights.BEST for one in sent]
    found: list[Calibration] = []
    for factor in FACTORS:
        groups = fairness_groups.groups(known, people, factor)
        found += calibrations(factor, chances, happened, [groups.get(name) for name in people], roles)
    return [replace(one, n=None) for one in found]


def _searches(scored: _Scored, known: Answers, ranker: Ranker) -> tuple[audit_search.Record, ...]:
    """Other models on the hub's own decisions: is one as accurate and kinder to the group that does worst?"""
    rows = scored.judged
    people, roles = [scored.sent[row].candidate_id for row in rows], [scored.sent[row].posting_id for row in rows]
    if len(set(roles)) < audit_search.FOLDS:
        return ()
    outcomes = np.array([scored.sent[row].worth for row in rows])
    labels = {}
    for factor in FACTORS:
        groups = fairness_groups.groups(known, people, factor)
        labels[factor] = [groups.get(name) for name in people]
    data = audit_search.Judged(scored.columns[:, rows].T, outcomes, roles, people)
    return audit_search.search(data, labels, in_use="logistic" if ranker.stage else "stage 0")


def _open(stage: Stage) -> Open:
    undecided, left = len(stage.undecided), len(stage.left)
    return Open(stage.name, undecided if undecided >= SMALLEST else None, left if left >= SMALLEST else None)


def _answered(stages: Sequence[Stage], known: Answers, factor: Group) -> Answered:
    people = set().union(*(stage.decided.keys() for stage in stages))
    count = sum(all(known.get(name, {}).get(question) for question in factor) for name in people)
    rest = len(people) - count
    return Answered(factor, count, rest) if min(count, rest) >= SMALLEST else Answered(factor, None, None)
