"""Who is acting: a plain picture of a person's roles, read anew for every request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Parties(Protocol):
    """A row that says which parties it concerns, e.g. {"employer": organization_id, "operator": hub_id}."""

    @property
    def parties(self) -> Mapping[str, str | None]:
        """Role name to the id that the role must hold."""
        ...


@dataclass(frozen=True, slots=True)
class Actor:
    """One person (or the system) with everything that permissions may look at.

    organizations: organization id -> (kind, role); hubs: hub id -> roles there; candidates: own profile ids.
    """

    person_id: str | None
    name: str = ""
    organizations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    hubs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    candidates: frozenset[str] = frozenset()
    administrator: bool = False
    verified: bool = True
    system: bool = False

    def belongs_to(self, organization_id: str | None) -> bool:
        """Is a current member of that organization."""
        return organization_id is not None and organization_id in self.organizations

    def owns(self, organization_id: str | None) -> bool:
        """Is a current owner of that organization."""
        return organization_id is not None and self.organizations.get(organization_id, ("", ""))[1] == "owner"

    def operates(self, hub_id: str | None) -> bool:
        """Is a hub operator there."""
        return hub_id is not None and "operator" in self.hubs.get(hub_id, frozenset())

    def is_candidate(self, candidate_id: str | None) -> bool:
        """Owns that candidate profile."""
        return candidate_id is not None and candidate_id in self.candidates

    def roles_on(self, subject: Parties) -> frozenset[str]:
        """The roles this actor has towards a row, from the row's parties."""
        if self.system:
            return frozenset({"system"})
        tests = {"candidate": self.is_candidate, "operator": self.operates}
        return frozenset(
            role for role, owner in subject.parties.items() if tests.get(role, self.belongs_to)(owner)
        )


SYSTEM = Actor(person_id=None, name="First Rung", system=True)
NOBODY = Actor(person_id=None, verified=False)
