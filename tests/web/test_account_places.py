"""One's own account once inside: details, notices, data, organizations, teams, invitations, and the demo's pages."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.kit import clock, outbox
from matcher.kit.outbox import Notice
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.organizations import actions, queries
from matcher.people import queries as people
from tests.factories import organizations as make
from tests.factories.people import PASSWORD, acting, person, with_second_factor
from tests.web.test_account_entry import link, send, sign_in
from web import create_app
from web.mail import handler

PAGES = ("", "notices", "details", "address", "security", "password", "security/second-factor", "data", "close",
         "organizations/new")


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


@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_page_of_the_account_opens_in_both_languages(
    browser: FlaskClient, told: Session, now: datetime, locale: str
) -> None:
    """And none of them for a visitor."""
    make.hub(told, now)
    who = person(told, now, locale=locale)
    told.commit()
    for page in PAGES:
        assert browser.get(f"/account/{page}").status_code == 302
    sign_in(browser, who.email)
    for page in PAGES:
        answer = browser.get(f"/account/{page}")
        assert answer.status_code == 200, page
        assert f'<html lang="{locale}"' in answer.text


def test_details_change_and_refuse_by_the_field(browser: FlaskClient, told: Session, now: datetime) -> None:
    """Name, phone, language, time zone."""
    who = person(told, now)
    told.commit()
    sign_in(browser, who.email)
    good = {"name": "Ana María Ruiz", "phone": "555 0100", "locale": "es", "time_zone": "America/Denver"}
    assert send(browser, "/account/details", **{**good, "name": "www.bad.example"}).status_code == 422
    assert send(browser, "/account/details", **{**good, "time_zone": "Mars/Base"}).status_code == 422
    assert send(browser, "/account/details", **good).status_code == 302
    assert '<html lang="es"' in browser.get("/account/").text
    told.refresh(who)
    assert (who.name, who.phone, who.time_zone) == ("Ana María Ruiz", "555 0100", "America/Denver")


def test_a_password_change_keeps_this_browser_alone(browser: FlaskClient, told: Session, now: datetime) -> None:
    """Under a new cookie."""
    who = person(told, now)
    told.commit()
    other = browser.application.test_client()
    for client in (browser, other):
        sign_in(client, who.email)
    before = browser.get_cookie("rung")
    fields = {"current": PASSWORD, "password": "quiet harbor under snow"}
    assert send(browser, "/account/password", **{**fields, "current": "wrong"}).status_code == 422
    assert send(browser, "/account/password", **fields).status_code == 302
    assert browser.get_cookie("rung") != before
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_a_new_address_counts_after_its_link(browser: FlaskClient, told: Session, now: datetime) -> None:
    """Asked for with the password, confirmed by a button."""
    who = person(told, now)
    told.commit()
    sign_in(browser, who.email)
    assert send(browser, "/account/address", email="new@example.org", password="wrong").status_code == 422
    assert send(browser, "/account/address", email="new@example.org", password=PASSWORD).status_code == 302
    address = f"/account/address/{link(told, 'address')}"
    assert send(browser, address).status_code == 302
    told.expire_all()
    assert people.find_person(told, "new@example.org") is who


def test_notices_are_one_s_own_and_read_by_a_button(browser: FlaskClient, told: Session, now: datetime) -> None:
    """In words; another person's notice stays unread."""
    who, other = person(told, now), person(told, now)
    mine = told.get_one(Notice, outbox.notify(told, person_id=who.id, kind="password_changed", at=now, key="1"))
    theirs = told.get_one(Notice, outbox.notify(told, person_id=other.id, kind="password_changed", at=now, key="1"))
    told.commit()
    sign_in(browser, who.email)
    page = browser.get("/account/notices").text
    assert page.count("Your password was changed") >= 1
    for notice in (mine, theirs):
        assert send(browser, f"/account/notices/{notice.id}/read", on="/account/notices").status_code == 302
    told.expire_all()
    assert told.get_one(Notice, mine.id).read_at is not None
    assert told.get_one(Notice, theirs.id).read_at is None
    told.commit()
    assert send(browser, "/account/notices/read", on="/account/details").status_code == 302


def test_the_download_is_json_and_closing_needs_the_password(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """Then the browser is out, and the address unknown."""
    who = person(told, now, email="ana@example.org")
    told.commit()
    sign_in(browser, who.email)
    answer = browser.get("/account/data/download")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.text)["account"]["email"] == "ana@example.org"
    assert send(browser, "/account/close", password="wrong", reason="").status_code == 422
    assert send(browser, "/account/close", password=PASSWORD, reason="Found a job.").status_code == 302
    assert browser.get("/account/").status_code == 302
    assert sign_in(browser, "ana@example.org").status_code == 422


def test_bringing_an_organization_makes_its_owner(browser: FlaskClient, told: Session, now: datetime) -> None:
    """And asks the hub at once."""
    hub = make.hub(told, now, slug="lakeview")
    who, unconfirmed = person(told, now), person(told, now, verified=False)
    told.commit()
    sign_in(browser, who.email)
    fields = {"kind": "training_provider", "name": "Lake College", "hub": "lakeview", "place_label": "Lakeview",
              "website": "https://lake.example.org", "about": "We teach.", "words": "Hello."}
    refused = send(browser, "/account/organizations/new", **{**fields, "website": "lake.example.org"})
    assert refused.status_code == 422
    assert 'href="#website"' in refused.text
    assert "Lake College" in refused.text
    assert send(browser, "/account/organizations/new", **fields).status_code == 302
    told.expire_all()
    made = queries.organization_by_slug(told, "lake-college")
    assert made is not None
    assert queries.member_ids(told, made.id, owners_only=True) == [who.id]
    asked = queries.partnership(told, made.id, hub.id)
    assert asked is not None
    assert (asked.state, asked.words) == ("prospect", "Hello.")
    email = unconfirmed.email
    told.commit()
    assert "Lake College" in browser.get("/account/").text
    other = browser.application.test_client()
    sign_in(other, email)
    assert other.get("/account/organizations/new").location == "/account/verify"


