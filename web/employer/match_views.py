"""The people who fit a role: the list, its downloads, up to four side by side, and one profile. Names stay hidden."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from matcher.applications import inviting
from matcher.applications import queries as applications
from matcher.candidates import queries as candidates
from matcher.candidates.models import Candidate, ProfileView
from matcher.candidates.rules import TIERS, held
from matcher.kit.errors import DomainError
from matcher.matches import lists, people
from matcher.matches.lists import Listing
from matcher.matches.pools import write_versions
from matcher.organizations.models import Organization
from matcher.policy import Permission
from matcher.roles.models import Posting
from web.employer import match_rows
from web.employer.blueprint import blueprint
from web.kit import access, db, pages, reasons
from web.kit.access import allow
from web.kit.names import names_of, skill_names
from web.kit.words import translate

SHOWN_STATES = frozenset({"approved", "live", "paused"})
MOST_COMPARED = 4


@blueprint.get("/<organization>/roles/<posting>/matches")
@allow(Permission.POSTING_MATCH, organization=Organization, posting=Posting)
def matches(organization: Organization, posting: Posting) -> ResponseReturnValue:
    """Who fits this role, best first, with the reason for each requirement."""
    g.hub = posting.hub
    if str(posting.state) not in SHOWN_STATES:
        return render_template("employer/matches_closed.html", organization=organization, posting=posting)
    listing = listed(posting)
    fit = request.args.get("fit", "")
    lines = listing.in_turn(match_rows.filtered(listing, listing.ranking.lines, fit))
    code = request.args.get("q", "").strip().upper()[:20].removeprefix("CANDIDATE").strip()
    ids = _by_code([line.id for line in lines], code)
    chosen = [name for name in dict.fromkeys(request.args.getlist("compare")) if name in set(ids)]
    if len(chosen) > 1:
        return _compare(organization, posting, listing, chosen[:MOST_COMPARED])
    if kind := pages.asked_export():
        return _download(posting, listing, ids, kind)
    vague = request.args.get("show") == "too_little"
    page = pages.slice_page(list(listing.ranking.too_little) if vague else ids)
    names = names_of(posting.requirements)
    return render_template(
        "employer/matches.html", organization=organization, posting=posting, needs=match_rows.requirements(posting),
        names=names, people=match_rows.gather(posting, listing, page.rows), listing=listing, page_of=page, fit=fit,
        q=code, vague=vague, due=_due(organization, posting), asked_one=len(chosen) == 1,
        role_needs=[reasons.in_words(need, names.__getitem__, you=False) for need in listing.ranking.needs],
    )


def listed(posting: Posting) -> Listing:
    """The list as it is now; noted with its filters, so that it can be made again."""
    listing = lists.candidates_for(db.session(), posting, viewer_id=access.person().id, at=g.at, pools=db.pools())
    asked = {key: request.args.getlist(key) for key in ("fit", "q", "show", "compare", "download")
             if request.args.get(key)}
    listing.run.filters = {**(listing.run.filters or {}), **asked} or None
    db.journal(listing.run)
    db.journal_call(lambda session: write_versions(session, listing.kept))
    return listing


def _by_code(ids: Sequence[str], code: str) -> list[str]:
    if not code:
        return list(ids)
    found = set(db.session().scalars(select(Candidate.id).where(
        Candidate.id.in_(ids), Candidate.code.contains(code, autoescape=True))))
    return [name for name in ids if name in found]


def _due(organization: Organization, posting: Posting) -> dict[str, Any]:
    waiting = applications.of_organization(organization.id, states=("submitted", "in_review"), posting_id=posting.id)
    first = db.session().scalars(waiting.limit(1)).unique().first()
    counts = applications.answers_due(db.session(), organization.id, until=first.answer_due_on, posting_id=posting.id) \
        if first and first.answer_due_on else 0
    return {"count": counts, "by": first.answer_due_on if first else None}


def _compare(
    organization: Organization, posting: Posting, listing: Listing, ids: Sequence[str]
) -> ResponseReturnValue:
    return render_template(
        "employer/matches_compare.html", organization=organization, posting=posting,
        needs=match_rows.requirements(posting), names=names_of(posting.requirements),
        people=match_rows.gather(posting, listing, ids),
    )


def _download(posting: Posting, listing: Listing, ids: Sequence[str], kind: str) -> ResponseReturnValue:
    names, needs = names_of(posting.requirements), match_rows.requirements(posting)
    rows = [
        [person.name, person.background, f"{person.place.first}–{person.place.last}" if person.place else "",
         person.evidenced, len(needs), *(_cell(finding) for finding in person.findings)]
        for person in match_rows.gather(posting, listing, ids)
    ]
    headers = [_("Candidate"), _("Background"), _("Place"), _("Evidenced"), _("Asked for"),
               *(names[need.skill_id] for need in needs)]
    return pages.table_download("people-for-this-role", headers, rows, kind)


def _cell(finding: Any) -> str:
    if not finding.held:
        return _("missing")
    tier = reasons.tier_of(finding)
    shown = _("claimed") if tier == "claim" else str(reasons.TIER_WORDS[tier])
    return _("level %(held)s of %(asked)s, %(shown)s", held=finding.held, asked=finding.asked, shown=shown)


@blueprint.get("/<organization>/roles/<posting>/people/<candidate>")
@allow(Permission.POSTING_MATCH, organization=Organization, posting=Posting)
def candidate_show(organization: Organization, posting: Posting, candidate: str) -> ResponseReturnValue:
    """One profile by its skills, against this role. No name, no contact, nothing from the voluntary questions."""
    g.hub = posting.hub
    profile, application = _seen(organization, posting, candidate)
    found = lists.explain_pair(db.session(), posting.id, profile.id, at=g.at, pools=db.pools())
    names = skill_names(reasons.skills_of(found.findings).union(row.skill_id for row in posting.requirements))
    change = lists.change_for(db.session(), posting, profile, at=g.at, pools=db.pools()) if not found.needs else None
    db.journal(ProfileView(created_at=g.at, hub_id=profile.hub_id, candidate_id=profile.id,
                           organization_id=organization.id, person_id=access.person().id, posting_id=posting.id,
                           named=False))
    return render_template(
        "employer/match_profile.html", organization=organization, posting=posting, candidate=profile, found=found,
        needs=match_rows.requirements(posting), findings=match_rows.in_order(posting, found), names=names,
        more=_other_skills(profile, posting), programs=people.completed(db.session(), [profile.id]).get(profile.id, []),
        words=[(finding, reasons.finding_words(finding, names.__getitem__, you=False))
               for finding in match_rows.in_order(posting, found)],
        change=reasons.change_words(change, names.__getitem__, you=False), kinds=match_rows.KIND_WORDS,
        application=application, statuses=reasons.STATUS_WORDS, tones=reasons.STATUS_TONES,
        asked=bool(inviting.invited(db.session(), posting.id, [profile])), tier_of=reasons.tier_of,
        vague=[reasons.in_words(need, names.__getitem__, you=False) for need in found.needs],
    )


def _seen(organization: Organization, posting: Posting, candidate_id: str) -> tuple[Candidate, Any]:
    """The profile if this employer may see it: in the role's list, or under way with it; never when excluded."""
    profile = candidates.profile(db.session(), candidate_id)
    if profile is None or applications.excluded(db.session(), profile.id, organization.id):
        abort(404)
    application = applications.of_posting(db.session(), posting.id, [profile.id]).get(profile.id)
    listed_now = str(posting.state) in SHOWN_STATES and people.in_reach(db.session(), posting, profile, at=g.at)
    if not listed_now and (application is None or not application.is_open):
        abort(404)
    return profile, application


