"""The main way as the domain tells it, from application to a year at work; it knows no code of the site's."""

from __future__ import annotations

from dataclasses import dataclass, field

SEATS = (1, 2)
PEOPLE = 3
OPEN = ("submitted", "in_review", "shortlisted", "interviewing", "offered")
ANSWER_DAYS, CHECK_DAYS, WINDOW = 60, (30, 90, 180, 365), 45
TURNS: dict[str, tuple[tuple[str, ...], str]] = {
    "pause": (("live",), "paused"), "resume": (("paused",), "live"), "open": (("approved",), "live"),
    "send_again": (("approved", "live", "paused"), "submitted"), "submit": (("draft",), "submitted"),
    "reopen": (("closed", "expired", "filled", "withdrawn"), "draft"),
}
STOPS: dict[str, tuple[tuple[str, ...], str]] = {
    "close": (("live", "paused", "approved"), "closed"), "expire": (("live", "paused"), "expired"),
    "withdraw": (("draft", "submitted", "approved"), "withdrawn"),
}


@dataclass
class Sent:
    """One application as the domain tells it."""

    person: int
    role: int
    state: str
    due: int  # the day by which an answer was promised


@dataclass
class Hired:
    """One placement: the day it begins, and each check's day and state."""

    person: int
    role: int
    starts: int
    state: str = "offer_accepted"
    checks: dict[int, str] = field(default_factory=dict)
    due: dict[int, int] = field(default_factory=dict)


@dataclass
class World:
    """All that the domain says is so."""

    today: int = 0
    roles: list[str] = field(default_factory=lambda: ["live"] * len(SEATS))
    filled: list[int] = field(default_factory=lambda: [0] * len(SEATS))
    people: list[str] = field(default_factory=lambda: ["active"] * PEOPLE)
    sent: list[Sent] = field(default_factory=list)
    offers: dict[int, int] = field(default_factory=dict)  # application -> day of the start that is offered
    hired: list[Hired] = field(default_factory=list)
    seats: list[int] = field(default_factory=lambda: list(SEATS))
    fresh: set[int] = field(default_factory=set)  # roles that are written anew and were not opened since

    def full(self, role: int) -> bool:
        """Whether every seat is taken."""
        return self.filled[role] >= self.seats[role]

    def end(self, number: int, state: str) -> None:
        """An application ends; an offer that stands falls with it."""
        self.sent[number].state = state
        self.offers.pop(number, None)

    def end_all(self, state: str, *, role: int | None = None, person: int | None = None) -> None:
        """Every open application of a role or a person ends."""
        for number, one in enumerate(self.sent):
            if one.state in OPEN and (one.role == role or one.person == person):
                self.end(number, state)

    def may_apply(self, person: int, role: int) -> bool:
        """To an open role, by somebody who is looking, once at a time."""
        return self.roles[role] == "live" and self.looking(person) and not self.waits(person, role)

    def may_look_again(self, one: Sent) -> bool:
        """After a no or no answer, while there is a seat and the person is looking and has not applied anew."""
        alive = self.roles[one.role] in ("live", "paused", "expired") and not self.full(one.role)
        ended = one.state in ("not_selected", "no_response")
        return ended and alive and self.looking(one.person) and not self.waits(one.person, one.role)

    def looking(self, person: int) -> bool:
        """Whether the person looks for work, shown to employers or not."""
        return self.people[person] in ("active", "paused")

    def waits(self, person: int, role: int) -> bool:
        """Whether an application to this role is open (invariant 2)."""
        return any(one.state in OPEN and (one.person, one.role) == (person, role) for one in self.sent)

    def hire(self, number: int, starts: int) -> None:
        """An offer is accepted: a seat is taken, and whoever cannot be hired any more is told."""
        one = self.sent[number]
        self.hired.append(Hired(one.person, one.role, starts))
        self.end(number, "accepted")
        self.filled[one.role] += 1
        self.people[one.person] = "placed"
        self.end_all("hired_elsewhere", person=one.person)
        if self.full(one.role):
            self.end_all("posting_closed", role=one.role)
            if self.roles[one.role] in ("live", "paused", "submitted", "approved"):
                self.roles[one.role] = "filled"

    def overdue(self) -> None:
        """What the passing of days ends: answers that were promised, checks that nobody answered (12 and 8)."""
        for number, one in enumerate(self.sent):
            if one.state in ("submitted", "in_review") and self.today >= one.due:
                self.end(number, "no_response")
        for hire in self.hired:
            for day, due in hire.due.items():
                if hire.checks[day] == "due" and self.today >= due + WINDOW:
                    hire.checks[day] = "unreachable"
