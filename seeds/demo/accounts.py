"""The accounts that visitors of the demo may use: one of each kind, listed on a page that exists in demo mode only."""

from dataclasses import asdict, dataclass
from typing import Any

from matcher.applications import queries
from matcher.candidates.models import Candidate
from matcher.kit.errors import DomainError
from matcher.people import passwords, second_factor
from matcher.people.models import Person
from seeds.demo.crowd import Crowd
from seeds.demo.stage import Stage

PASSWORD = "first rung opens doors"  # noqa: S105  # nosec B105: shown on a page, demo only


@dataclass(frozen=True)
class Account:
    """One account to try."""

    kind: str
    name: str
    email: str
    password: str
    hub: str
    note: str
    totp_secret: str | None = None


def open_doors(stage: Stage, crowd: Crowd) -> list[Account]:
    """Give one person of each kind the demo password; the operators get a second factor too."""
    kept = passwords.keep(PASSWORD)
    made = [_candidate(stage, crowd, kept)]
    for kind, partner in (("employer", "Harbor Credit Union"), ("provider", "Northside Tech"),
                          ("workforce", "Riverbend Workforce Board")):
        person = stage.session.get_one(Person, stage.members[partner].person_id)
        person.password_hash = kept
        made.append(Account(kind, person.name, person.email, PASSWORD, "riverbend", partner))
    for slug, actor in stage.operators.items():
        person = stage.session.get_one(Person, actor.person_id)
        person.password_hash = kept
        second_factor.begin(stage.session, person, at=stage.at)
        secret = person.totp_secret or ""
        second_factor.confirm(stage.session, person, second_factor.current_code(secret, stage.at), at=stage.at)
        made.append(Account("operator", person.name, person.email, PASSWORD, slug, stage.hubs[slug].name, secret))
    return made


def _candidate(stage: Stage, crowd: Crowd, kept: str) -> Account:
    """The candidate with the most going on: a good profile and applications that are open."""
    def life(candidate: Candidate) -> tuple[Any, ...]:
        open_ones = queries.open_of_candidate(stage.session, candidate.id)
        furthest = max((("submitted", "in_review", "shortlisted", "interviewing", "offered").index(str(a.state))
                        for a in open_ones), default=-1)
        return furthest in (3, 2), len(open_ones), len(candidate.skills), candidate.code

    riverbend = stage.hubs["riverbend"].id
    active = [c for c in crowd.profiles.values() if str(c.state) == "active" and c.hub_id == riverbend]
    if not active:
        raise DomainError("the story has no active candidate to show")
    chosen = max(active, key=life)
    person = stage.session.get_one(Person, chosen.person_id)
    person.password_hash, person.locale = kept, "en"
    return Account("candidate", person.name, person.email, PASSWORD, "riverbend", f"Candidate {chosen.code}")


def as_rows(made: list[Account]) -> list[dict[str, Any]]:
    """The accounts as plain rows for the file that the demo's sign-in page reads."""
    return [asdict(account) for account in made]
