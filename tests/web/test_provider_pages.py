"""The provider's pages walked: from a program to endorsed graduates, every form's error path, no stranger."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from matcher.kit import clock
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.organizations.models import Invitation
from matcher.training import actions, queries
from matcher.training.models import Endorsement, Enrollment, Program
from tests.factories import organizations as make
from tests.factories.training import TAUGHT, School
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


@pytest.fixture
def school(told: Session, now: datetime) -> School:
    """A vetted provider with one program and a cohort that is over."""
    return School.found(told, now)


@pytest.fixture
def browser(app: Flask, told: Session, school: School) -> FlaskClient:
    """The provider's owner, signed in."""
    told.commit()
    client = app.test_client()
    assert sign_in(client, school.owner.email).status_code == 302
    return client


def home(school: School, rest: str = "") -> str:
    """An address of the provider's pages; reading it must not keep the application from writing."""
    address = f"/provider/{school.organization.slug}/{rest}"
    school.session.rollback()
    return address


def again(told: Session) -> Session:
    """The session with eyes for what the application wrote."""
    told.rollback()
    told.expire_all()
    return told


def test_a_program_is_described_listed_and_retired(browser: FlaskClient, told: Session, school: School) -> None:
    """Errors stand by their fields and lose nothing; the steps stand as declared."""
    page = home(school, "programs/new")
    typed = {"name": "Network basics", "delivery": "online", "etpl_status": "unknown", "cost": "1,800",
             "skills-0-skill": "Help-desk", "skills-0-level": "3"}
    refused = send(browser, page, **typed, weeks="")
    assert refused.status_code == 422
    assert "Network basics" in refused.text
    assert "Fill this in." in refused.text
    wrong = send(browser, page, **typed, weeks="8", cip_code="eleven")
    assert wrong.status_code == 422
    assert "looks like 11.1006" in wrong.text
    made = send(browser, page, **typed, weeks="8", cip_code="111006")
    assert made.status_code == 302
    program = again(told).scalars(select(Program).where(Program.name == "Network basics")).one()
    assert (program.cip_code, program.cost_cents, [(s.skill_id, s.level) for s in program.skills]) == (
        "11.1006", 180_000, [(TAUGHT[0][0], 3)])
    show = home(school, f"programs/{program.id}")
    told.rollback()
    assert send(browser, f"{show}/list", on=show).status_code == 302
    assert send(browser, f"{show}/retire", on=show).status_code == 422
    assert send(browser, f"{show}/retire", on=show, reason="A new one takes its place").status_code == 302
    assert send(browser, f"{show}/sell", on=show).status_code == 422
    assert str(again(told).get_one(Program, program.id).state) == "retired"


def test_two_editors_of_a_program(browser: FlaskClient, told: Session, school: School) -> None:
    """The second is told with 409, and nothing of the first is lost."""
    page = home(school, f"programs/{school.program.id}/edit")
    typed = {"weeks": "8", "delivery": "online", "etpl_status": "unknown", "cost": "0",
             "version": str(school.program.version)}
    assert send(browser, page, **typed, name="The first").status_code == 302
    assert send(browser, page, **typed, name="The second").status_code == 409
    assert again(told).get_one(Program, school.program.id).name == "The first"


def test_a_cohort_from_invitation_to_endorsement(browser: FlaskClient, told: Session, school: School) -> None:
    """Invite by lines, confirm in a grid, endorse in a grid, take one back."""
    cohort = home(school, f"cohorts/{school.cohort.id}")
    refused = send(browser, f"{cohort}/invite", lines="Ana Ruiz, ana@example.org\nnobody", locale="en")
    assert refused.status_code == 422
    assert "Ana Ruiz, ana@example.org" in refused.text
    assert "no mail address" in refused.text
    assert again(told).scalars(select(Invitation)).all() == []
    told.rollback()
    assert send(browser, f"{cohort}/invite", lines="Ana Ruiz, ana@example.org", locale="en").status_code == 302
    [sent] = again(told).scalars(select(Invitation)).all()
    one, two = school.enroll("enrolled", name="Zoe Student"), school.enroll("enrolled")
    told.commit()
    assert send(browser, home(school, f"invitations/{sent.id}/revoke"), on=cohort).status_code == 302
    day = school.day.isoformat()
    grid = {"people-0-enrollment": one.id, "people-0-done": "y", "people-0-on": day,
            "people-1-enrollment": two.id, "people-1-on": day}
    told.rollback()
    early = send(browser, f"{cohort}/completions", **{**grid, "people-0-on": "2001-01-01"})
    assert early.status_code == 422
    assert "between the start" in early.text
    assert send(browser, f"{cohort}/completions", **grid).status_code == 302
    assert str(again(told).get_one(Enrollment, one.id).state) == "completed"
    assert str(told.get_one(Enrollment, two.id).state) == "enrolled"
    version = str(told.get_one(Program, school.program.id).version)
    cells = {"version": version, "people-0-enrollment": one.id, f"people-0-{TAUGHT[0][0]}": "t3"}
    told.rollback()
    wrong = send(browser, f"{cohort}/endorsements", **{**cells, f"people-0-{TAUGHT[1][0]}": "t4"})
    assert wrong.status_code == 422
    assert "teaches this to level 2" in wrong.text
    assert again(told).scalars(select(Endorsement)).all() == []
    told.rollback()
    assert send(browser, f"{cohort}/endorsements", **cells).status_code == 302
    [given] = again(told).scalars(select(Endorsement)).all()
    told.rollback()
    person = home(school, f"people/{one.id}")
    back = home(school, f"endorsements/{given.id}/revoke")
    assert send(browser, back, on=person, reason="").status_code == 422
    assert send(browser, back, on=person, reason="A mix-up").status_code == 302
    assert str(again(told).get_one(Endorsement, given.id).state) == "revoked"


