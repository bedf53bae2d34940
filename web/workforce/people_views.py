"""The people who agreed to an organization's support: the list, its downloads, and one person."""

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import StringField

from matcher.applications import queries as applications
from matcher.candidates.lifecycle import CANDIDATE
from matcher.candidates.models import Candidate, ConsentPurpose, ProfileView
from matcher.candidates.rules import held
from matcher.organizations.models import Organization
from matcher.policy import Permission
from matcher.services import queries
from matcher.training import queries as training
from web.kit import access, db, pages, partner
from web.kit.access import allow
from web.kit.forms import Filter, filters
from web.kit.names import names_of
from web.kit.words import day, translate
from web.workforce.blueprint import blueprint

TONES = {"active": "leaf", "placed": "leaf", "incomplete": "sun", "paused": "sun"}


class PeopleFilter(Filter):
    """Filters of the list."""

    q = StringField()
    state = StringField()


def agreed_to() -> dict[ConsentPurpose, str]:
    """What a person agreed to, in words."""
    return {ConsentPurpose.SUPPORT: _("support"), ConsentPurpose.REFER: _("being put forward to employers")}


@blueprint.get("/<organization>/people")
@allow(Permission.PEOPLE_SUPPORT, organization=Organization)
def people(organization: Organization) -> ResponseReturnValue:
    """Everybody who agreed, with their next step. Who takes the consent back is gone on the next request."""
    place = partner.get(organization)
    wanted = filters(PeopleFilter)
    state = wanted.state.data if wanted.state.data in CANDIDATE.labels else ""
    query = queries.people_of(organization.id, place.hub_id, text=wanted.q.data or "", state=state)
    if kind := pages.asked_export():
        return _download(organization, list(db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique()), kind)
    page = pages.paginate(query)
    return render_template(
        "workforce/people.html", organization=organization, page_of=page, wanted=wanted, tones=TONES,
        cases=queries.cases(db.session(), organization.id, page.rows, today=g.at.date()), labels=CANDIDATE.labels,
        held=partner.all_of(organization), agreed=agreed_to(),
        consents=queries.consents(db.session(), organization.id, [row.id for row in page.rows]),
    )


def _download(organization: Organization, rows: list[Candidate], kind: str) -> ResponseReturnValue:
    cases = queries.cases(db.session(), organization.id, rows, today=g.at.date())
    heads = (_("Name"), _("Profile"), _("Agreed on"), _("Next step"), _("By"))
    return pages.table_download("people", heads, [
        (case.candidate.person.name, translate(case.candidate.state_label), day(case.since),
         translate(case.next.words, **case.next.params), day(case.next.due)) for case in cases
    ], kind)


@blueprint.get("/<organization>/people/<candidate>")
@allow(Permission.PEOPLE_SUPPORT, organization=Organization)
def person_show(organization: Organization, candidate: str) -> str:
    """One person with skills, wishes and what is under way; the person sees that it was looked at."""
    session = db.session()
    profile = queries.find_person(session, organization.id, candidate)
    if profile is None:
        abort(404)
    partner.find(organization)
    db.journal(ProfileView(created_at=g.at, hub_id=profile.hub_id, candidate_id=profile.id, named=True,
                           organization_id=organization.id, person_id=access.person().id))
    case = queries.cases(session, organization.id, [profile], today=g.at.date())[0]
    return render_template(
        "workforce/person_show.html", organization=organization, person=profile, case=case, tones=TONES,
        skills=sorted((held(row) for row in profile.skills), key=lambda h: (-h.level, h.skill_id)),
        names=names_of(profile.skills), agreed=agreed_to(),
        consents=queries.consents(session, organization.id, [profile.id])[profile.id],
        applications=[row for row in session.scalars(applications.of_candidate(profile.id)).unique()
                      if str(row.state) != "draft"],
        programs=training.completed_programs(session, profile.id),
    )
