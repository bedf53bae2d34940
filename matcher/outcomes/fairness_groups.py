"""Which group a person said to belong to, for the audit alone: consented answers, and everything else unknown."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.candidates.models import Consent, ConsentPurpose
from matcher.demographics.models import AnswerStatus, DemographicAnswer
from matcher.ranking.audit import Group
from matcher.ranking.audit_cells import SMALLEST

#: Sex, race and ethnicity, and both together, as Local Law 144 asks; more factors would find more by chance alone.
FACTORS: tuple[Group, ...] = (("gender",), ("race_ethnicity",), ("gender", "race_ethnicity"))
_ASKED = frozenset(name for factor in FACTORS for name in factor)

Answers = Mapping[str, Mapping[str, str]]  # candidate id -> question -> value


def answers(session: Session, hub_id: str, until: datetime) -> Answers:
    """The answers given before that moment by people who agreed, and still agree, to be counted in groups.

    "Prefer not to say", no answer and no consent all read as unknown: the person is counted, without a group.
    """
    consented = set(session.scalars(select(Consent.candidate_id).where(
        Consent.hub_id == hub_id, Consent.purpose == ConsentPurpose.COUNT_IN_GROUPS, Consent.given_at < until,
        Consent.withdrawn_at.is_(None),
    )))
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in session.scalars(select(DemographicAnswer).where(
        DemographicAnswer.hub_id == hub_id, DemographicAnswer.status == AnswerStatus.ANSWERED,
        DemographicAnswer.answered_at < until, DemographicAnswer.question.in_(sorted(_ASKED)),
    )):
        if row.candidate_id in consented and row.value:
            found[row.candidate_id][str(row.question)] = row.value
    return found


def groups(known: Answers, people: Iterable[str], factor: Group) -> dict[str, Group]:
    """Person to group by a factor, without groups of fewer than ten of these people: their figures are not shown."""
    found = {}
    for name in set(people):
        parts = tuple(known.get(name, {}).get(question, "") for question in factor)
        if all(parts):
            found[name] = parts
    sizes = Counter(found.values())
    return {name: group for name, group in found.items() if sizes[group] >= SMALLEST}