def _other_skills(profile: Candidate, posting: Posting) -> list[dict[str, Any]]:
    """Skills that the role did not ask for, strongest first."""
    asked = {need.skill_id for need in posting.requirements}
    rest = [held(skill) for skill in profile.skills if skill.skill_id not in asked]
    known = names_of(rest)
    rest.sort(key=lambda row: (-row.level, -TIERS.index(row.tier), row.skill_id))
    return [{"name": known[row.skill_id], "level": row.level, "tier": row.tier}
            for row in rest if row.skill_id in known]


@blueprint.post("/<organization>/roles/<posting>/people/<candidate>/invite")
@allow(Permission.POSTING_MATCH, organization=Organization, posting=Posting)
def candidate_invite(organization: Organization, posting: Posting, candidate: str) -> ResponseReturnValue:
    """Ask somebody from the list to apply."""
    profile, _application = _seen(organization, posting, candidate)
    try:
        inviting.invite(db.session(), posting, profile, actor=access.actor(), at=g.at)
        flash(_("We have asked candidate %(code)s to apply. They decide.", code=profile.code), "success")
    except DomainError as error:
        db.rollback()
        flash(translate(error.message, **error.params), "warning")
    return redirect(url_for("employer.candidate_show", organization=organization.slug, posting=posting.id,
                            candidate=profile.id))
