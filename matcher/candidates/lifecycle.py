"""The life of a candidate's profile."""

from enum import StrEnum

from matcher.kit.lifecycle import Life, Step
from matcher.kit.words import N_


class CandidateState(StrEnum):
    """Where a profile stands."""

    INCOMPLETE = "incomplete"
    ACTIVE = "active"
    PAUSED = "paused"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    DORMANT = "dormant"
    ANONYMIZED = "anonymized"


CANDIDATE = Life(
    name="candidate",
    states=CandidateState,
    initial="incomplete",
    closed=frozenset({"withdrawn", "anonymized"}),
    labels={
        "incomplete": N_("Not finished"), "active": N_("Active"), "paused": N_("Paused"), "placed": N_("Placed"),
        "withdrawn": N_("Withdrawn"), "dormant": N_("Asleep"), "anonymized": N_("Erased"),
    },
    steps=(
        Step("activate", N_("Show my profile to employers"), ("incomplete", "dormant"), "active", ("candidate",)),
        Step("pause", N_("Pause my profile"), ("active",), "paused", ("candidate",)),
        Step("resume", N_("Show my profile again"), ("paused", "placed"), "active", ("candidate",)),
        Step("place", N_("Mark as placed"), ("incomplete", "active", "paused", "dormant"), "placed", ("system",)),
        Step("sleep", N_("Let the profile sleep"), ("active",), "dormant", ("system",), notice="profile_asleep"),
        Step("withdraw", N_("Withdraw from the hub"), ("incomplete", "active", "paused", "placed", "dormant"),
             "withdrawn", ("candidate",)),
        Step("rejoin", N_("Come back"), ("withdrawn",), "incomplete", ("candidate",)),
        Step("anonymize", N_("Erase"), ("incomplete", "active", "paused", "placed", "dormant", "withdrawn"),
             "anonymized", ("system",), listed=False),
    ),
)
