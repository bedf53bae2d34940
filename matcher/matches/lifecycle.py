"""The lives of a learned model and of a request that a person looks at a match."""

from enum import StrEnum

from matcher.kit.lifecycle import Life, Step
from matcher.kit.words import N_


class ModelState(StrEnum):
    """Where a learned model stands."""

    CANDIDATE = "candidate"
    HELD = "held"
    RUNNING = "running"
    RETIRED = "retired"
    REFUSED = "refused"


MODEL = Life(
    name="ranker_model",
    states=ModelState,
    initial="candidate",
    closed=frozenset({"refused"}),
    labels={
        "candidate": N_("Waiting for the release tests"), "held": N_("Kept back by the hub"),
        "running": N_("In use"), "retired": N_("Was in use"), "refused": N_("Not released"),
    },
    steps=(
        Step("go_live", N_("Put to use"), ("candidate",), "running", ("system",), listed=False),
        Step("refuse", N_("Do not release"), ("candidate", "held"), "refused", ("system",), needs_reason=True,
             listed=False),
        Step("keep_back", N_("Keep back"), ("candidate",), "held", ("system",), needs_reason=True, listed=False),
        Step("release", N_("Release"), ("held",), "running", ("operator",), listed=False),
        Step("replace", N_("Replaced by a newer one"), ("running",), "retired", ("system",), listed=False),
        Step("supersede", N_("Overtaken by a newer one"), ("held",), "retired", ("system",), listed=False),
        Step("roll_back", N_("Roll back"), ("running",), "retired", ("operator",), needs_reason=True, listed=False),
        Step("restore", N_("Use again"), ("retired",), "running", ("operator", "system"), needs_reason=True,
             listed=False),
        Step("distrust", N_("Take out: the file is not the one that was trained"), ("running", "held", "retired"),
             "refused", ("system",), needs_reason=True, listed=False),
    ),
)


class LookState(StrEnum):
    """Where a request for a human look stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


LOOK = Life(
    name="look",
    states=LookState,
    initial="asked",
    closed=frozenset({"answered", "withdrawn"}),
    labels={"asked": N_("The hub is looking"), "answered": N_("Answered"), "withdrawn": N_("Taken back")},
    steps=(
        Step("answer", N_("Answer"), ("asked",), "answered", ("operator",), notice="look_answered", listed=False),
        Step("withdraw", N_("Take my request back"), ("asked",), "withdrawn", ("candidate",)),
        Step("withdraw_closed", N_("End with the account"), ("asked",), "withdrawn", ("system",), listed=False),
    ),
)
