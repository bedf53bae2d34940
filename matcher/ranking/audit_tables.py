"""From decisions in rows to audit tables: by stage, by factor and crossing, and by score as Local Law 144 asks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from matcher.ranking.audit import Group, Limits, StageTable, Tally, table

MIN_SHARE = 0.02  # groups under this share may be left out (6 RCNY § 5-301)
LAW = Limits(share=MIN_SHARE)


@dataclass(frozen=True, slots=True)
class Decided:
    """One person (or application) at one stage; `groups` maps a factor to a value, missing or empty is unknown."""

    role: str
    stage: str
    selected: bool | None
    groups: Mapping[str, str] = field(default_factory=dict)
    score: float | None = None


def stage_tables(
    rows: Iterable[Decided], factors: Sequence[Group], limits: Limits = LAW
) -> list[StageTable]:
    """A table for each stage and factor; a factor of two columns is their crossing. Undecided rows do not count."""
    by_stage: defaultdict[str, list[tuple[Decided, bool]]] = defaultdict(list)
    for row in rows:
        if row.selected is not None:
            by_stage[row.stage].append((row, row.selected))
    return [_table(stage, factor, own, limits) for stage, own in by_stage.items() for factor in factors]


def score_tables(
    rows: Iterable[Decided], factors: Sequence[Group], limits: Limits = LAW, *, within_roles: bool
) -> list[StageTable]:
    """Local Law 144 for scores: selected means above the median (6 RCNY § 5-301, "scoring rate").

    `within_roles` compares each score with the median of its own role and then pools; otherwise with the median of
    all raw scores of the stage. Both are worth publishing: they differ where a group applies to other roles.
    """
    by_stage: defaultdict[str, list[Decided]] = defaultdict(list)
    for row in rows:
        if row.score is not None:
            by_stage[row.stage].append(row)
    found = []
    for stage, own in by_stage.items():
        middles = _medians(own, within_roles)
        above = [(row, _score(row) > middles[row.role if within_roles else ""]) for row in own]
        found += [_table(stage, factor, above, limits) for factor in factors]
    return found


def value_of(row: Decided, factor: Group) -> Group | None:
    """The row's group by a factor; None where any part of it is unknown."""
    parts = tuple(row.groups.get(name, "") for name in factor)
    return parts if all(parts) else None


def _table(stage: str, factor: Group, rows: Sequence[tuple[Decided, bool]], limits: Limits) -> StageTable:
    counts: defaultdict[Group | None, list[int]] = defaultdict(lambda: [0, 0])
    for row, through in rows:
        count = counts[value_of(row, factor)]
        count[0] += 1
        count[1] += through
    unknown = Tally(*counts.pop(None, [0, 0]))
    tallies = {group: Tally(*count) for group, count in counts.items() if group is not None}
    return table(stage, factor, tallies, unknown, limits)


def _medians(rows: Sequence[Decided], within_roles: bool) -> dict[str, float]:
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        scores[row.role if within_roles else ""].append(_score(row))
    return {role: median(values) for role, values in scores.items()}


def _score(row: Decided) -> float:
    if row.score is None:
        raise ValueError("a row without a score")
    return row.score
