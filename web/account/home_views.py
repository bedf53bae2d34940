"""All places of a person on one page, each with its next step."""

from flask import render_template

from matcher.kit import outbox
from matcher.organizations.rules import KIND_WORDS
from matcher.policy import Permission
from web.account import places
from web.account.blueprint import blueprint
from web.account.entering import wished
from web.kit import access, db
from web.kit.access import allow


@blueprint.get("/")
@allow(Permission.ACCOUNT_MANAGE)
def home() -> str:
    """Everything that is this person's, with the next step of each."""
    person = access.person()
    return render_template(
        "account/home.html", profiles=places.profiles(db.session(), person.id),
        organizations=places.organizations(db.session(), person.id),
        hubs=places.hubs(db.session(), person.id), unread=outbox.unread_count(db.session(), person.id),
        second_factor_due=places.owes_second_factor(db.session(), person, access.current_sign_in()),
        kind_words=KIND_WORDS, hub_role_words=places.HUB_ROLE_WORDS, next_for_partner=places.NEXT_FOR_PARTNER,
        profile_url=wished("candidate", ""),
    )
