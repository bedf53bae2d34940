"""The site with a town and a candidate in it, and browsers that are signed in: for the tests of candidates' pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matcher.candidates.models import Candidate
from matcher.kit import crypto
from matcher.kit.actor import Actor
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.people import actions as people
from matcher.people.models import Person
from tests.factories import candidates
from tests.factories.roles import Town
from web import create_app

NOW = datetime.now(UTC)


@dataclass
class Site:
    """A town, a candidate with an active profile, and the site that shows them."""

    town: Town
    candidate: Candidate
    actor: Actor
    person: Person
    app: Flask
    profile_id: str

    def enter(self, who: Person) -> FlaskClient:
        """A browser in which that person is signed in."""
        client = self.app.test_client()
        _, secret = people.begin_sign_in(self.town.session, who, at=NOW)
        self.town.session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = secret, True
        return client

    @property
    def browser(self) -> FlaskClient:
        """The candidate's own browser."""
        return self.enter(self.person)

    def path(self, tail: str = "") -> str:
        """A page of the profile."""
        return f"/candidate/{self.profile_id}/{tail}"

    def fresh(self) -> None:
        """See what the site wrote."""
        self.town.session.rollback()
        self.town.session.expire_all()


def _browser(session: Session) -> type[FlaskClient]:
    """A browser before whose requests the test's own transaction ends, so that the two never wait for each other."""

    class Browser(FlaskClient):
        def open(self, *args: Any, **options: Any) -> TestResponse:
            session.commit()
            return super().open(*args, **options)

    return Browser


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """The site on a database of its own, CSRF left to its own tests."""
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    with session_factory(engine)() as session:
        session.expire_on_commit = False
        town = Town.found(session, NOW, commit=False)
        town.commit(expires_on=NOW.date().replace(year=NOW.year + 1))
        candidate, actor, person = candidates.profile(session, town.hub, NOW)
        session.commit()
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        app.test_client_class = _browser(session)
        yield Site(town, candidate, actor, person, app, candidate.id)
        app.extensions["engine"].dispose()
    engine.dispose()


def ok(answer: TestResponse, *words: str) -> str:
    """The text of a page that must be there and say these words."""
    text = answer.get_data(as_text=True).replace("&#39;", "'").replace("’", "'")
    assert answer.status_code == 200, (answer.status_code, answer.request.path)
    for word in words:
        assert word in text, word
    return text


def sent(answer: TestResponse) -> str:
    """Where a form that was taken leads."""
    assert answer.status_code == 302, (answer.status_code, answer.get_data(as_text=True)[-3000:])
    return str(answer.headers["Location"])


def refused(answer: TestResponse, *words: str) -> None:
    """A form that came back with a summary of what is wrong."""
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "error-summary" in text
    for word in words:
        assert word in text, word


def hidden(**fields: Any) -> dict[str, Any]:
    """Fields of a form, empty ones as the browser sends them."""
    return {name: "" if value is None else value for name, value in fields.items()}
