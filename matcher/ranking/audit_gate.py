"""The release gate: what a ranker must show before it may make lists, each condition with its figure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.ranking.audit import StageTable, Verdict
from matcher.ranking.audit_lists import MIN_SKEW, Skew, evenness
from matcher.ranking.audit_proxy import LIMIT, Proxy

TWINS = 10_000
ALTERNATIVES = 20


@dataclass(frozen=True, slots=True)
class Check:
    """One condition: `passes` is None where too few people leave it open (then it does not close the gate).

    `code` is one of twins, skew, adverse, proxy, alternatives; `about` says what it is about (a factor, a stage).
    """

    code: str
    passes: bool | None
    value: float | None
    limit: float
    about: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """All conditions; open when none fails."""

    checks: tuple[Check, ...]

    @property
    def passes(self) -> bool:
        """Whether the ranker may be released."""
        return all(check.passes is not False for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The conditions that keep it shut."""
        return tuple(check for check in self.checks if check.passes is False)


def release_gate(
    *, twins: int, moved: int, skews: Sequence[Skew] = (), tables: Sequence[StageTable] = (),
    proxies: Iterable[Proxy] = (), alternatives: int | None = None,
) -> Gate:  # fmt: skip
    """Twins asked and scores moved, skew of its lists, tables of its stages (filter, shown), proxy tests, models tried.

    Passes with 10,000 twins and none moved, MinSkew@10 ≥ ln .8, no *adverse*, every group told by the columns with an
    AUC of at most .60, and (where `alternatives` is given) at least 20 other models compared.
    """
    checks = [Check("twins", twins >= TWINS and moved == 0, float(moved), 0.0, str(twins))]
    checks += [Check("skew", even, one.least, MIN_SKEW, " × ".join(one.factor))
               for one, even in zip(skews, evenness(skews), strict=True)]
    checks += [_adverse(one) for one in tables]
    checks += [Check("proxy", one.passes, one.auc, LIMIT, _about(one.factor, one.group)) for one in proxies]
    if alternatives is not None:
        checks.append(Check("alternatives", alternatives >= ALTERNATIVES, float(alternatives), float(ALTERNATIVES)))
    return Gate(tuple(checks))


def _adverse(one: StageTable) -> Check:
    found = sum(row.verdict is Verdict.ADVERSE for row in one.rows)
    judged = any(row.verdict not in (None, Verdict.CANNOT_TELL) for row in one.rows)
    passes = False if found else True if judged else None
    return Check("adverse", passes, float(found), 0.0, _about(one.factor, (one.stage,)))


def _about(factor: tuple[str, ...], what: tuple[str, ...]) -> str:
    return f"{' × '.join(factor)}: {' × '.join(what)}"
