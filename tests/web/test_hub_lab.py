"""The fairness lab and the public page on matching: true figures, small cells hidden, and steps only with a reason."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from matcher.kit import clock, outbox
from matcher.kit.outbox_models import Notice, OutboxJob
from matcher.kit.settings import Settings
from matcher.matches import looks, model_queries
from matcher.matches.models import LookRequest
from matcher.outcomes import fairness, fairness_actions
from matcher.people import actions as accounts
from matcher.people.models import Person
from tests.factories import models, people
from tests.web.candidate_site import Site, ok, refused, sent, site
from web.kit.model_words import change_lines
from web.mail import about, contexts, render

__all__ = ["site"]  # a fixture that tests ask for by name


@pytest.fixture
def desk(site: Site) -> FlaskClient:
    """The operator's browser, with a second factor."""
    boss = site.town.session.get_one(Person, site.town.operator_person.id)
    _, secret = people_of(site, boss)
    client = site.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = secret, True
    return client


def people_of(site: Site, who: Person) -> tuple[object, str]:
    """A sign-in that has shown the second factor."""
    people.with_second_factor(site.town.session, who, clock.now() - timedelta(minutes=5))
    found = accounts.begin_sign_in(site.town.session, who, at=clock.now(), second_factor=True)
    site.town.session.commit()
    return found


def lab(site: Site, tail: str = "") -> str:
    """A page of the lab."""
    return f"/desk/{site.town.hub.slug}/lab{tail}"


def test_an_empty_lab_teaches_and_a_full_one_shows_what_runs(site: Site, desk: FlaskClient) -> None:
    ok(desk.get(lab(site)), "Fixed weights", "about 100 decisions", "Make the first audit")
    ok(desk.get(lab(site, "/models")), "No model was trained yet")
    ok(desk.get(lab(site, "/groups")), "No audit was made yet")
    model = models.model(site.town.session, site.town.hub.id, clock.now(), seed=1)
    text = ok(desk.get(lab(site)), "Learned weights", "model 1", "What more decisions teach", "Does it mean what it")
    assert len(re.findall(r'<svg class="chart__plot"', text)) == 2
    assert text.count('role="img"') >= 2
    ok(desk.get(lab(site, "/models")), "Model 1", "In use")
    shown = ok(desk.get(lab(site, f"/models/{model.id}")), "Ranks no worse than the model in use", "passed")
    for name, after in zip(model.changes["columns"], model.changes["after"], strict=True):
        assert f">{round(after)}</td>" in shown, name


def test_both_sides_and_what_cannot_be_told_are_shown(site: Site, desk: FlaskClient) -> None:
    """The answers it learned from, a plot for each side, and intervals beside the figures of the release tests."""
    ok(desk.get(lab(site)), "about 100 decisions")
    model = models.model(site.town.session, site.town.hub.id, clock.now(), seed=5, both=True)
    assert model.metrics["answers"]["outcome"] == "two_sided", model.metrics["answers"]
    text = ok(desk.get(lab(site, f"/models/{model.id}")), "Two sides: the chance", "What people answered",
              "Do people say yes as often as it says?", "People say yes as often as it says", "(between ",
              "(difference between ", "Not answered: never a no")
    assert len(re.findall(r'<svg class="chart__plot"', text)) == 3
    assert f">{model.metrics['answers']['accepted']}</td>" in text
    ok(site.app.test_client().get("/how-matching-works"), "learned from 120 answers to invitations and offers")
    one = models.model(site.town.session, site.town.hub.id, clock.now(), seed=1, live=False)
    shown = ok(desk.get(lab(site, f"/models/{one.id}")), "One side: too few people have answered")
    assert "Do people say yes" not in shown


def test_holding_releasing_and_rolling_back_need_a_reason(site: Site, desk: FlaskClient) -> None:
    session, hub = site.town.session, site.town.hub.id
    first = models.model(session, hub, clock.now(), seed=1)
    for step in ("hold", "release", "roll_back"):
        refused(desk.post(lab(site, f"/{step}"), data={"reason": " "}))
    assert desk.post(lab(site, "/explode"), data={"reason": "Because"}).status_code == 404
    sent(desk.post(lab(site, "/hold"), data={"reason": "The board wants to see it first"}))
    ok(desk.get(lab(site)), "New models are held", "The board wants to see it first")
    site.fresh()
    second = models.model(session, hub, clock.now(), seed=2)
    assert str(second.state) == "held"
    ok(desk.get(lab(site)), "Model 2 waits for you")
    ok(desk.get(f"/desk/{site.town.hub.slug}/"), "1 model waits for you")
    sent(desk.post(lab(site, "/release"), data={"reason": "Seen and agreed"}))
    site.fresh()
    assert model_queries.running(session, hub) == second
    sent(desk.post(lab(site, "/roll_back"), data={"reason": "Odd lists"}))
    site.fresh()
    assert model_queries.running(session, hub) == first
    ok(desk.get(lab(site, "/models")), "Odd lists", "Seen and agreed", "still held")


def test_only_the_operator_decides(site: Site) -> None:
    models.model(site.town.session, site.town.hub.id, clock.now(), seed=1)
    for browser in (site.browser, site.enter(site.town.owner_person)):
        assert browser.get(lab(site)).status_code == 404
        assert browser.post(lab(site, "/roll_back"), data={"reason": "Mine"}).status_code == 404
    assert site.app.test_client().get(lab(site)).status_code == 302


