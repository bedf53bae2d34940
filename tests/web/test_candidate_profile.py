"""A candidate's own pages: starting, skills, evidence, experience, wishes, privacy and the voluntary questions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from matcher.candidates import evidence, rules
from matcher.candidates.models import Candidate, Consent, EvidenceTier, ExcludedOrganization, ProfileView
from matcher.demographics.models import DemographicAnswer
from matcher.kit.audit import AuditEvent
from matcher.organizations import actions as organizations
from tests.factories import candidates as make
from tests.factories.people import person
from tests.factories.roles import SKILLS
from tests.web.candidate_site import NOW, Site, ok, refused, sent, site

__all__ = ["site"]

PAGES = ("", "skills", "skills/add", "experience/add", "programs", "profile", "profile/words", "wishes", "roles",
         "applications", "privacy", "seen", "questions")


def test_every_page_opens_for_its_owner_alone_and_reading_changes_nothing(site: Site) -> None:
    """Invariant 11: another person, an employer and a visitor get nothing from a profile's pages."""
    count = select(func.count()).select_from(AuditEvent)
    mine, stranger = site.browser, site.enter(person(site.town.session, NOW))
    employer, visitor = site.enter(site.town.owner_person), site.app.test_client()
    before = site.town.session.scalar(count)
    site.town.session.commit()
    for page in PAGES:
        ok(mine.get(site.path(page)))
        assert stranger.get(site.path(page)).status_code == 404, page
        assert employer.get(site.path(page)).status_code == 404, page
        assert "/account/sign-in" in sent(visitor.get(site.path(page)))
    site.fresh()
    assert site.town.session.scalar(count) == before


def test_start_makes_one_profile_and_leads_back_to_it(site: Site) -> None:
    who = person(site.town.session, NOW)
    browser = site.enter(who)
    refused(browser.post("/candidate/start", data={}))
    where = sent(browser.post("/candidate/start", data={"hub": site.town.hub.slug}))
    assert "/skills" in where
    again = sent(browser.get(f"/candidate/start?hub={site.town.hub.slug}"))
    assert again.split("/")[2] == where.split("/")[2]
    site.fresh()
    assert len(site.town.session.scalars(select(Candidate).where(Candidate.person_id == who.id)).all()) == 1


def test_typed_skills_are_understood_and_a_missing_level_is_asked_for(site: Site) -> None:
    browser = site.browser
    refused(browser.post(site.path("skills/add"), data={"skills-0-skill": "Networking", "skills-0-level": "",
                                                        "skills-0-used": ""}), "Choose the level")
    sent(browser.post(site.path("skills/add"), data={"skills-0-skill": "networking", "skills-0-level": "2",
                                                     "skills-0-used": "now"}))
    site.fresh()
    held = {s.skill_id: s for s in site.candidate.skills}
    assert held[SKILLS[2]].level == 2
    assert held[SKILLS[2]].last_used_on == NOW.date()


def test_evidence_raises_and_taking_it_back_lowers(site: Site) -> None:
    browser, skill = site.browser, site.candidate.skills[0]
    page = site.path(f"skills/{skill.id}/evidence")
    refused(browser.post(page, data={"tier": "credential", "title": "", "experience": ""}), "Say what it is")
    refused(browser.post(page, data={"tier": "artifact", "url": "javascript:alert(1)", "experience": ""}), "https://")
    assert browser.post(page, data={"tier": "endorsement", "title": "x", "experience": ""}).status_code == 422
    sent(browser.post(page, data={"tier": "artifact", "title": "A home network", "experience": ""}))
    site.fresh()
    (proof,) = rules.standing(skill.evidence)
    assert rules.held(skill).tier == "artifact"
    ok(browser.get(site.path(f"skills/{skill.id}")), "A home network")
    sent(browser.post(site.path(f"evidence/{proof.id}/remove")))
    site.fresh()
    assert rules.held(skill).tier == "claim"


