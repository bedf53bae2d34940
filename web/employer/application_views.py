"""Applications to an employer's roles: the board, the list, one application by its skills, and the answers."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from matcher.applications import actions, queries, rules
from matcher.applications.lifecycle import APPLICATION
from matcher.applications.models import Application
from matcher.candidates.models import ProfileView
from matcher.kit.errors import DomainError
from matcher.organizations.models import Organization
from matcher.placements import queries as placements
from matcher.policy import Permission
from matcher.roles.models import Posting
from web.employer import application_timeline, match_rows
from web.employer.blueprint import blueprint
from web.employer.hiring_forms import NoForm, NoteForm
from web.kit import access, db, pages
from web.kit.access import allow
from web.kit.names import skill_names
from web.kit.words import translate

BOARD = ("submitted", "in_review", "shortlisted", "interviewing", "offered")
BOARD_LIMIT = 300
GROUPS = {"": (), "waiting": ("submitted", "in_review"), "open": BOARD,
          "closed": tuple(sorted(APPLICATION.closed))}
GROUP_WORDS = {"": _l("All"), "waiting": _l("Waiting for your answer"), "open": _l("Open"), "closed": _l("Closed")}


def called(application: Application) -> str:
    """The person's name where it shows, else the candidate code (invariant 10)."""
    if shows_name(application):
        return str(application.candidate.person.name)
    return _("Candidate %(code)s", code=application.candidate.code)


def shows_name(application: Application) -> bool:
    """Do name and contact show?"""
    return rules.name_shows(str(application.state), application.revealed_at is not None)


def seen(application: Application) -> Application:
    """The application with all its page shows; 404 for a draft, and for anybody who excluded the employer since."""
    found = queries.with_all(db.session(), application.id)
    if found is None or str(found.state) == "draft" or queries.excluded(
            db.session(), found.candidate_id, found.organization_id):
        abort(404)
    g.hub = found.posting.hub
    return found


def back_to(application: Application) -> ResponseReturnValue:
    """Back to the application's page."""
    return redirect(url_for("employer.application_show", organization=application.posting.organization.slug,
                            application=application.id))


@blueprint.get("/<organization>/applications")
@allow(Permission.APPLICATION_REVIEW, organization=Organization)
def applications(organization: Organization) -> ResponseReturnValue:
    """Everybody who applied: a board of what is open, or a list with filters."""
    group, role, code = (request.args.get(key, "")[:40].strip() for key in ("state", "role", "q"))
    states = GROUPS.get(group) or ((group,) if group in APPLICATION.labels and group != "draft" else ())
    query = queries.of_organization(organization.id, states=states, posting_id=role or None, code=code)
    if kind := pages.asked_export():
        return _download(db.session().scalars(query.limit(pages.EXPORT_LIMIT)).unique().all(), kind)
    as_list = bool(group or code or request.args.get("view") == "list")
    shared: dict[str, Any] = {
        "organization": organization, "group": group, "role": role, "q": code, "called": called,
        "counts": queries.counts_by_state(db.session(), organization.id), "groups": GROUP_WORDS,
        "roles": db.session().execute(select(Posting.id, Posting.title).where(
            Posting.organization_id == organization.id, Posting.live_at.is_not(None)).order_by(Posting.title)).all(),
        "waits": rules.WAITING_STATES,
    }
    if as_list:
        return render_template("employer/applications_list.html", pages=pages.paginate(query), **shared)
    open_ones = queries.of_organization(organization.id, states=BOARD, posting_id=role or None).limit(BOARD_LIMIT)
    rows = db.session().scalars(open_ones).unique().all()
    columns = [(state, APPLICATION.labels[state], [r for r in rows if str(r.state) == state]) for state in BOARD]
    return render_template("employer/applications.html", columns=columns, total=len(rows), **shared)


def _download(rows: Sequence[Application], kind: str) -> ResponseReturnValue:
    table = [[called(row), row.posting.title, translate(row.state_label),
              row.submitted_at.date().isoformat() if row.submitted_at else "",
              row.answer_due_on.isoformat() if row.answer_due_on and str(row.state) in rules.WAITING_STATES else ""]
             for row in rows]
    return pages.table_download("applications", [_("Person"), _("Role"), _("State"), _("Sent"), _("Answer by")], table,
                                kind)


@blueprint.get("/<organization>/applications/<application>")
@allow(Permission.APPLICATION_REVIEW, organization=Organization, application=Application)
def application_show(organization: Organization, application: Application) -> ResponseReturnValue:
    """One application: the profile as it was sent, against the role; the talks; the answer."""
    return _page(organization, seen(application), NoteForm())


