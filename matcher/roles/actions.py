"""Everything that writes postings: draft, edit, review, steps, seats, and the flag that falls by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit import audit, lifecycle, outbox
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.words import N_
from matcher.organizations import facts_clock
from matcher.organizations import queries as organizations
from matcher.organizations.actions_partners import ON_PARTNER_END
from matcher.organizations.models import Hub, Organization, Partnership
from matcher.organizations.rules import local_day
from matcher.roles import queries, rules
from matcher.roles.flag import drop_flag, keep_honest, set_open_flag
from matcher.roles.models import (
    DegreeDemand,
    EmploymentType,
    PayPeriod,
    Posting,
    PostingReview,
    RequiredSkill,
    Workplace,
)
from matcher.roles.rules import Requirement
from matcher.skills import queries as skills

__all__ = ["ON_POSTING_END", "advance_posting", "draft_posting", "edit_posting", "expire_postings", "fill_seat",
           "review_posting", "set_open_flag", "submit"]

ON_POSTING_END: list[Callable[[Session, Posting, str, Actor, datetime], None]] = []
"""Called after a posting is filled, closed, expired or withdrawn, with the step's name: applications answer people."""
EMPLOYER_LEFT = N_("The employer left the hub.")
ENDS = frozenset({"fill", "close", "expire", "withdraw"})
EDITED = (
    "title", "occupation_code", "summary", "positions", "pay_min_cents", "pay_max_cents", "pay_period",
    "employment_type", "schedules", "workplace", "place_label", "latitude", "longitude", "progression",
    "progression_code", "degree", "starts_on", "closes_on",
)
KINDS = {"pay_period": PayPeriod, "employment_type": EmploymentType, "workplace": Workplace, "degree": DegreeDemand}
LONG_TEXTS = frozenset({"summary"})


def draft_posting(
    session: Session, organization: Organization, hub: Hub, *, title: str, occupation_code: str | None = None,
    summary: str = "", positions: int = 1, pay_min_cents: int | None = None, pay_max_cents: int | None = None,
    pay_period: str = "hour", employment_type: str = "full_time", schedules: Sequence[str] = (),
    workplace: str = "onsite", place_label: str = "", latitude: float | None = None, longitude: float | None = None,
    progression: str = "", progression_code: str | None = None, degree: str = "none", starts_on: date | None = None,
    closes_on: date | None = None, requirements: Sequence[Requirement] = (), actor: Actor, at: datetime,
) -> Posting:
    """Write a role down. `requirements` are (skill id, level 1-4, must, weight 1-3); money in cents.

    Raises NotAllowedError for outsiders, DomainError by the field.
    """
    if not actor.belongs_to(organization.id):
        raise NotAllowedError(N_("Only its own people can write roles for an organization."))
    joined = organizations.partnership(session, organization.id, hub.id)
    if str(organization.kind) != "employer" or joined is None or joined.is_closed:
        raise DomainError(N_("Ask to join the hub first."))
    given = {name: value for name, value in locals().items() if name in EDITED}
    facts = _checked(session, organization, hub, given)
    posting = Posting(hub_id=hub.id, organization_id=organization.id, created_at=at, **facts)
    posting.organization, posting.hub, posting.requirements = organization, hub, []
    posting.reviews = []
    session.add(posting)
    _require(session, posting, requirements, at)
    posting.facts_version = facts_clock.tick(session, hub.id)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="posting.draft", subject=posting, hub_id=hub.id,
                 after=_told(facts) | {"requirements": [list(row) for row in requirements]})
    return posting


def edit_posting(
    session: Session, posting: Posting, *, version: int | None = None,
    requirements: Sequence[Requirement] | None = None, actor: Actor, at: datetime, reason: str = "", **changes: Any,
) -> list[str]:
    """Change facts of a posting; `changes` are columns of EDITED. Returns the names of what changed.

    `version` is the one the editor saw: ConflictError when it is stale. A role that the hub approved goes back to it
    when a fact it approved changes (`rules.REVIEWED` or the skills); other edits do not. The open flag falls when its
    grounds go.
    """
    _may_edit(posting, version, actor)
    organization, hub = posting.organization, posting.hub
    given = {name: getattr(posting, name) for name in EDITED} | changes
    facts = _checked(session, organization, hub, given, filled=posting.filled)
    before = {name: _plain(getattr(posting, name)) for name in EDITED} | {"requirements": _held(posting)}
    after: dict[str, Any] = {name: _plain(value) for name, value in facts.items()}
    if requirements is not None:
        after["requirements"] = [tuple(row) for row in requirements]
    again = rules.reviewed_changes(before, after)
    changed = [name for name in after if name != "requirements" and before[name] != after[name]]
    changed += ["requirements"] if requirements is not None and before["requirements"] != after["requirements"] else []
    if not changed:
        return []
    for name in changed:
        if name != "requirements":
            setattr(posting, name, facts[name])
    if requirements is not None:
        _require(session, posting, requirements, at)
    keep_honest(session, posting, actor=actor, at=at)
    posting.facts_version = facts_clock.tick(session, posting.hub_id)
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="posting.edit", subject=posting, hub_id=hub.id,
                 reason=reason, before=_told({name: before[name] for name in changed}),
                 after=_told({name: after[name] for name in changed}))
    if not _fill_when_full(session, posting, at) and again and str(posting.state) in rules.PUBLISHED:
        advance_posting(session, posting, "send_again", actor=actor, at=at, reason=reason)
    return changed


