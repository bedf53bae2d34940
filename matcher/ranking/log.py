"""The record of a list that was shown: all it takes to make that list again and to see that it is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from matcher.ranking import codec, features
from matcher.ranking.facts import CandidateFacts, RoleFacts
from matcher.ranking.ranker import Ranker, Scored


class ReplayError(Exception):
    """The record cannot be replayed here: another model, another feature schema, or facts that have changed."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One list. `pool` maps each id that was ranked to the digest of its facts; `facts` may hold the facts themselves.

    `asker` is the facts of the role (direction `candidates`) or of the person (direction `roles`). `hits` are the
    ids that a declared filter kept out, with the codes; `lines` are (id, score, rank, group, propensity).
    """

    viewer: str
    direction: str
    asker: Mapping[str, Any]
    pool: Mapping[str, str]
    model: str
    schema: str
    day: str
    seed: int
    near_ties: bool
    top: int | None
    hits: Mapping[str, Sequence[str]]
    lines: tuple[tuple[str, float | None, int | None, int | None, float | None], ...]
    facts: Mapping[str, Mapping[str, Any]] | None = None

    def to_json(self) -> str:
        """The record in canonical JSON."""
        return codec.canonical({item.name: getattr(self, item.name) for item in fields(self)})

    def fingerprint(self) -> str:
        """SHA-256 of the record: one changed bit anywhere changes it."""
        return codec.digest({item.name: getattr(self, item.name) for item in fields(self)})


def record_from_dict(values: Mapping[str, Any]) -> RunRecord:
    """A record from the JSON it was kept as; TypeError for keys that are not a record's."""
    return RunRecord(**{**values, "lines": tuple(tuple(line) for line in values["lines"])})


def make_record(
    ranker: Ranker, asker: RoleFacts | CandidateFacts, others: Sequence[CandidateFacts] | Sequence[RoleFacts],
    lines: Sequence[Scored], *, viewer: str, day: date, seed: int, near_ties: bool = True, top: int | None = None,
    hits: Mapping[str, Sequence[str]] | None = None, keep_facts: bool = False,
) -> RunRecord:  # fmt: skip
    """The record of `lines`, which this ranker gave for `asker` among `others` (those who passed the filters)."""
    plain = {item.id: codec.facts_to_dict(item) for item in others}
    return RunRecord(
        viewer=viewer,
        direction="candidates" if isinstance(asker, RoleFacts) else "roles",
        asker=codec.facts_to_dict(asker),
        pool={name: codec.digest(values) for name, values in sorted(plain.items())},
        model=ranker.fingerprint(),
        schema=features.SCHEMA,
        day=day.isoformat(),
        seed=seed,
        near_ties=near_ties,
        top=top,
        hits={name: sorted(codes) for name, codes in sorted((hits or {}).items())},
        lines=shown(lines),
        facts=plain if keep_facts else None,
    )


def shown(lines: Sequence[Scored]) -> tuple[tuple[str, float | None, int | None, int | None, float | None], ...]:
    """What a record keeps of each line."""
    return tuple((line.id, line.score, line.rank, line.near_tie_group, line.propensity) for line in lines)


def replay(
    record: RunRecord, ranker: Ranker, facts: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Scored]:  # fmt: skip
    """The same list again, from the record's own facts or those given by id (as codec.facts_to_dict).

    ReplayError when the model, the schema or any fact is not the one recorded, or the list does not come out equal.
    """
    if record.model != ranker.fingerprint() or record.schema != features.SCHEMA:
        raise ReplayError(f"the list was made by model {record.model[:12]}, schema {record.schema}")
    kept = record.facts if facts is None else facts
    if kept is None:
        raise ReplayError("the record holds no facts and none were given")
    for name, print_ in record.pool.items():
        if name not in kept or codec.digest(kept[name]) != print_:
            raise ReplayError(f"the facts of {name} are not those the list was made from")
    lines = _again(record, ranker, [kept[name] for name in record.pool])
    if shown(lines) != record.lines:
        raise ReplayError("the list does not come out the same")
    return lines


def _again(record: RunRecord, ranker: Ranker, pool: Sequence[Mapping[str, Any]]) -> list[Scored]:
    how: dict[str, Any] = {
        "day": date.fromisoformat(record.day), "seed": record.seed, "near_ties": record.near_ties, "top": record.top,
    }  # fmt: skip
    if record.direction == "candidates":
        role = codec.role_from_dict(record.asker)
        return ranker.rank(role, [codec.candidate_from_dict(values) for values in pool], **how)
    person = codec.candidate_from_dict(record.asker)
    return ranker.rank_roles(person, [codec.role_from_dict(values) for values in pool], **how)