def test_an_audit_is_asked_for_and_read_by_all(site: Site, desk: FlaskClient) -> None:
    session, hub = site.town.session, site.town.hub
    sent(desk.post(lab(site, "/audit")))
    site.fresh()
    assert session.scalar(select(OutboxJob).where(OutboxJob.kind == fairness_actions.ASKED)) is not None
    last = clock.now().date().replace(day=1) - timedelta(days=1)  # only audits of whole months are for everybody
    report = fairness.audit_of(session, hub, starts_on=fairness.last_year(last), as_of=last, at=clock.now())
    fairness_actions.keep_audit(session, hub, report, at=clock.now())
    ok(desk.get(lab(site, "/groups")), "Cannot tell", "The first ten places")
    assert b"Impact ratio" in desk.get(lab(site, "/groups?download=csv")).data
    stranger = site.app.test_client()
    ok(stranger.get("/how-matching-works"), "What ranks in each hub", f"Audit of {hub.name}", "not legal advice")
    ok(stranger.get(f"/hubs/{hub.slug}/audit"), "It is not an independent audit")


def test_a_request_for_a_human_look_goes_to_the_desk_and_back(site: Site, desk: FlaskClient) -> None:
    mine, page = site.browser, site.path("looks")
    assert sent(mine.get("/candidate/look")) == page
    ok(mine.get(page), "Ask now")
    refused(mine.post(page, data={"posting": "", "words": "Hm"}), "at least 20 characters")
    refused(mine.post(page, data={"posting": "nonsense", "words": "My Windows skill was not seen"}))
    sent(mine.post(page, data={"posting": "", "words": "My Windows skill was not seen"}))
    refused(mine.post(page, data={"posting": "", "words": "My Windows skill was not seen"}), "asked about this already")
    site.fresh()
    look = site.town.session.scalars(select(LookRequest)).one()
    ok(desk.get(f"/desk/{site.town.hub.slug}/"), "1 person asks you to look")
    ok(desk.get(f"/desk/{site.town.hub.slug}/looks"), "The hub is looking")
    ok(desk.get("/account/notices"), "asks that a person looks. Answer in words by")
    answer = f"/desk/{site.town.hub.slug}/looks/{look.id}"
    ok(desk.get(answer), "My Windows skill was not seen")
    refused(desk.post(answer, data={"finding": "mended", "words": "ok"}))
    sent(desk.post(answer, data={"finding": "mended", "words": "The skill was under an old name; it counts now."}))
    ok(mine.get(page), "it counts now", "Something was wrong, and it is mended")
    ok(mine.get("/account/notices"), "Somebody did. Read what they found")
    again = desk.post(answer, data={"finding": "stands", "words": "Another answer to the same."})
    assert again.status_code == 409


def test_a_request_can_be_taken_back_and_belongs_to_one_person(site: Site) -> None:
    row = looks.ask(site.town.session, site.candidate, words="A role is missing from my list", posting=None,
                    actor=site.actor, at=clock.now())
    other = site.enter(site.town.owner_person)
    assert other.post(site.path(f"looks/{row.id}/withdraw")).status_code == 404
    assert site.browser.post(site.path(f"looks/{row.id}/answer")).status_code == 404
    sent(site.browser.post(site.path(f"looks/{row.id}/withdraw")))
    site.fresh()
    assert str(row.state) == "withdrawn"


def test_the_words_of_a_model_name_what_changed(site: Site, desk: FlaskClient) -> None:
    """The same lines stand on the page and in the mail that the operator gets."""
    model = models.model(site.town.session, site.town.hub.id, clock.now(), seed=1)
    with site.app.test_request_context("/"):
        lines = change_lines(model.changes)
    assert any("counts more" in line or "counts less" in line for line in lines)
    ok(desk.get(lab(site, f"/models/{model.id}")), *lines)


@pytest.mark.parametrize("kind", ["model_live", "model_held", "model_refused", "model_rolled_back", "model_distrusted"])
def test_what_happened_to_a_model_is_mailed_in_plain_words(site: Site, settings: Settings, kind: str) -> None:
    """Which model, what changed or what it failed, and where to look; no word is left open."""
    session, hub = site.town.session, site.town.hub
    row = models.model(session, hub.id, clock.now(), seed=1, live=False)
    row.gate = [*row.gate, {"code": "adverse", "passed": False, "figures": {"value": 2.0, "limit": 0.0, "about": ""}}]
    outbox.notify(session, person_id=site.town.operator_person.id, kind=kind, at=clock.now(), hub_id=hub.id,
                  params={"model_id": row.id, "number": row.number}, key=f"test:{kind}")
    session.flush()
    notice = session.scalars(select(Notice).where(Notice.kind == kind)).one()
    about.load()
    mail = render.render(notice, "en", contexts.gather(session, notice, settings))
    assert hub.name in mail.subject
    assert f"/desk/{hub.slug}/lab/models/" in mail.text
    assert not any(line.count(" of 100 points") > 1 for line in mail.text.splitlines())
    if kind == "model_live":
        assert "counts more" in mail.text
    if kind == "model_refused":
        assert "No group is kept out: 2 groups kept out" in mail.text
