"""How the index's inner loops are compiled: once, kept beside the code where that folder may be written."""

from collections.abc import Callable
from typing import Any

from numba import njit

Loop = Callable[..., Any]
_HOW: dict[str, Any] = {"boundscheck": False, "nogil": True, "error_model": "numpy"}


def compiled(loop: Loop) -> Loop:
    """The loop as machine code, made at its first call; plain IEEE steps in the order written, so no bit moves."""
    try:
        made: Loop = njit(cache=True, **_HOW)(loop)
    except RuntimeError:  # nowhere to keep what was compiled: each process then compiles for itself
        made = njit(**_HOW)(loop)
    return made
