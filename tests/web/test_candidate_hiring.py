"""From roles that fit to a job and its checks, as the candidate walks it; refusals by field, nothing done twice."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, func, select

from matcher.applications import actions as applications
from matcher.applications.models import Application
from matcher.candidates.models import Candidate
from matcher.kit import outbox
from matcher.matches import lists
from matcher.matches.lists import replay
from matcher.matches.models import MatchRun, SavedPosting
from matcher.organizations.rules import local_day
from matcher.people import actions as people
from matcher.placements.models import Placement, RetentionAnswer
from tests.factories import candidates as make
from tests.factories.people import person
from tests.factories.roles import SKILLS
from tests.web.candidate_site import NOW, Site, ok, refused, sent, site
from web.kit.reasons import counted
from web.mail import about, contexts
from web.mail.render import folder, render

__all__ = ["site"]

MIXED = [(SKILLS[0], 2, True, 3), (SKILLS[1], 3, True, 2), (SKILLS[2], 2, True, 1), (SKILLS[3], 1, False, 1)]


def test_roles_say_why_and_who_teaches_what_is_missing(site: Site) -> None:
    """Invariant 15: nothing is hidden by a score; each requirement stands in words, with the program that helps."""
    program, _, _ = make.course(site.town.session, site.town.hub, NOW)
    posting = site.town.role(requirements=MIXED)
    site.town.role(title="Night operator", schedules=["nights"])
    site.town.session.commit()
    text = ok(site.browser.get(site.path("roles")), posting.title, "You have 1 of 3 must-haves.", program.name,
              "Northside Tech", "1 at hours you left out")
    assert "Night operator" not in text
    why = ok(site.browser.get(site.path(f"roles/{posting.id}")), "Every reason", "is one level short", "missing",
             "What counted, in points", "nice to have")
    assert "Together, out of 100" in why


def test_what_counted_adds_up_to_the_score(site: Site) -> None:
    posting = site.town.role(requirements=MIXED)
    site.town.session.commit()
    with site.app.test_request_context("/"):
        explained = lists.explain_pair(site.town.session, posting.id, site.candidate.id, at=NOW)
        rows = counted(explained, str)
    assert explained.score is not None
    assert abs(sum(points for _, points in rows) + 100 * explained.base - 100 * explained.score) < 1e-7


def test_a_list_that_was_shown_can_be_made_again(site: Site) -> None:
    site.town.role(requirements=MIXED)
    site.town.session.commit()
    ok(site.browser.get(site.path("roles?q=support")))
    site.fresh()
    run = site.town.session.scalars(select(MatchRun)).one()
    assert (run.direction, run.subject_id, run.viewer_id) == ("roles", site.candidate.id, site.person.id)
    assert run.filters == {"q": "support"}
    assert replay(site.town.session, run) == run.lines


def test_filters_are_in_the_address_and_senseless_ones_are_dropped(site: Site) -> None:
    site.town.role(requirements=MIXED, title="Desk one")
    site.town.role(requirements=MIXED, title="Remote two", workplace="remote")
    site.town.session.commit()
    browser = site.browser
    text = ok(browser.get(site.path("roles?workplace=remote")), "Remote two")
    assert "Desk one" not in text
    ok(browser.get(site.path("roles?workplace=moon&pay=lots")), "Remote two", "Desk one")
    ok(browser.get(site.path("roles?q=nothing-like-it")), "No role passes these filters")


def test_the_list_costs_the_same_statements_whatever_its_length(site: Site) -> None:
    site.town.role(requirements=MIXED)
    site.town.session.commit()
    browser, seen = site.browser, []
    ok(browser.get(site.path("roles")))
    event.listen(site.app.extensions["engine"], "before_cursor_execute", lambda *call: seen.append(call[2]))
    ok(browser.get(site.path("roles")))
    few = len([s for s in seen if s.startswith("SELECT")])
    for number in range(6):
        site.town.role(requirements=MIXED, title=f"Role {number}")
    site.town.session.commit()
    ok(browser.get(site.path("roles")))  # reads the new roles into the pool
    seen.clear()
    ok(browser.get(site.path("roles")), "Role 5")
    assert len([s for s in seen if s.startswith("SELECT")]) == few


def test_saving_keeps_a_role_and_saving_again_drops_it(site: Site) -> None:
    posting = site.town.role()
    site.town.session.commit()
    browser, count = site.browser, select(func.count()).select_from(SavedPosting)
    for expected in (1, 0):
        sent(browser.post(site.path(f"roles/{posting.id}/save")))
        site.fresh()
        assert site.town.session.scalar(count) == expected


def test_invariant_2_applying_twice_leads_to_the_one_application(site: Site) -> None:
    posting = site.town.role()
    site.town.session.commit()
    browser, page = site.browser, site.path(f"roles/{posting.id}/apply")
    text = ok(browser.get(page), "will see", "Your name, mail and phone", f"Candidate {site.candidate.code}")
    assert site.person.name not in text.split("This is what")[1]
    refused(browser.post(page, data={"words": "Please read me."}), "may read your profile", "Please read me.")
    first = sent(browser.post(page, data={"words": "", "consent": "y"}))
    assert sent(browser.post(page, data={"words": "", "consent": "y"})) == first
    site.fresh()
    made = site.town.session.scalars(select(Application)).one()
    assert made.snapshot is not None
    assert site.person.name not in str(made.snapshot)
    assert set(made.snapshot) == {"code", "headline", "story", "on", "skills", "experience", "programs", "available_on",
                                  "schedules", "place"}
    ok(browser.get(first), "You applied", "answers by")


def test_a_no_comes_with_reason_words_and_next_step(site: Site) -> None:
    application = make.apply(site.town.session, site.town.role(), site.candidate, site.actor, NOW)
    applications.say_no(site.town.session, application, code="must_skill", next_step="Take the free evening.",
                        words="Your service skills are strong, we need more Windows.", internal_words="Too quiet.",
                        actor=site.town.owner, at=NOW)
    site.town.session.commit()
    text = ok(site.browser.get(site.path(f"applications/{application.id}")), "A must-have skill is not there yet",
              "we need more Windows", "Take the free evening.")
    assert "Too quiet" not in text


def test_interview_offer_and_hire_and_then_the_checks(site: Site) -> None:
    """Invariants 8 and 16: a check opens on its day, and opening its page answers nothing."""
    browser, session, town = site.browser, site.town.session, site.town
    application = make.apply(session, town.role(), site.candidate, site.actor, NOW)
    talk = make.interview(session, town, application, NOW)
    session.commit()
    ok(browser.get(site.path()), "Choose an interview time")
    refused(browser.post(site.path(f"interviews/{talk.id}/time"), data={}), "Choose a time")
    sent(browser.post(site.path(f"interviews/{talk.id}/time"), data={"chosen": talk.options[1]}))
    ok(browser.get(site.path(f"applications/{application.id}")), "Your interview", "12 Dock Street")
    site.fresh()
    offer = make.offer(session, town, application, NOW)
    session.commit()
    ok(browser.get(site.path()), "You have an offer")
    where = sent(browser.post(site.path(f"offers/{offer.id}/accept")))
    ok(browser.get(where), "Hired, not started yet")
    assert browser.post(site.path(f"offers/{offer.id}/accept")).status_code == 409
    site.fresh()
    placement = session.scalars(select(Placement)).one()
    started = NOW - timedelta(days=35)
    make.placements.confirm_start(session, placement, starts_on=started.date(), actor=town.owner, at=NOW)
    session.commit()
    first, second = placement.checks[:2]
    ok(browser.get(site.path(f"checks/{first.id}")), "Do you still work there")
    ok(browser.get(site.path(f"checks/{second.id}")), "Not yet")
    early = {"still_there": "yes", "pay": "", "words": ""}
    too_early = browser.post(site.path(f"checks/{second.id}"), data=early)
    assert (too_early.status_code, "Not yet" in too_early.get_data(as_text=True)) == (422, True)
    site.fresh()
    assert session.scalar(select(func.count()).select_from(RetentionAnswer)) == 0
    sent(browser.post(site.path(f"checks/{first.id}"), data={**early, "words": "I like it."}))
    ok(browser.get(where), "You answered")


def test_withdraw_and_decline(site: Site) -> None:
    session, town, browser = site.town.session, site.town, site.browser
    first = make.apply(session, town.role(), site.candidate, site.actor, NOW)
    second = make.apply(session, town.role(title="Another"), site.candidate, site.actor, NOW)
    offer = make.offer(session, town, second, NOW)
    session.commit()
    sent(browser.post(site.path(f"applications/{first.id}/withdraw")))
    sent(browser.post(site.path(f"offers/{offer.id}/decline")))
    assert browser.post(site.path(f"applications/{first.id}/accept")).status_code == 404
    site.fresh()
    assert (str(first.state), str(second.state)) == ("withdrawn", "declined")
    download = browser.get(site.path("applications?download=csv"))
    assert "Another" in download.get_data(as_text=True)


def test_another_persons_application_is_not_there(site: Site) -> None:
    """Invariant 11: neither through the stranger's own profile nor through mine."""
    application = make.apply(site.town.session, site.town.role(), site.candidate, site.actor, NOW)
    other, _, who = make.profile(site.town.session, site.town.hub, NOW)
    stranger = site.enter(who)
    assert stranger.get(site.path(f"applications/{application.id}")).status_code == 404
    assert stranger.get(f"/candidate/{other.id}/applications/{application.id}").status_code == 404
    assert stranger.post(f"/candidate/{other.id}/applications/{application.id}/withdraw").status_code == 404