def test_evidence_of_another_person_is_out_of_reach(site: Site) -> None:
    """Invariant 11: a piece of evidence that hangs on another profile cannot be removed through one's own."""
    other, actor, _ = make.profile(site.town.session, site.town.hub, NOW)
    proof = evidence.add_own(site.town.session, other, other.skills[0], tier=EvidenceTier.ARTIFACT, title="Theirs",
                             given_on=NOW.date(), actor=actor, at=NOW)
    assert site.browser.post(site.path(f"evidence/{proof.id}/remove")).status_code == 404
    assert site.browser.get(site.path(f"skills/{other.skills[0].id}")).status_code == 404


def test_experience_is_added_changed_and_removed(site: Site) -> None:
    browser = site.browser
    facts = {"kind": "care", "title": "Cared for my mother", "place": "", "starts_on": "2024-01-02",
             "ends_on": "2023-01-02", "words": ""}
    refused(browser.post(site.path("experience/add"), data=facts), "comes before the start")
    sent(browser.post(site.path("experience/add"), data={**facts, "ends_on": ""}))
    site.fresh()
    (row,) = site.candidate.experiences
    ok(browser.get(site.path("profile")), "Cared for my mother", "Caring for family")
    sent(browser.post(site.path(f"experience/{row.id}"), data={**facts, "ends_on": "", "title": "Cared for family"}))
    sent(browser.post(site.path(f"experience/{row.id}/remove")))
    site.fresh()
    assert site.candidate.experiences == []


def test_wishes_keep_miles_as_kilometres_and_place_as_chosen(site: Site) -> None:
    form = {"quarter": "hub", "place_label": "Northside", "miles": "20", "remote": "hybrid", "schedules": ["days"],
            "pay": "19.50", "pay_period": "hour", "available_on": "", "occupation": ""}
    refused(site.browser.post(site.path("wishes"), data={**form, "miles": "0"}), "Between 1 and 500")
    sent(site.browser.post(site.path("wishes"), data=form))
    site.fresh()
    wishes = site.candidate.preferences
    assert wishes is not None
    assert (wishes.max_km, wishes.pay_floor_cents, wishes.place_label) == (32, 1950, "Northside")
    assert (wishes.latitude, str(wishes.remote)) == (site.town.hub.latitude, "hybrid")
    ok(site.browser.get(site.path("wishes")), 'value="20"', "Northside")


def test_pause_and_resume_and_leaving_withdraws_open_applications(site: Site) -> None:
    posting = site.town.role(closes_on=NOW.date() + timedelta(days=30))
    application = make.apply(site.town.session, posting, site.candidate, site.actor, NOW)
    browser = site.browser
    for step, state in (("pause", "paused"), ("resume", "active"), ("withdraw", "withdrawn"), ("rejoin", "incomplete")):
        sent(browser.post(site.path(f"steps/{step}"), data={"reason": ""}))
        site.fresh()
        assert str(site.candidate.state) == state
    assert str(application.state) == "withdrawn"


def test_a_profile_that_says_too_little_is_not_shown(site: Site) -> None:
    """Invariant 5: too little is too little; the page says what to add."""
    made, _, who = make.profile(site.town.session, site.town.hub, NOW, skills={SKILLS[0]: 2}, active=False)
    browser = site.enter(who)
    home = f"/candidate/{made.id}/"
    sent(browser.post(f"{home}steps/activate"))
    ok(browser.get(home), "Add at least three skills first", "You have 1.")
    ok(browser.get(f"{home}roles"), "Not enough information", "Add skills")
    site.fresh()
    assert str(made.state) == "incomplete"


def test_invariant_10_excluding_an_employer_hides_and_including_shows(site: Site) -> None:
    browser, employer = site.browser, site.town.organization
    ok(browser.get(site.path("privacy?q=harbor")), employer.name, "Hide me from them")
    sent(browser.post(site.path("privacy/exclude"), data={"organization": employer.id, "purpose": ""}))
    site.fresh()
    assert site.town.session.scalar(select(ExcludedOrganization.organization_id)) == employer.id
    posting = site.town.role()
    site.town.session.commit()
    assert posting.title not in ok(browser.get(site.path("roles")))
    refused(browser.post(site.path(f"roles/{posting.id}/apply"), data={"consent": "y", "words": ""}), "never sees you")
    sent(browser.post(site.path("privacy/include"), data={"organization": employer.id, "purpose": ""}))
    ok(browser.get(site.path("roles")), posting.title)


