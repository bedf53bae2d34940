"""Reasons as codes with parameters: the ranker says what it found, the pages say it in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Param = str | int | float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A named finding and its numbers."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
