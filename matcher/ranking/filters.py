"""Hard filters, only where a person or a role declared one: each hit is named and counted, none is silent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.ranking import features
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.features import Pair

EXCLUDED = "excluded_organization"
CODES = ("too_far", "remote_mismatch", "schedule_mismatch", "pay_below_floor", "starts_too_early", EXCLUDED)


@dataclass(frozen=True, slots=True)
class Filtered:
    """Ids that passed, in the order given, and for each id that did not the codes of what it hit."""

    kept: tuple[str, ...]
    hits: Mapping[str, tuple[str, ...]]

    def counts(self) -> dict[str, int]:
        """People per code, for the audit. A person who hits two is counted under both."""
        return dict(Counter(code for codes in self.hits.values() for code in codes))

    def counts_for_employer(self) -> dict[str, int]:
        """The same without anyone who excluded this employer: such a person is not seen even in a count."""
        return dict(Counter(code for codes in self.hits.values() if EXCLUDED not in codes for code in codes))


def split(role: RoleFacts, candidates: Sequence[CandidateFacts]) -> Filtered:
    """Which candidates a declared wish keeps from this role, and why."""
    return _split([(role, person) for person in candidates], [person.id for person in candidates])


def split_roles(candidate: CandidateFacts, roles: Sequence[RoleFacts]) -> Filtered:
    """Which roles a declared wish keeps from this person, and why."""
    return _split([(role, candidate) for role in roles], [role.id for role in roles])


def excludes(candidate: CandidateFacts, role: RoleFacts) -> bool:
    """Whether the person asked never to be shown to this organization."""
    return role.organization is not None and role.organization in candidate.excluded


def _split(pairs: Sequence[Pair], ids: Sequence[str]) -> Filtered:
    refusals = features.pair_logistics(pairs).refusals if pairs else {}
    kept, hits = [], {}
    for row, (name, (role, person)) in enumerate(zip(ids, pairs, strict=True)):
        codes = [code for code, hit in refusals.items() if hit[row]]
        if excludes(person, role):
            codes.append(EXCLUDED)
        if codes:
            hits[name] = tuple(codes)
        else:
            kept.append(name)
    return Filtered(tuple(kept), hits)
