"""The lives of a partnership and of a commitment."""

from enum import StrEnum

from matcher.kit.lifecycle import Life, Step
from matcher.kit.words import N_


class PartnerState(StrEnum):
    """Where an organization stands in a hub."""

    PROSPECT = "prospect"
    CONTACTED = "contacted"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    LAPSED = "lapsed"
    LEFT = "left"


PARTNERSHIP = Life(
    name="partnership",
    states=PartnerState,
    initial="prospect",
    closed=frozenset({"left"}),
    labels={
        "prospect": N_("Asked to join"), "contacted": N_("In touch"), "confirmed": N_("Confirmed"),
        "active": N_("Active partner"), "lapsed": N_("Lapsed"), "left": N_("Left the hub"),
    },
    steps=(
        Step("contact", N_("Note that you are in touch"), ("prospect",), "contacted", ("operator",)),
        Step("confirm", N_("Confirm who they are"), ("prospect", "contacted"), "confirmed", ("operator",)),
        Step("activate", N_("Make an active partner"), ("confirmed", "lapsed"), "active", ("operator",),
             notice="partner_active"),
        Step("lapse", N_("Mark as lapsed"), ("active",), "lapsed", ("operator", "system"), needs_reason=True,
             notice="partner_lapsed"),
        Step("leave", N_("Leave the hub"), ("prospect", "contacted", "confirmed", "active", "lapsed"), "left",
             ("operator", "employer", "provider", "workforce"), needs_reason=True),
        Step("return", N_("Take back in"), ("left",), "confirmed", ("operator",), needs_reason=True),
    ),
)


class CommitmentState(StrEnum):
    """Where a commitment stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    ACTIVE = "active"
    AT_RISK = "at_risk"
    MET = "met"
    BREACHED = "breached"
    RENEWED = "renewed"
    EXPIRED = "expired"


COMMITMENT = Life(
    name="commitment",
    states=CommitmentState,
    initial="draft",
    closed=frozenset({"met", "breached", "renewed", "expired"}),
    labels={
        "draft": N_("Draft"), "signed": N_("Signed, waiting for the hub"), "active": N_("Active"),
        "at_risk": N_("At risk"), "met": N_("Kept"), "breached": N_("Not kept"), "renewed": N_("Renewed"),
        "expired": N_("Expired"),
    },
    steps=(
        Step("sign", N_("Sign"), ("draft",), "signed", ("employer",), listed=False, notice="commitment_signed"),
        Step("accept", N_("Accept the commitment"), ("signed",), "active", ("operator",),
             notice="commitment_active"),
        Step("warn", N_("Mark at risk"), ("active",), "at_risk", ("operator", "system"), needs_reason=True,
             notice="commitment_at_risk"),
        Step("recover", N_("Back on track"), ("at_risk",), "active", ("operator", "system")),
        Step("keep", N_("Mark as kept"), ("active", "at_risk"), "met", ("operator", "system")),
        Step("breach", N_("Mark as not kept"), ("at_risk",), "breached", ("operator",), needs_reason=True,
             notice="commitment_lapsed"),
        Step("renew", N_("Renew"), ("active", "at_risk", "met", "expired"), "renewed",
             ("employer", "system"), listed=False),
        Step("expire", N_("Let it expire"), ("signed", "active", "at_risk"), "expired", ("system",),
             notice="commitment_lapsed"),
    ),
)
