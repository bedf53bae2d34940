"""The review queue: each role as candidates will see it, what the posting check finds, and the hub's answer."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.organizations.models import Hub
from matcher.policy import Permission
from matcher.roles import actions, queries, rules
from matcher.roles.models import Posting
from matcher.roles.posting_check import PostingFacts, posting_check
from matcher.skills import queries as skills
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import ReviewForm
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.names import names_of

ABOUT = "about_"


@blueprint.get("/<hub>/roles")
@allow(Permission.POSTING_REVIEW, hub=Hub)
def reviews(hub: Hub) -> str:
    """Roles that wait, the longest wait first."""
    desk.enter(hub)
    return render_template("hub/reviews.html", here=hub, rows=pages.paginate(queries.review_queue(hub.id)), rules=rules)


@blueprint.route("/<hub>/roles/<posting>", methods=["GET", "POST"])
@allow(Permission.POSTING_REVIEW, hub=Hub, posting=Posting)
def review_show(hub: Hub, posting: Posting) -> ResponseReturnValue:
    """Read one role and answer it; an answer to words that changed meanwhile is refused with 409."""
    desk.enter(hub)
    form = ReviewForm(version=posting.version)
    if form.sent():
        given = str(form.version.data or "")
        made = form.attempt(lambda: actions.review_posting(
            db.session(), posting, decision=form.decision.data, words=form.words.data or "", by_field=_said(form),
            version=int(given) if given.isdecimal() else None, actor=actor(), at=g.at))
        if made:
            flash(_("“%(title)s” is answered, and the employer is told.", title=posting.title), "success")
            return redirect(url_for("hub.reviews", hub=hub.slug))
    return render_template("hub/review_show.html", **_about(hub, posting, form)), 422 if form.is_submitted() else 200


def _said(form: ReviewForm) -> dict[str, str]:
    return {name: form[ABOUT + name].data for name in rules.FIELD_WORDS if form[ABOUT + name].data}


def _about(hub: Hub, posting: Posting, form: ReviewForm) -> dict[str, object]:
    session = db.session()
    whole = queries.get_posting(session, posting.id)
    held = skills.find_hub_occupation(session, hub.id, whole.occupation_code) if whole.occupation_code else None
    facts = PostingFacts(degree=str(whole.degree), pay_shown=whole.pay_min_cents is not None,
                         progression=whole.progression, entry_level=held is None or held.entry_level,
                         skills=len(whole.requirements))
    return {
        "here": hub, "posting": whole, "form": form, "names": names_of(whole.requirements), "rules": rules,
        "findings": posting_check(whole.summary, facts, title=whole.title), "held": held,
        "conditions": queries.open_conditions(session, whole), "waits": str(whole.state) == "submitted",
        "occupation": held.occupation if held else None,
        "fields": [(label, form[ABOUT + name]) for name, label in rules.FIELD_WORDS.items()],
    }
