"""The lives of an application, an interview and an offer."""

from enum import StrEnum

from matcher.kit.lifecycle import Life, Step
from matcher.kit.words import N_


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    SHORTLISTED = "shortlisted"
    INTERVIEWING = "interviewing"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"
    NO_RESPONSE = "no_response"
    HIRED_ELSEWHERE = "hired_elsewhere"
    POSTING_CLOSED = "posting_closed"


_OPEN = ("submitted", "in_review", "shortlisted", "interviewing", "offered")

APPLICATION = Life(
    name="application",
    states=ApplicationState,
    initial="draft",
    closed=frozenset({"accepted", "declined", "not_selected", "withdrawn", "no_response", "hired_elsewhere",
                      "posting_closed"}),
    labels={
        "draft": N_("Not sent"), "submitted": N_("Sent"), "in_review": N_("Being read"),
        "shortlisted": N_("Shortlisted"), "interviewing": N_("Interviewing"), "offered": N_("Offer made"),
        "accepted": N_("Hired"), "declined": N_("Offer declined"), "not_selected": N_("Not selected"),
        "withdrawn": N_("Withdrawn"), "no_response": N_("Closed without an answer"),
        "hired_elsewhere": N_("Hired elsewhere"), "posting_closed": N_("Role closed"),
    },
    steps=(
        Step("submit", N_("Send the application"), ("draft",), "submitted", ("candidate",),
             notice="application_received", listed=False),
        Step("review", N_("Start reading"), ("submitted",), "in_review", ("employer",), notice="application_in_review"),
        Step("shortlist", N_("Shortlist"), ("submitted", "in_review"), "shortlisted", ("employer",),
             notice="application_shortlisted"),
        Step("interview", N_("Go to interviews"), ("shortlisted",), "interviewing", ("employer", "candidate"),
             listed=False),
        Step("offer", N_("Make an offer"), ("shortlisted", "interviewing"), "offered", ("employer",),
             notice="offer_made", listed=False),
        Step("accept", N_("Accept the offer"), ("offered",), "accepted", ("candidate",), notice="offer_accepted",
             listed=False),
        Step("decline", N_("Decline the offer"), ("offered",), "declined", ("candidate",), notice="offer_declined",
             listed=False),
        Step("rethink", N_("Take the offer back"), ("offered",), "interviewing", ("employer",), needs_reason=True,
             notice="offer_taken_back", listed=False),
        Step("not_select", N_("Say no"), _OPEN, "not_selected", ("employer",), needs_reason=True,
             notice="application_not_selected", listed=False),
        Step("withdraw", N_("Withdraw my application"), ("draft", *_OPEN), "withdrawn", ("candidate",),
             notice="application_withdrawn"),
        Step("lapse", N_("Close without an answer"), ("submitted", "in_review"), "no_response", ("system",),
             notice="application_no_response", listed=False),
        Step("elsewhere", N_("Hired elsewhere"), ("draft", *_OPEN), "hired_elsewhere", ("system",), listed=False,
             notice="application_hired_elsewhere"),
        Step("close", N_("Role closed"), ("draft", *_OPEN), "posting_closed", ("system",), listed=False,
             notice="application_posting_closed"),
        Step("reopen", N_("Look again"), ("not_selected", "no_response"), "in_review", ("employer",),
             needs_reason=True, notice="application_reopened"),
    ),
)


class InterviewState(StrEnum):
    """Where an interview stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    HELD = "held"
    MISSED = "missed"
    CANCELED = "canceled"


INTERVIEW = Life(
    name="interview",
    states=InterviewState,
    initial="proposed",
    closed=frozenset({"held", "missed", "canceled"}),
    labels={
        "proposed": N_("Times offered"), "agreed": N_("Time agreed"), "held": N_("Held"), "missed": N_("Missed"),
        "canceled": N_("Canceled"),
    },
    steps=(
        Step("agree", N_("Choose this time"), ("proposed",), "agreed", ("candidate",), notice="interview_agreed",
             listed=False),
        Step("hold", N_("It took place"), ("agreed",), "held", ("employer",)),
        Step("miss", N_("It did not take place"), ("agreed",), "missed", ("employer",), needs_reason=True,
             notice="interview_missed"),
        Step("cancel", N_("Cancel the interview"), ("proposed", "agreed"), "canceled",
             ("employer", "candidate", "system"), needs_reason=True, notice="interview_canceled"),
    ),
)


class OfferState(StrEnum):
    """Where an offer stands."""

    MADE = "made"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


OFFER = Life(
    name="offer",
    states=OfferState,
    initial="made",
    closed=frozenset({"accepted", "declined", "taken_back"}),
    labels={"made": N_("Waiting for an answer"), "accepted": N_("Accepted"), "declined": N_("Declined"),
            "taken_back": N_("Taken back")},
    steps=(
        Step("accept", N_("Accept the offer"), ("made",), "accepted", ("candidate",), listed=False),
        Step("decline", N_("Decline the offer"), ("made",), "declined", ("candidate",), listed=False),
        Step("take_back", N_("Take the offer back"), ("made",), "taken_back", ("employer", "system"),
             needs_reason=True, listed=False),
    ),
)
