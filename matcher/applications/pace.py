"""How fast employers answer: days from an application to its first answer, for the pages where people choose a role."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications.models import Application

ENOUGH_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """Median days to an answer over `answered` applications, of which `silent` more closed without one."""

    days: int
    answered: int
    silent: int


def pace_of(session: Session, organization_ids: Iterable[str], *, since: datetime) -> dict[str, Pace]:
    """Organization id to its pace since then; left out with fewer than three answers. One statement."""
    ids = sorted(set(organization_ids))
    if not ids:
        return {}
    waits: defaultdict[str, list[int]] = defaultdict(list)
    silent: defaultdict[str, int] = defaultdict(int)
    for organization_id, sent, answered, state in session.execute(
        select(Application.organization_id, Application.submitted_at, Application.answered_at, Application.state)
        .where(Application.organization_id.in_(ids), Application.submitted_at >= since)
    ):
        if answered is not None and sent is not None:
            waits[organization_id].append((answered - sent).days)
        elif str(state) == "no_response":
            silent[organization_id] += 1
    return {name: Pace(round(median(days)), len(days), silent[name]) for name, days in waits.items()
            if len(days) >= ENOUGH_ANSWERS}