def submit(session: Session, posting: Posting, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Send a draft to the hub; raises DomainError for the first thing that is missing."""
    advance_posting(session, posting, "submit", actor=actor, at=at, reason=reason)


def review_posting(
    session: Session, posting: Posting, *, decision: str, words: str = "", by_field: Mapping[str, str] | None = None,
    version: int | None = None, actor: Actor, at: datetime,
) -> PostingReview:
    """The hub's answer: `approve` or `request_changes`, with words as a whole and by field (`rules.FIELD_WORDS`).

    Asking for changes needs words. Approving needs the employer to be an active partner. A role that was open before
    opens again at once. ConflictError when the role changed since `version`.
    """
    if decision not in ("approve", "request_changes"):
        raise DomainError(N_("Choose whether to approve it or to ask for changes."), field="decision")
    if version is not None and version != posting.version:
        raise ConflictError(N_("The employer changed this role while you read it. Reload the page and read it again."))
    said = {name: text.strip() for name, text in (by_field or {}).items() if text.strip()}
    if set(said) - rules.FIELD_WORDS.keys():
        raise DomainError(N_("Choose from the list."), field="by_field")
    if decision == "request_changes" and not (words.strip() or said):
        raise DomainError(N_("Say what to change, as a whole or by a field."), field="words")
    if decision == "approve" and not organizations.active_partner(session, posting.organization_id, posting.hub_id):
        raise DomainError(N_("Make the organization an active partner first."))
    if not actor.operates(posting.hub_id):
        raise NotAllowedError(N_("You can’t take this step."))
    review = PostingReview(posting=posting, reviewer_id=actor.person_id, decision=decision, words=words.strip(),
                           by_field=said or None, created_at=at)
    session.add(review)
    reason = words.strip() or "; ".join(said.values())
    advance_posting(session, posting, decision, actor=actor, at=at, reason=reason)
    if decision == "approve" and posting.live_at is not None:
        advance_posting(session, posting, "open", actor=SYSTEM, at=at)
    return review


def advance_posting(
    session: Session, posting: Posting, step: str, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Take a step in a posting's life: what it needs is checked, dates are kept, the others are told.

    Raises DomainError for what is missing, ConflictError and NotAllowedError as the kit does.
    """
    _ready_for(posting, step, actor, at)
    taken = lifecycle.advance(session, posting, step, actor=actor, at=at, reason=reason)
    if taken.target == "submitted":
        posting.submitted_at = at
    elif taken.name == "open" and posting.live_at is None:
        posting.live_at = at
    elif taken.name == "reopen":
        posting.live_at, posting.submitted_at = None, None
        drop_flag(session, posting, N_("The role is being written again."), actor=actor, at=at)
    posting.facts_version = facts_clock.tick(session, posting.hub_id)
    session.flush()
    if taken.notice:
        _tell(session, posting, taken.notice, at, reason)
    if taken.name in ENDS:
        for call in ON_POSTING_END:
            call(session, posting, taken.name, actor, at)


def fill_seat(session: Session, posting: Posting, *, actor: Actor, at: datetime) -> bool:
    """Count one more person hired; the last seat fills the posting. Returns whether it was the last.

    Raises ConflictError when every position is filled.
    """
    if posting.filled >= posting.positions:
        raise ConflictError(N_("Every position of this role is filled."))
    posting.filled += 1
    session.flush()
    audit.record(session, at=at, actor_id=actor.person_id, action="posting.fill_seat", subject=posting,
                 hub_id=posting.hub_id, after={"filled": posting.filled, "positions": posting.positions})
    _fill_when_full(session, posting, at)
    return posting.filled == posting.positions


def _fill_when_full(session: Session, posting: Posting, at: datetime) -> bool:
    """Mark a role as filled when its last seat is taken or the seats were made fewer; returns whether it was."""
    full = posting.filled >= posting.positions and str(posting.state) in posting.__life__.step("fill").source
    if full:
        advance_posting(session, posting, "fill", actor=SYSTEM, at=at)
    return full


def expire_postings(session: Session, at: datetime) -> int:
    """The worker's hourly duty: let postings go whose last day is over on their hub's calendar; returns how many."""
    nearly = at.date() + timedelta(days=2)  # a day further than any calendar can be ahead of UTC
    past = [row for row in queries.past_their_day(session, nearly)
            if rules.is_past(row.closes_on, local_day(at, row.hub.time_zone))]
    for posting in past:
        advance_posting(session, posting, "expire", actor=SYSTEM, at=at)
    return len(past)


def close_with_partnership(session: Session, partnership: Partnership, at: datetime, _reason: str) -> None:
    """Close the roles of an employer that left the hub; those of a lapsed partner stay until the hub decides."""
    if str(partnership.state) != "left":
        return
    for posting in queries.published(session, partnership.organization_id, partnership.hub_id):
        advance_posting(session, posting, "close", actor=SYSTEM, at=at, reason=EMPLOYER_LEFT)


ON_PARTNER_END.append(close_with_partnership)


# ------------------------------------------------------------------------------------------------------- inside
def _may_edit(posting: Posting, version: int | None, actor: Actor) -> None:
    if not actor.belongs_to(posting.organization_id):
        raise NotAllowedError(N_("Only its own people can write roles for an organization."))
    if version is not None and version != posting.version:
        raise ConflictError(N_("Somebody else changed this role. Nothing of theirs was overwritten; reload to see it."))
    if str(posting.state) not in rules.EDITABLE:
        raise ConflictError(N_("This role is over. Take it up again first, then change it."))


def _checked(
    session: Session, organization: Organization, hub: Hub, given: Mapping[str, Any], *, filled: int = 0
) -> dict[str, Any]:
    """The facts as they are stored: right in kind, the occupation known, the place set."""
    facts = {name: _cleaned(value) for name, value in given.items()}
    stray = facts.keys() - set(EDITED)
    if stray:
        raise DomainError(N_("Choose from the list."), field=min(stray))
    rules.check_facts(facts, filled=filled)
    for name, kind in KINDS.items():
        try:
            facts[name] = kind(facts[name])
        except ValueError:
            raise DomainError(N_("Choose from the list."), field=name) from None
    for name in ("occupation_code", "progression_code"):
        if facts[name]:
            skills.get_occupation(session, facts[name])
    facts["schedules"] = [name for name in rules.SCHEDULE_WORDS if name in (facts["schedules"] or ())] or None
    return facts | _place(organization, hub, facts)


def _place(organization: Organization, hub: Hub, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Where the work is: coordinates as given, else the organization's own when its place is named, else the hub's."""
    label = facts["place_label"] or organization.place_label or hub.place_label
    spot = facts["latitude"], facts["longitude"]
    if None in spot:
        at_home = label == organization.place_label and organization.latitude is not None
        spot = (organization.latitude, organization.longitude) if at_home else (hub.latitude, hub.longitude)
    return {"place_label": label, "latitude": spot[0], "longitude": spot[1]}


def _require(session: Session, posting: Posting, rows: Sequence[Requirement], at: datetime) -> None:
    """Make the posting's skills these, keeping the rows of skills that stay."""
    known = {id for id, skill in skills.skills_by_id(session, [row[0] for row in rows]).items()
             if skill.hub_id in (None, posting.hub_id)}
    rules.check_requirements(rows, known)
    held = {row.skill_id: row for row in posting.requirements}
    kept = []
    for position, (skill_id, level, must, weight) in enumerate(rows):
        row = held.get(skill_id) or RequiredSkill(skill_id=skill_id, created_at=at)
        row.level, row.must, row.weight, row.position = level, must, weight, position
        kept.append(row)
    posting.requirements = kept


def _ready_for(posting: Posting, step: str, actor: Actor, at: datetime) -> None:
    """What a step asks of the posting itself, beyond state and role (those are checked first, by their own words)."""
    planned = posting.__life__.step(step)
    if str(posting.state) not in planned.source or not actor.roles_on(posting) & set(planned.by):
        return
    today = local_day(at, posting.hub.time_zone)
    if planned.target == "submitted":
        for field, words in rules.submit_faults(posting, today)[:1]:
            raise DomainError(words, field=field)
    if planned.target == "live" and rules.is_past(posting.closes_on, today):
        raise DomainError(N_("The last day to apply has passed. Set a new one."), field="closes_on")


def _tell(session: Session, posting: Posting, kind: str, at: datetime, reason: str) -> None:
    people = organizations.operators(session, posting.hub_id) if kind == "posting_submitted" \
        else organizations.member_ids(session, posting.organization_id)
    for person_id in people:
        outbox.notify(session, person_id=person_id, kind=kind, at=at, hub_id=posting.hub_id,
                      params={"posting_id": posting.id, "reason": reason}, key=f"{posting.id}:{at.isoformat()}")


def _held(posting: Posting) -> list[Requirement]:
    return [(row.skill_id, row.level, row.must, row.weight) for row in posting.requirements]


def _cleaned(value: Any) -> Any:
    return value.strip() if type(value) is str else value


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts for the trail; long texts only by their length."""
    return {name: len(value) if name in LONG_TEXTS else _plain(value) for name, value in facts.items()}
