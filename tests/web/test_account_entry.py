"""Joining, signing in and getting back in: what strangers can learn (nothing), what a link does (one thing, once)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matcher.kit import clock
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.organizations import actions
from matcher.people import passwords, second_factor, tokens
from matcher.people.models import OneTimeToken, Person, SignIn
from tests.factories import organizations as make
from tests.factories.people import PASSWORD, acting, person, with_second_factor
from web import create_app


class CountedHasher(PasswordHasher):
    """The real hasher at the real cost, keeping what it was asked to verify."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=47_104, parallelism=1)
        self.asked: list[str] = []

    def verify(self, hash: Any, password: Any) -> Literal[True]:
        """Note the hash, then verify as always."""
        self.asked.append(hash)
        return super().verify(hash, password)


NEW = {"kind": "candidate", "name": "Ana Ruiz", "email": "ana@example.org", "password": "quiet harbor under snow"}


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The real application on a database of its own."""
    app = create_app(settings)
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser that keeps cookies."""
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    """The application reads the real clock."""
    return clock.now()


@pytest.fixture
def told(app: Flask, engine: Engine) -> Iterator[Session]:
    """A session beside the application's own."""
    with session_factory(engine)() as session:
        yield session


def token_of(browser: FlaskClient, page: str) -> str:
    """The CSRF token in a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(page, follow_redirects=True).text)
    assert found, page
    return found[1]


def send(browser: FlaskClient, page: str, /, on: str = "", **fields: Any) -> TestResponse:
    """Fill in and send the form of a page (or one whose button stands on another page)."""
    return browser.post(page, data={"csrf_token": token_of(browser, on or page), **fields})


def link(session: Session, purpose: str) -> str:
    """The newest link of a kind, as the mail has it."""
    row = session.scalars(select(OneTimeToken).where(OneTimeToken.purpose == purpose)
                          .order_by(OneTimeToken.created_at.desc())).first()
    assert row is not None
    session.commit()  # a reader must not keep the application from writing
    return tokens.secret_of(row.id)


def sign_in(browser: FlaskClient, email: str, password: str = PASSWORD, page: str = "/account/sign-in") -> TestResponse:
    """Sign in through the form."""
    return send(browser, page, email=email, password=password)


def without_typed(answer: TestResponse) -> str:
    """A page without what the visitor typed and without tokens."""
    return re.sub(r'value="[^"]*"', "", answer.text)


def test_from_joining_to_one_s_own_places(browser: FlaskClient, told: Session, now: datetime) -> None:
    """Sign up, confirm by the button, land where the kind leads."""
    make.hub(told, now, slug="lakeview")
    told.commit()
    answer = send(browser, "/account/sign-up", **NEW, hub="lakeview")
    assert (answer.status_code, answer.location) == (302, "/account/sign-up/sent")
    assert browser.get("/account/").status_code == 302
    address = f"/account/verify/{link(told, 'verify')}"
    assert browser.get(address).status_code == 200
    wrong = send(browser, address, password="not the one I chose")
    assert wrong.status_code == 422
    opened = send(browser, address, password=NEW["password"])
    assert opened.status_code == 302
    home = browser.get("/account/")
    assert home.status_code == 200
    assert "Ana Ruiz" in home.text
    assert home.headers["Cache-Control"] == "no-store"
    assert browser.get(address).status_code == 410


def test_invariant_16_opening_a_link_changes_nothing(browser: FlaskClient, told: Session, now: datetime) -> None:
    """A mail scanner may open it a hundred times."""
    who = person(told, now, verified=False)
    secrets = {purpose: tokens.secret_of(tokens.issue(told, purpose, who.id, at=now, payload={"email_sealed": "x"}).id)
               for purpose in (tokens.Purpose.VERIFY, tokens.Purpose.RESET, tokens.Purpose.ADDRESS)}
    organization, owner = make.organization(told, make.hub(told, now), now)
    _, invited = actions.invite(told, organization, "x@example.org", actor=acting(told, owner), at=now)
    told.commit()
    before = told.scalar(text("SELECT count(*) FROM audit_events"))
    told.rollback()
    for path in (*(f"/account/{p}/{s}" for p, s in secrets.items()), f"/account/invitations/{invited}"):
        assert browser.get(path).status_code == 200
        assert browser.head(path).status_code == 200
    told.rollback()
    assert told.scalar(text("SELECT count(*) FROM audit_events")) == before
    assert told.scalar(select(func.count()).select_from(OneTimeToken).where(OneTimeToken.used_at.is_not(None))) == 0


def test_strangers_learn_nothing_by_signing_in(browser: FlaskClient, told: Session, now: datetime) -> None:
    """Unknown, wrong, suspended and closed give the same status and the same page."""
    known, suspended = person(told, now), person(told, now)
    suspended.suspended_at = now
    told.commit()
    answers = [sign_in(browser, email, word) for email, word in (
        ("nobody@example.org", PASSWORD), (known.email, "wrong " + PASSWORD), (suspended.email, PASSWORD))]
    assert {answer.status_code for answer in answers} == {422}
    assert len({without_typed(answer) for answer in answers}) == 1


def test_strangers_learn_nothing_by_joining_or_asking_for_a_password(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """The same redirect to the same page, and one mail each."""
    known = person(told, now)
    make.hub(told, now, slug="lakeview")
    told.commit()
    for page, extra in (("/account/sign-up", {**NEW, "hub": "lakeview"}), ("/account/reset", {})):
        answers = [send(browser, page, **{**extra, "email": email}) for email in (known.email, "new@example.org")]
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer.location for answer in answers}) == 1
        assert len({browser.get(answer.location).text for answer in answers}) == 1
    mails = told.execute(text("SELECT kind FROM notices ORDER BY created_at")).scalars().all()
    assert sorted(mails) == ["reset_password", "reset_password", "sign_up_again", "verify_address"]


def test_a_stranger_costs_as_much_hashing_as_a_person(
    browser: FlaskClient, told: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One Argon2 verification at equal parameters, whoever is asked for."""
    known = person(told, now)
    told.commit()
    counted = CountedHasher()
    monkeypatch.setattr(passwords, "_hasher", counted)
    for email in ("nobody@example.org", known.email):
        assert sign_in(browser, email, "wrong " + PASSWORD).status_code == 422
    assert len(counted.asked) == 2
    assert len({hashed.split("$")[3] for hashed in counted.asked}) == 1


