"""Requests that a person looks at a match: who waits, what the numbers say, and the hub's answer in words."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from matcher.candidates.models import Candidate
from matcher.matches import lists, looks
from matcher.matches.models import LookRequest, MatchRun
from matcher.organizations.models import Hub
from matcher.policy import Permission
from matcher.roles.models import Posting
from web.hub import desk
from web.hub.blueprint import blueprint
from web.kit import db, pages, reasons
from web.kit.access import actor, allow
from web.kit.forms import Filter, Form, at_most, chosen, filters, offered, required
from web.kit.names import skill_names


class LookFilter(Filter):
    """By state."""

    state = SelectField(validators=[Optional()], choices=["", *LookRequest.__life__.labels])


class LookAnswerForm(Form):
    """What a person found."""

    finding = RadioField(_l("What did you find?"), [chosen()],
                         choices=offered((code, _l(words)) for code, words in looks.FINDINGS.items()))
    words = TextAreaField(_l("Your answer"), [required(), at_most(2000)],
                          description=_l("What you looked at, what you found, and what they can do. They read it."))


@blueprint.get("/<hub>/looks")
@allow(Permission.HUB_READ, hub=Hub)
def looks_asked(hub: Hub) -> str:
    """Those that wait first; people by their code alone."""
    today = desk.enter(hub)
    picked = filters(LookFilter)
    rows = pages.paginate(looks.of_hub(hub.id, state=picked.state.data or ""))
    return render_template("hub/looks.html", here=hub, rows=rows, chosen=picked, today=today,
                           labels=LookRequest.__life__.labels, codes=_codes(rows.rows), titles=_titles(rows.rows))


@blueprint.route("/<hub>/looks/<look>", methods=["GET", "POST"])
@allow(Permission.LOOK_ANSWER, hub=Hub, look=LookRequest)
def look_answer(hub: Hub, look: LookRequest) -> ResponseReturnValue:
    """One request beside what the ranker said, and the answer."""
    desk.enter(hub)
    form = LookAnswerForm()
    if form.sent() and form.attempt(lambda: looks.answer(
        db.session(), look, finding=form.finding.data, words=form.words.data, actor=actor(), at=g.at)
    ):
        flash(_("Your answer is sent."), "success")
        return redirect(url_for("hub.looks_asked", hub=hub.slug))
    said = _said(look) if look.posting_id and str(look.state) == "asked" else None
    page = render_template("hub/look_answer.html", here=hub, look=look, form=form, said=said, codes=_codes([look]),
                           titles=_titles([look]), findings=looks.FINDINGS, runs=_runs(look))
    return page, 422 if form.is_submitted() else 200


def _said(look: LookRequest) -> list[str]:
    """Each requirement of the role as the ranker sees it for this person, in words."""
    explained = lists.explain_pair(db.session(), str(look.posting_id), look.candidate_id, at=g.at, pools=db.pools())
    known = skill_names(reasons.skills_of(explained.findings))
    return [reasons.finding_words(finding, known.__getitem__, you=False) for finding in explained.findings]


def _runs(look: LookRequest) -> list[MatchRun]:
    """The newest lists that this person was shown; each can be made again from its number."""
    rows = select(MatchRun).where(MatchRun.direction == "roles", MatchRun.subject_id == look.candidate_id)
    return list(db.session().scalars(rows.order_by(MatchRun.created_at.desc(), MatchRun.id).limit(3)))


def _codes(rows: list[LookRequest]) -> dict[str, str]:
    found = select(Candidate.id, Candidate.code).where(Candidate.id.in_([row.candidate_id for row in rows]))
    return {row[0]: row[1] for row in db.session().execute(found)}


def _titles(rows: list[LookRequest]) -> dict[str, str]:
    found = select(Posting.id, Posting.title).where(Posting.id.in_([row.posting_id for row in rows if row.posting_id]))
    return {row[0]: row[1] for row in db.session().execute(found)}
