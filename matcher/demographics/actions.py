"""Writes voluntary answers; the trail says that something changed, never what was said."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from matcher.demographics import queries, rules
from matcher.demographics.models import AnswerStatus, DemographicAnswer, Question
from matcher.kit import audit
from matcher.kit.actor import Actor
from matcher.kit.errors import DomainError, NotAllowedError
from matcher.kit.words import N_

PREFER_NOT = "prefer_not_to_say"


def answer(
    session: Session, *, candidate_id: str, hub_id: str, answers: Mapping[str, str], actor: Actor, at: datetime
) -> None:
    """Set the person's answers: a stored value, "prefer_not_to_say", or "" to take an answer back entirely."""
    if not actor.is_candidate(candidate_id):
        raise NotAllowedError(N_("Only the person answers these questions."))
    standing = queries.of_candidate(session, candidate_id)
    for question, value in answers.items():
        if question not in rules.ANSWERS or value not in {"", PREFER_NOT, *rules.ANSWERS[question]}:
            raise DomainError(N_("Choose one of the answers."), field=question)
        row = standing.get(question)
        if not value:
            if row is not None:
                row.status, row.value, row.answered_at = AnswerStatus.NOT_ASKED, None, at
            continue
        if row is None:
            row = DemographicAnswer(created_at=at, hub_id=hub_id, candidate_id=candidate_id,
                                    question=Question(question), status=AnswerStatus.NOT_ASKED, answered_at=at)
            session.add(row)
        row.status = AnswerStatus.PREFER_NOT if value == PREFER_NOT else AnswerStatus.ANSWERED
        row.value = None if value == PREFER_NOT else value
        row.answered_at = at
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="demographics.answer",
                 subject=("candidates", candidate_id), hub_id=hub_id)