def test_no_redirect_leads_elsewhere(browser: FlaskClient, told: Session, now: datetime) -> None:
    """`next` is a path of this site or nothing."""
    who = person(told, now)
    told.commit()
    for wanted in ("https://bad.example/", "//bad.example", "/\\bad.example", "javascript:alert(1)", "\thttps://bad"):
        answer = browser.post("/account/sign-in", query_string={"next": wanted}, data={
            "csrf_token": token_of(browser, "/account/sign-in"), "email": who.email, "password": PASSWORD})
        assert answer.location == "/account/"
        browser.post("/account/sign-out", data={"csrf_token": token_of(browser, "/account/details")})
    answer = browser.post("/account/sign-in", query_string={"next": "/account/notices?page=2"}, data={
        "csrf_token": token_of(browser, "/account/sign-in"), "email": who.email, "password": PASSWORD})
    assert answer.location == "/account/notices?page=2"


def test_without_its_token_no_form_is_taken(browser: FlaskClient, told: Session, now: datetime) -> None:
    """CSRF: missing, made up, and of another browser."""
    who = person(told, now)
    told.commit()
    foreign = token_of(browser.application.test_client(), "/account/sign-in")
    for token in ({}, {"csrf_token": "made-up"}, {"csrf_token": foreign}):
        answer = browser.post("/account/sign-in", data={**token, "email": who.email, "password": PASSWORD})
        assert answer.status_code == 400
    assert told.scalar(select(func.count()).select_from(SignIn)) == 0


def test_a_field_that_was_not_offered_is_refused(browser: FlaskClient, told: Session, now: datetime) -> None:
    """Nobody makes themselves an administrator."""
    make.hub(told, now, slug="lakeview")
    told.commit()
    answer = send(browser, "/account/sign-up", **NEW, hub="lakeview", administrator="1")
    assert answer.status_code == 400
    assert told.scalar(select(func.count()).select_from(Person).where(Person.email.lookup(NEW["email"]))) == 0


