"""Who may do what, drawn from the policy and the lives themselves, so that the page cannot be out of date."""

from flask import render_template

from matcher.applications.lifecycle import APPLICATION, INTERVIEW, OFFER
from matcher.candidates.lifecycle import CANDIDATE
from matcher.kit.words import N_
from matcher.matches.lifecycle import LOOK, MODEL
from matcher.organizations.lifecycle import COMMITMENT, PARTNERSHIP
from matcher.organizations.models import Hub
from matcher.placements.lifecycle import CHECK, PLACEMENT
from matcher.policy import PERMISSION_WORDS, POLICY, PREDICATE_WORDS, Permission
from matcher.roles.lifecycle import POSTING
from matcher.training.lifecycle import ENDORSEMENT, ENROLLMENT, PROGRAM
from web.hub import desk
from web.hub.blueprint import blueprint
from web.kit.access import allow

LIVES = (
    (N_("Partnership"), PARTNERSHIP), (N_("Commitment"), COMMITMENT), (N_("Role"), POSTING), (N_("Profile"), CANDIDATE),
    (N_("Program"), PROGRAM), (N_("Enrollment"), ENROLLMENT), (N_("Endorsement"), ENDORSEMENT),
    (N_("Application"), APPLICATION), (N_("Interview"), INTERVIEW), (N_("Offer"), OFFER), (N_("Placement"), PLACEMENT),
    (N_("Retention check"), CHECK), (N_("Model"), MODEL), (N_("Request for a human look"), LOOK),
)
ROLES = {"candidate": N_("Candidate"), "employer": N_("Employer"), "provider": N_("Provider"),
         "workforce": N_("Workforce"), "operator": N_("Hub"), "system": N_("By itself")}


@blueprint.get("/<hub>/policy")
@allow(Permission.HUB_READ, hub=Hub)
def policy(hub: Hub) -> str:
    """Every permission with what earns it, and every step with who may take it."""
    desk.enter(hub)
    permissions = [(PERMISSION_WORDS[name], [[PREDICATE_WORDS[test.__name__] for test in way] for way in ways])
                   for name, ways in POLICY.items()]
    return render_template("hub/policy.html", here=hub, permissions=permissions, lives=LIVES, roles=ROLES)
