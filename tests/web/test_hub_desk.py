"""The hub's desk: only its operators come in, each form says what is wrong, and a stale answer overwrites nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from matcher.kit import clock
from matcher.kit.actor import Actor
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.outcomes import queries as outcomes
from matcher.people.models import Person
from matcher.roles import actions as roles
from matcher.skills import actions as skills
from matcher.skills import learning
from matcher.skills.models import DecisionBasis, HubOccupation, ProposalKind
from tests.factories import people
from tests.factories.roles import OCCUPATION, SKILLS, Town
from web import create_app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The real application on a database of its own."""
    app = create_app(settings)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def town(app: Flask, engine: Engine) -> Iterator[Town]:
    """A hub with an employer, and the hub's word on one occupation."""
    with session_factory(engine)() as session:
        town = Town.found(session, clock.now() - timedelta(days=1))
        session.add(HubOccupation(hub_id=town.hub.id, occupation_code=OCCUPATION, in_demand=True, entry_level=True,
                                  career_path=True, basis=DecisionBasis.DEFAULT_RULE, decided_at=town.at,
                                  created_at=town.at))
        session.commit()
        yield town


@pytest.fixture
def desk(app: Flask, town: Town) -> FlaskClient:
    """The operator, signed in with a second factor."""
    return sign_in(app, town, town.operator_person)


def sign_in(app: Flask, town: Town, who: Person) -> FlaskClient:
    """A browser in which that person is signed in, by the real pages."""
    who.password_hash = people.password_hash()
    codes = people.with_second_factor(town.session, who, clock.now() - timedelta(minutes=5))
    town.session.commit()
    browser = app.test_client()
    answer = send(browser, "/account/sign-in", email=who.email, password=people.PASSWORD)
    second = answer.headers["Location"]
    assert send(browser, second, code=codes.at(clock.now())).status_code == 302
    return browser


def send(browser: FlaskClient, page: str, on: str = "", **fields: Any) -> TestResponse:
    """Fill in and send a form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(on or page).text)
    assert found, page
    return browser.post(page, data={"csrf_token": found[1], **fields})


PAGES = ("", "partners", "commitments", "roles", "answers", "placements", "headline", "occupations", "words", "policy",
         "trail")


def test_every_page_opens_for_the_operator_and_for_nobody_else(app: Flask, desk: FlaskClient, town: Town) -> None:
    """Strangers are sent to sign in; an employer's owner does not find the desk."""
    owner = sign_in(app, town, town.owner_person)
    for name in PAGES:
        page = f"/desk/{town.hub.slug}/{name}"
        assert desk.get(page).status_code == 200, page
        assert app.test_client().get(page).status_code == 302, page
        assert owner.get(page).status_code == 404, page


def test_another_hubs_operator_sees_nothing_of_this_one(app: Flask, town: Town) -> None:
    """Nothing crosses between hubs, not by its own address and not through the address of one's own hub."""
    other = Town.found(town.session, town.at, name="Far Away Mills")
    posting = town.role("submitted")
    town.session.commit()
    browser = sign_in(app, other, other.operator_person)
    assert browser.get(f"/desk/{town.hub.slug}/").status_code == 404
    assert browser.get(f"/desk/{other.hub.slug}/roles/{posting.id}").status_code == 404
    assert browser.get(f"/desk/{other.hub.slug}/partners/{town.partnership.id}").status_code == 404
    assert browser.get(f"/desk/{other.hub.slug}/commitments/{town.commitment.id if town.commitment else ''}"
                       ).status_code == 404


def test_a_role_is_approved_and_shown(desk: FlaskClient, town: Town) -> None:
    """From the queue to the answer; the queue is empty afterwards."""
    posting = town.role("submitted")
    town.session.commit()
    page = f"/desk/{town.hub.slug}/roles/{posting.id}"
    assert posting.title in desk.get(f"/desk/{town.hub.slug}/roles").text
    assert "1 role to review" in desk.get(f"/desk/{town.hub.slug}/").text
    assert send(desk, page, decision="approve", version=posting.version).status_code == 302
    town.session.refresh(posting)
    assert str(posting.state) == "approved"
    assert "No role waits" in desk.get(f"/desk/{town.hub.slug}/roles").text


def test_asking_for_changes_needs_words_and_keeps_what_was_typed(desk: FlaskClient, town: Town) -> None:
    """No answer at all, and changes without words, come back with errors; words by field reach the employer."""
    posting = town.role("submitted")
    town.session.commit()
    page = f"/desk/{town.hub.slug}/roles/{posting.id}"
    assert send(desk, page, version=posting.version, words="Almost there").status_code == 422
    bare = send(desk, page, version=posting.version, decision="request_changes")
    assert bare.status_code == 422
    assert "Say what to change" in bare.text
    done = send(desk, page, version=posting.version, decision="request_changes", about_pay="Show both ends.")
    assert done.status_code == 302
    town.session.refresh(posting)
    assert str(posting.state) == "changes_requested"
    assert posting.reviews[-1].by_field == {"pay": "Show both ends."}


