"""The one thing a candidate should do next, and what is left to do on the profile."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from matcher.applications import queries as applications
from matcher.applications.models import Application, Interview
from matcher.candidates import rules
from matcher.candidates.models import Candidate
from matcher.organizations.models import Hub
from matcher.placements import queries as placements
from matcher.placements.models import RetentionCheck
from web.kit import db
from web.kit.words import day, moment


@dataclass(frozen=True)
class Next:
    """A title, a sentence, and where to go; `step` is a profile step to take by button instead."""

    title: str
    text: str
    url: str = ""
    label: str = ""
    step: str = ""


def next_step(candidate: Candidate, hub: Hub) -> Next:
    """What waits for this person: an offer, a time to choose, a check, then the profile, then roles."""
    sent = [row for row in db.session().scalars(applications.of_candidate(candidate.id)) if row.is_open]
    asked = _offer(candidate, sent) or _interview(candidate, sent) or _check(candidate)
    return asked or _of_profile(candidate) or _waiting(candidate, sent)


def _to(endpoint: str, candidate: Candidate, **more: Any) -> str:
    return url_for(f"candidate.{endpoint}", candidate=candidate.id, **more)


def _offer(candidate: Candidate, sent: list[Application]) -> Next | None:
    for row in sent:
        offer = next((o for o in row.offers if str(o.state) == "made"), None)
        if offer is not None:
            return Next(_("You have an offer"),
                        _("%(employer)s wants you as %(role)s. Answer by %(day)s.", role=row.posting.title,
                          employer=row.posting.organization.name, day=day(offer.answer_by)),
                        _to("application", candidate, application=row.id), _("Read the offer"))
    return None


def _interview(candidate: Candidate, sent: list[Application]) -> Next | None:
    for row in sent:
        talk = next((i for i in row.interviews if str(i.state) == "proposed"), None)
        if talk is not None:
            first = min(datetime.fromisoformat(option) for option in talk.options)
            return Next(_("Choose an interview time"),
                        _("%(employer)s offered you times to talk. The first is on %(day)s.",
                          day=moment(first, "full"), employer=row.posting.organization.name),
                        _to("application", candidate, application=row.id), _("Choose a time"))
    return None


def open_checks(candidate: Candidate, today: date) -> list[RetentionCheck]:
    """Checks that are due and that this person has not answered."""
    return [check for row in placements.of_candidate(db.session(), candidate.id) for check in row.checks
            if check.due_on <= today and str(row.state) != "offer_accepted"
            and (today - check.due_on).days <= 45 and not any(a.side == "candidate" for a in check.answers)]


def _check(candidate: Candidate) -> Next | None:
    due = open_checks(candidate, g.at.date())
    if not due:
        return None
    return Next(_("How is your job going?"), _("Three short questions, after %(days)s days at work.", days=due[0].day),
                _to("check", candidate, check=due[0].id), _("Answer"))


def _of_profile(candidate: Candidate) -> Next | None:
    state, faults = str(candidate.state), rules.missing_for_active(candidate)
    if state == "withdrawn":
        return Next(_("You left this hub"), _("Nobody here sees your profile. You can come back at any time."),
                    label=_("Come back"), step="rejoin")
    if state == "paused":
        return Next(_("Your profile is paused"), _("Nobody finds you until you show it again."),
                    label=_("Show it again"), step="resume")
    if state not in {"incomplete", "dormant"}:
        return None
    if "skills" in faults:
        have = len(candidate.skills)
        return Next(_("Add your skills"), _("Three are enough to start. You have %(have)s.", have=have),
                    _to("skill_add", candidate), _("Add skills"))
    if "place" in faults:
        return Next(_("Say where you can work"),
                    _("Then we leave out what is too far, pays too little or is at the wrong hours."),
                    _to("wishes", candidate), _("Say what you want"))
    return Next(_("Show your profile"), _("It says enough now. Employers see your skills, not your name."),
                label=_("Show my profile to employers"), step="activate")


def _agreed(row: Application) -> Interview | None:
    """The talk that is agreed and still ahead."""
    return next((talk for talk in row.interviews
                 if str(talk.state) == "agreed" and talk.starts_at and talk.starts_at > g.at), None)


def _waiting(candidate: Candidate, sent: list[Application]) -> Next:
    for row in sent:
        talk = _agreed(row)
        if talk is not None:
            when = moment(talk.starts_at, "full")
            return Next(_("Your interview is coming"),
                        _("%(employer)s, %(when)s, %(place)s", when=when, employer=row.posting.organization.name,
                          place=talk.place),
                        _to("application", candidate, application=row.id), _("See the details"))
    if str(candidate.state) == "placed":
        return Next(_("Keep your skills up to date"), _("What you learn at work counts too. Add it while it is fresh."),
                    _to("skills", candidate), _("My skills"))
    if sent:
        due = min((row.answer_due_on for row in sent if row.answer_due_on), default=None)
        text = _("You will have an answer to each by its date, the first by %(day)s. Meanwhile, look at more roles.",
                 day=day(due)) if due else _("Look at more roles while you wait.")
        return Next(_("Employers are reading"), text, _to("matches", candidate), _("Roles for me"))
    return Next(_("Look at the roles that fit you"), _("Each shows how your skills compare, and why."),
                _to("matches", candidate), _("Roles for me"))


def checklist(candidate: Candidate, answered: bool) -> list[dict[str, Any]]:
    """What a profile is made of, done or not; the voluntary questions are marked as such."""
    skills, wishes = candidate.skills, candidate.preferences
    backed = sum(rules.held(skill).tier != "claim" for skill in skills)
    wished = bool(wishes and (wishes.place_label or wishes.schedules))
    rows = (
        (_("Say who you are in one line"), bool(candidate.headline), "", "profile_words"),
        (_("Add at least three skills"), len(skills) >= rules.ENOUGH_SKILLS,
         _("You have %(have)s.", have=len(skills)), "skill_add"),
        (_("Back your skills"), bool(skills) and backed == len(skills),
         _("%(backed)s of %(all)s are backed.", backed=backed, all=len(skills)), "skills"),
        (_("Tell what you have done"), bool(candidate.experiences),
         _("Paid work, service, care, community, learning: all of it counts."), "experience_add"),
        (_("Say what you want of a job"), wished, "", "wishes"),
        (_("Voluntary questions"), answered, _("Only if you want to. Employers never see them."), "questions"),
    )
    return [{"title": title, "done": done, "text": text, "url": _to(endpoint, candidate)}
            for title, done, text, endpoint in rows]
