"""Who may do what: one table from permission to the ways of earning it; what is not in it is refused."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from matcher.kit.actor import Actor
from matcher.kit.words import N_

Predicate = Callable[[Actor, Any], bool]


class Permission(StrEnum):
    """Every permission, as scope:resource:action."""

    PUBLIC_READ = "public:page:read"
    ACCOUNT_ENTER = "account:door:enter"
    ACCOUNT_MANAGE = "account:self:manage"
    DEMO_READ = "demo:page:read"
    PROFILE_CREATE = "candidate:profile:create"
    PROFILE_EDIT = "candidate:profile:edit"
    PROFILE_MATCH = "candidate:roles:match"
    APPLICATION_SEND = "candidate:application:send"
    APPLICATION_FOLLOW = "candidate:application:follow"
    DEMOGRAPHICS_ANSWER = "candidate:demographics:answer"
    ORGANIZATION_CREATE = "organization:self:create"
    ORGANIZATION_READ = "organization:self:read"
    ORGANIZATION_EDIT = "organization:self:edit"
    TEAM_MANAGE = "organization:team:manage"
    COMMITMENT_SIGN = "employer:commitment:sign"
    POSTING_EDIT = "employer:posting:edit"
    POSTING_MATCH = "employer:matches:read"
    APPLICATION_REVIEW = "employer:application:review"
    PLACEMENT_REPORT = "employer:placement:report"
    PROGRAM_EDIT = "provider:program:edit"
    COMPLETION_CONFIRM = "provider:completion:confirm"
    ENDORSEMENT_GIVE = "provider:endorsement:give"
    OUTCOMES_READ = "provider:outcomes:read"
    PEOPLE_SUPPORT = "workforce:people:support"
    HUB_READ = "hub:desk:read"
    PARTNER_VET = "hub:partner:vet"
    PLACEMENT_CONFIRM = "hub:placement:confirm"
    POSTING_REVIEW = "hub:posting:review"
    OCCUPATION_DECIDE = "hub:occupation:decide"
    GOAL_SET = "hub:goal:set"
    TRAIL_READ = "hub:trail:read"
    MODEL_DECIDE = "hub:model:decide"
    LOOK_ASK = "candidate:look:ask"
    LOOK_ANSWER = "hub:look:answer"


def _organization_id(subject: Any) -> str | None:
    if getattr(subject, "__tablename__", "") == "organizations":
        return str(subject.id)
    return getattr(subject, "organization_id", None)


def _hub_id(subject: Any) -> str | None:
    return str(subject.id) if getattr(subject, "__tablename__", "") == "hubs" else getattr(subject, "hub_id", None)


def _candidate_id(subject: Any) -> str | None:
    return str(subject.id) if getattr(subject, "__tablename__", "") == "candidates" \
        else getattr(subject, "candidate_id", None)


def anyone(_actor: Actor, _subject: Any) -> bool:
    """Everybody, signed in or not."""
    return True


def signed_in(actor: Actor, _subject: Any) -> bool:
    """Has an account and is signed in."""
    return actor.person_id is not None


def verified(actor: Actor, _subject: Any) -> bool:
    """Has shown that the mail address is theirs."""
    return actor.person_id is not None and actor.verified


def themself(actor: Actor, subject: Any) -> bool:
    """Is the candidate the row is about."""
    return actor.is_candidate(_candidate_id(subject))


def member(actor: Actor, subject: Any) -> bool:
    """Belongs to the organization the row belongs to."""
    return actor.belongs_to(_organization_id(subject))


def owner(actor: Actor, subject: Any) -> bool:
    """Owns the organization the row belongs to."""
    return actor.owns(_organization_id(subject))


def operator(actor: Actor, subject: Any) -> bool:
    """Operates the hub the row belongs to."""
    return actor.operates(_hub_id(subject))


def _of_kind(kind: str) -> Predicate:
    def check(actor: Actor, subject: Any) -> bool:
        return actor.organizations.get(_organization_id(subject) or "", ("", ""))[0] == kind

    check.__name__ = kind
    return check


employer = _of_kind("employer")
provider = _of_kind("training_provider")
workforce = _of_kind("workforce_organization")

P = Permission
POLICY: Mapping[Permission, tuple[tuple[Predicate, ...], ...]] = {
    P.PUBLIC_READ: ((anyone,),),
    P.ACCOUNT_ENTER: ((anyone,),),
    P.DEMO_READ: ((anyone,),),
    P.ACCOUNT_MANAGE: ((signed_in,),),
    P.PROFILE_CREATE: ((verified,),),
    P.PROFILE_EDIT: ((verified, themself),),
    P.PROFILE_MATCH: ((verified, themself),),
    P.APPLICATION_SEND: ((verified, themself),),
    P.APPLICATION_FOLLOW: ((verified, themself),),
    P.DEMOGRAPHICS_ANSWER: ((verified, themself),),
    P.ORGANIZATION_CREATE: ((verified,),),
    P.ORGANIZATION_READ: ((verified, member),),
    P.ORGANIZATION_EDIT: ((verified, member),),
    P.TEAM_MANAGE: ((verified, owner),),
    P.COMMITMENT_SIGN: ((verified, employer, owner),),
    P.POSTING_EDIT: ((verified, employer, member),),
    P.POSTING_MATCH: ((verified, employer, member),),
    P.APPLICATION_REVIEW: ((verified, employer, member),),
    P.PLACEMENT_REPORT: ((verified, employer, member),),
    P.PROGRAM_EDIT: ((verified, provider, member),),
    P.COMPLETION_CONFIRM: ((verified, provider, member),),
    P.ENDORSEMENT_GIVE: ((verified, provider, member),),
    P.OUTCOMES_READ: ((verified, provider, member),),
    P.PEOPLE_SUPPORT: ((verified, workforce, member),),
    P.HUB_READ: ((verified, operator),),
    P.PARTNER_VET: ((verified, operator),),
    P.PLACEMENT_CONFIRM: ((verified, operator),),
    P.POSTING_REVIEW: ((verified, operator),),
    P.OCCUPATION_DECIDE: ((verified, operator),),
    P.GOAL_SET: ((verified, operator),),
    P.TRAIL_READ: ((verified, operator),),
    P.MODEL_DECIDE: ((verified, operator),),
    P.LOOK_ASK: ((verified, themself),),
    P.LOOK_ANSWER: ((verified, operator),),
}

PREDICATE_WORDS: Mapping[str, str] = {
    "anyone": N_("anyone"), "signed_in": N_("signed in"), "verified": N_("mail address confirmed"),
    "themself": N_("the candidate in person"), "member": N_("member of the organization it belongs to"),
    "owner": N_("owner of the organization it belongs to"), "operator": N_("operator of the hub it belongs to"),
    "employer": N_("the organization is an employer"), "training_provider": N_("the organization is a provider"),
    "workforce_organization": N_("the organization is a workforce organization"),
}
PERMISSION_WORDS: Mapping[Permission, str] = {
    P.PUBLIC_READ: N_("Read the public pages"),
    P.ACCOUNT_ENTER: N_("Sign up, sign in, use a link from a mail"),
    P.DEMO_READ: N_("Open the pages that exist in demo mode only"),
    P.ACCOUNT_MANAGE: N_("Manage one’s own account"),
    P.PROFILE_CREATE: N_("Start a skill profile"),
    P.PROFILE_EDIT: N_("Change a skill profile"),
    P.PROFILE_MATCH: N_("See the roles that fit a profile, and why"),
    P.APPLICATION_SEND: N_("Apply with a profile"),
    P.APPLICATION_FOLLOW: N_("Follow an application and answer an offer"),
    P.DEMOGRAPHICS_ANSWER: N_("See and change the voluntary answers"),
    P.ORGANIZATION_CREATE: N_("Bring an organization to a hub"),
    P.ORGANIZATION_READ: N_("See an organization’s own pages"),
    P.ORGANIZATION_EDIT: N_("Change what an organization says about itself"),
    P.TEAM_MANAGE: N_("Invite, promote and remove members"),
    P.COMMITMENT_SIGN: N_("Sign or renew a commitment"),
    P.POSTING_EDIT: N_("Write, send in, pause and close a role"),
    P.POSTING_MATCH: N_("See the people who fit a role, names hidden"),
    P.APPLICATION_REVIEW: N_("Read and answer applications"),
    P.PLACEMENT_REPORT: N_("Confirm a start and answer how a hire is doing"),
    P.PROGRAM_EDIT: N_("Describe programs and cohorts, invite graduates"),
    P.COMPLETION_CONFIRM: N_("Confirm completions"),
    P.ENDORSEMENT_GIVE: N_("Endorse skills and take endorsements back"),
    P.OUTCOMES_READ: N_("Read what became of graduates and what employers say"),
    P.PEOPLE_SUPPORT: N_("See and support people who agreed to it"),
    P.HUB_READ: N_("See the hub’s desk"),
    P.PARTNER_VET: N_("Vet partners and accept commitments"),
    P.PLACEMENT_CONFIRM: N_("Confirm a start from a document"),
    P.POSTING_REVIEW: N_("Approve roles or ask for changes"),
    P.OCCUPATION_DECIDE: N_("Decide which occupations count"),
    P.GOAL_SET: N_("Set the hub’s goals"),
    P.TRAIL_READ: N_("Read the hub’s audit trail"),
    P.MODEL_DECIDE: N_("Hold, release and roll back the model that ranks"),
    P.LOOK_ASK: N_("Ask that a person looks at a match"),
    P.LOOK_ANSWER: N_("Look at a match and answer"),
}


def allows(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """Is one of the permission's ways earned in full; a permission without an entry is refused."""
    return any(all(test(actor, subject) for test in way) for way in POLICY.get(permission, ()))
