"""What waits at an employer: each thing with what to do, who acts and by when, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from matcher.applications import queries as applications
from matcher.organizations import queries as organizations
from matcher.organizations.models import Commitment, Organization, Partnership
from matcher.organizations.rules import COMMITMENT_WORDS, REMIND_DAYS, local_day
from matcher.placements import queries as placements
from matcher.roles import queries as roles
from matcher.roles.models import Posting

SOON = timedelta(days=7)
URGENT = ("live", "changes_requested", "approved", "draft")
WAITING = ("submitted", "in_review", "shortlisted", "interviewing")


@dataclass(frozen=True)
class Task:
    """One thing that waits. `mine` is False when somebody else acts; `due` is the day it is wanted by."""

    title: str
    text: str
    url: str
    label: str
    mine: bool = True
    due: date | None = None


def tasks(session: Session, organization: Organization, partnership: Partnership, at: datetime) -> list[Task]:
    """Everything that waits: what this employer does first (by day), then what others do."""
    today = local_day(at, partnership.hub.time_zone)
    found = [
        *_joining(organization, partnership), *_commitments(session, organization, partnership, today),
        *_people(session, organization, today), *_roles(session, organization, today),
    ]
    return sorted(found, key=lambda task: (not task.mine, task.due or date.max))


def numbers(session: Session, organization: Organization, at: datetime) -> dict[str, Any]:
    """Roles and applications by state, and the answers given on time in the last year."""
    return {
        "roles": roles.state_counts(session, organization.id),
        "applications": applications.counts_by_state(session, organization.id),
        "answers": applications.response_rate(session, organization.id, since=at - timedelta(days=365)),
    }


def _joining(organization: Organization, partnership: Partnership) -> Iterator[Task]:
    page = url_for("employer.joining", organization=organization.slug, hub=partnership.hub.slug)
    hub = partnership.hub.name
    if not partnership.families:
        yield Task(_("Say whom you want to hire"),
                   _("The hub plans with it: kinds of work, how many, and the screens you use."), page, _("Fill in"))
    if str(partnership.state) in ("prospect", "contacted", "confirmed"):
        yield Task(_("The hub looks at your request"),
                   _("%(hub)s gets in touch and makes you an active partner. You can prepare your roles meanwhile.",
                     hub=hub), page, _("See where it stands"), mine=False)
    if str(partnership.state) == "lapsed":
        yield Task(_("Your partnership has lapsed"), _("Write to %(hub)s to come back.", hub=hub), page, _("Read more"))


def _commitments(
    session: Session, organization: Organization, partnership: Partnership, today: date
) -> Iterator[Task]:
    held = organizations.commitments(session, organization.id, partnership.hub_id)
    sign = url_for("employer.commitment_new", organization=organization.slug, hub=partnership.hub.slug)
    alive = [row for row in held if not row.is_closed and str(row.state) != "draft"]
    if not any(str(row.kind) == "consider" for row in alive):
        yield Task(_("Sign your commitment"),
                   _("With it your roles can be marked open to people without a degree. An owner signs."), sign,
                   _("Read and sign"))
    for row in alive:
        yield from _of_commitment(organization, row, today)


def _of_commitment(organization: Organization, row: Commitment, today: date) -> Iterator[Task]:
    page = url_for("employer.commitment_show", organization=organization.slug, commitment=row.id)
    words = _(COMMITMENT_WORDS[str(row.kind)])
    if str(row.state) == "signed":
        yield Task(_("The hub reads your commitment"), words, page, _("See it"), mine=False)
    elif row.expires_on and (row.expires_on - today).days <= max(REMIND_DAYS):
        yield Task(_("Renew your commitment"), _("%(what)s: it ends soon. When it ends, your roles lose their mark.",
                   what=words), page, _("Renew"), due=row.expires_on)


def _people(session: Session, organization: Organization, today: date) -> Iterator[Task]:
    known = current_app.view_functions
    if "employer.applications" in known:
        query = applications.of_organization(organization.id, states=WAITING)
        rows = session.scalars(query).unique().all()
        dated = [row.answer_due_on for row in rows if row.answer_due_on]
        if rows:
            late = sum(day < today for day in dated)
            text = ngettext("%(num)s is past the day you promised.", "%(num)s are past the day you promised.", late) \
                if late else _("Everyone gets an answer, with a reason.")
            yield Task(ngettext("%(num)s application waits for you", "%(num)s applications wait for you", len(rows)),
                       text, url_for("employer.applications", organization=organization.slug), _("Read and answer"),
                       due=min(dated, default=None))
    if "employer.placements" in known:
        checks = placements.checks_of_organization(session, organization.id, today)
        if checks:
            yield Task(ngettext("Say how %(num)s hire is doing", "Say how %(num)s hires are doing", len(checks)),
                       _("Two minutes each. The training program reads it the same day."),
                       url_for("employer.placements", organization=organization.slug), _("Answer"),
                       due=checks[0].due_on)


def _roles(session: Session, organization: Organization, today: date) -> Iterator[Task]:
    rows = session.scalars(roles.employer_roles(organization.id)).unique().all()
    if not rows:
        yield Task(_("Write your first role"), _("Say what a person must be able to do. We show who can."),
                   url_for("employer.role_new", organization=organization.slug), _("Write a role"))
    for row in sorted(rows, key=lambda row: URGENT.index(str(row.state)) if str(row.state) in URGENT else len(URGENT)):
        yield from _of_role(organization, row, today)


def _of_role(organization: Organization, row: Posting, today: date) -> Iterator[Task]:
    show = url_for("employer.role_show", organization=organization.slug, posting=row.id)
    edit = url_for("employer.role_edit", organization=organization.slug, posting=row.id)
    state = str(row.state)
    if state == "changes_requested":
        yield Task(_("Change “%(title)s”", title=row.title), _("The hub read it and left words by the fields."), edit,
                   _("Read and change"))
    elif state == "draft":
        yield Task(_("Finish “%(title)s”", title=row.title), _("A draft that only you see."), edit, _("Go on writing"))
    elif state == "approved":
        yield Task(_("Open “%(title)s”", title=row.title), _("The hub approved it. Open it when you are ready."), show,
                   _("Open it"))
    elif state == "submitted":
        yield Task(_("The hub reads “%(title)s”", title=row.title), _("It answers within a few days."), show,
                   _("See it"), mine=False)
    elif state == "live" and row.open_fell_at and not row.open_nontraditional:
        yield Task(_("“%(title)s” lost its mark", title=row.title), _(row.open_fell_reason), show,
                   _("See what is missing"))
    elif state == "live" and row.closes_on and row.closes_on - today <= SOON:
        yield Task(_("“%(title)s” ends soon", title=row.title), _("After its last day it is no longer shown."), edit,
                   _("Set another day"), due=row.closes_on)
