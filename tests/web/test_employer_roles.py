"""An employer walks from joining to an open role in a browser: each page, each form and what each refuses."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from matcher.kit import crypto, outbox
from matcher.kit.outbox import Notice
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.organizations import actions as organizations
from matcher.people import actions as people
from matcher.roles import actions, queries
from matcher.roles.models import Posting
from matcher.skills.models import Skill, SkillProposal
from tests.factories.people import person
from tests.factories.roles import FACTS, REQUIREMENTS, SKILLS, Town
from web import create_app
from web.kit.job_posting import job_posting
from web.mail import about, contexts
from web.mail.render import render

NOW = datetime.now(UTC)


@pytest.fixture
def town(settings: Settings) -> Iterator[Town]:
    """An active employer with a commitment, in a database that the site uses too."""
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    with session_factory(engine)() as session:
        town = Town.found(session, NOW, commit=False)
        town.commit(expires_on=(NOW + timedelta(days=300)).date())
        session.commit()
        yield town
    engine.dispose()


@pytest.fixture
def app(settings: Settings, town: Town) -> Iterator[Flask]:
    """The site."""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
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


def fields(posting: Posting, **changes: str) -> dict[str, Any]:
    """What the form of a role posts when nothing but the changes is typed."""
    rows: dict[str, str] = {}
    for number, row in enumerate(posting.requirements):
        name = row.skill_id.removeprefix("own:").replace("-", " ").capitalize()
        rows |= {f"skills-{number}-skill": name, f"skills-{number}-skill-id": row.skill_id,
                 f"skills-{number}-level": str(row.level), f"skills-{number}-need": "must" if row.must else "nice",
                 f"skills-{number}-weight": str(row.weight)}
    told = {"version": str(posting.version), "title": posting.title, "occupation": "Computer User Support Specialists",
            "summary": posting.summary, "employment_type": "full_time", "positions": "1", "pay_min": "22",
            "pay_max": "$26.00", "pay_period": "hour", "progression": posting.progression, "schedules": "days",
            "workplace": "onsite", "place_label": posting.place_label, "degree": "none"}
    return {**told, **rows, **changes}


def again(town: Town, posting: Posting) -> Posting:
    """The role as the site left it; the transaction is ended, so that the site can write."""
    town.session.rollback()
    town.session.expire_all()
    found = queries.get_posting(town.session, posting.id)
    town.session.commit()
    return found


def test_the_whole_way_from_a_title_to_an_open_role(owner: FlaskClient, town: Town) -> None:
    began = owner.post(f"{base(town)}/roles/new", data={"title": "IT support technician", "hub": town.hub.slug})
    assert began.status_code == 302
    page = read(owner, began.location)
    assert "Computer User Support Specialists" in page
    assert "+ Customer service" in page
    assert "Before the hub can read it" in page
    posting = again(town, town.session.scalars(select(Posting)).one())

    typed = fields(posting, summary=FACTS["summary"], progression=FACTS["progression"], **{
        "skills-0-skill": "Help desk", "skills-0-level": "2", "skills-0-need": "must", "skills-0-weight": "3",
        "skills-1-skill": "windows", "skills-1-level": "3", "skills-1-need": "must", "skills-1-weight": "2",
        "skills-2-skill": "", "skills-2-level": "2", "skills-2-need": "must", "skills-2-weight": "1",
        "add_skill": SKILLS[3]})
    assert owner.post(f"{base(town)}/roles/{posting.id}/edit", data=typed).status_code == 302
    posting = again(town, posting)
    assert [(row.skill_id, row.level, row.must) for row in posting.requirements] \
        == [(SKILLS[0], 2, True), (SKILLS[1], 3, True), (SKILLS[3], 3, False)]
    assert (posting.pay_min_cents, posting.pay_max_cents) == (2200, 2600)

    flagged = fields(posting, open_nontraditional="y")
    assert owner.post(f"{base(town)}/roles/{posting.id}/edit", data=flagged).status_code == 302
    assert again(town, posting).open_nontraditional
    page = read(owner, f"{base(town)}/roles/{posting.id}/edit")
    assert "Ready for the hub" in page
    assert "The mark is on" in page
    assert "Nothing found that keeps good people away." in page

    assert owner.post(f"{base(town)}/roles/{posting.id}/submit").status_code == 302
    actions.review_posting(town.session, again(town, posting), decision="approve", actor=town.operator, at=NOW)
    town.session.commit()
    assert "Open the role" in read(owner, f"{base(town)}/roles/{posting.id}")
    assert owner.post(f"{base(town)}/roles/{posting.id}/open").status_code == 302
    assert str(again(town, posting).state) == "live"
    assert "Each ladder has four rungs" in read(owner, f"{base(town)}/roles/{posting.id}/preview")


def test_words_that_are_not_sure_come_back_as_a_question_and_lose_nothing(owner: FlaskClient, town: Town) -> None:
    posting = town.draft()
    town.session.commit()
    path = f"{base(town)}/roles/{posting.id}/edit"
    typed = fields(posting, summary="My own words.", **{"skills-1-skill": "zzqx lashing", "skills-1-skill-id": ""})
    answer = owner.post(path, data=typed)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "My own words." in page
    assert "mean by “zzqx lashing”?" in page
    assert 'name="skills-1-skill-choice" value="propose"' in page
    assert again(town, posting).summary == FACTS["summary"]
    sent = owner.post(path, data=typed | {"skills-1-skill-asked": "zzqx lashing", "skills-1-skill-choice": "propose"})
    assert sent.status_code == 302
    posting = again(town, posting)
    assert [row.skill_id for row in posting.requirements] == [SKILLS[0], SKILLS[2]]
    assert town.session.scalars(select(SkillProposal.text)).all() == ["zzqx lashing"]


def test_a_title_that_is_not_known_asks_for_the_kind_of_work(owner: FlaskClient, town: Town) -> None:
    answer = owner.post(f"{base(town)}/roles/new", data={"title": "Zzqx wrangler", "hub": town.hub.slug})
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert 'value="Zzqx wrangler"' in page
    assert "mean by “Zzqx wrangler”?" in page
    assert 'name="occupation-choice" value="propose"' in page


@pytest.mark.parametrize(("change", "words"), [
    ({"title": ""}, "Fill this in."), ({"pay_max": "20"}, "The highest pay is below the lowest."),
    ({"pay_min": "a lot"}, "Write an amount in dollars"), ({"positions": "0"}, "how many people you want to hire"),
    ({"degree": "phd"}, "Not a valid choice"),
    ({"skills-1-skill": "Help desk", "skills-1-skill-id": SKILLS[0]}, "listed twice"),
])
def test_each_refusal_stands_by_its_field_and_keeps_what_was_typed(
    owner: FlaskClient, town: Town, change: dict[str, str], words: str
) -> None:
    posting = town.draft()
    town.session.commit()
    answer = owner.post(f"{base(town)}/roles/{posting.id}/edit", data=fields(posting, summary="Kept.") | change)
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert words in page
    assert "error-summary" in page
    assert ">\nKept.</textarea>" in page or ">Kept.</textarea>" in page.replace("\r\n", "")


def test_a_stale_version_is_409_and_an_unknown_field_400(owner: FlaskClient, town: Town) -> None:
    posting = town.draft()
    town.session.commit()
    path, seen = f"{base(town)}/roles/{posting.id}/edit", fields(posting)
    assert owner.post(path, data=seen | {"summary": "First."}).status_code == 302
    assert owner.post(path, data=seen | {"summary": "Second."}).status_code == 409
    assert again(town, posting).summary == "First."
    for stray in ("state", "organization_id", "open_fell_at", "hub_id"):
        assert owner.post(path, data=seen | {stray: "live"}).status_code == 400
    assert owner.post(f"{base(town)}/commitments/new", data={"state": "active"}).status_code == 400


def test_a_flag_without_its_grounds_saves_the_rest_and_says_what_is_missing(owner: FlaskClient, town: Town) -> None:
    posting = town.draft(requirements=REQUIREMENTS[:2])
    town.session.commit()
    answer = owner.post(f"{base(town)}/roles/{posting.id}/edit",
                        data=fields(posting, summary="Saved.", open_nontraditional="y"), follow_redirects=True)
    page = unescape(answer.get_data(as_text=True))
    assert "Saved, but without the mark" in page
    assert "Fewer than three skills are listed" in page
    posting = again(town, posting)
    assert (posting.summary, posting.open_nontraditional) == ("Saved.", False)


def test_the_posting_check_stands_beside_the_form(owner: FlaskClient, town: Town) -> None:
    posting = town.draft(summary="Bachelor's degree. 5+ years of experience. We want a rockstar.", progression="")
    town.session.commit()
    page = read(owner, f"{base(town)}/roles/{posting.id}/edit")
    for words in ("stands there with no other way in", "“5+ years” of experience", "rockstar", "does not say where"):
        assert words in page


def test_what_the_hub_said_stands_by_its_field(owner: FlaskClient, town: Town) -> None:
    posting = town.role("submitted")
    actions.review_posting(town.session, posting, decision="request_changes", words="Nearly.",
                           by_field={"pay": "Is this for an hour?"}, actor=town.operator, at=NOW)
    town.session.commit()
    for path in ("/edit", ""):
        assert "Is this for an hour?" in read(owner, f"{base(town)}/roles/{posting.id}{path}")
    assert f"Change “{posting.title}”" in read(owner, f"{base(town)}/")


def test_the_list_filters_exports_and_costs_the_same_for_more_rows(app: Flask, owner: FlaskClient, town: Town) -> None:
    town.role("live", title="=Alpha")
    town.session.commit()

    def statements(path: str) -> int:
        seen: list[str] = []
        event.listen(app.extensions["engine"], "before_cursor_execute", note := lambda *a: seen.append(a[2]))
        read(owner, path)
        event.remove(app.extensions["engine"], "before_cursor_execute", note)
        return len(seen)

    few = statements(f"{base(town)}/roles"), statements(f"{base(town)}/")
    for number in range(12):
        town.role("draft", title=f"Beta {number}")
    town.session.commit()
    assert (statements(f"{base(town)}/roles"), statements(f"{base(town)}/")) == few
    page = read(owner, f"{base(town)}/roles?q=alpha&state=live")
    assert "=Alpha" in page
    assert "Beta" not in page
    assert "No role fits these filters" in read(owner, f"{base(town)}/roles?q=nothing")
    table = owner.get(f"{base(town)}/roles?download=csv").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(table)))
    assert len(rows) == 14
    assert "'=Alpha" in {row[0] for row in rows}
    assert owner.get(f"{base(town)}/roles?download=xlsx").data[:2] == b"PK"


def test_an_owner_signs_reads_and_renews_a_commitment(owner: FlaskClient, town: Town) -> None:
    path = f"{base(town)}/commitments/new"
    until = (NOW + timedelta(days=200)).date().isoformat()
    assert "What you sign" in read(owner, path)
    typed = {"kind": "full_time_hires", "promised": "", "answer_days": "14", "feedback_how": "", "expires_on": until,
             "signed_name": "Ona Owner", "signed_title": "Director", "agree": "y"}
    refused = owner.post(path, data=typed)
    assert refused.status_code == 422
    assert "Say how many: at least one." in unescape(refused.get_data(as_text=True))
    unsigned = owner.post(path, data={**typed, "promised": "3", "agree": "", "signed_name": ""})
    assert unsigned.status_code == 422
    signed = owner.post(path, data=typed | {"promised": "3"})
    assert signed.status_code == 302
    page = read(owner, signed.location)
    assert "We promise 3 places." in page
    assert "Ona Owner" in page
    assert town.commitment is not None
    renew = f"{base(town)}/commitments/{town.commitment.id}/renew"
    assert "Renew a commitment" in read(owner, renew)
    renewed = owner.post(renew, data={**typed, "kind": "consider", "expires_on": until})
    assert renewed.status_code == 302
    listed = read(owner, f"{base(town)}/commitments")
    assert listed.count("Consider people who learned outside a degree") >= 2


def test_joining_says_whom_to_hire_and_can_be_changed(owner: FlaskClient, town: Town) -> None:
    path = f"{base(town)}/join/{town.hub.slug}"
    assert "Whom you want to hire" in read(owner, path)
    assert owner.post(path, data={"families": ["moon"], "words": ""}).status_code == 422
    assert owner.post(path, data={"families": ["support", "data"], "hires_planned": "4", "screens": ["drug_test"]}
                      ).status_code == 302
    page = read(owner, f"{base(town)}/join")
    assert "IT support and help desk, Data and reporting" in page
    assert owner.get(f"{base(town)}/join/no-hub").status_code == 404
    assert owner.post(f"{path}/leave", data={"reason": ""}).status_code == 422
    assert owner.post(f"{path}/leave", data={"reason": "We move away."}).status_code == 302
    town.session.rollback()
    town.session.expire_all()
    assert str(town.partnership.state) == "left"


def test_strangers_find_nothing_and_members_cannot_sign(app: Flask, town: Town) -> None:
    posting = town.draft()
    rival = Town.found(town.session, NOW, name="Rival")
    town.session.commit()
    stranger = enter(app, town, rival.owner_person)
    for path in ("/", "/roles", "/roles/new", f"/roles/{posting.id}", f"/roles/{posting.id}/edit", "/commitments",
                 "/join"):
        assert stranger.get(base(town) + path).status_code == 404
    assert stranger.get(f"{base(rival)}/roles/{posting.id}").status_code == 404
    assert stranger.post(f"{base(rival)}/roles/{posting.id}/withdraw").status_code == 404
    assert app.test_client().get(f"{base(town)}/roles").status_code == 302
    helper = person(town.session, NOW, name="Mel Member")
    organizations.add_member(town.session, town.organization, helper, "member", actor=town.owner, at=NOW)
    town.session.commit()
    member = enter(app, town, helper)
    assert "Only an owner can sign" in read(member, f"{base(town)}/commitments")
    assert member.get(f"{base(town)}/commitments/new").status_code == 404
    assert member.get(f"{base(town)}/roles/{posting.id}/edit").status_code == 200


def test_no_page_of_roles_changes_anything_when_it_is_read(app: Flask, owner: FlaskClient, town: Town) -> None:
    posting = town.role("live")
    town.session.commit()
    writes: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_: Any) -> None:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", statement, re.IGNORECASE):
            writes.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    for path in ("/", "/roles", "/roles/new", f"/roles/{posting.id}", f"/roles/{posting.id}/edit",
                 f"/roles/{posting.id}/preview", "/commitments", "/commitments/new", "/join"):
        read(owner, base(town) + path)
    event.remove(app.extensions["engine"], "before_cursor_execute", note)
    assert writes == []


def test_a_role_in_the_words_of_search_engines(town: Town) -> None:
    posting = town.role("live")
    names = {need.skill_id: town.session.get_one(Skill, need.skill_id).name for need in posting.requirements}
    told = job_posting(posting, names, url="https://example.org/roles/1")
    assert told["@type"] == "JobPosting"
    assert told["baseSalary"]["value"] == {"@type": "QuantitativeValue", "minValue": 22.0, "maxValue": 26.0,
                                           "unitText": "HOUR"}
    assert told["skills"] == ["Help desk", "Windows", "Networking"]
    assert "validThrough" not in told
    remote = town.role("live", workplace="remote", pay_min_cents=None, pay_max_cents=None)
    told = job_posting(remote, {}, url="https://example.org/roles/2")
    assert told["jobLocationType"] == "TELECOMMUTE"
    assert "baseSalary" not in told


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("kind", [
    "posting_submitted", "posting_changes_requested", "posting_approved", "posting_filled", "posting_expired",
    "open_flag_fell",
])
def test_each_mail_about_a_role_names_it_and_leads_to_its_page(
    town: Town, settings: Settings, kind: str, locale: str
) -> None:
    posting = town.role("live", title="Dock systems helper")
    about.load()
    made = outbox.notify(town.session, person_id=town.owner_person.id, kind=kind, at=NOW, hub_id=town.hub.id,
                           params={"posting_id": posting.id, "reason": "It is time."}, key=f"{kind}:{locale}")
    notice = town.session.get_one(Notice, made)
    mail = render(notice, locale, contexts.gather(town.session, notice, settings, "Ona"))
    assert "Dock systems helper" in mail.subject
    assert posting.id in mail.text
    assert "It is time." in mail.text or kind not in ("open_flag_fell", "posting_changes_requested")