def test_consents_are_given_and_taken_back(site: Site) -> None:
    _, _, provider = make.course(site.town.session, site.town.hub, NOW)
    site.town.session.commit()
    (organization,) = provider.organizations
    data, browser = {"organization": organization, "purpose": "share_profile"}, site.browser
    sent(browser.post(site.path("privacy/consent/yes"), data=data))
    ok(browser.get(site.path("privacy")), "Stop sharing")
    sent(browser.post(site.path("privacy/consent/no"), data=data))
    sent(browser.post(site.path("privacy/consent/yes"), data={"organization": "", "purpose": "count_in_groups"}))
    assert browser.post(site.path("privacy/consent/yes"), data={**data, "purpose": "sell"}).status_code == 400
    assert browser.post(site.path("privacy/consent/yes"), data={**data, "score": "1"}).status_code == 400
    site.fresh()
    rows = {str(r.purpose): r.withdrawn_at for r in site.town.session.scalars(select(Consent))}
    assert rows["share_profile"] is not None
    assert rows["count_in_groups"] is None


def test_who_saw_me_names_the_organization_and_whether_it_saw_the_name(site: Site) -> None:
    site.town.session.add(ProfileView(
        created_at=NOW, hub_id=site.town.hub.id, candidate_id=site.candidate.id, named=True,
        organization_id=site.town.organization.id, person_id=site.town.owner_person.id))
    site.town.session.commit()
    ok(site.browser.get(site.path("seen")), site.town.organization.name, "yes")
    ok(site.browser.get(site.path()), "1 organization in the last 30 days")


def test_invariant_4_voluntary_answers_stay_on_their_own_page(site: Site) -> None:
    """Given, shown back only there, taken back; every other page reads the same before and after."""
    posting = site.town.role()
    site.town.session.commit()
    browser = site.browser
    pages = [site.path(page) for page in ("skills", "profile", "roles", f"roles/{posting.id}")]
    before = [_frozen(browser.get(page).get_data(as_text=True)) for page in pages]
    given = {"gender": "woman", "veteran": "yes", "disability": "prefer_not_to_say"}
    sent(browser.post(site.path("questions"), data=given))
    ok(browser.get(site.path("questions")), "Saved.")
    site.fresh()
    rows = {str(r.question): (str(r.status), r.value) for r in site.town.session.scalars(select(DemographicAnswer))}
    assert rows == {"gender": ("answered", "woman"), "veteran": ("answered", "yes"),
                    "disability": ("prefer_not_to_say", None)}
    assert [_frozen(browser.get(page).get_data(as_text=True)) for page in pages] == before
    assert browser.post(site.path("questions"), data={"gender": "robot"}).status_code == 422
    sent(browser.post(site.path("questions"), data={"gender": "no_answer", "veteran": "yes"}))
    site.fresh()
    row = site.town.session.scalars(select(DemographicAnswer).where(DemographicAnswer.question == "gender")).one()
    assert (str(row.status), row.value) == ("not_asked", None)


def _frozen(text: str) -> str:
    """A page without its CSRF tokens."""
    return "\n".join(line for line in text.splitlines() if "csrf_token" not in line)


def test_an_invitation_leads_to_a_profile_a_seat_and_leave_to_follow(site: Site) -> None:
    program, cohort, provider = make.course(site.town.session, site.town.hub, NOW)
    made, secret = organizations.invite(
        site.town.session, program.organization, "new.grad@example.org", actor=provider, at=NOW, purpose="candidate",
        hub=site.town.hub, cohort_id=cohort.id, name="New Grad")
    site.town.session.commit()
    browser = site.app.test_client()
    sent(browser.post(f"/account/invitations/{secret}", data={"name": "New Grad", "password": "a quiet road to town"}))
    site.fresh()
    found = site.town.session.scalars(select(Candidate).where(Candidate.referred_by == made.organization_id)).one()
    ok(browser.get(f"/candidate/{found.id}/programs"), program.name, "Signed up")
    ok(browser.get(f"/candidate/{found.id}/privacy"), "Stop sharing")
