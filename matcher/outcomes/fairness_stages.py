"""What was decided about each person in a period, stage by stage, from applications and hires as they stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application, Interview, Offer
from matcher.placements.models import Placement, RetentionAnswer, RetentionCheck

CONTACTED, INTERVIEWED, OFFERED, HIRED, RETAINED = "contacted", "interviewed", "offered", "hired", "retained"
RETAINED_DAYS = 90
_OWN_CHOICE = frozenset({"withdrawn", "hired_elsewhere"})
_OPEN = frozenset({"submitted", "in_review", "shortlisted", "interviewing", "offered"})
TURNED_DOWN = frozenset({"not_selected", "no_response", "posting_closed"})
_TALKED = frozenset({"offered", "accepted", "declined"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One application of the period: whose, for which role, and how far it came."""

    id: str
    candidate_id: str
    posting_id: str
    state: str
    contacted: bool
    interviewed: bool
    offered: bool

    @property
    def worth(self) -> float:
        """How far the employer took it, 0 to 1, as grades: no, contacted, interviewed, offered, hired."""
        return sum((self.contacted, self.interviewed, self.offered, self.state == "accepted")) / 4


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage with everybody in it: person to True (got through), False (was turned down); the others apart.

    A person counts once: through when any of their applications came through. `undecided` still wait, `left`
    withdrew, declined or were hired elsewhere: neither is a no.
    """

    name: str
    decided: Mapping[str, bool]
    undecided: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


def applications(session: Session, hub_id: str, since: datetime, until: datetime) -> list[Sent]:
    """The applications that were sent from `since` to before `until`; three statements."""
    rows = session.execute(
        select(Application.id, Application.candidate_id, Application.posting_id, Application.state,
               Application.revealed_at)
        .where(Application.hub_id == hub_id, Application.submitted_at >= since, Application.submitted_at < until)
        .order_by(Application.submitted_at, Application.id)
    ).all()
    talked = _having(session, Interview, hub_id, Interview.state == "held")
    offered = _having(session, Offer, hub_id)
    return [
        Sent(row.id, row.candidate_id, row.posting_id, str(row.state), row.revealed_at is not None,
             row.id in talked or str(row.state) in _TALKED, row.id in offered)
        for row in rows
    ]


def of_applications(sent: Iterable[Sent]) -> list[Stage]:
    """Contacted, of those who applied; interviewed, of those contacted; offered, of those interviewed; hired, of all.

    Contacted means shortlisted: that is when an employer first sees a name and may write or call.
    """
    rows = list(sent)
    return [
        _stage(CONTACTED, [(row, row.contacted) for row in rows]),
        _stage(INTERVIEWED, [(row, row.interviewed) for row in rows if row.contacted]),
        _stage(OFFERED, [(row, row.offered) for row in rows if row.interviewed]),
        _stage(HIRED, [(row, row.state == "accepted") for row in rows]),
    ]


def retained(session: Session, hub_id: str, since: date, until: date) -> Stage:
    """Of those whose 90th day at work came in the period: still there, by the check; without an answer undecided."""
    first, last = since - timedelta(days=RETAINED_DAYS), until - timedelta(days=RETAINED_DAYS)
    hires = session.execute(
        select(Placement.id, Placement.candidate_id, Placement.starts_on, Placement.ended_on)
        .where(Placement.hub_id == hub_id, Placement.starts_on.between(first, last),
               Placement.confirmed_at.is_not(None)).order_by(Placement.starts_on, Placement.id)
    ).all()
    said = _checked(session, hub_id)
    decided: dict[str, bool] = {}
    undecided = set()
    for hire in hires:
        gone = hire.ended_on is not None and hire.ended_on < hire.starts_on + timedelta(days=RETAINED_DAYS)
        still = False if gone else said.get(hire.id)
        if still is None:
            undecided.add(hire.candidate_id)
        else:
            decided[hire.candidate_id] = still or decided.get(hire.candidate_id, False)
    return Stage(RETAINED, decided, frozenset(undecided - decided.keys()))


def _checked(session: Session, hub_id: str) -> dict[str, bool]:
    """Placement to whether the person was still there at 90 days or later, by the newest clear answer."""
    rows = session.execute(
        select(RetentionCheck.placement_id, RetentionAnswer.still_there)
        .join(RetentionCheck, RetentionCheck.id == RetentionAnswer.check_id)
        .where(RetentionCheck.hub_id == hub_id, RetentionCheck.day == RETAINED_DAYS,
               RetentionAnswer.still_there != "unknown")
        .order_by(RetentionAnswer.created_at, RetentionAnswer.id)
    )
    return {placement_id: str(still) == "yes" for placement_id, still in rows}


def _having(session: Session, model: type[Interview] | type[Offer], hub_id: str, *tests: object) -> set[str]:
    return set(session.scalars(
        select(model.application_id).where(model.hub_id == hub_id, *tests)  # type: ignore[arg-type]
    ))


def _stage(name: str, rows: Iterable[tuple[Sent, bool]]) -> Stage:
    outcomes: defaultdict[str, set[str]] = defaultdict(set)
    for row, through in rows:
        outcomes[row.candidate_id].add(_outcome(row, through, name))
    decided = {person: "yes" in found for person, found in outcomes.items()
               if "yes" in found or ("no" in found and "open" not in found)}
    undecided = frozenset(p for p, found in outcomes.items() if "open" in found and "yes" not in found)
    return Stage(name, decided, undecided, frozenset(outcomes.keys() - decided.keys() - undecided))


def _outcome(row: Sent, through: bool, stage: str) -> str:
    if through:
        return "yes"
    if row.state in _OWN_CHOICE or (stage == HIRED and row.state == "declined"):
        return "left"
    return "open" if row.state in _OPEN else "no"
