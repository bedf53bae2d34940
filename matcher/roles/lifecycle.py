"""The life of a posting."""

from enum import StrEnum

from matcher.kit.lifecycle import Life, Step
from matcher.kit.words import N_


class PostingState(StrEnum):
    """Where a posting stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    LIVE = "live"
    PAUSED = "paused"
    FILLED = "filled"
    CLOSED = "closed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


POSTING = Life(
    name="posting",
    states=PostingState,
    initial="draft",
    closed=frozenset({"filled", "closed", "expired", "withdrawn", "archived"}),
    labels={
        "draft": N_("Draft"), "submitted": N_("Waiting for the hub"), "changes_requested": N_("Changes asked for"),
        "approved": N_("Approved"), "live": N_("Open"), "paused": N_("Paused"), "filled": N_("Filled"),
        "closed": N_("Closed"), "expired": N_("Past its date"), "withdrawn": N_("Withdrawn"),
        "archived": N_("Archived"),
    },
    steps=(
        Step("submit", N_("Send to the hub for review"), ("draft", "changes_requested"), "submitted", ("employer",),
             notice="posting_submitted"),
        Step("request_changes", N_("Ask for changes"), ("submitted",), "changes_requested", ("operator",),
             needs_reason=True, notice="posting_changes_requested", listed=False),
        Step("approve", N_("Approve"), ("submitted",), "approved", ("operator",), notice="posting_approved",
             listed=False),
        Step("open", N_("Open the role"), ("approved",), "live", ("employer", "system")),
        Step("send_again", N_("Send the changes to the hub"), ("approved", "live", "paused"), "submitted",
             ("employer",), notice="posting_submitted", listed=False),
        Step("pause", N_("Pause"), ("live",), "paused", ("employer",)),
        Step("resume", N_("Open again"), ("paused",), "live", ("employer",)),
        # Somebody may accept an offer while the hub reads a change: that the last seat is taken holds there too.
        Step("fill", N_("Mark as filled"), ("live", "paused", "submitted", "changes_requested", "approved"), "filled",
             ("system",), notice="posting_filled", listed=False),
        Step("close", N_("Close the role"), ("live", "paused", "approved"), "closed",
             ("employer", "operator", "system"), needs_reason=True),
        Step("expire", N_("Let it expire"), ("live", "paused"), "expired", ("system",), notice="posting_expired",
             listed=False),
        Step("withdraw", N_("Withdraw"), ("draft", "submitted", "changes_requested", "approved"), "withdrawn",
             ("employer",)),
        Step("reopen", N_("Edit and send again"), ("closed", "expired", "filled", "withdrawn"), "draft",
             ("employer",), needs_reason=True),
        Step("archive", N_("Archive"), ("filled", "closed", "expired", "withdrawn"), "archived",
             ("employer", "operator", "system")),
    ),
)
