"""What the pages of a cohort show of its people: their own students by name, and no more than they may know."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from matcher.candidates import roster
from matcher.organizations.models import Hub
from matcher.training import queries
from matcher.training.models import Cohort, Endorsement, Enrollment
from web.kit import db

STATE_TONES = {"completed": "leaf", "enrolled": "blue", "intent_recorded": "sun", "withdrew": "plain",
               "transferred": "plain"}


@dataclass(frozen=True, slots=True)
class Seat:
    """One person of a cohort with the endorsements that stand. `email` only where the provider invited it itself."""

    enrollment: Enrollment
    name: str
    email: str
    endorsed: dict[str, Endorsement]


def of(cohort: Cohort, *, text: str = "", state: str = "") -> list[Seat]:
    """Everybody in a cohort by name; a fixed number of statements. Sets the hub that the layout shows."""
    session = db.session()
    g.hub = session.get_one(Hub, cohort.hub_id)
    people = queries.enrollments_of_cohort(session, cohort.id)
    seats = _seats(cohort.organization_id, people)
    words = text.casefold().split()
    return [seat for seat in seats if all(word in seat.name.casefold() for word in words)
            and (not state or str(seat.enrollment.state) == state)]


def _seats(organization_id: str, people: Sequence[Enrollment]) -> list[Seat]:
    session, ids = db.session(), [row.candidate_id for row in people]
    known, mails = roster.known(session, ids), roster.addresses(session, organization_id, ids)
    given: dict[str, dict[str, Endorsement]] = {}
    for row in queries.standing_of_people(session, organization_id, ids):
        given.setdefault(row.candidate_id, {})[row.skill_id] = row
    seats = [Seat(row, _name(known.get(row.candidate_id)), mails.get(row.candidate_id, ""),
                  given.get(row.candidate_id, {})) for row in people]
    return sorted(seats, key=lambda seat: (seat.name.casefold(), seat.enrollment.id))


def seat(enrollment: Enrollment) -> Seat:
    """One person of a cohort."""
    return _seats(enrollment.organization_id, [enrollment])[0]


def _name(person: roster.Known | None) -> str:
    return str(_("Closed account")) if person is None or person.erased else person.name
