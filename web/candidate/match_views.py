"""Roles that fit: the ranked list with its reasons, one role in full, and keeping a role for later."""

from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional

from matcher.candidates import queries
from matcher.candidates.models import Candidate
from matcher.matches import lists, saving
from matcher.matches.pools import write_versions
from matcher.policy import Permission
from matcher.roles.models import Posting
from matcher.roles.rules import SCHEDULE_WORDS, WORKPLACE_WORDS, annual_cents
from web.candidate.cards import build, cards_of, postings_by_id, saved_ids
from web.candidate.desk import blueprint, here, namer
from web.candidate.nearby import near_occupations
from web.candidate.next_steps import next_step
from web.kit import access, db, pages, reasons
from web.kit.access import allow
from web.kit.forms import Filter, filters, offered

SIZE = 10


class RoleFilter(Filter):
    """What to show of the list; the ranking stays as it is."""

    q = StringField(filters=[lambda text: (text or "").strip()[:80]])
    schedule = SelectField(choices=offered((key, key) for key in ("", *SCHEDULE_WORDS)), default="")
    workplace = SelectField(choices=offered((key, key) for key in ("", *WORKPLACE_WORDS)), default="")
    pay = IntegerField(validators=[Optional(), NumberRange(1, 1_000)])
    only = SelectField(choices=offered([("", ""), ("saved", ""), ("open", "")]), default="")


@blueprint.get("/<candidate>/roles")
@allow(Permission.PROFILE_MATCH, candidate=Candidate)
def matches(candidate: Candidate) -> str:
    """The roles of the hub, ranked for this person; what is shown is noted so that it can be made again."""
    hub, form = here(candidate), filters(RoleFilter)
    listing = lists.roles_for(db.session(), candidate, viewer_id=access.person().id, at=g.at, pools=db.pools())
    wanted = form.chosen()
    listing.run.filters = wanted or None
    found = postings_by_id([line.id for line in listing.ranking.lines])
    saved = saved_ids(candidate)
    rows = [row for line in listing.ranking.lines if (row := found.get(line.id)) and _passes(row, form, saved)]
    page = pages.slice_page(rows, SIZE)
    db.journal(listing.run)
    db.journal_call(lambda session: write_versions(session, listing.kept))
    needs = [reasons.in_words(need, namer([])) for need in listing.ranking.needs]
    return render_template(
        "candidate/matches.html", candidate=candidate, form=form, wanted=wanted, pages=page, needs=needs,
        cards=cards_of(candidate, listing, page.rows), total=len(listing.ranking.lines),
        left_out=reasons.left_out_words(listing.ranking.hits), vague=len(listing.ranking.too_little),
        schedules=SCHEDULE_WORDS, workplaces=WORKPLACE_WORDS, step=next_step(candidate, hub),
        near=near_occupations(candidate, hub, limit=1),
        seen=len(queries.who_saw(db.session(), candidate.id, since=month_ago())),
    )


def month_ago() -> datetime:
    """Thirty days before this request."""
    at: datetime = g.at
    return at - timedelta(days=30)


def _passes(posting: Posting, form: Any, saved: set[str]) -> bool:
    text = f"{posting.title} {posting.organization.name} {posting.place_label}".casefold()
    pay = annual_cents(posting.pay_max_cents, str(posting.pay_period))
    asked = annual_cents(form.pay.data * 100, "hour") if form.pay.data else None
    return (
        all(word in text for word in (form.q.data or "").casefold().split())
        and (not form.schedule.data or form.schedule.data in (posting.schedules or []))
        and (not form.workplace.data or form.workplace.data == str(posting.workplace))
        and (asked is None or (pay is not None and pay >= asked))
        and (form.only.data != "saved" or posting.id in saved)
        and (form.only.data != "open" or posting.open_nontraditional)
    )


@blueprint.get("/<candidate>/roles/<posting>")
@allow(Permission.PROFILE_MATCH, candidate=Candidate, posting=Posting)
def role(candidate: Candidate, posting: Posting) -> str:
    """One role: every reason in words, what counted, and what would move the person most."""
    here(candidate)
    whole = postings_by_id([posting.id])[posting.id]
    explained = lists.explain_pair(db.session(), posting.id, candidate.id, at=g.at, pools=db.pools())
    (card,) = build(candidate, [(whole, explained)])
    if posting.live_at is None and card.application is None:
        abort(404)
    name = namer(finding.skill for finding in explained.findings)
    change = lists.change_for(db.session(), posting, candidate, at=g.at, pools=db.pools()) \
        if str(posting.state) == "live" and not explained.needs else None
    return render_template(
        "candidate/role.html", candidate=candidate, card=card, posting=whole, statuses=reasons.STATUS_WORDS,
        tones=reasons.STATUS_TONES, needs=[reasons.in_words(need, name) for need in explained.needs],
        counted=reasons.counted(explained, name) if explained.score is not None else [],
        change=reasons.change_words(change, name), schedules=SCHEDULE_WORDS, workplaces=WORKPLACE_WORDS,
    )


@blueprint.post("/<candidate>/roles/<posting>/save")
@allow(Permission.PROFILE_MATCH, candidate=Candidate, posting=Posting)
def role_save(candidate: Candidate, posting: Posting) -> ResponseReturnValue:
    """Keep a role for later, or keep it no longer."""
    kept = saving.toggle(db.session(), candidate, posting, actor=access.actor(), at=g.at)
    flash(_("Saved for later.") if kept else _("No longer saved."), "success")
    return redirect(url_for("candidate.role", candidate=candidate.id, posting=posting.id)
                    if "page" in request.args else url_for("candidate.matches", candidate=candidate.id))
