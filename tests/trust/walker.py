"""Walks the site as each kind of visitor: addresses for every route in every world, and a town that can be put back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from matcher.kit import clock
from matcher.kit.settings import Settings
from matcher.matches.pools import Pools
from matcher.placements.links import check_token
from tests.factories.roles import OCCUPATION
from tests.factories.town import Town
from web import create_app
from web.kit.limits import limiter

NOWHERE = "zzzzzzzzzzzzzzzz"  # an id that no row has
ORGANIZATION_OF = {"provider": "provider", "workforce": "workforce"}
# What stands in an address when the argument alone does not say it.
STEPS = {
    "candidate.application_step": "withdraw", "candidate.profile_step": "pause", "candidate.program_step": "withdraw",
    "employer.application_step": "review", "employer.interview_step": "cancel", "employer.join_step": "leave",
    "employer.role_step": "pause", "provider.program_step": "retire", "provider.enrollment_step": "withdraw",
    "hub.partner_step": "lapse", "hub.commitment_step": "accept",
    "hub.lab_step": "hold", "candidate.look_step": "withdraw", "hub.posting_step": "approve",
    "hub.role_step": "approve",
}
ROWS: dict[tuple[str, str], str] = {
    ("hub", "posting"): "posting_submitted", ("candidate", "skill"): "candidate_skill",
    ("candidate", "experience"): "candidate_experience", ("candidate", "evidence"): "candidate_evidence",
    ("hub", "partnership"): "employer_partnership", ("account", "invitation"): "employer_invitation",
    ("account", "membership"): "employer_membership", ("provider", "invitation"): "provider_graduate_invitation",
    ("workforce", "invitation"): "workforce_graduate_invitation",
    ("candidate", "paper"): "candidate_paper", ("employer", "paper"): "employer_paper",
}
PLAIN = {"locale": "es", "kind": "skill", "answer": "yes", "number": 0, "letter_id": NOWHERE, "secret": NOWHERE,
         "filename": "js/enhance.js", "code": OCCUPATION}


@dataclass(frozen=True)
class Door:
    """One way in: an endpoint, a method, and the rule behind them."""

    endpoint: str
    method: str
    rule: Rule

    @property
    def blueprint(self) -> str:
        """The audience."""
        return self.endpoint.split(".")[0]


class Walk:
    """The site on a copy of the small town."""

    def __init__(self, settings: Settings, template: Path) -> None:
        self.settings, self.template = settings, template
        self.town = Town.read(template / "town.json")
        self.app = create_app(settings)
        self.app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
        limiter.enabled = False
        self._rows = self._look_up()

    def close(self) -> None:
        """End the connections, and count again."""
        limiter.enabled = True
        self.app.extensions["engine"].dispose()

    def put_back(self) -> None:
        """Make the database what it was when the story ended."""
        self.app.extensions["engine"].dispose()
        data = self.settings.data_dir
        for leftover in data.glob("first_rung.db-*"):
            leftover.unlink()
        shutil.copyfile(self.template / "first_rung.db", data / "first_rung.db")
        self.app.extensions["pools"] = Pools()

    def browser(self, visitor: str) -> FlaskClient:
        """A new browser, signed in unless the visitor is a stranger."""
        client = self.app.test_client()
        if visitor in self.town.visitors:
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = self.town.visitors[visitor], True
        return client

    def doors(self) -> Iterator[Door]:
        """Every endpoint with every method that writes or reads."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield Door(rule.endpoint, method, rule)

    def subjects(self, endpoint: str) -> dict[str, Any]:
        """The rows that the view says it loads, by argument."""
        return getattr(self.app.view_functions[endpoint], "subjects", {})

    def address(self, door: Door, world: str, *, rest: str | None = None) -> str:
        """The door's address in a world; with `rest`, all rows but the first come from that other world."""
        arguments, first = {}, next(iter(self.subjects(door.endpoint)), None)
        for name in door.rule.arguments:
            arguments[name] = self.argument(door, name, world if rest is None or name == first else rest)
        with self.app.test_request_context():
            return url_for(door.endpoint, **arguments)

    def argument(self, door: Door, name: str, world: str) -> Any:
        """What stands for an argument in a world; "missing" is a world without rows."""
        if name in PLAIN:
            return PLAIN[name]
        if name == "step":
            return STEPS.get(door.endpoint, "pause")
        if world == "missing":
            return NOWHERE
        told = self.town.worlds[world]
        if name == "hub":
            return told.hub
        if name == "token":
            return check_token(self.settings.secret_key, told.ids["check"], told.people["owner"], at=clock.now())
        if name == "organization":
            return told.ids[ORGANIZATION_OF.get(door.blueprint, "employer")]
        if name in {"notice_id", "sign_in_id"}:
            return self._rows[name, told.people["candidate"]]
        key = ROWS.get((door.blueprint, name), {"posting": "posting_live1"}.get(name, name))
        if key in told.ids:
            return told.ids[key]
        found = next((w.ids[key] for w in self.town.worlds.values() if w.hub == told.hub and key in w.ids), None)
        assert found is not None, f"{door.endpoint}: say in tests/trust/walker.py what stands for <{name}>"
        return found

    def _look_up(self) -> dict[tuple[str, str], str]:
        with self.app.extensions["engine"].connect() as db:
            notices = db.execute(text("SELECT person_id, max(id) FROM notices GROUP BY person_id")).all()
            browsers = db.execute(text("SELECT person_id, max(id) FROM sign_ins GROUP BY person_id")).all()
        return {**{("notice_id", who): row for who, row in notices},
                **{("sign_in_id", who): row for who, row in browsers}}

    def ask(self, client: FlaskClient, door: Door, address: str) -> TestResponse:
        """Knock: a read, or a form posted empty."""
        return client.open(address, method=door.method, data={} if door.method != "GET" else None)
