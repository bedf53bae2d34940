"""Words that people typed and we did not know: taken in as new, as another name, or turned down."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.organizations.models import Hub
from matcher.policy import Permission
from matcher.skills import actions, learning, queries
from matcher.skills.models import ProposalKind, Skill, SkillProposal
from web.hub import desk
from web.hub.blueprint import blueprint
from web.hub.forms import OccupationWordForm, WordForm
from web.kit import db, pages
from web.kit.access import actor, allow
from web.kit.forms import offered
from web.kit.names import occupation_title, skill_name

KINDS = {"skill": N_("A skill"), "occupation": N_("A job title"), "program": N_("A training program")}


@blueprint.get("/<hub>/words")
@allow(Permission.OCCUPATION_DECIDE, hub=Hub)
def words(hub: Hub) -> str:
    """Words that wait, oldest first."""
    desk.enter(hub)
    rows = pages.slice_page(queries.open_proposals(db.session(), hub.id))
    learned = [(row, skill_name(meant) if isinstance(meant, Skill) else occupation_title(meant))
               for row, meant in learning.learned(db.session(), hub.id)]
    return render_template("hub/words.html", here=hub, rows=rows, kinds=KINDS, learned=learned)


@blueprint.post("/<hub>/words/<proposal>/forget")
@allow(Permission.OCCUPATION_DECIDE, hub=Hub, proposal=SkillProposal)
def word_forget(hub: Hub, proposal: SkillProposal) -> ResponseReturnValue:
    """Take back a name that was learned."""
    learning.forget(db.session(), proposal, actor=actor(), at=g.at)
    flash(_("“%(text)s” is forgotten, and will not be learned again.", text=proposal.text), "success")
    return redirect(url_for("hub.words", hub=hub.slug))


@blueprint.route("/<hub>/words/<proposal>", methods=["GET", "POST"])
@allow(Permission.OCCUPATION_DECIDE, hub=Hub, proposal=SkillProposal)
def word_answer(hub: Hub, proposal: SkillProposal) -> ResponseReturnValue:
    """Answer one word."""
    desk.enter(hub)
    if str(proposal.state) != "open":
        return redirect(url_for("hub.words", hub=hub.slug))
    form = OccupationWordForm() if proposal.kind is ProposalKind.OCCUPATION else WordForm()
    form.answer.choices = offered(_choices(proposal))
    if form.sent() and form.attempt(lambda: _answer(proposal, form)):
        flash(_("“%(text)s” is answered.", text=proposal.text), "success")
        return redirect(url_for("hub.words", hub=hub.slug))
    return render_template("hub/word_answer.html", here=hub, proposal=proposal, form=form, kinds=KINDS), \
        422 if form.is_submitted() else 200


def _choices(proposal: SkillProposal) -> list[tuple[str, str]]:
    new = {"skill": [("new", _("Take it in as a new skill of this hub"))],
           "program": [("new", _("Noted: we will ask a provider to list it"))]}.get(str(proposal.kind), [])
    alias = [] if str(proposal.kind) == "program" else [("alias", _("It is another name for one we know"))]
    return [*alias, *new, ("reject", _("Turn it down"))]


def _answer(proposal: SkillProposal, form: WordForm) -> SkillProposal:
    session = db.session()
    if form.answer.data == "reject":
        return actions.reject(session, proposal, actor=actor(), at=g.at, reason=form.reason.data or "")
    if form.answer.data == "new":
        return actions.accept(session, proposal, actor=actor(), at=g.at)
    if not form.means.data or not form.means.data.id:
        raise DomainError(N_("Choose the one that it is another name for."), field="means")
    return actions.accept(session, proposal, actor=actor(), at=g.at, means=form.means.data.id)


