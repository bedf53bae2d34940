"""The lives of a placement and of a retention check."""

from enum import StrEnum

from matcher.kit.lifecycle import Life, Step
from matcher.kit.words import N_


class PlacementState(StrEnum):
    """Where a placement stands."""

    OFFER_ACCEPTED = "offer_accepted"
    STARTED = "started"
    ENDED = "ended"


PLACEMENT = Life(
    name="placement",
    states=PlacementState,
    initial="offer_accepted",
    closed=frozenset({"ended"}),
    labels={"offer_accepted": N_("Hired, not started yet"), "started": N_("At work"), "ended": N_("Ended")},
    steps=(
        Step("start", N_("Confirm the start"), ("offer_accepted",), "started", ("employer", "operator"),
             listed=False, notice="placement_started"),
        Step("end", N_("Note that it ended"), ("offer_accepted", "started"), "ended", ("employer", "operator"),
             needs_reason=True, notice="placement_ended"),
        Step("correct", N_("Undo the end"), ("ended",), "started", ("operator",), needs_reason=True),
    ),
)


class CheckState(StrEnum):
    """Where a retention check stands."""

    DUE = "due"
    ANSWERED = "answered"
    UNREACHABLE = "unreachable"


CHECK = Life(
    name="retention_check",
    states=CheckState,
    initial="due",
    closed=frozenset({"answered", "unreachable"}),
    labels={"due": N_("To be asked"), "answered": N_("Answered"), "unreachable": N_("No answer could be had")},
    steps=(
        Step("answer", N_("Answer"), ("due", "unreachable"), "answered", ("employer", "candidate", "operator"),
             listed=False, notice="check_answered"),
        Step("give_up", N_("No answer could be had"), ("due",), "unreachable", ("operator", "system"),
             needs_reason=True),
    ),
)
