"""What a person was told, in words, page by page, with the rows behind the words read at once."""

from typing import Any

from flask import current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from matcher.applications.models import Application
from matcher.candidates.models import Candidate
from matcher.kit import outbox
from matcher.kit.base import Base
from matcher.organizations.models import Organization
from matcher.placements.models import Placement
from matcher.policy import Permission
from matcher.roles.models import Posting
from matcher.training.models import Program
from web.account.blueprint import blueprint
from web.kit import access, db, pages
from web.kit.access import allow
from web.mail import about, contexts, render

SIZE = 12
_PERSON = joinedload(Candidate.person)
NAMED: dict[str, tuple[type[Any], tuple[ExecutableOption, ...]]] = {
    "application_id": (Application, (
        joinedload(Application.posting).options(joinedload(Posting.organization), joinedload(Posting.hub)),
        joinedload(Application.candidate).options(_PERSON), selectinload(Application.interviews),
    )),
    "posting_id": (Posting, (joinedload(Posting.organization), joinedload(Posting.hub))),
    "placement_id": (Placement, (joinedload(Placement.organization), joinedload(Placement.candidate).options(_PERSON))),
    "organization_id": (Organization, ()),
    "program_id": (Program, (joinedload(Program.organization),)),
}


@blueprint.get("/notices")
@allow(Permission.ACCOUNT_MANAGE)
def notices() -> str:
    """Everything that was told, newest first."""
    about.load()
    person = access.person()
    listed = pages.paginate(outbox.of_person(person.id), SIZE)
    kept = _behind(listed.rows)  # held while the words are made: the session lets go of rows nobody holds
    told = [_told(row) for row in listed.rows]
    del kept
    return render_template("account/notices.html", notices=told, listed=listed,
                           unread=outbox.unread_count(db.session(), person.id))


def _behind(rows: Any) -> list[Base]:
    found: list[Base] = []
    for param, (model, options) in NAMED.items():
        ids = {row.params[param] for row in rows if row.params.get(param)}
        if ids:
            found.extend(db.session().scalars(select(model).where(model.id.in_(ids)).options(*options)))
    return found


def _told(row: outbox.Notice) -> dict[str, object]:
    locale, settings = str(get_locale()), current_app.extensions["settings"]
    words = contexts.gather(db.session(), row, settings, access.person().name)
    return {"id": row.id, "at": row.at, "read": row.read_at is not None,
            "title": render.headline(row, locale, words), "text": render.body(row, locale, words)}


@blueprint.post("/notices/read")
@allow(Permission.ACCOUNT_MANAGE)
def notices_read() -> ResponseReturnValue:
    """Mark everything as read."""
    outbox.mark_read(db.session(), access.person().id, g.at)
    return redirect(url_for("account.notices"))


@blueprint.post("/notices/<notice_id>/read")
@allow(Permission.ACCOUNT_MANAGE)
def notice_read(notice_id: str) -> ResponseReturnValue:
    """Mark one notice as read; another person's is not touched."""
    outbox.mark_read(db.session(), access.person().id, g.at, notice_id)
    return redirect(url_for("account.notices"))
