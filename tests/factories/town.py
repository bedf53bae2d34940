"""A small town of three worlds: two employers' circles in one hub and one in another, each with every kind of row.

Everything in a world carries the world's own canary words, so that a test can tell at once where something leaked:
`<mark>pub` stands in what the public may read, `<mark>priv` in what only the people concerned may, and
`<mark>home` in mail addresses. The story is told by taking the real steps, ending at the moment handed in.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from matcher.kit.actor import Actor
from matcher.organizations import actions as organizations
from matcher.organizations.models import Hub
from matcher.people import actions as people
from matcher.people import second_factor
from matcher.people.models import Person
from tests.factories.people import acting, password_hash
from tests.factories.roles import taxonomy
from tests.factories.town_circle import Circle

MARKS = ("Qalder", "Qcedar", "Qbirch")  # own, another organization of the same hub, another hub
WORLDS = ("own", "other", "far")


@dataclass
class World:
    """Plain facts of one world: addresses' slugs and ids by what they name, and persons' ids by what they do."""

    mark: str
    hub: str
    ids: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


@dataclass
class Town:
    """Three worlds, and one signed-in browser's secret for each kind of visitor (none for a stranger)."""

    worlds: dict[str, World]
    visitors: dict[str, str]

    def keep(self, path: Path) -> None:
        """Write the facts beside the database."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Town:
        """Read what `keep` wrote."""
        told = json.loads(path.read_text())
        return cls({name: World(**facts) for name, facts in told["worlds"].items()}, told["visitors"])


def tell(make: sessionmaker[Session], now: datetime) -> Town:
    """Fill an empty database; `now` is when the story ends."""
    with make() as session:
        taxonomy(session)
        circles: list[Circle] = []
        for number, (mark, slug) in enumerate(zip(MARKS, ("near-hub", "near-hub", "far-hub"), strict=True)):
            known = next((c for c in circles if c.hub.slug == slug), None)
            hub = known.hub if known else _hub(session, slug, mark, number, now)
            desk = known.desk if known else _operator(session, hub, mark, now)
            circles.append(Circle(session, hub, desk, mark, now).tell())
        worlds = {name: World(c.mark, c.hub.slug, c.ids, c.people) for name, c in zip(WORLDS, circles, strict=True)}
        visitors = _visitors(session, circles, now)
        session.commit()
    return Town(worlds, visitors)


def _hub(session: Session, slug: str, mark: str, number: int, now: datetime) -> Hub:
    return organizations.found_hub(session, slug, f"{mark}pub Hub", f"{mark}pub", 41.5 + number, -90.5, "",
                                   at=now - timedelta(days=200))


def _operator(session: Session, hub: Hub, mark: str, now: datetime) -> Actor:
    began = now - timedelta(days=200)
    who = somebody(session, f"Opal {mark}priv", began)
    organizations.appoint(session, hub, who, "operator", at=began)
    second_factor.begin(session, who, at=began)
    secret = who.totp_secret or ""
    second_factor.confirm(session, who, second_factor.current_code(secret, began), at=began)
    return acting(session, who, began)


def somebody(session: Session, name: str, at: datetime, *, verified: bool = True) -> Person:
    """A person whose mail address is a canary of their world."""
    first, mark = name.split()
    return people.create_person(session, name=name, at=at, password_hash=password_hash(), verified=verified,
                                email=f"{first.lower()}@{mark.removesuffix('priv').lower()}home.example")


def _visitors(session: Session, circles: list[Circle], now: datetime) -> dict[str, str]:
    own, other, far = circles
    late = now - timedelta(minutes=5)
    owner = acting(session, session.get_one(Person, own.people["owner"]))
    half = somebody(session, "Harold Qalderpriv", late)
    organizations.appoint(session, own.hub, half, "operator", at=late)
    removed, suspended = (somebody(session, f"{name} Qalderpriv", late) for name in ("Rita", "Sven"))
    for who in (removed, suspended):
        joined = organizations.add_member(session, own.row("employer"), who, "owner", actor=owner, at=late)
        if who is removed:
            organizations.remove_member(session, joined, actor=owner, at=late)
    unverified = somebody(session, "Uma Qalderpriv", late, verified=False)
    browsers: dict[str, Any] = {
        "unverified": unverified.id, "candidate": own.people["candidate"], "candidate-other": other.people["candidate"],
        "candidate-excluding": own.people["excluding"],
        "employer-member": own.people["member"], "employer-owner": own.people["owner"],
        "employer-other": other.people["owner"], "provider": own.people["provider"],
        "provider-other": other.people["provider"], "workforce": own.people["workforce"],
        "operator": own.desk.person_id, "operator-half": half.id, "operator-far": far.desk.person_id,
        "employer-far": far.people["owner"], "candidate-far": far.people["candidate"],
        "removed": removed.id, "suspended": suspended.id,
    }
    secrets = {}
    for name, person_id in browsers.items():
        who = session.get_one(Person, person_id)
        full = name in {"operator", "operator-far"}
        secrets[name] = people.begin_sign_in(session, who, at=late, second_factor=full)[1]
    session.flush()
    suspended.suspended_at = now  # the sign-in itself stays unrevoked: the next request must look at the person
    return secrets