def test_invariant_11_a_removed_member_is_refused_on_the_next_request(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """No sign-out, no waiting: the same cookie, the next click."""
    organization, owner = make.organization(told, make.hub(told, now), now)
    member = person(told, now)
    held = actions.add_member(told, organization, member, actor=acting(told, owner), at=now)
    told.commit()
    team = f"/account/organizations/{organization.slug}/team"
    other = browser.application.test_client()
    sign_in(browser, owner.email)
    sign_in(other, member.email)
    assert other.get(team).status_code == 200
    assert send(other, f"{team}/{held.id}/remove", on="/account/details").status_code == 404
    assert send(browser, f"{team}/{held.id}/role", on=team, role="owner").status_code == 302
    assert send(browser, f"{team}/{held.id}/role", on=team, role="king").status_code == 400
    assert send(other, team, email="a@example.org", role="member").status_code == 302
    assert send(browser, f"{team}/{held.id}/remove", on=team).status_code == 302
    assert other.get(team).status_code == 404
    assert send(other, team, on="/account/details", email="b@example.org", role="member").status_code == 404
    assert organization.name not in other.get("/account/").text
    last = send(browser, f"/account/organizations/{organization.slug}/leave", on=team)
    assert last.status_code == 409


def test_a_membership_of_another_organization_cannot_be_named(
    browser: FlaskClient, told: Session, now: datetime
) -> None:
    """Owning one says nothing about the other."""
    hub = make.hub(told, now)
    mine, owner = make.organization(told, hub, now)
    theirs, other = make.organization(told, hub, now)
    held = queries.membership(told, theirs.id, other.id)
    sent, _ = actions.invite(told, theirs, "x@example.org", actor=acting(told, other), at=now)
    told.commit()
    assert held is not None
    sign_in(browser, owner.email)
    for path in (f"team/{held.id}/remove", f"team/{held.id}/role", f"invitations/{sent.id}/revoke"):
        answer = send(browser, f"/account/organizations/{mine.slug}/{path}", on="/account/details", role="member")
        assert answer.status_code == 404
    assert browser.get(f"/account/organizations/{theirs.slug}").status_code == 404


def test_an_invitation_makes_an_account_or_finds_it(browser: FlaskClient, told: Session, now: datetime) -> None:
    """New, known but signed out, signed in as somebody else, and signed in as oneself."""
    organization, owner = make.organization(told, make.hub(told, now), now)
    actor = acting(told, owner)
    known = person(told, now)
    _, new = actions.invite(told, organization, "new@example.org", actor=actor, at=now)
    _, old = actions.invite(told, organization, known.email, "owner", actor=actor, at=now)
    told.commit()
    address = f"/account/invitations/{new}"
    assert send(browser, address, name="Nia New", password="short").status_code == 422
    assert send(browser, address, name="Nia New", password=PASSWORD).status_code == 302
    assert browser.get(f"/account/organizations/{organization.slug}/team").status_code == 200
    assert browser.get(address).status_code == 410
    assert "another address" in browser.get(f"/account/invitations/{old}").text
    other = browser.application.test_client()
    page = other.get(f"/account/invitations/{old}")
    assert f"next=/account/invitations/{old}" in page.text
    sign_in(other, known.email)
    assert send(other, f"/account/invitations/{old}").status_code == 302
    assert "Invite somebody" in other.get(f"/account/organizations/{organization.slug}/team").text


def test_the_mailbox_and_demo_accounts_exist_in_demo_mode_only(
    settings: Settings, told: Session, now: datetime, browser: FlaskClient
) -> None:
    """Elsewhere they are not there at all; in the demo a mail shows its link and can run nothing."""
    for page in ("mailbox", "mailbox/20261116T153000-0123456789abcdef", "demo"):
        assert browser.get(f"/account/{page}").status_code == 404
    assert send(browser, "/account/demo/0/sign-in", on="/account/sign-in").status_code == 404
    hub = make.hub(told, now)
    who = make.operator(told, hub, now)
    with_second_factor(told, who, now)
    notice = told.get_one(Notice, outbox.notify(told, person_id=who.id, kind="password_changed", at=now, key="x"))
    mail = handler.mail_notice(settings, told, {"notice_id": notice.id}, now)
    assert mail is not None
    mail()
    (settings.data_dir / "demo_accounts.json").write_text(json.dumps([
        {"kind": "Hub operator", "name": who.name, "email": who.email, "password": PASSWORD, "hub": hub.name,
         "totp_secret": who.totp_secret, "note": ""}]), encoding="utf-8")
    told.commit()
    demo = create_app(replace(settings, mode="demo"))
    visitor = demo.test_client()
    listing = visitor.get("/account/mailbox").text
    letter = listing.split('href="/account/mailbox/')[1].split('"')[0]
    assert "/account/reset" in visitor.get(f"/account/mailbox/{letter}").text
    page = visitor.get(f"/account/mailbox/{letter}/page")
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert visitor.get("/account/mailbox/..%2Fkeys").status_code == 404
    assert who.email in visitor.get("/account/demo").text
    assert send(visitor, "/account/demo/0/sign-in", on="/account/demo").location == "/account/"
    assert "Go to the desk" in visitor.get("/account/").text
    demo.extensions["engine"].dispose()