def _page(organization: Organization, application: Application, note: NoteForm) -> ResponseReturnValue:
    note.drawn_from(application)
    if not note.is_submitted():
        note.internal_words.data = application.internal_words
    named = shows_name(application)
    db.journal(ProfileView(
        created_at=g.at, hub_id=application.hub_id, candidate_id=application.candidate_id, named=named,
        organization_id=organization.id, person_id=access.person().id, posting_id=application.posting_id))
    life = application.__life__
    return render_template(
        "employer/application_show.html", organization=organization, application=application, note=note, named=named,
        called=called(application), steps=life.open_to(str(application.state), ["employer"]),
        listed=[s for s in life.open_to(str(application.state), ["employer"]) if s.listed],
        person=application.candidate.person if named else None, rows=against_role(application),
        events=application_timeline.events(db.session(), application), kinds=match_rows.KIND_WORDS,
        interview=application.interviews[-1] if application.interviews else None,
        offer=application.offers[-1] if application.offers else None, answers=rules.ANSWERS,
        placement=placements.of_application(db.session(), application.id), zone=application.posting.hub.time_zone,
    ), (422 if note.is_submitted() else 200)


def against_role(application: Application) -> dict[str, list[dict[str, Any]]]:
    """The sent skills as ladders: those the role asks for in its order, then the others, strongest first."""
    sent = {row["skill"]: row for row in (application.snapshot or {}).get("skills", ())}
    needs = match_rows.requirements(application.posting)
    asked = {need.skill_id for need in needs}
    known = skill_names({*asked, *sent})
    nothing = {"level": 0, "evidence": "claim", "titles": [], "links": []}
    first = [{"name": known[n.skill_id], "need": n.level, "must": n.must, **nothing, **sent.get(n.skill_id, {})}
             for n in needs if n.skill_id in known]
    rest = [{"name": known[name], "need": 0, "must": False, **nothing, **row}
            for name, row in sorted(sent.items(), key=lambda pair: (-pair[1]["level"], pair[0]))
            if name not in asked and name in known]
    return {"asked": first, "other": rest,
            "backed": [row for row in first + rest if row["titles"] or row["links"]]}


@blueprint.post("/<organization>/applications/<application>/note")
@allow(Permission.APPLICATION_REVIEW, organization=Organization, application=Application)
def application_note(organization: Organization, application: Application) -> ResponseReturnValue:
    """Keep a note that only the team sees."""
    form, row = NoteForm(), seen(application)
    if form.sent():
        form.refuse_stale(row)
        actions.note(db.session(), row, form.internal_words.data or "", actor=access.actor(), at=g.at)
        flash(_("The note is kept. Only your team sees it."), "success")
        return back_to(row)
    return _page(organization, row, form)


@blueprint.route("/<organization>/applications/<application>/no", methods=["GET", "POST"])
@allow(Permission.APPLICATION_REVIEW, organization=Organization, application=Application)
def application_no(organization: Organization, application: Application) -> ResponseReturnValue:
    """Say no: a reason, words that help, a next step."""
    row, form = seen(application), NoForm().offer()
    form.drawn_from(row)
    if form.sent():
        form.refuse_stale(row)
        if form.attempt(lambda: actions.say_no(
                db.session(), row, code=form.code.data, words=form.words.data, next_step=form.next_step.data,
                internal_words=form.internal_words.data or "", actor=access.actor(), at=g.at) or row):
            flash(_("Answered. The person has your words and the next step."), "success")
            return back_to(row)
    elif not form.is_submitted():
        form.internal_words.data = row.internal_words
    return render_template("employer/application_no.html", form=form, organization=organization, application=row,
                           called=called(row)), (422 if form.is_submitted() else 200)


@blueprint.post("/<organization>/applications/<application>/<step>")
@allow(Permission.APPLICATION_REVIEW, organization=Organization, application=Application)
def application_step(organization: Organization, application: Application, step: str) -> ResponseReturnValue:
    """Start reading, shortlist, look again: the steps that need no form of their own."""
    row = seen(application)
    if step not in {s.name for s in APPLICATION.steps if s.listed and "employer" in s.by}:
        abort(404)
    try:
        actions.advance(db.session(), row, step, actor=access.actor(), at=g.at, reason=request.form.get("reason", ""))
    except DomainError as error:
        if type(error) is not DomainError:
            raise
        db.rollback()
        flash(translate(error.message, **error.params), "warning")
        return back_to(row)
    flash({"review": _("The person can see that you are reading."),
           "shortlist": _("Shortlisted. Name and contact show now, and the person knows."),
           "reopen": _("Opened again. The person knows.")}.get(step, _("Done.")), "success")
    return back_to(row)
