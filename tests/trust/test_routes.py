"""Every route, by every method, for every kind of visitor, in the own world, in others, across them, and in none."""

from __future__ import annotations

from collections import Counter

import pytest
from werkzeug.test import TestResponse

from tests.trust.expected import VISITORS, Meets, expected
from tests.trust.route_table import rows
from tests.trust.walker import Door, Walk

TABLE = rows()
REFUSALS = {Meets.SIGN_IN: "/account/sign-in", Meets.VERIFY: "/account/verify",
            Meets.SECOND_FACTOR: "/account/security/second-factor"}
# Forms may be refused by their content; that is still an answer of the page itself.
ANSWERED = frozenset({400, 409, 410, 422})
OPEN_TO_THE_HUB = frozenset({"candidate.role", "candidate.apply", "candidate.role_save"})
SAME_EVERYWHERE = frozenset({"locale", "kind", "answer", "number", "step", "filename", "letter_id", "secret", "code"})


def met(door: Door, answer: TestResponse, wanted: Meets) -> Meets | None:
    """What an answer amounts to; None for what nobody should meet."""
    status, path = answer.status_code, answer.headers.get("Location", "").split("?")[0]
    for refusal, where in REFUSALS.items():
        # Pages of the account lead to some of these addresses as their own next step.
        own_business = refusal not in {Meets.SIGN_IN, wanted} and door.blueprint == "account"
        if status == 302 and path == where and not own_business:
            return refusal
    if status in {403, 404}:
        return Meets.NOTHING
    if status == 410:
        return Meets.DEAD
    if status < 400 or (door.method != "GET" and status in ANSWERED):
        return Meets.PAGE
    return None


def test_every_route_is_in_the_table_and_every_row_has_a_route(walk: Walk) -> None:
    """Whoever adds a route says in the table who may use it."""
    routes = {(door.endpoint, door.method) for door in walk.doors()}
    assert sorted(routes - set(TABLE)) == [], "routes that tests/trust/route_table.py does not know"
    assert sorted(set(TABLE) - routes) == [], "rows of tests/trust/route_table.py without a route"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", list(VISITORS))
def test_invariant_11_every_cell_of_route_method_visitor_and_world(walk: Walk, visitor: str) -> None:
    """Who was removed or suspended a moment ago, and who belongs elsewhere, is out of every page and every form."""
    wrong, counted, client = [], Counter[Meets](), walk.browser(visitor)
    for door in walk.doors():
        who = TABLE.get((door.endpoint, door.method))
        if who is None:
            continue  # the test above says so, once
        for world, rest in places(walk, door, visitor, who):
            whole = rest is None and world != "missing"
            wanted = expected(visitor, who, world, whole=whole, blueprint=door.blueprint)
            address = walk.address(door, world, rest=rest)
            answer = walk.ask(client, door, address)
            got = met(door, answer, wanted)
            counted[wanted] += 1
            if got is not wanted:
                wrong.append(f"{door.method} {door.endpoint} in {world}/{rest}: {answer.status_code} "
                             f"{answer.headers.get('Location', '')} but wanted {wanted.name}")
            if door.method != "GET" and answer.status_code < 400:
                walk.put_back()
                client = walk.browser(visitor)
    assert not wrong, f"{len(wrong)} of {counted.total()} cells:\n" + "\n".join(wrong)
    assert counted.total() > 250


def places(walk: Walk, door: Door, visitor: str, who: str) -> list[tuple[str, str | None]]:
    """The worlds to try: all three, and for whoever passes the door in one of them also mixtures and missing rows."""
    if not door.rule.arguments - SAME_EVERYWHERE:
        return [("own", None)]
    tried: list[tuple[str, str | None]] = [("own", None), ("other", None), ("far", None)]
    passes = [world for part, world in VISITORS[visitor] if part == who]
    if passes and len(walk.subjects(door.endpoint)) > 1:
        # These two share their hub: the desk has all its rows, and a role of one is open to the people of the other.
        near = {"own", "other"} if door.blueprint == "hub" or door.endpoint in OPEN_TO_THE_HUB else set()
        tried += [(mine, other) for mine in passes for other in ("own", "other", "far")
                  if other != mine and not {mine, other} <= near]
    if passes or visitor in {"anonymous", "unverified", "removed"}:
        tried.append(("missing", None))
    return tried


@pytest.mark.parametrize("visitor", ["anonymous", "operator"])
def test_other_methods_are_refused(walk: Walk, visitor: str) -> None:
    """PUT, PATCH and DELETE are used by no page."""
    client = walk.browser(visitor)
    for door in walk.doors():
        for method in ("PUT", "PATCH", "DELETE"):
            assert client.open(walk.address(door, "own"), method=method).status_code == 405, (method, door.endpoint)