def test_from_a_public_role_to_the_same_role_beside_my_profile(site: Site) -> None:
    posting = site.town.role()
    newcomer = site.enter(person(site.town.session, NOW))
    assert sent(site.browser.get(f"/candidate/roles/{posting.id}")).endswith(f"/roles/{posting.id}")
    assert "/candidate/start" in sent(newcomer.get(f"/candidate/roles/{posting.id}"))


def test_every_notice_to_a_candidate_has_words_of_its_own(site: Site) -> None:
    """Each step of the way told to the person becomes a whole mail with a link to the right page."""
    session, town = site.town.session, site.town
    program, cohort, provider = make.course(session, town.hub, NOW)
    seat = make.training.enroll(session, cohort, site.candidate.id, actor=site.actor, at=NOW)
    make.training.advance_enrollment(session, seat, "complete", actor=provider, at=NOW)
    placement = make.hire(session, town, site.candidate, site.actor, NOW)
    make.placements.ask_checks(session, NOW + timedelta(days=31))
    make.placements.end(session, placement, ended_on=local_day(NOW, town.hub.time_zone), actor=town.owner, at=NOW,
                        reason="Season over.")
    make.training.advance_enrollment(session, seat, "correct", actor=provider, at=NOW, reason="A mistake.")
    session.flush()
    settings = site.app.extensions["settings"]
    about.load()
    told = outbox.notices_for(session, site.person.id)
    assert {n.kind for n in told} >= {"application_sent", "application_shortlisted", "offer_made", "placement_started",
                                      "placement_ended", "completion_confirmed", "completion_corrected",
                                      "check_asked_person"}
    for notice in told:
        assert folder(notice.kind) == notice.kind
        mail = render(notice, "en", contexts.gather(session, notice, settings, "Ana"))
        assert f"/candidate/{site.candidate.id}" in mail.text, notice.kind
        assert program.id not in mail.subject


def test_erased_profiles_are_gone_from_every_page(site: Site) -> None:
    """After the account is closed nothing of the profile can be opened, and no list holds it."""
    browser = site.browser
    people.close_account(site.town.session, site.person, at=NOW)
    site.town.session.commit()
    assert browser.get(site.path()).status_code in {302, 404}
    gone = site.town.session.get_one(Candidate, site.candidate.id)
    assert (str(gone.state), gone.headline, gone.preferences) == ("anonymized", "", None)
