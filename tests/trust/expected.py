"""What each kind of visitor must meet behind a door: the arithmetic between the route table and the walk."""

from __future__ import annotations

from enum import Enum

VISITORS: dict[str, frozenset[tuple[str, str]]] = {
    # kind of visitor -> the parts they play, and in which world ("own" is the world of most addresses)
    "anonymous": frozenset(),
    "unverified": frozenset(),
    "suspended": frozenset(),  # was an owner of the own employer, and the browser is still signed in
    "removed": frozenset(),  # was an owner of the own employer until a moment ago
    "candidate": frozenset({("candidate", "own"), ("person", "own")}),
    "candidate-other": frozenset({("candidate", "other"), ("person", "other")}),
    "candidate-far": frozenset({("candidate", "far"), ("person", "far")}),
    "employer-member": frozenset({("employer", "own"), ("team", "own")}),
    "employer-owner": frozenset({(part, "own") for part in ("employer", "employer-owner", "team", "team-owner")}),
    "employer-other": frozenset({(part, "other") for part in ("employer", "employer-owner", "team", "team-owner")}),
    "employer-far": frozenset({(part, "far") for part in ("employer", "employer-owner", "team", "team-owner")}),
    "provider": frozenset({("provider", "own")}),
    "provider-other": frozenset({("provider", "other")}),
    "workforce": frozenset({("workforce", "own")}),
    "operator": frozenset({("operator", "own"), ("operator", "other")}),
    "operator-half": frozenset(),  # an operator of the own hub who has not shown a second factor
    "operator-far": frozenset({("operator", "far")}),
}
OUT = frozenset({"anonymous", "suspended"})


class Meets(Enum):
    """What somebody meets."""

    PAGE = "the page, or what the form answers"
    SIGN_IN = "the way to sign in"
    VERIFY = "the request to confirm the address"
    SECOND_FACTOR = "the way to set up a second factor"
    NOTHING = "no such page"
    DEAD = "a link that no longer works"


def expected(visitor: str, who: str, world: str, *, whole: bool = True, blueprint: str = "") -> Meets:
    """What the visitor must meet at a door for `who` in a world.

    `whole` is False when the rows of the address do not belong together, or are not there.
    """
    if who == "demo":
        return Meets.NOTHING
    if who == "link" or (who == "letter" and world == "missing"):
        return Meets.DEAD  # the walk holds no secret: those that work are walked in tests/web
    if who == "doorstep":
        return Meets.SIGN_IN
    if who == "letter":
        return Meets.PAGE
    if who == "anyone":
        return Meets.PAGE if whole else Meets.NOTHING
    if visitor in OUT:
        return Meets.SIGN_IN
    if who == "signed-in" or (who == "person" and (who, world) in VISITORS[visitor]):
        return Meets.PAGE
    if who == "no-operator":
        return Meets.NOTHING if visitor.startswith("operator") else Meets.PAGE
    if who == "person":
        return Meets.NOTHING
    if visitor == "unverified":
        return Meets.VERIFY if world != "missing" else Meets.NOTHING
    if who == "verified" or (who, world) in VISITORS[visitor]:
        return Meets.PAGE if whole else Meets.NOTHING
    if visitor == "operator-half" and blueprint == "hub":
        return Meets.SECOND_FACTOR
    return Meets.NOTHING
