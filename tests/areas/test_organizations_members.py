"""Who belongs to an organization: founding, invitations, roles, leaving, and what each may do next (invariant 11)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher import tables
from matcher.kit import crypto, outbox
from matcher.kit.audit import TrailHead
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError, NotFoundError
from matcher.kit.settings import Settings
from matcher.organizations import actions, queries
from matcher.organizations.models import FactsClock, Invitation, MemberRole, Membership
from matcher.organizations.rules import slug_of
from matcher.people import actions as people
from matcher.people import export
from matcher.policy import Permission, allows
from tests.factories import organizations as make
from tests.factories.people import acting, person

assert tables.METADATA


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    """Personal fields need keys."""
    crypto.configure(settings)


def test_a_hub_begins_with_its_clock_and_its_chain(session: Session, at: datetime) -> None:
    """Both are there before anything else happens in it."""
    hub = make.hub(session, at, slug="lakeview")
    assert session.get_one(FactsClock, hub.id).value == 0
    assert session.get_one(TrailHead, hub.id).seq == 0
    assert queries.hub_by_slug(session, "lakeview") is hub
    with pytest.raises(ConflictError):
        make.hub(session, at, slug="lakeview")


def test_an_operator_acts_only_after_the_second_factor(session: Session, at: datetime) -> None:
    """The role alone opens nothing; dismissal counts at once."""
    hub = make.hub(session, at)
    who = make.operator(session, hub, at)
    assert not allows(acting(session, who), Permission.HUB_READ, hub)
    assert allows(acting(session, who, at), Permission.HUB_READ, hub)
    assert not allows(acting(session, who, at), Permission.HUB_READ, make.hub(session, at))
    given = actions.appoint(session, hub, who, "operator", at=at)
    actions.dismiss(session, given, at=at, reason="Changed jobs.")
    session.flush()
    assert not allows(acting(session, who, at), Permission.HUB_READ, hub)
    assert queries.operators(session, hub.id) == []


@pytest.mark.parametrize(("name", "slug"), [
    ("Harbor Credit Union", "harbor-credit-union"), ("  Café & Söhne, Inc. ", "cafe-sohne-inc"), ("学校", "partner"),
    ("x" * 90, "x" * 48),
])
def test_an_address_is_made_from_the_name(name: str, slug: str) -> None:
    """Plain letters only."""
    assert slug_of(name) == slug


def test_two_organizations_of_one_name_have_two_addresses(session: Session, at: datetime) -> None:
    """And each founder owns their own."""
    first, second = person(session, at), person(session, at)
    a = actions.found_organization(session, actor=acting(session, first), kind="employer", name="Acme", at=at)
    b = actions.found_organization(session, actor=acting(session, second), kind="employer", name="ACME", at=at)
    assert (a.slug, b.slug) == ("acme", "acme-2")
    assert allows(acting(session, first), Permission.TEAM_MANAGE, a)
    assert not allows(acting(session, first), Permission.TEAM_MANAGE, b)


@pytest.mark.data
def test_an_invitation_is_taken_up_once_by_its_own_address(session: Session, at: datetime) -> None:
    """The link alone is not enough, and it works once."""
    organization, owner = make.organization(session, make.hub(session, at), at)
    sent, secret = actions.invite(session, organization, "New@example.org", actor=acting(session, owner), at=at)
    stranger, invited = person(session, at), person(session, at, email="new@EXAMPLE.org")
    assert actions.find_invitation(session, secret, at=at) is sent
    assert actions.find_invitation(session, secret, at=at + timedelta(days=14)) is None
    with pytest.raises(NotAllowedError):
        actions.accept_invitation(session, sent, stranger, at=at)
    actions.accept_invitation(session, sent, invited, at=at)
    assert [who.id for _, who in queries.members(session, organization)] == [owner.id, invited.id]
    with pytest.raises(NotFoundError):
        actions.accept_invitation(session, sent, invited, at=at)
    told = session.scalars(select(outbox.Notice.kind).where(outbox.Notice.person_id == owner.id)).all()
    assert "member_joined" in told


def test_a_newer_invitation_replaces_the_older_and_a_revoked_one_opens_nothing(session: Session, at: datetime) -> None:
    """One open link for each address."""
    organization, owner = make.organization(session, make.hub(session, at), at)
    actor = acting(session, owner)
    _, first = actions.invite(session, organization, "new@example.org", actor=actor, at=at)
    sent, second = actions.invite(session, organization, "new@example.org", "owner", actor=actor, at=at)
    assert actions.find_invitation(session, first, at=at) is None
    assert queries.open_invitations(session, organization.id, at=at) == [sent]
    actions.revoke_invitation(session, sent, actor=actor, at=at)
    session.flush()
    assert actions.find_invitation(session, second, at=at) is None
    assert session.scalars(select(Invitation)).all()


def test_only_owners_invite_promote_and_remove(session: Session, at: datetime) -> None:
    """A member may only leave."""
    organization, owner = make.organization(session, make.hub(session, at), at)
    member = person(session, at)
    held = actions.add_member(session, organization, member, actor=acting(session, owner), at=at)
    mine = queries.membership(session, organization.id, owner.id)
    assert mine is not None
    with pytest.raises(NotAllowedError):
        actions.invite(session, organization, "x@example.org", actor=acting(session, member), at=at)
    with pytest.raises(NotAllowedError):
        actions.change_role(session, held, "owner", actor=acting(session, member), at=at)
    with pytest.raises(NotAllowedError):
        actions.remove_member(session, mine, actor=acting(session, member), at=at)
    with pytest.raises(DomainError):
        actions.invite(session, organization, member.email, actor=acting(session, owner), at=at)


def test_invariant_11_a_removed_member_has_no_rights_on_the_next_look(session: Session, at: datetime) -> None:
    """Roles are read anew each time; the person is told."""
    organization, owner = make.organization(session, make.hub(session, at), at)
    member = person(session, at)
    held = actions.add_member(session, organization, member, actor=acting(session, owner), at=at)
    assert allows(acting(session, member), Permission.POSTING_EDIT, organization)
    actions.remove_member(session, held, actor=acting(session, owner), at=at)
    session.flush()
    assert not allows(acting(session, member), Permission.POSTING_EDIT, organization)
    assert outbox.notices_for(session, member.id)[0].kind == "member_removed"
    with pytest.raises(ConflictError):
        actions.remove_member(session, held, actor=acting(session, owner), at=at)


@pytest.mark.data
def test_the_last_owner_stays_until_there_is_another(session: Session, at: datetime) -> None:
    """Neither leaving nor stepping down nor closing the account leaves an organization alone."""
    organization, owner = make.organization(session, make.hub(session, at), at)
    actor = acting(session, owner)
    mine = queries.membership(session, organization.id, owner.id)
    assert mine is not None
    with pytest.raises(ConflictError):
        actions.remove_member(session, mine, actor=actor, at=at)
    with pytest.raises(ConflictError):
        actions.change_role(session, mine, MemberRole.MEMBER, actor=actor, at=at)
    with pytest.raises(ConflictError):
        people.close_account(session, owner, at=at)
    second = actions.add_member(session, organization, person(session, at), "member", actor=actor, at=at)
    actions.change_role(session, second, "owner", actor=actor, at=at)
    session.flush()
    people.close_account(session, owner, at=at)
    assert mine.ended_at == at


@pytest.mark.data
def test_nobody_is_a_member_twice(session: Session, at: datetime) -> None:
    """The database keeps it."""
    organization, owner = make.organization(session, make.hub(session, at), at)
    assert actions.add_member(session, organization, owner, actor=acting(session, owner), at=at).role == "owner"
    session.add(Membership(person_id=owner.id, organization_id=organization.id, role=MemberRole.MEMBER, created_at=at))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_export_names_the_organizations(session: Session, at: datetime) -> None:
    """Past ones too."""
    organization, owner = make.organization(session, make.hub(session, at), at)
    kept = export.everything(session, owner)
    assert kept["organizations"][0]["organization"] == organization.name
    assert kept["hubs"] == []
