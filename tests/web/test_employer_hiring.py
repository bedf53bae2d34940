"""An employer walks the hiring side in a browser: list, answers, talks, offer, hire and checks, and each refusal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matcher.applications import hiring
from matcher.applications.models import Application, Interview, Offer
from matcher.kit import outbox
from matcher.kit.base import Base
from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.organizations import actions as organizations
from matcher.organizations.models import Membership
from matcher.placements import actions as placements
from matcher.placements.links import check_token
from matcher.placements.models import RetentionAnswer
from tests.factories import applications as made
from tests.factories.people import person
from tests.factories.roles import SKILLS, Town
from tests.web.hiring_site import (  # noqa: F401 - fixtures
    DAY,
    NO,
    NOW,
    TODAY,
    app,
    base,
    enter,
    fresh,
    look,
    owner,
    read,
    send,
    town,
    version,
)
from web.mail import about, contexts, render

about.load()


def test_the_way_from_an_application_to_a_hire(owner: FlaskClient, town: Town) -> None:
    who, posting = made.seeker(town, name="Ana Ruiz"), town.role()
    row = made.applied(town, posting, who, at=NOW - 3 * DAY)
    town.session.commit()
    page = f"{base(town)}/applications/{row.id}"
    words = read(owner, page)
    assert "Ana Ruiz" not in words
    assert f"Candidate {who.candidate.code}" in read(owner, f"{base(town)}/applications")
    send(owner, f"{page}/review")
    send(owner, f"{page}/note", internal_words="Ask about nights.", version=version(owner, page))
    send(owner, f"{page}/shortlist")
    words = read(owner, page)
    assert "Ana Ruiz" in words
    assert who.person.email in words
    assert "Ask about nights." in words

    late = send(owner, f"{page}/interview", 422, options="2020-01-01T10:00", minutes="45", place="Dock Street",
                version=version(owner, f"{page}/interview"))
    assert "still ahead" in late
    assert 'value="Dock Street"' in late
    soon = (NOW + 5 * DAY).strftime("%Y-%m-%dT10:00")
    send(owner, f"{page}/interview", options=soon, minutes="45", place="Dock Street",
         version=version(owner, f"{page}/interview"))
    town.session.refresh(row)
    talk = town.session.scalars(select(Interview)).one()
    assert talk.options == [f"{soon[:10]}T{'16' if _winter(soon) else '15'}:00:00+00:00"]
    hiring.choose_time(town.session, talk, talk.options[0], actor=who.actor, at=NOW)
    talk.starts_at = NOW - timedelta(hours=1)
    town.session.commit()
    send(owner, f"{base(town)}/interviews/{talk.id}/hold")

    offer = {"pay": "19", "pay_period": "hour", "starts_on": str((NOW + 20 * DAY).date()),
             "answer_by": str((NOW + 5 * DAY).date()), "terms": "Training on the job"}
    low = send(owner, f"{page}/offer", 422, **offer, version=version(owner, f"{page}/offer"))
    assert "below the pay" in low
    assert "Training on the job" in low
    send(owner, f"{page}/offer", **{**offer, "pay": "24.50"}, version=version(owner, f"{page}/offer"))
    town.session.refresh(row)
    made_offer = town.session.scalars(select(Offer)).one()
    assert made_offer.pay_cents == 2450
    placement = placements.hire(town.session, made_offer, actor=who.actor, at=NOW)
    placement.starts_on = TODAY
    town.session.commit()

    hire = f"{base(town)}/hires/{placement.id}"
    assert "Has Ana Ruiz started?" in read(owner, f"{base(town)}/hires")
    ahead = send(owner, f"{hire}/start", 422, starts_on=str((NOW + 9 * DAY).date()),
                 version=version(owner, f"{hire}/start"))
    assert "still ahead" in ahead
    send(owner, f"{hire}/start", starts_on=str(TODAY), version=version(owner, f"{hire}/start"))
    checks = fresh(town, placement).checks
    assert [check.day for check in checks] == [30, 90, 180, 365]
    early = send(owner, f"{base(town)}/checks/{checks[0].id}", 422, still_there="yes", would_hire_again="yes")
    assert "This check opens on" in early
    send(owner, f"{hire}/end", ended_on=str(TODAY), reason="budget", version=version(owner, f"{hire}/end"))
    assert str(fresh(town, placement).state) == "ended"
    assert "We had to cut the position" in read(owner, hire)


def _winter(local: str) -> bool:
    offset = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("America/Chicago")).utcoffset()
    return offset == timedelta(hours=-6)


@pytest.mark.parametrize(("missing", "said"), [
    ("code", "Choose one."), ("words", "Fill this in."), ("next_step", "Fill this in."),
])
def test_a_no_keeps_what_was_typed(owner: FlaskClient, town: Town, missing: str, said: str) -> None:
    row = made.applied(town, town.role())
    town.session.commit()
    page = f"{base(town)}/applications/{row.id}/no"
    facts = {key: value for key, value in NO.items() if key != missing}
    back = send(owner, page, 422, **facts, internal_words="Only for us", version=version(owner, page))
    assert said in back
    assert "Only for us" in back
    assert all(value in back for key, value in facts.items() if key != "code")
    send(owner, page, **NO, internal_words="Only for us", version=version(owner, page))
    after = fresh(town, row)
    assert (str(after.state), after.answer_code, after.internal_words) == ("not_selected", "must_skill", "Only for us")


def test_a_short_no_is_refused_by_its_field(owner: FlaskClient, town: Town) -> None:
    row = made.applied(town, town.role())
    town.session.commit()
    page = f"{base(town)}/applications/{row.id}/no"
    back = send(owner, page, 422, **{**NO, "words": "Sorry."}, version=version(owner, page))
    assert "at least 20 characters" in back
    assert "A course." in back


def test_two_editors_get_a_conflict_and_nothing_is_overwritten(owner: FlaskClient, town: Town) -> None:
    row = made.applied(town, town.role())
    town.session.commit()
    page = f"{base(town)}/applications/{row.id}"
    old = version(owner, page)
    send(owner, f"{page}/shortlist")
    for path, fields in (("no", NO), ("note", {"internal_words": "Mine"}),
                         ("interview", {"options": (NOW + DAY).strftime("%Y-%m-%dT10:00"), "minutes": "45",
                                        "place": "Here"})):
        assert "Nothing was overwritten" in send(owner, f"{page}/{path}", 409, **fields, version=old)
    after = fresh(town, row)
    assert (str(after.state), after.internal_words) == ("shortlisted", "")
    send(owner, f"{page}/shortlist", 409)
    send(owner, f"{page}/accept", 404)
    send(owner, f"{page}/no", 400, **NO, version=old, organization_id="x")


def test_an_offer_can_be_taken_back_with_a_reason(owner: FlaskClient, town: Town) -> None:
    row = made.applied(town, town.role(), state="shortlisted")
    offer = made.offer(town, row, at=NOW)
    town.session.commit()
    page = f"{base(town)}/offers/{offer.id}/take-back"
    assert "Fill this in." in send(owner, page, 422, reason="", version=version(owner, page))
    send(owner, page, reason="The start has moved to May.", version=version(owner, page))
    assert str(fresh(town, row).state) == "interviewing"
    assert "The start has moved to May." in read(owner, f"{base(town)}/applications/{row.id}")


def test_a_removed_member_and_a_stranger_see_nothing(app: Flask, owner: FlaskClient, town: Town) -> None:
    row = made.applied(town, town.role())
    mate = person(town.session, NOW)
    organizations.add_member(town.session, town.organization, mate, "member", actor=town.owner, at=NOW)
    town.session.commit()
    member, stranger = enter(app, town, mate), enter(app, town, person(town.session, NOW))
    paths = [f"{base(town)}/applications", f"{base(town)}/applications/{row.id}", f"{base(town)}/hires",
             f"{base(town)}/roles/{row.posting_id}/matches"]
    for path in paths:
        read(member, path)
        read(stranger, path, 404)
    held = town.session.scalars(select(Membership).where(Membership.person_id == mate.id)).one()
    organizations.remove_member(town.session, held, actor=town.owner, at=NOW)
    town.session.commit()
    for path in paths:
        read(member, path, 404)


# ----------------------------------------------------------------------------------------------- checks by link
def _asked(town: Town) -> tuple[Any, str, str]:
    placement = made.started(town, town.role(), at=NOW - 31 * DAY)
    placements.ask_checks(town.session, NOW - DAY)
    town.session.commit()
    notice = town.session.scalars(select(Notice).where(Notice.kind == "check_asked")).one()
    return placement, notice.id, ""


def test_invariant_16_a_check_by_link_changes_nothing_before_the_button(
    app: Flask, town: Town, settings: Settings
) -> None:
    placement, notice_id, _ = _asked(town)
    notice = town.session.get_one(Notice, notice_id)
    mail = render.render(notice, "en", contexts.gather(town.session, notice, settings, "Ona"))
    path = re.findall(r"https?://[^/\s]+(/checks/\S+)", mail.text)[0]
    town.session.commit()
    client = app.test_client()
    before = _rows(town)
    for _ in range(2):
        words = read(client, path)
        client.head(path)
    assert _rows(town) == before
    assert "Nothing is sent before you press the button" in words
    assert "Choose one." in send(client, path, 422, still_there="yes", words="A line")
    assert _rows(town) == before
    thanks = send(client, path, 200, still_there="yes", would_hire_again="yes", strong=[SKILLS[0]],
                  missing=[SKILLS[1]], words="Fast and kind.")
    assert "Thank you" in thanks
    answer = look(town).scalars(select(RetentionAnswer)).one()
    assert (answer.side, answer.person_id, str(answer.still_there)) == ("employer", town.owner_person.id, "yes")
    assert "There is an answer already" in read(client, path)
    send(client, path, 200, still_there="unknown", would_hire_again="unknown")
    assert look(town).scalar(select(func.count()).select_from(RetentionAnswer)) == 2
    assert str(fresh(town, placement).checks[0].state) == "answered"


def _rows(town: Town) -> dict[str, int]:
    session = look(town)
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables}


def test_a_checks_link_dies_with_time_with_the_membership_and_with_a_wrong_letter(
    app: Flask, town: Town, settings: Settings
) -> None:
    placement, _, _ = _asked(town)
    check, later = placement.checks[0], placement.checks[1]
    mine = town.owner_person.id
    client = app.test_client()
    good = check_token(settings.secret_key, check.id, mine, at=NOW - DAY)
    read(client, f"/checks/{good}")
    stranger = person(town.session, NOW)
    mate = person(town.session, NOW)
    held = organizations.add_member(town.session, town.organization, mate, "member", actor=town.owner, at=NOW)
    town.session.commit()
    dead = [check_token(settings.secret_key, check.id, mine, at=NOW - 46 * DAY), good[:-2], "x",
            check_token(settings.secret_key, check.id, stranger.id, at=NOW - DAY),
            check_token(settings.secret_key, later.id, mine, at=NOW - DAY)]
    for token in dead:
        assert "no longer works" in read(client, f"/checks/{token}", 410)
        send(client, f"/checks/{token}", 410, still_there="yes", would_hire_again="yes")
    theirs = check_token(settings.secret_key, check.id, mate.id, at=NOW - DAY)
    read(client, f"/checks/{theirs}")
    row = held if isinstance(held, Membership) else town.session.scalars(
        select(Membership).where(Membership.person_id == mate.id)).one()
    organizations.remove_member(town.session, row, actor=town.owner, at=NOW)
    town.session.commit()
    read(client, f"/checks/{theirs}", 410)


# ------------------------------------------------------------------------------------------------------ the mails
def test_every_mail_of_the_hiring_side_is_written_and_names_nobody_too_early(town: Town, settings: Settings) -> None:
    who, posting = made.seeker(town, name="Ana Ruiz"), town.role()
    row = made.applied(town, posting, who)
    params = {"application_id": row.id, "posting_id": posting.id, "organization_id": town.organization.id}
    for kind in ("application_received", "application_withdrawn", "application_reminder", "application_overdue"):
        for receiver in (town.owner_person, town.operator_person):
            told = outbox.notify(town.session, person_id=receiver.id, kind=kind, at=NOW, hub_id=town.hub.id,
                                   params=params, key=f"{kind}:{receiver.id}")
            notice = town.session.get_one(Notice, told)
            for language in ("en", "es"):
                mail = render.render(notice, language, contexts.gather(town.session, notice, settings, "Ona"))
                assert posting.title in mail.subject + mail.text
                assert "Ana Ruiz" not in mail.text + mail.html + mail.subject
    made.interview(town, made.applied(town, town.role(), who, state="shortlisted"))
    started = made.started(town, town.role(), who)
    made.answer(town.session, started, 30, actor=town.owner, at=town.at + 31 * DAY)
    for kind in ("interview_agreed", "offer_accepted", "offer_declined", "invited_to_apply"):
        hired = town.session.get_one(Application, started.application_id)
        told = outbox.notify(town.session, person_id=town.owner_person.id, kind=kind, at=NOW, hub_id=town.hub.id,
                               params={**params, "application_id": hired.id}, key=f"{kind}:x")
        notice = town.session.get_one(Notice, told)
        mail = render.render(notice, "en", contexts.gather(town.session, notice, settings, "Ona"))
        assert ("Ana Ruiz" in mail.text) is (kind != "invited_to_apply")
        assert render.folder(kind) == kind
