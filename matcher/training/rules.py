"""Pure decisions about programs and endorsements: who may endorse what, and until when it stands."""

from collections.abc import Mapping
from datetime import date

from matcher.kit.errors import DomainError
from matcher.kit.words import N_

ENDORSEMENT_YEARS = 3
MOST_SKILLS = 30
MOST_SEATS = 1000
DELIVERY_WORDS: Mapping[str, str] = {
    "in_person": N_("In person"), "hybrid": N_("Partly online"), "online": N_("Online"),
}
ETPL_WORDS: Mapping[str, str] = {
    "listed": N_("On the state’s Eligible Training Provider List"), "not_listed": N_("Not on the state’s list"),
    "unknown": N_("Not known"),
}


def expires_on(given_on: date) -> date:
    """An endorsement stands three years: tools change, and skills fade."""
    year = given_on.year + ENDORSEMENT_YEARS
    try:
        return given_on.replace(year=year)
    except ValueError:
        return given_on.replace(year=year, day=28)


def check_completion(day: date, *, starts_on: date, today: date) -> None:
    """A completion lies between the start of the cohort and today; DomainError otherwise."""
    if not starts_on <= day <= today:
        raise DomainError(N_("Give a day between the start of the cohort and today."), field="completed_on")


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
