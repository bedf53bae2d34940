"""Everything that reads postings: public lists, an employer's own, the hub's review queue, and skill names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from matcher.kit.errors import NotFoundError
from matcher.kit.words import N_
from matcher.organizations import queries as organizations
from matcher.organizations.models import Organization
from matcher.roles import rules
from matcher.roles.models import Posting, PostingReview

SORTS = {"newest": N_("Newest first"), "pay": N_("Highest pay first"), "closing": N_("Closing soon first")}
OPEN_STATES = ("live",)
WORK_STATES = ("draft", "submitted", "changes_requested", "approved", "live", "paused")


@dataclass(frozen=True, slots=True)
class RoleSearch:
    """Filters of a list of roles; empty means any. `pay_at_least` is cents a year."""

    text: str = ""
    occupation: str = ""
    workplace: str = ""
    schedule: str = ""
    pay_at_least: int | None = None
    open_only: bool = False
    sort: str = "newest"


def find_posting(session: Session, posting_id: str) -> Posting | None:
    """A posting with its skills, reviews, organization and hub, in a fixed number of statements."""
    return session.scalar(_whole(select(Posting).where(Posting.id == posting_id)))


def get_posting(session: Session, posting_id: str) -> Posting:
    """The same; raises NotFoundError."""
    posting = find_posting(session, posting_id)
    if posting is None:
        raise NotFoundError(N_("This role is not there."))
    return posting


def find_public(session: Session, posting_id: str) -> Posting | None:
    """A posting that the public may see: open now, or closed after it was open (then its page says so)."""
    posting = find_posting(session, posting_id)
    return posting if posting and posting.live_at is not None and str(posting.state) != "draft" else None


def public_roles(hub_id: str | None = None, search: RoleSearch | None = None) -> Select[Posting]:
    """Open roles of a hub (or of all), filtered and sorted, with organization and skills loaded."""
    wanted = search or RoleSearch()
    query = select(Posting).join(Organization, Organization.id == Posting.organization_id)
    query = query.where(Posting.state.in_(OPEN_STATES), *_filters(wanted))
    if hub_id:
        query = query.where(Posting.hub_id == hub_id)
    return _whole(query.order_by(*_order(wanted.sort)))


def _filters(wanted: RoleSearch) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = [_says(word) for word in wanted.text.split()[:6]]
    if wanted.occupation:
        tests.append(Posting.occupation_code == wanted.occupation)
    if wanted.workplace:
        tests.append(Posting.workplace == wanted.workplace)
    if wanted.schedule in rules.SCHEDULE_WORDS:
        tests.append(cast(Posting.schedules, String).contains(f'"{wanted.schedule}"'))
    if wanted.pay_at_least:
        tests.append(yearly(Posting.pay_max_cents) >= wanted.pay_at_least)
    if wanted.open_only:
        tests.append(Posting.open_nontraditional.is_(True))
    return tests


def _says(word: str) -> ColumnElement[bool]:
    return or_(*(column.icontains(word, autoescape=True)
                 for column in (Posting.title, Posting.summary, Posting.place_label, Organization.name)))


def yearly(column: InstrumentedAttribute[int | None]) -> ColumnElement[Any]:
    """A pay column as cents a year, for comparing hourly with yearly pay."""
    return case((Posting.pay_period == "hour", column * rules.HOURS_A_YEAR), else_=column)


def _order(sort: str) -> tuple[Any, ...]:
    if sort == "pay":
        return func.coalesce(yearly(Posting.pay_max_cents), 0).desc(), Posting.id
    if sort == "closing":
        return case((Posting.closes_on.is_(None), 1), else_=0), Posting.closes_on, Posting.id
    return Posting.live_at.desc(), Posting.id


def _whole(query: Select[Posting]) -> Select[Posting]:
    return query.options(
        joinedload(Posting.organization), joinedload(Posting.hub), selectinload(Posting.requirements),
        selectinload(Posting.reviews),
    )


def employer_roles(organization_id: str, *, text: str = "", state: str = "") -> Select[Posting]:
    """An employer's own roles: work in hand first, then the newest."""
    query = select(Posting).join(Organization, Organization.id == Posting.organization_id)
    query = query.where(Posting.organization_id == organization_id, *(_says(word) for word in text.split()[:6]))
    if state in Posting.__life__.labels:
        query = query.where(Posting.state == state)
    in_hand = case((Posting.state.in_(WORK_STATES), 0), else_=1)
    return _whole(query.order_by(in_hand, Posting.state_at.desc(), Posting.id))


def review_queue(hub_id: str) -> Select[Posting]:
    """Postings that wait for the hub's answer, oldest first."""
    waiting = select(Posting).where(Posting.hub_id == hub_id, Posting.state == "submitted")
    return _whole(waiting.order_by(Posting.submitted_at, Posting.id))


def flagged(session: Session, organization_id: str, hub_id: str) -> Sequence[Posting]:
    """An employer's postings in a hub that are marked open to nontraditional candidates."""
    return session.scalars(
        select(Posting).where(Posting.organization_id == organization_id, Posting.hub_id == hub_id,
                              Posting.open_nontraditional).order_by(Posting.id)
    ).all()


def published(session: Session, organization_id: str, hub_id: str) -> Sequence[Posting]:
    """An employer's postings in a hub that the hub approved and that are not over."""
    return session.scalars(
        select(Posting).where(Posting.organization_id == organization_id, Posting.hub_id == hub_id,
                              Posting.state.in_(rules.PUBLISHED)).order_by(Posting.id)
    ).all()


def past_their_day(session: Session, latest: date) -> Sequence[Posting]:
    """Open or paused postings whose last day is before `latest`, with their hub; the caller asks the hub's calendar."""
    return session.scalars(
        select(Posting).where(and_(Posting.state.in_(("live", "paused")), Posting.closes_on < latest))
        .options(joinedload(Posting.hub)).order_by(Posting.closes_on, Posting.id)
    ).all()


def last_review(posting: Posting) -> PostingReview | None:
    """What the hub said last."""
    return posting.reviews[-1] if posting.reviews else None


def open_conditions(session: Session, posting: Posting) -> list[tuple[str, str, bool]]:
    """Invariant 3 for this posting now, condition by condition: (code, words, met)."""
    commitment = organizations.standing_commitment(session, posting.organization_id, posting.hub_id)
    return rules.open_flag_conditions(posting, commitment)


def state_counts(session: Session, organization_id: str) -> dict[str, int]:
    """How many roles of an employer are in each state."""
    rows = session.execute(
        select(Posting.state, func.count()).where(Posting.organization_id == organization_id).group_by(Posting.state)
    )
    return {str(state): int(count) for state, count in rows}
