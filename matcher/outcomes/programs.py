"""What became of the people who completed a program, as it may be published: counted, with the unknown, never small."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.outcomes.rules import Cell, apart, span
from matcher.placements.models import Placement, RetentionAnswer, RetentionCheck
from matcher.training.models import Cohort, Enrollment

HALF_YEAR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One published rate: how many, out of how many, and of how many nothing is known."""

    yes: Cell
    known_no: Cell
    unknown: Cell
    whole: Cell

    @property
    def span(self) -> tuple[int, int]:
        """The least and the most that the whole can be."""
        return span((self.yes, self.known_no, self.unknown))


def _outcome(yes: int, known_no: int, unknown: int) -> Outcome:
    cells = apart({"yes": yes, "known_no": known_no, "unknown": unknown}, "whole")
    return Outcome(**cells)


def _completed(session: Session, program_id: str, until: date) -> dict[str, date]:
    """Candidate id to the day of completion, for completions up to a day."""
    rows = session.execute(
        select(Enrollment.candidate_id, Enrollment.completed_on).join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Cohort.program_id == program_id, Enrollment.state == "completed", Enrollment.completed_on <= until)
    )
    return {row[0]: row[1] for row in rows if row[1]}


def completion(session: Session, program_id: str) -> Outcome:
    """Of everyone who began: completed, left, and still in the program or not known."""
    states = list(session.scalars(
        select(Enrollment.state).join(Cohort, Cohort.id == Enrollment.cohort_id)
        .where(Cohort.program_id == program_id)
    ))
    done = sum(str(state) == "completed" for state in states)
    left = sum(str(state) in ("withdrew", "transferred") for state in states)
    return _outcome(done, left, len(states) - done - left)


def hired(session: Session, program_id: str, today: date) -> Outcome:
    """Of those who completed at least 180 days ago: hired within 180 days (confirmed), and not known.

    CIRR counts in-field jobs within 180 days of completion. A person without a placement here may work elsewhere, so
    they are unknown, never a no.
    """
    done = _completed(session, program_id, today - HALF_YEAR)
    rows = session.execute(
        select(Placement.candidate_id, Placement.starts_on).where(
            Placement.candidate_id.in_(done), Placement.confirmed_at.is_not(None))
    )
    inside = {row[0] for row in rows if row[1] <= done[row[0]] + HALF_YEAR}
    return _outcome(len(inside), 0, len(done) - len(inside))


def still_there(session: Session, program_id: str, day: int = 180) -> Outcome:
    """Of hires whose check of that day has come: still there, no longer, and not known (WIOA asks after the second
    and fourth quarter; our checks fall at 30, 90, 180 and 365 days)."""
    rows = session.execute(
        select(RetentionCheck.id, RetentionCheck.state, RetentionAnswer.still_there)
        .join(Placement, Placement.id == RetentionCheck.placement_id)
        .outerjoin(RetentionAnswer, RetentionAnswer.check_id == RetentionCheck.id)
        .where(Placement.program_id == program_id, RetentionCheck.day == day,
               RetentionCheck.state.in_(("answered", "unreachable")))
        .order_by(RetentionCheck.id, RetentionAnswer.created_at)
    )
    last = {row[0]: str(row[2]) if row[2] else "unknown" for row in rows}
    said = list(last.values())
    return _outcome(said.count("yes"), said.count("no"), said.count("unknown"))
