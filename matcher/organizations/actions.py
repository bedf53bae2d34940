"""Everything that writes hubs, organizations, members, partnerships and commitments, under one roof."""

from matcher.organizations import export
from matcher.organizations.actions_commitments import (
    ON_COMMITMENT_LAPSE,
    advance_commitment,
    draft_commitment,
    expire_commitments,
    renew_commitment,
    sign_commitment,
    sign_draft,
)
from matcher.organizations.actions_hubs import (
    appoint,
    describe_organization,
    dismiss,
    found_hub,
    found_organization,
)
from matcher.organizations.actions_members import (
    ON_INVITATION_ACCEPTED,
    accept_invitation,
    add_member,
    change_role,
    find_invitation,
    invitation_secret,
    invite,
    remove_member,
    revoke_invitation,
)
from matcher.organizations.actions_partners import (
    ON_PARTNER_END,
    advance_partnership,
    ask_to_join,
    update_partnership,
)

__all__ = [
    "ON_COMMITMENT_LAPSE", "ON_INVITATION_ACCEPTED", "ON_PARTNER_END", "accept_invitation", "add_member",
    "advance_commitment", "advance_partnership", "appoint", "ask_to_join", "change_role", "describe_organization",
    "dismiss", "draft_commitment", "expire_commitments", "export", "find_invitation", "found_hub", "found_organization",
    "invitation_secret", "invite", "remove_member", "renew_commitment", "revoke_invitation", "sign_commitment",
    "sign_draft", "update_partnership",
]
