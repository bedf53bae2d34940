"""The errors a person can meet: each says what happened and what to do, in words that can be translated."""

from collections.abc import Mapping


class DomainError(Exception):
    """A rule said no. `message` has named placeholders filled from `params`; `field` names the input, if one."""

    def __init__(self, message: str, *, field: str | None = None, params: Mapping[str, object] | None = None) -> None:
        self.message = message
        self.field = field
        self.params = dict(params or {})
        super().__init__(message % self.params if self.params else message)


class NotFoundError(DomainError):
    """What was asked for is not there, or not for this actor."""


class NotAllowedError(DomainError):
    """This actor may not do this."""


class ConflictError(DomainError):
    """Somebody else changed it first, or it is already so."""