def test_errors_stand_by_their_fields_and_nothing_typed_is_lost(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """A summary with links, the field marked, the name kept."""
    make.hub(told, now, slug="lakeview")
    told.commit()
    answer = send(browser, "/account/sign-up", **{**NEW, "hub": "lakeview", "password": "passwordpassword"})
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    assert 'value="Ana Ruiz"' in answer.text
    assert "passwordpassword" not in answer.text
    answer = send(browser, "/account/sign-up", **{**NEW, "hub": "lakeview", "email": "not an address"})
    assert 'href="#email"' in answer.text


@pytest.mark.parametrize(("page", "fields", "allowed"), [
    ("/account/sign-in", {"email": "ana@example.org", "password": "x"}, 10),
    ("/account/reset", {"email": "ana@example.org"}, 5),
])
def test_the_limit_is_exact_for_an_account(
    browser: FlaskClient, page: str, fields: dict[str, str], allowed: int
) -> None:
    """However it is spelled, from whatever address; another account is not touched."""
    token = token_of(browser, page)
    answers = [browser.post(page, data={**fields, "csrf_token": token, "email": spelled},
                            environ_base={"REMOTE_ADDR": f"10.0.0.{i}"})
               for i, spelled in enumerate(["ana@example.org", " ANA@Example.org "] * 6)]
    assert [answer.status_code for answer in answers].count(429) == 12 - allowed
    assert all(answer.status_code == 429 for answer in answers[allowed:])
    assert "Retry-After" in answers[-1].headers
    other = browser.post(page, data={**fields, "csrf_token": token, "email": "other@example.org"})
    assert other.status_code != 429


def test_an_operator_gets_to_the_desk_only_by_a_second_factor(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """Sign-in leads to the set-up; the code signs in anew; next time it is asked for, and no code opens twice."""
    hub = make.hub(told, now)
    who = make.operator(told, hub, now)
    told.commit()
    assert sign_in(browser, who.email).location == "/account/security/second-factor"
    assert "Go to the desk" not in browser.get("/account/").text
    first = browser.get_cookie("rung")
    set_up = "/account/security/second-factor"
    assert send(browser, f"{set_up}/begin", on=set_up).status_code == 302
    page = browser.get(set_up).text
    assert 'src="data:image/svg+xml' in page
    told.expire_all()
    code = second_factor.current_code(who.totp_secret or "", clock.now())
    told.commit()
    shown = send(browser, "/account/security/second-factor", code=code)
    assert shown.status_code == 200
    assert len(re.findall(r"<code>[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}</code>", shown.text)) == 10
    assert browser.get_cookie("rung") != first
    assert "Go to the desk" in browser.get("/account/").text
    again = browser.application.test_client()
    assert sign_in(again, who.email).location == "/account/second-factor"
    assert again.get("/account/").status_code == 302
    assert send(again, "/account/second-factor", code=code).status_code == 422
    assert send(browser, "/account/security/second-factor/off", on="/account/details", code=code).status_code == 403


def test_the_second_step_takes_a_spare_key_and_is_limited(browser: FlaskClient, told: Session, now: datetime) -> None:
    """Five tries, then a pause."""
    who = person(told, now)
    with_second_factor(told, who, now)
    keys = second_factor.renew_spare_keys(told, who, at=now)
    told.commit()
    assert sign_in(browser, who.email).location == "/account/second-factor"
    token = token_of(browser, "/account/second-factor")
    opened = browser.post("/account/second-factor", data={"csrf_token": token, "code": keys[0]})
    assert opened.location == "/account/"
    other = browser.application.test_client()
    sign_in(other, who.email)
    token = token_of(other, "/account/second-factor")
    tries = [other.post("/account/second-factor", data={"csrf_token": token, "code": "nope"}).status_code
             for _ in range(7)]
    assert tries == [422] * 5 + [429] * 2


def test_a_revoked_browser_is_out_with_its_next_click(browser: FlaskClient, told: Session, now: datetime) -> None:
    """From the page of sessions, one or all others; a stranger's session cannot be touched."""
    who, other = person(told, now), person(told, now)
    told.commit()
    phone, foreign = browser.application.test_client(), browser.application.test_client()
    for client, whose in ((browser, who), (phone, who), (foreign, other)):
        assert sign_in(client, whose.email).status_code == 302
    rows = told.scalars(select(SignIn).where(SignIn.person_id == who.id).order_by(SignIn.created_at)).all()
    told.commit()
    assert send(foreign, f"/account/sessions/{rows[1].id}/revoke", on="/account/security").status_code == 404
    assert phone.get("/account/").status_code == 200
    assert send(browser, f"/account/sessions/{rows[1].id}/revoke", on="/account/security").status_code == 302
    assert phone.get("/account/").status_code == 302
    sign_in(phone, who.email)
    assert send(phone, "/account/sessions/revoke-others", on="/account/security").status_code == 302
    assert browser.get("/account/").status_code == 302
    assert phone.get("/account/").status_code == 200


def test_signing_in_changes_the_cookie_and_signing_out_kills_it(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """A cookie planted before is worth nothing after, and a copied one nothing after signing out."""
    who = person(told, now)
    told.commit()
    browser.get("/account/sign-in")
    before = browser.get_cookie("rung")
    sign_in(browser, who.email)
    after = browser.get_cookie("rung")
    assert after is not None
    assert before is not None
    assert after.value != before.value
    send(browser, "/account/sign-out", on="/account/details")
    thief = browser.application.test_client()
    thief.set_cookie("rung", after.value)
    assert thief.get("/account/").status_code == 302


def test_a_reset_opens_the_account_again_and_closes_every_browser(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """By the button, once."""
    who = person(told, now - timedelta(days=1))
    told.commit()
    sign_in(browser, who.email)
    other = browser.application.test_client()
    send(other, "/account/reset", email=who.email)
    address = f"/account/reset/{link(told, 'reset')}"
    assert send(other, address, password="too short").status_code == 422
    assert send(other, address, password="quiet harbor under snow").location == "/account/sign-in"
    assert browser.get("/account/").status_code == 302
    assert other.get(address).status_code == 410
    assert sign_in(other, who.email, "quiet harbor under snow").status_code == 302
