"""Where an application stands in words: what happened, what happens next, who acts, and by when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from matcher.applications.models import Application, Interview, Offer
from web.kit.words import day, moment, translate

TONES = {"accepted": "leaf", "offered": "sun", "interviewing": "sun", "shortlisted": "leaf"}


@dataclass(frozen=True)
class Standing:
    """Label and color of the state, the sentence about what comes next, and whether the candidate acts."""

    label: str
    tone: str
    text: str
    mine: bool = False


def open_interview(application: Application) -> Interview | None:
    """The interview that is proposed or agreed."""
    return next((row for row in application.interviews if str(row.state) in {"proposed", "agreed"}), None)


def open_offer(application: Application) -> Offer | None:
    """The offer that waits for an answer."""
    return next((row for row in application.offers if str(row.state) == "made"), None)


def standing_of(application: Application, at: datetime) -> Standing:
    """What happens next with this application."""
    state = str(application.state)
    text, mine = _next_words(application, state, at)
    return Standing(translate(application.state_label), TONES.get(state, "blue" if application.is_open else "plain"),
                    text, mine)


def _next_words(application: Application, state: str, at: datetime) -> tuple[str, bool]:
    employer, due = application.posting.organization.name, day(application.answer_due_on)
    talk, offer = open_interview(application), open_offer(application)
    if offer is not None:
        return _("You answer the offer by %(day)s.", day=day(offer.answer_by)), True
    if talk is not None and str(talk.state) == "proposed":
        return _("You choose an interview time."), True
    if talk is not None and talk.starts_at is not None:
        return _("You talk on %(when)s.", when=moment(talk.starts_at, "full")), False
    words = {
        "submitted": _("%(employer)s reads it and answers by %(day)s. After that the hub steps in.", employer=employer,
                       day=due),
        "in_review": _("%(employer)s is reading it and answers by %(day)s.", employer=employer, day=due),
        "shortlisted": _("%(employer)s sees your name and contact now, and proposes a time to talk.",
                         employer=employer),
        "interviewing": _("%(employer)s decides after the talk, or proposes another time.", employer=employer),
        "accepted": _("You have the job. See your start and what comes after it."),
        "declined": _("You declined the offer. Nothing more is to be done."),
        "not_selected": _("Read the reason and the next step they name."),
        "withdrawn": _("You withdrew it. You can apply again while the role is open."),
        "no_response": _("%(employer)s did not answer in time. That counts against them, not against you.",
                         employer=employer),
        "hired_elsewhere": _("It ended because you were hired."),
        "posting_closed": _("The role ended before a decision about you. It says nothing about your skills."),
    }
    return words.get(state, ""), False


def events_of(application: Application, at: datetime) -> list[dict[str, Any]]:
    """The timeline: what happened, oldest first, and then what comes next."""
    rows: list[tuple[datetime, str, str, str]] = []
    if application.submitted_at:
        rows.append((application.submitted_at, _("You applied"), "", "leaf"))
    if application.revealed_at:
        rows.append((application.revealed_at, _("Shortlisted"), _("Your name and contact became visible."), "leaf"))
    for talk in application.interviews:
        rows.append((talk.created_at, _("Interview times offered"), talk.place, "leaf"))
        if talk.starts_at and str(talk.state) in {"agreed", "held", "missed"}:
            rows.append((talk.starts_at, _("Interview"), translate(talk.state_label), "leaf"))
    for offer in application.offers:
        rows.append((offer.created_at, _("Offer"), translate(offer.state_label), "leaf"))
    state = str(application.state)
    if state not in {"submitted", "shortlisted", "interviewing", "offered"}:
        tone = "leaf" if state == "accepted" else "plain"
        rows.append((application.state_at, translate(application.state_label), "", tone))
    events: list[dict[str, Any]] = [
        {"when": day(when), "title": title, "text": text, "tone": tone if when <= at else "sun"}
        for when, title, text, tone in sorted(rows, key=lambda row: row[0])
    ]
    if application.is_open:
        now = standing_of(application, at)
        events.append({"when": _("next"), "title": now.text, "tone": "sun" if now.mine else "ahead"})
    return events


