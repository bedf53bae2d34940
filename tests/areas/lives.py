"""Trying one step of a life as every kind of actor: taken where it is declared, refused where it is not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from matcher.kit import lifecycle
from matcher.kit.actor import Actor
from matcher.kit.errors import ConflictError, NotAllowedError


def try_as_everyone(
    session: Session, row: Any, state: str, step: lifecycle.Step, actors: Mapping[str, Actor], at: datetime,
) -> None:
    """From `state`, each actor (by role) takes the step in a transaction that is undone."""
    for role, actor in actors.items():
        session.expire_all()
        with session.begin_nested() as undo:
            if role in step.by and state in step.source:
                lifecycle.advance(session, row, step.name, actor=actor, at=at, reason="It is so.")
                assert str(row.state) == step.target
            else:
                with pytest.raises((ConflictError, NotAllowedError)):
                    lifecycle.advance(session, row, step.name, actor=actor, at=at, reason="It is so.")
            undo.rollback()
