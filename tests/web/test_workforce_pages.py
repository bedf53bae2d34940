"""The workforce organization's pages: only people who agreed, gone on the next request after they take it back."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher.candidates import actions as candidates
from matcher.candidates.models import ConsentPurpose, ProfileView
from matcher.kit import clock
from matcher.kit.actor import Actor
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.organizations import actions, queries
from matcher.organizations.models import Invitation
from tests.factories import organizations as make
from tests.factories.people import acting, person
from tests.web.test_account_entry import send, sign_in
from web import create_app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The real application on a database of its own."""
    app = create_app(settings)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def told(app: Flask, engine: Engine) -> Iterator[Session]:
    """A session beside the application's own."""
    with session_factory(engine)() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """The application reads the real clock."""
    return clock.now()


def test_invariant_11_a_consent_withdrawn_and_a_member_removed_count_on_the_next_request(
    app: Flask, told: Session, now: datetime
) -> None:
    """The list, the person's page and the download; then the member loses all of it."""
    hub = make.hub(told, now)
    ours, owner = make.organization(told, hub, now, kind="workforce_organization", name="Board")
    staff, ana = person(told, now), person(told, now, name="Ana Agreed")
    held = actions.add_member(told, ours, staff, actor=acting(told, owner), at=now)
    profile = candidates.start_profile(told, hub, person_id=ana.id, actor=Actor(person_id=ana.id), at=now)
    candidates.give_consent(told, profile, ConsentPurpose.SUPPORT, organization_id=ours.id, at=now,
                            actor=Actor(person_id=ana.id))
    told.commit()
    browser = app.test_client()
    sign_in(browser, staff.email)
    pages = ["/workforce/board/people", f"/workforce/board/people/{profile.id}", "/workforce/board/people?download=csv"]
    assert all("Ana Agreed" in browser.get(page).text for page in pages)
    seen = told.scalars(select(ProfileView).where(ProfileView.candidate_id == profile.id)).all()
    assert [(row.person_id, row.named) for row in seen] == [(staff.id, True)]
    candidates.withdraw_consent(told, profile, ConsentPurpose.SUPPORT, organization_id=ours.id, at=now,
                                actor=Actor(person_id=ana.id))
    told.commit()
    assert browser.get(pages[1]).status_code == 404
    assert not any("Ana Agreed" in browser.get(page).text for page in pages)
    assert browser.get("/workforce/board/").status_code == 200
    actions.remove_member(told, held, actor=acting(told, owner), at=now)
    told.commit()
    assert browser.get("/workforce/board/").status_code == 404


def test_an_invitation_taken_up_is_a_consent_to_support(app: Flask, told: Session, now: datetime) -> None:
    """Invite, accept, and the person is in the list; errors stand by the line and nothing is lost."""
    hub = make.hub(told, now)
    _ours, owner = make.organization(told, hub, now, kind="workforce_organization", name="Board")
    told.commit()
    browser = app.test_client()
    sign_in(browser, owner.email)
    refused = send(browser, "/workforce/board/invite", lines="Bo, bo@example.org\nBo, bo@example.org", locale="es")
    assert refused.status_code == 422
    assert "stands above already" in refused.text
    assert send(browser, "/workforce/board/invite", name="Bo", email="bo@example.org", locale="es").status_code == 302
    sent = told.scalars(select(Invitation)).one()
    assert (sent.locale, sent.purpose) == ("es", "candidate")
    actions.accept_invitation(told, sent, person(told, now, name="Bo Busy", email="bo@example.org"), at=now)
    told.commit()
    assert "Bo Busy" in browser.get("/workforce/board/people").text
    assert queries.open_invitations(told, sent.organization_id, at=now, purpose="candidate") == []
