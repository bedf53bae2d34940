"""A hub learns what a word means when enough people answer alike, and nobody can read who typed it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError
from matcher.kit.settings import Settings
from matcher.organizations.models import Hub
from matcher.skills import learning, queries
from matcher.skills.models import ProposalKind, Skill, SkillProposal, WordAnswer

AT = datetime(2026, 11, 16, 15, 30, tzinfo=UTC)
SKILL = ProposalKind.SKILL
SHEETS, BOOKS = "tech:microsoft-excel", "tech:intuit-quickbooks"


@pytest.fixture
def hub(taxonomy_session: Session, settings: Settings) -> Hub:
    """A hub with nothing in it."""
    crypto.configure(settings)
    hub = Hub(slug="one", name="one", place_label="", latitude=0.0, longitude=0.0, wage_area="", created_at=AT)
    taxonomy_session.add(hub)
    taxonomy_session.flush()
    return hub


def say(session: Session, hub: Hub, person: str, means: str = SHEETS, text: str = "green squares") -> bool:
    """One person answers; True when the hub has learned from it."""
    return learning.answered(session, hub_id=hub.id, kind=SKILL, text=text, means=means, actor=Actor(person_id=person),
                             at=AT) is not None


def test_three_people_who_agree_teach_the_hub_a_name(taxonomy_session: Session, hub: Hub) -> None:
    session = taxonomy_session
    assert queries.understand(session, "green squares", SKILL, hub.id).outcome != "sure"
    assert not say(session, hub, "anna")
    assert not say(session, hub, "ben")
    assert not say(session, hub, "ben", text="Green  SQUARES")  # one person twice is one voice
    assert say(session, hub, "cleo")
    understood = queries.understand(session, "green squares", SKILL, hub.id)
    assert (understood.outcome, understood.best and understood.best.id) == ("sure", SHEETS)
    assert queries.understand(session, "green squares", SKILL).outcome != "sure"  # no other hub learns from it
    assert not say(session, hub, "dora"), "it is known already"


def test_people_who_disagree_teach_nothing(taxonomy_session: Session, hub: Hub) -> None:
    session = taxonomy_session
    taught = [say(session, hub, person, means) for person, means in
              (("a", SHEETS), ("b", BOOKS), ("c", SHEETS), ("d", BOOKS), ("e", SHEETS))]
    assert not any(taught)
    assert say(session, hub, "d"), "who changes their mind has one voice: now four of five agree"


def test_what_is_kept_names_neither_word_nor_person(taxonomy_session: Session, hub: Hub) -> None:
    session = taxonomy_session
    say(session, hub, "somebody-known")
    row = session.scalars(select(WordAnswer)).one()
    kept = " ".join(str(getattr(row, column.name)) for column in WordAnswer.__table__.columns)
    assert "squares" not in kept
    assert "somebody" not in kept
    assert not session.scalars(select(SkillProposal)).all()


def test_a_forgotten_name_is_not_learned_again(taxonomy_session: Session, hub: Hub) -> None:
    session, operator = taxonomy_session, Actor(person_id=None)
    for person in ("a", "b", "c"):
        say(session, hub, person)
    [(proposal, meant)] = learning.learned(session, hub.id)
    assert meant is session.get_one(Skill, "tech:microsoft-excel")
    learning.forget(session, proposal, actor=operator, at=AT)
    assert not say(session, hub, "d")
    assert learning.learned(session, hub.id) == []
    with pytest.raises(ConflictError):
        learning.forget(session, proposal, actor=operator, at=AT)


def test_nobody_without_an_account_and_no_program_is_counted(taxonomy_session: Session, hub: Hub) -> None:
    session, nobody = taxonomy_session, Actor(person_id=None)
    for kind, actor in ((SKILL, nobody), (ProposalKind.PROGRAM, Actor(person_id="p"))):
        assert not learning.answered(session, hub_id=hub.id, kind=kind, text="x y", means=SHEETS, actor=actor, at=AT)
    assert not session.scalars(select(WordAnswer)).all()
