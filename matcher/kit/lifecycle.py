"""Lives: states and the declared steps between them, and the only writer of a row's state."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Integer, event
from sqlalchemy.orm import Mapped, Mapper, Session, declared_attr, mapped_column

from matcher.kit import audit
from matcher.kit.actor import Actor
from matcher.kit.base import Base, UtcDateTime, enum_column
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.words import N_

_writing: ContextVar[bool] = ContextVar("state_writer", default=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One declared change of state.

    `by` names the roles that may take it; `notice` names the notice that tells the others;
    `listed` is False for steps that a form of their own takes, so that no bare button is drawn.
    """

    name: str
    label: str
    source: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    needs_reason: bool = False
    notice: str | None = None
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Life:
    """The whole life of a kind of row: its states, labels and steps."""

    name: str
    states: type[StrEnum]
    initial: str
    steps: tuple[Step, ...]
    labels: Mapping[str, str]
    closed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        known = {s.value for s in self.states}
        used = {s for step in self.steps for s in (*step.source, step.target)} | {self.initial} | self.closed
        if used - known or set(self.labels) != known:
            raise ValueError(f"life {self.name}: undeclared states {sorted(used - known)} or missing labels")
        if len({step.name for step in self.steps}) != len(self.steps):
            raise ValueError(f"life {self.name}: a step name is declared twice")

    def step(self, name: str) -> Step:
        """Return the step of that name, or raise DomainError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise DomainError(N_("There is no step called %(step)s here."), params={"step": name})

    def open_to(self, state: str, roles: Iterable[str]) -> tuple[Step, ...]:
        """The steps that someone with these roles may take from this state."""
        held = set(roles)
        return tuple(s for s in self.steps if state in s.source and held & set(s.by))


class Living:
    """Mixin for a row with a life: `state`, since when, and a version against two editors at once."""

    __life__: ClassVar[Life]
    state_at: Mapped[datetime] = mapped_column(UtcDateTime, sort_order=81)
    version: Mapped[int] = mapped_column(Integer, sort_order=82)

    @declared_attr
    def state(cls) -> Mapped[str]:
        """The stored state; written by `advance` alone."""
        return mapped_column(enum_column(cls.__life__.states), index=True, sort_order=80)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    @property
    def state_label(self) -> str:
        """The words for the state, to be translated where they are shown."""
        return self.__life__.labels[str(self.state)]

    @property
    def is_closed(self) -> bool:
        """The life has ended (a declared step may still reopen it)."""
        return str(self.state) in self.__life__.closed


@contextmanager
def _writer() -> Iterator[None]:
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@event.listens_for(Mapper, "mapper_configured")
def _guard_state(_mapper: Any, cls: type) -> None:
    if issubclass(cls, Living):
        event.listen(cls.state, "set", _refuse_foreign_write)


def _refuse_foreign_write(target: Any, value: Any, old: Any, _initiator: Any) -> None:
    if not _writing.get():
        raise AttributeError(f"{type(target).__name__}.state is written by lifecycle.advance alone")


@event.listens_for(Base, "init", propagate=True)
def _begin_life(target: Any, args: Any, kwargs: dict[str, Any]) -> None:
    if isinstance(target, Living):
        if "state" in kwargs:
            raise AttributeError("a life begins at its initial state")
        with _writer():
            target.state = target.__life__.states(target.__life__.initial)
        kwargs.setdefault("state_at", kwargs.get("created_at"))


def advance(
    session: Session, row: Any, name: str, *, actor: Actor, at: datetime, reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> Step:
    """Take one declared step: checks source, role and reason, writes state and audit event. Returns the step.

    Raises ConflictError when the row is not in a source state, NotAllowedError for a wrong role,
    DomainError when the reason is missing.
    """
    life: Life = row.__life__
    step = life.step(name)
    if not (actor.roles_on(row) & set(step.by)):
        raise NotAllowedError(N_("You can’t take this step."))
    if str(row.state) not in step.source:
        raise ConflictError(
            N_("This is now “%(state)s”, so that step is no longer open. Reload the page to see what is."),
            params={"state": row.state_label},
        )
    reason = reason.strip()
    if step.needs_reason and not reason:
        raise DomainError(N_("Give a reason. The people concerned will read it."), field="reason")
    before = str(row.state)
    with _writer():
        row.state = life.states(step.target)
    row.state_at = at
    audit.record(
        session, at=at, actor_id=actor.person_id, action=f"{life.name}.{step.name}", subject=row,
        hub_id=getattr(row, "hub_id", None), reason=reason, before={"state": before},
        after={"state": step.target}, details=details,
    )
    return step
