"""What employers ask for in a hub's open roles, beside what is taught there."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.roles.models import Posting, RequiredSkill
from matcher.skills import queries as skills
from matcher.training import queries as training


@dataclass(frozen=True, slots=True)
class Asked:
    """One skill: in how many open roles, to which level, and how far it is taught here and in the hub."""

    skill_id: str
    name: str
    roles: int
    must: int
    positions: int
    level: int
    taught: int
    taught_in_hub: int

    @property
    def gap(self) -> int:
        """Levels between what most roles ask and what this provider teaches; 0 where it is reached."""
        return max(0, self.level - self.taught)


def asked_and_taught(session: Session, hub_id: str, organization_id: str, language: str = "en") -> list[Asked]:
    """Every skill that open roles of the hub ask for, named in a language, the most asked first.

    `level` is the one that at least half of the roles are content with or exceed: the upper median. Four statements.
    """
    rows = session.execute(
        select(RequiredSkill.skill_id, RequiredSkill.level, RequiredSkill.must, Posting.positions, Posting.filled)
        .join(Posting, Posting.id == RequiredSkill.posting_id)
        .where(Posting.hub_id == hub_id, Posting.state == "live").order_by(RequiredSkill.skill_id, RequiredSkill.level)
    ).all()
    found: dict[str, list[tuple[int, bool, int]]] = {}
    for skill_id, level, must, positions, filled in rows:
        found.setdefault(skill_id, []).append((level, must, max(0, positions - filled)))
    names = skills.skills_by_id(session, found)
    here = training.highest_taught(session, hub_id, organization_id)
    everywhere = training.highest_taught(session, hub_id)
    asked = [
        Asked(id, names[id].name_in(language) if id in names else id, len(wants), sum(must for _, must, _ in wants),
              sum(open_ for _, _, open_ in wants), wants[len(wants) // 2][0], here.get(id, 0), everywhere.get(id, 0))
        for id, wants in found.items()
    ]
    return sorted(asked, key=lambda row: (-row.roles, -row.must, row.name))