def test_an_answer_to_words_that_changed_meanwhile_is_409_and_overwrites_nothing(desk: FlaskClient, town: Town) -> None:
    """The employer edits while the operator reads."""
    posting = town.role("submitted")
    town.session.commit()
    read = posting.version
    roles.edit_posting(town.session, posting, title="Another title", actor=town.owner, at=town.at)
    town.session.commit()
    answer = send(desk, f"/desk/{town.hub.slug}/roles/{posting.id}", decision="approve", version=read)
    assert answer.status_code == 409
    town.session.refresh(posting)
    assert str(posting.state) == "submitted"


def test_a_partner_is_taken_through_its_steps_and_a_reason_is_asked_for(desk: FlaskClient, town: Town) -> None:
    """Lapse needs a reason; with one it is done, in the trail, and the open mark of roles stays the hub's matter."""
    page = f"/desk/{town.hub.slug}/partners/{town.partnership.id}"
    assert send(desk, f"{page}/lapse", on=page).status_code == 422
    assert send(desk, f"{page}/lapse", on=page, reason="No answer since May.").status_code == 302
    town.session.refresh(town.partnership)
    assert str(town.partnership.state) == "lapsed"
    assert "No answer since May." in desk.get(f"/desk/{town.hub.slug}/trail?action=partnership.lapse").text


def test_the_goal_and_a_kept_figure(desk: FlaskClient, town: Town) -> None:
    """A goal without sense comes back; a good one shows; a figure of a day to come is refused."""
    base = f"/desk/{town.hub.slug}"
    wrong = send(desk, f"{base}/goal", on=f"{base}/headline", target="12", starts_on="2026-12-31",
                 target_on="2026-01-01")
    assert wrong.status_code == 422
    assert "comes before" in wrong.text
    good = send(desk, f"{base}/goal", on=f"{base}/headline", target="150", starts_on="2026-01-01",
                target_on="2026-12-31")
    assert good.status_code == 302
    assert "150" in desk.get(f"/hubs/{town.hub.slug}/").text
    ahead = (clock.now() + timedelta(days=3)).date().isoformat()
    assert send(desk, f"{base}/snapshots", on=f"{base}/headline", as_of=ahead).status_code == 422
    assert send(desk, f"{base}/snapshots", on=f"{base}/headline", as_of="2026-06-30").status_code == 302
    assert [row.as_of.isoformat() for row in outcomes.snapshots(town.session, town.hub.id)] == ["2026-06-30"]


def test_words_that_people_miss_are_taken_in_or_turned_down_with_a_reason(desk: FlaskClient, town: Town) -> None:
    """Each way of answering, and what is missing in each."""
    made = [skills.propose(town.session, hub_id=town.hub.id, text=text, kind=ProposalKind.SKILL, actor=town.owner,
                           at=town.at) for text in ("Forklift radio", "Vibe tuning")]
    town.session.commit()
    base = f"/desk/{town.hub.slug}/words"
    assert "Forklift radio" in desk.get(base).text
    assert send(desk, f"{base}/{made[0].id}", answer="alias").status_code == 422
    assert send(desk, f"{base}/{made[0].id}", answer="new").status_code == 302
    assert send(desk, f"{base}/{made[1].id}", answer="reject").status_code == 422
    assert send(desk, f"{base}/{made[1].id}", answer="reject", reason="Nobody can say what it is.").status_code == 302
    assert "No word waits" in desk.get(base).text


def test_a_learned_word_is_shown_and_can_be_forgotten(desk: FlaskClient, town: Town) -> None:
    """What three people meant stands on the page with what it is a name of, until the operator takes it back."""
    for person in ("a", "b", "c"):
        learning.answered(town.session, hub_id=town.hub.id, kind=ProposalKind.SKILL, text="green squares",
                          means=SKILLS[0], actor=Actor(person_id=person), at=town.at)
    town.session.commit()
    page = f"/desk/{town.hub.slug}/words"
    assert "green squares" in desk.get(page).text
    [(proposal, _name)] = learning.learned(town.session, town.hub.id)
    town.session.commit()
    assert send(desk, f"{page}/{proposal.id}/forget", on=page).status_code == 302
    desk.get(page)  # the first page says that it is forgotten
    assert "green squares" not in desk.get(page).text


def test_the_chain_can_be_checked_from_the_desk(desk: FlaskClient, town: Town) -> None:
    """A whole chain says so."""
    page = f"/desk/{town.hub.slug}/trail"
    assert send(desk, f"{page}/verify", on=page).status_code == 302
    assert "The chain is whole" in desk.get(page).text
