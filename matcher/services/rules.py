"""Pure decisions about support: what a person's next step is, who acts, and by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.kit.words import N_

WAITING = frozenset({"submitted", "in_review", "shortlisted"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What deciding may look at: the profile's state and gaps, applications (newest change first), the newest job."""

    state: str
    gaps: tuple[str, ...] = ()
    applications: Sequence[Any] = ()
    job: Any | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next: a code, words with their values, the day it is due, and whether the supporter can act on it."""

    code: str
    words: str
    params: Mapping[str, object] = field(default_factory=dict)
    due: date | None = None
    ours: bool = False


GAP_WORDS = {
    "skills": N_("Add at least three skills to the profile"), "place": N_("Say where they can work"),
}


def next_step(standing: Standing, *, today: date) -> NextStep:
    """The most pressing thing: an offer, a first day, an interview, an answer that is due, a gap, the first try."""
    for application in standing.applications:
        if str(application.state) == "offered":
            return _offer(application)
    job = standing.job
    if job is not None and str(job.state) == "offer_accepted":
        return NextStep("first_day", N_("Starts as %(title)s"), {"title": job.title}, job.starts_on,
                        ours=job.starts_on >= today)
    if job is not None and str(job.state) == "started":
        return NextStep("at_work", N_("At work as %(title)s"), {"title": job.title})
    return _on_the_way(standing)


def _offer(application: Any) -> NextStep:
    days = [offer.answer_by for offer in application.offers if str(offer.state) == "made"]
    return NextStep("offer", N_("Has an offer to answer: %(title)s"), {"title": application.posting.title},
                    min(days, default=None), ours=True)


def _on_the_way(standing: Standing) -> NextStep:
    for application in standing.applications:
        if str(application.state) == "interviewing":
            starts = [talk.starts_at.date() for talk in application.interviews
                      if str(talk.state) == "agreed" and talk.starts_at]
            return NextStep("interview", N_("Interview: %(title)s"), {"title": application.posting.title},
                            min(starts, default=None), ours=True)
    waiting = [a for a in standing.applications if str(a.state) in WAITING]
    if waiting:
        days = [a.answer_due_on for a in waiting if a.answer_due_on]
        return NextStep("waiting", N_("Waits for answers from employers: %(count)d"), {"count": len(waiting)},
                        min(days, default=None))
    if standing.gaps:
        return NextStep("profile", GAP_WORDS[standing.gaps[0]], ours=True)
    if standing.state in {"incomplete", "paused", "dormant", "withdrawn"}:
        return NextStep("hidden", N_("Show the profile to employers"), ours=True)
    words = N_("Look at roles together again") if standing.applications else N_("Find a first role together")
    return NextStep("roles", words, ours=True)
