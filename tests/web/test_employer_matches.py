"""The list of people who fit a role: skills without names, noted, filtered, compared, and closed to the excluded."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from matcher.candidates import actions as candidates
from matcher.candidates.models import ProfileView
from matcher.kit.outbox import Notice
from matcher.matches import lists
from matcher.matches.models import MatchRun
from matcher.skills.models import Skill, SkillNeighbor
from tests.factories import applications as made
from tests.factories.roles import SKILLS, Town
from tests.web.hiring_site import NOW, app, base, look, owner, read, send, town  # noqa: F401 - fixtures
from web.mail import about

about.load()


def test_the_list_shows_skills_and_no_names_and_is_noted(owner: FlaskClient, town: Town) -> None:
    seekers = [made.seeker(town, name=f"Secret Name{n}", shown=bool(n % 2)) for n in range(3)]
    vague = made.seeker(town, name="Secret Vague")
    for skill in list(vague.candidate.skills)[1:]:
        candidates.remove_skill(town.session, vague.candidate, skill, actor=vague.actor, at=NOW)
    posting = town.role()
    town.session.commit()
    path = f"{base(town)}/roles/{posting.id}/matches"
    words = read(owner, path)
    assert "4 people in reach" in words
    assert "1 more person has too little" in words
    assert "Evidenced 3 of 3" in words
    assert "Evidenced 0 of 3" in words
    for seeker in [*seekers, vague]:
        assert seeker.person.name not in words
        assert seeker.person.email not in words
    assert all(f"Candidate {seeker.candidate.code}" in words for seeker in seekers)
    assert f"Candidate {vague.candidate.code}" in read(owner, f"{path}?show=too_little")
    seen = look(town)
    runs = seen.scalars(select(MatchRun).order_by(MatchRun.created_at)).all()
    assert [run.viewer_id for run in runs] == [town.owner_person.id] * 2
    assert runs[1].filters == {"show": ["too_little"]}
    assert lists.fingerprint(lists.replay(seen, runs[0])) == runs[0].fingerprint
    assert seen.scalar(select(func.count()).select_from(ProfileView)) == 0


def test_filters_compare_and_downloads_keep_the_names_hidden(owner: FlaskClient, town: Town) -> None:
    seekers = [made.seeker(town, name="Secret Name", shown=bool(n)) for n in range(2)]
    posting = town.role()
    town.session.commit()
    path = f"{base(town)}/roles/{posting.id}/matches"
    ids = [seeker.candidate.id for seeker in seekers]
    assert f"Candidate {seekers[0].candidate.code}" not in read(owner, f"{path}?fit=shown")
    assert f"Candidate {seekers[1].candidate.code}" not in read(owner, f"{path}?q={seekers[0].candidate.code}")
    side = read(owner, f"{path}?compare={ids[0]}&compare={ids[1]}")
    assert "Side by side" in side
    assert "Secret" not in side
    assert "Choose two to four" in read(owner, f"{path}?compare={ids[0]}")
    table = list(csv.reader(io.StringIO(owner.get(f"{path}?download=csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert len(table) == 3
    assert table[0][:4] == ["Candidate", "Background", "Place", "Evidenced"]
    assert "Secret" not in str(table)
    assert owner.get(f"{path}?download=xlsx").data[:2] == b"PK"


def test_a_profile_is_noted_named_by_code_and_can_be_asked_once(owner: FlaskClient, town: Town) -> None:
    who, posting = made.seeker(town, name="Secret Name"), town.role()
    town.session.commit()
    path = f"{base(town)}/roles/{posting.id}/people/{who.candidate.id}"
    words = read(owner, path)
    assert f"Candidate {who.candidate.code}" in words
    assert "Secret" not in words
    assert who.person.email not in words
    for _ in range(2):
        send(owner, f"{path}/invite")
    seen = look(town)
    view = seen.scalars(select(ProfileView)).one()
    assert (view.candidate_id, view.organization_id, view.named) == (who.candidate.id, town.organization.id, False)
    assert seen.scalar(select(func.count()).where(Notice.kind == "invited_to_apply")) == 1
    assert "You have asked" in read(owner, path)


def test_a_profile_names_a_near_skill_that_the_role_did_not_ask_for(owner: FlaskClient, town: Town) -> None:
    """Somebody who knows what is close to a requirement: the reason names a skill of theirs, not one of the role's."""
    for near, other in ((SKILLS[2], SKILLS[3]), (SKILLS[3], SKILLS[2])):
        town.session.add(SkillNeighbor(skill_id=near, neighbor_id=other, similarity=0.9))
    who = made.seeker(town, levels={SKILLS[0]: 2, SKILLS[1]: 3, SKILLS[3]: 3})
    posting = town.role()
    town.session.commit()
    words = read(owner, f"{base(town)}/roles/{posting.id}/people/{who.candidate.id}")
    assert "Networking: knows Customer service, which is close to it." in words


