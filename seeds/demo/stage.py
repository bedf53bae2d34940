"""The stage of the story: one session, one random source, one clock that moves, and the actors who take steps."""

import heapq
import random
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.actor import Actor
from matcher.matches.pools import Pools
from matcher.organizations.models import Hub, Organization
from matcher.people import actions as people
from matcher.people.models import Person
from matcher.training.models import Cohort, Program

DAYS = 372


class Stage:
    """Everything the chapters share. `later` puts a scene on the calendar; `run` plays it day by day."""

    def __init__(self, session: Session, now: datetime, seed: int) -> None:
        self.session = session
        self.rng = random.Random(seed)  # noqa: S311  # nosec B311: a story must be repeatable
        self.now = now
        self.start = now - timedelta(days=DAYS)
        self.at = self.start
        self.pools = Pools()
        self.hubs: dict[str, Hub] = {}
        self.operators: dict[str, Actor] = {}
        self.organizations: dict[str, Organization] = {}
        self.members: dict[str, Actor] = {}
        self.habits: dict[str, int | None] = {}
        self.programs: dict[str, Program] = {}
        self.cohorts: list[Cohort] = []
        self._calendar: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0

    @property
    def day(self) -> int:
        """Days since the story began, whatever the time of day at which it is told."""
        return (self.at.date() - self.start.date()).days

    def later(self, days: float, scene: Callable[[], None]) -> None:
        """Play a scene after so many days (at least tomorrow); scenes past the end are never played."""
        self._number += 1
        heapq.heappush(self._calendar, (self.day + max(1, round(days)), self._number, scene))

    def play_day(self, day: int) -> int:
        """Play everything due by a day; returns how many scenes."""
        self.at = datetime.combine((self.start + timedelta(days=day)).date(), time(15, 0), tzinfo=UTC)
        self.at = min(self.at, self.now)
        played = 0
        while self._calendar and self._calendar[0][0] <= day:
            _, _, scene = heapq.heappop(self._calendar)
            self.at += timedelta(seconds=20)
            self.at = min(self.at, self.now)
            scene()
            played += 1
        return played

    def person(self, name: str, email: str, *, password: str | None = None, locale: str = "en") -> Person:
        """Somebody with a confirmed address; without a password nobody can sign in as them."""
        return people.create_person(self.session, name=name, email=email, at=self.at, password=password, locale=locale,
                                    verified=True)


def member_of(person: Person, organization: Organization, role: str = "owner") -> Actor:
    """The actor of an organization's member, without asking the database again."""
    return Actor(person_id=person.id, name=person.name, organizations={organization.id: (str(organization.kind), role)})


def operator_of(person: Person, hub: Hub) -> Actor:
    """The actor of a hub operator who has shown the second factor."""
    return Actor(person_id=person.id, name=person.name, hubs={hub.id: frozenset({"operator"})})


def candidate_actor(person_id: str, candidate_id: str) -> Actor:
    """The actor of a candidate."""
    return Actor(person_id=person_id, candidates=frozenset({candidate_id}))


def chance(rng: random.Random, share: float) -> bool:
    """True with that probability."""
    return rng.random() < share


Facts = dict[str, Any]