def test_a_skill_beyond_the_program_needs_words(browser: FlaskClient, told: Session, school: School) -> None:
    """Errors by the field; then it is given as assessed."""
    one = school.enroll("completed")
    told.commit()
    page = home(school, f"people/{one.id}")
    refused = send(browser, f"{page}/assessed", on=page, skill="Customer-service", level="4", words="")
    assert refused.status_code == 422
    given = send(browser, f"{page}/assessed", on=page, skill="Customer-service", level="4", words="A day at our desk.")
    assert given.status_code == 302
    [row] = again(told).scalars(select(Endorsement)).all()
    assert (row.level, str(row.basis)) == (4, "assessed")


def test_another_provider_and_a_removed_member_find_nothing(app: Flask, browser: FlaskClient, told: Session,
                                                            school: School, now: datetime) -> None:
    """404 for every page of somebody else's, also by ids put under one's own address."""
    one = school.enroll("completed")
    _other, owner = make.organization(told, school.hub, now, kind="training_provider", name="Elsewhere")
    told.commit()
    stranger = app.test_client()
    sign_in(stranger, owner.email)
    rests = ["", "programs", "outcomes", "words", "demand", f"programs/{school.program.id}",
             f"cohorts/{school.cohort.id}", f"cohorts/{school.cohort.id}/endorsements", f"people/{one.id}"]
    for rest in rests:
        assert browser.get(home(school, rest)).status_code == 200, rest
        assert stranger.get(home(school, rest)).status_code == 404, rest
    for rest in rests[5:]:
        assert stranger.get(f"/provider/elsewhere/{rest}").status_code == 404, rest


def test_a_roster_costs_the_same_whatever_its_length(app: Flask, browser: FlaskClient, told: Session,
                                                     school: School) -> None:
    """The number of SQL statements does not grow with the people."""
    counted: list[str] = []
    event.listen(app.extensions["engine"], "before_cursor_execute", lambda *a: counted.append(a[2]))

    def cost(page: str) -> int:
        counted.clear()
        assert browser.get(page).status_code == 200
        return len(counted)

    pages = [home(school, f"cohorts/{school.cohort.id}{rest}") for rest in ("", "/endorsements")] + [
        home(school, "outcomes"), home(school)]
    school.enroll("completed")
    told.commit()
    before = [cost(page) for page in pages]
    for _ in range(6):
        school.enroll("completed")
    told.commit()
    assert [cost(page) for page in pages] == before


def test_downloads_carry_what_the_lists_show(browser: FlaskClient, told: Session, school: School) -> None:
    """CSV with a name that would be a formula made harmless; XLSX opens as a zip."""
    school.enroll("completed", name="=SUM(A1) Student")
    told.commit()
    text = browser.get(home(school, f"cohorts/{school.cohort.id}?download=csv")).text
    assert "'=SUM(A1) Student" in text
    for rest in ("programs", "outcomes", "words", "demand"):
        assert browser.get(home(school, f"{rest}?download=xlsx")).data[:2] == b"PK"
    assert queries.enrollments_of_cohort(told, school.cohort.id)
    assert not re.search(r"@example\.org", text)


def test_many_groups_to_endorse_are_told_in_four_lines(browser: FlaskClient, told: Session, school: School) -> None:
    """The three that ended last by name, newest first; the others as one number."""
    for number in range(1, 5):
        cohort = actions.add_cohort(told, school.program, name=f"Earlier {number}", seats=5, actor=school.actor,
                                    starts_on=school.day - timedelta(days=300),
                                    ends_on=school.day - timedelta(days=number), at=school.at)
        school.enroll("completed", cohort=cohort)
    school.enroll("completed")
    told.commit()
    said = browser.get(home(school)).text
    named = re.findall(r"Endorse 1 graduate of ([\w ]+)", said)
    assert list(dict.fromkeys(named)) == ["Spring", "Earlier 1", "Earlier 2"]
    assert "Endorse graduates of 2 earlier groups" in said
