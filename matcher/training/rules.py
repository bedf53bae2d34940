"""Pure decisions about programs and endorsements: who may endorse what, and until when it stands."""

from collections.abc import Mapping
from datetime import date

from matcher.kit.errors import DomainError
from matcher.kit.words import N_

ENDORSEMENT_YEARS = 3
MOST_SKILLS = 30


def expires_on(given_on: date) -> date:
    """An endorsement stands three years: tools change, and skills fade."""
    year = given_on.year + ENDORSEMENT_YEARS
    try:
        return given_on.replace(year=year)
    except ValueError:
        return given_on.replace(year=year, day=28)


def check_endorsement(*, completed: bool, taught: Mapping[str, int], skill_id: str, level: int, assessed: bool) -> None:
    """Invariant 9: a confirmed completion, and a skill the program teaches to that level or the provider assessed.

    `taught`: skill id to the level taught. Raises DomainError saying which condition fails.
    """
    if not completed:
        raise DomainError(N_("Confirm the completion first, then endorse."))
    if not 1 <= level <= 4:
        raise DomainError(N_("A level runs from 1 to 4."), field="level")
    if assessed:
        return
    if skill_id not in taught:
        raise DomainError(N_("The program does not teach this skill. Endorse it only if you assessed it yourselves."),
                          field="basis")
    if level > taught[skill_id]:
        raise DomainError(N_("The program teaches this to level %(level)d. Say that you assessed it to go higher."),
                          field="level", params={"level": taught[skill_id]})
