"""The lives of a program, an enrollment and an endorsement."""

from enum import StrEnum

from matcher.kit.lifecycle import Life, Step
from matcher.kit.words import N_


class ProgramState(StrEnum):
    """Where a program stands."""

    DRAFT = "draft"
    LISTED = "listed"
    RETIRED = "retired"


PROGRAM = Life(
    name="program",
    states=ProgramState,
    initial="draft",
    closed=frozenset({"retired"}),
    labels={"draft": N_("Draft"), "listed": N_("Listed"), "retired": N_("No longer offered")},
    steps=(
        Step("list", N_("List the program"), ("draft", "retired"), "listed", ("provider",)),
        Step("retire", N_("Stop offering it"), ("listed",), "retired", ("provider",), needs_reason=True),
    ),
)


class EnrollmentState(StrEnum):
    """Where a person stands in a cohort."""

    INTENT_RECORDED = "intent_recorded"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    WITHDREW = "withdrew"
    TRANSFERRED = "transferred"


ENROLLMENT = Life(
    name="enrollment",
    states=EnrollmentState,
    initial="intent_recorded",
    closed=frozenset({"completed", "withdrew", "transferred"}),
    labels={
        "intent_recorded": N_("Signed up"), "enrolled": N_("In the program"), "completed": N_("Completed"),
        "withdrew": N_("Left the program"), "transferred": N_("Moved to another program"),
    },
    steps=(
        Step("enroll", N_("Enroll"), ("intent_recorded",), "enrolled", ("provider",)),
        Step("complete", N_("Confirm completion"), ("intent_recorded", "enrolled"), "completed", ("provider",),
             notice="completion_confirmed"),
        Step("withdraw", N_("Note that they left"), ("intent_recorded", "enrolled"), "withdrew",
             ("provider", "candidate"), needs_reason=True),
        Step("transfer", N_("Move to another program"), ("intent_recorded", "enrolled"), "transferred", ("provider",),
             needs_reason=True),
        Step("correct", N_("Undo the completion"), ("completed",), "enrolled", ("provider",), needs_reason=True,
             notice="completion_corrected"),
    ),
)


class EndorsementState(StrEnum):
    """Whether an endorsement stands."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


ENDORSEMENT = Life(
    name="endorsement",
    states=EndorsementState,
    initial="active",
    closed=frozenset({"expired", "revoked"}),
    labels={"active": N_("Stands"), "expired": N_("Expired"), "revoked": N_("Taken back")},
    steps=(
        Step("revoke", N_("Take back"), ("active",), "revoked", ("provider",), needs_reason=True,
             notice="endorsement_revoked"),
        Step("expire", N_("Let it expire"), ("active",), "expired", ("system",), notice="endorsement_expired"),
    ),
)
