"""Closing an account: everything is handed out before, and afterwards nothing names or describes the person."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine, inspect, select, text

from matcher.applications.models import Application
from matcher.candidates import actions, evidence
from matcher.candidates.models import Candidate, ConsentPurpose, EvidenceTier
from matcher.demographics import actions as demographics
from matcher.demographics.models import DemographicAnswer
from matcher.people import actions as people
from matcher.people import export
from tests.factories import candidates as make
from tests.factories.roles import Town

pytestmark = pytest.mark.data
CANARY = "Zanzibarcanary"


def told_everything(town: Town) -> tuple[Candidate, Application, object]:
    """A candidate who wrote one rare word into every field there is."""
    session, at = town.session, town.at
    candidate, actor, who = make.profile(session, town.hub, at, place_label=CANARY)
    actions.describe(session, candidate, headline=CANARY, story=CANARY, actor=actor, at=at)
    done = actions.add_experience(session, candidate, actor=actor, at=at, facts={
        "kind": "work", "title": CANARY, "place": CANARY, "words": CANARY, "starts_on": None, "ends_on": None})
    evidence.add_own(session, candidate, candidate.skills[0], tier=EvidenceTier.ARTIFACT, title=CANARY,
                     url=f"https://{CANARY}.example.org", given_on=at.date(), experience_id=done.id, actor=actor, at=at)
    actions.give_consent(session, candidate, ConsentPurpose.COUNT_IN_GROUPS, actor=actor, at=at)
    other, _ = make.organizations.organization(session, town.hub, at)
    actions.exclude(session, candidate, other.id, actor=actor, at=at)
    demographics.answer(session, candidate_id=candidate.id, hub_id=town.hub.id, actor=actor, at=at,
                        answers={"gender": "woman", "veteran": "prefer_not_to_say"})
    application = make.apply(session, town.role(), candidate, actor, at, words=CANARY)
    session.flush()
    return candidate, application, who


def test_the_export_holds_all_that_the_person_wrote(town: Town) -> None:
    _, _, who = told_everything(town)
    kept = export.everything(town.session, who)  # type: ignore[arg-type]
    (profile,) = kept["profiles"]
    assert (profile["headline"], profile["experience"][0]["words"], profile["wishes"]["place_label"]) == (CANARY,) * 3
    assert [proof["title"] for skill in profile["skills"] for proof in skill["evidence"]] == [CANARY]
    assert kept["applications"][0]["words"] == CANARY
    assert {row["question"]: row["answer"] for row in kept["voluntary_answers"]} == {"gender": "woman", "veteran": None}
    json.dumps(kept)


def test_erasure_leaves_no_word_in_any_table(town: Town, engine: Engine) -> None:
    candidate, application, who = told_everything(town)
    session, at = town.session, town.at
    session.commit()
    people.close_account(session, who, at=at)  # type: ignore[arg-type]
    session.commit()
    for table in inspect(engine).get_table_names():
        for row in session.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608
            assert CANARY.casefold() not in repr(tuple(row)).casefold(), table
    assert (str(candidate.state), str(application.state)) == ("anonymized", "withdrawn")
    assert session.scalars(select(DemographicAnswer)).all() == []
    assert application.snapshot is not None
    assert {key for row in application.snapshot["skills"] for key in row} == {"skill", "level", "evidence"}
