"""A served town for the tests of the hiring side: fixtures, signing in, reading and sending pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.organizations.rules import local_day
from matcher.people import actions as people
from tests.factories.roles import Town
from web import create_app
from web.mail import about

about.load()
NOW = datetime.now(UTC)
TODAY = local_day(NOW, "America/Chicago")  # where the factories' hubs are
DAY = timedelta(days=1)
NO = {"code": "must_skill", "words": "You explain things very well; networks were missing.", "next_step": "A course."}


@pytest.fixture
def town(settings: Settings) -> Iterator[Town]:
    """An active employer with a commitment, in a database that the site uses too."""
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    with session_factory(engine)() as session:
        town = Town.found(session, NOW - 100 * DAY, commit=False)
        town.commit(expires_on=(NOW + 300 * DAY).date())
        session.commit()
        yield town
    engine.dispose()


@pytest.fixture
def app(settings: Settings, town: Town) -> Iterator[Flask]:
    """The site."""
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    yield app
    app.extensions["engine"].dispose()


def enter(app: Flask, town: Town, who: Any) -> FlaskClient:
    """A browser in which that person is signed in."""
    client = app.test_client()
    _, secret = people.begin_sign_in(town.session, who, at=NOW)
    town.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = secret, True
    return client


@pytest.fixture
def owner(app: Flask, town: Town) -> FlaskClient:
    """The owner's browser."""
    return enter(app, town, town.owner_person)


def base(town: Town) -> str:
    """The first part of the employer's addresses."""
    return f"/employer/{town.organization.slug}"


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    """The words of a page."""
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return unescape(answer.get_data(as_text=True))


def send(client: FlaskClient, path: str, status: int = 302, **fields: Any) -> str:
    """Send a form and read what comes back."""
    answer = client.post(path, data=fields)
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return unescape(answer.get_data(as_text=True))


def version(client: FlaskClient, path: str) -> str:
    """The version that a form was drawn from."""
    return re.findall(r'name="version"[^>]*value="(\d+)"', read(client, path))[0]


def look(town: Town) -> Session:
    """A session that reads what the site wrote and holds no lock against it."""
    town.session.commit()  # a rollback would expire its rows, and reading them again would take the lock
    return session_factory(town.session.get_bind(), read_only=True)()


def fresh(town: Town, row: Any) -> Any:
    """The row as the site left it."""
    return look(town).get_one(type(row), row.id)


# --------------------------------------------------------------------------------------------------- the list