def test_skills_are_named_in_the_language_of_the_reader(owner: FlaskClient, town: Town) -> None:
    town.session.get_one(Skill, SKILLS[2]).name_es = "Redes"
    who, posting = made.seeker(town), town.role()
    town.session.commit()
    role = f"{base(town)}/roles/{posting.id}"
    for page in (f"{role}/matches", f"{role}/people/{who.candidate.id}", role):
        assert "Networking" in read(owner, page)
    with owner.session_transaction() as cookie:
        cookie["locale"] = "es"
    for page in (f"{role}/matches", f"{role}/people/{who.candidate.id}", role):
        words = read(owner, page)
        assert "Redes" in words
        assert "Networking" not in words
        assert "Windows" in words  # a product has one name everywhere


def test_invariant_10_an_excluded_employer_finds_no_way_in(owner: FlaskClient, town: Town) -> None:
    who, posting = made.seeker(town, name="Secret Name"), town.role()
    row = made.applied(town, posting, who, state="shortlisted")
    talk = made.interview(town, row)
    candidates.exclude(town.session, who.candidate, town.organization.id, actor=who.actor, at=NOW)
    town.session.commit()
    role = f"{base(town)}/roles/{posting.id}"
    assert "Nobody is in reach yet" in read(owner, f"{role}/matches")
    assert "Nobody" in read(owner, f"{role}/matches?show=too_little")
    for way in (f"{role}/matches?download=csv", f"{base(town)}/applications?download=csv"):
        assert len(owner.get(way).get_data(as_text=True).strip().splitlines()) == 1
    compared = read(owner, f"{role}/matches?compare={who.candidate.id}&compare={who.candidate.id}")
    assert who.candidate.code not in compared
    for way in (f"{role}/people/{who.candidate.id}", f"{base(town)}/applications/{row.id}",
                f"{base(town)}/applications/{row.id}/no", f"{base(town)}/applications/{row.id}/offer"):
        read(owner, way, 404)
    send(owner, f"{role}/people/{who.candidate.id}/invite", 404)
    send(owner, f"{base(town)}/applications/{row.id}/reopen", 404, reason="Let me see")
    send(owner, f"{base(town)}/interviews/{talk.id}/hold", 404)
    for way in ("", "?view=list", "?state=closed"):
        words = read(owner, f"{base(town)}/applications{way}")
        assert who.candidate.code not in words
        assert "Secret" not in words


def test_a_profile_outside_the_list_is_not_there(owner: FlaskClient, town: Town) -> None:
    posting, draft, other = town.role(), town.role("draft"), Town.found(town.session, town.at)
    paused, foreign, fine = made.seeker(town), made.seeker(other), made.seeker(town)
    candidates.advance(town.session, paused.candidate, "pause", actor=paused.actor, at=NOW)
    town.session.commit()
    for role, who in ((posting, paused), (posting, foreign), (draft, fine)):
        read(owner, f"{base(town)}/roles/{role.id}/people/{who.candidate.id}", 404)
    read(owner, f"{base(town)}/roles/{posting.id}/people/{fine.candidate.id}")
    assert "No list while the role is not open" in read(owner, f"{base(town)}/roles/{draft.id}/matches")
    read(owner, f"{base(other)}/roles/{posting.id}/matches", 404)


def test_lists_ask_the_same_number_of_statements_for_few_and_for_many(
    app: Flask, owner: FlaskClient, town: Town
) -> None:
    posting = town.role(positions=99)
    town.session.commit()
    pages = [f"{base(town)}/roles/{posting.id}/matches", f"{base(town)}/applications",
             f"{base(town)}/applications?view=list", f"{base(town)}/hires"]
    counted: list[list[int]] = []
    for _ in range(2):
        for _ in range(3):
            made.seeker(town)
            made.applied(town, posting, state="shortlisted")
            made.started(town, posting)
        town.session.commit()
        counted.append([_statements(app, owner, page) for page in pages])
    assert counted[0] == counted[1]


def _statements(app: Flask, client: FlaskClient, path: str) -> int:
    read(client, path)
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    try:
        read(client, path)
    finally:
        event.remove(app.extensions["engine"], "before_cursor_execute", note)
    return len(asked)


# --------------------------------------------------------------------------------------- answers, talks, offer
