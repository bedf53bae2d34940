"""What waits at a provider: each thing with its next step, who acts, and by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from matcher.kit.words import N_
from matcher.organizations import queries as organizations
from matcher.organizations.models import Organization, Partnership
from matcher.placements import queries as placements
from matcher.training import queries
from matcher.training.models import Cohort, Program

FRESH = timedelta(days=14)
NEWEST = 3  # groups that are named one by one
OPEN = ("intent_recorded", "enrolled")
STANDING_WORDS = {
    "prospect": N_("The hub has your request and will get in touch. Describe your programs meanwhile."),
    "contacted": N_("The hub is in touch with you and will confirm who you are."),
    "confirmed": N_("You are confirmed. The hub will make you an active partner."),
    "lapsed": N_("Your partnership has lapsed. Write to the hub to come back."),
    "left": N_("You left this hub."),
}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, or one that others do (`mine` is False)."""

    title: str
    text: str
    url: str = ""
    label: str = ""
    due: date | None = None
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """What today's page is made of, read once."""

    programs: list[Program]
    cohorts: list[Cohort]
    counts: dict[tuple[str, str], int]
    endorsed: dict[str, int]
    fresh: int


def read(session: Session, organization: Organization, hub_id: str, at: datetime) -> Facts:
    """Everything that today's page needs, in a fixed number of statements."""
    programs = list(session.scalars(queries.of_provider(organization.id, hub_id=hub_id)).unique())
    cohorts = queries.cohorts_of_provider(session, organization.id, hub_id)
    ids = [cohort.id for cohort in cohorts]
    said = placements.feedback_of_programs(session, [program.id for program in programs])
    return Facts(programs, cohorts, queries.counts_by_state(session, ids), queries.endorsed_people(session, ids),
                 sum(row.created_at > at - FRESH for row, _placement in said))


def tasks(session: Session, organization: Organization, place: Partnership, facts: Facts, at: datetime) -> list[Task]:
    """What waits, the most pressing first."""
    found = [*_vetting(place), *_completions(organization, facts, at.date()), *_endorsements(organization, facts),
             *_feedback(organization, place, facts), *_programs(organization, facts),
             *_invitations(session, organization, at)]
    return found


def _vetting(place: Partnership) -> Iterator[Task]:
    if str(place.state) in STANDING_WORDS:
        yield Task(_("%(hub)s acts next", hub=place.hub.name), _(STANDING_WORDS[str(place.state)]), mine=False)


def _completions(organization: Organization, facts: Facts, today: date) -> Iterator[Task]:
    for cohort in sorted(facts.cohorts, key=lambda row: (row.ends_on, row.id)):
        count = sum(facts.counts.get((cohort.id, state), 0) for state in OPEN)
        if count and cohort.ends_on <= today:
            yield Task(
                ngettext("Confirm %(num)s person in %(name)s", "Confirm %(num)s people in %(name)s", count,
                         name=cohort.name),
                _("The program is over. Once you confirm, its skills show in their profiles."),
                url_for("provider.completions", organization=organization.slug, cohort=cohort.id), _("Confirm"),
                due=cohort.ends_on + FRESH)


def _endorsements(organization: Organization, facts: Facts) -> Iterator[Task]:
    """The groups that ended last, each in a line of its own; older ones together in one."""
    newest = sorted(facts.cohorts, key=lambda row: (row.ends_on, row.id), reverse=True)
    waiting = [(cohort, missing) for cohort in newest
               if (missing := facts.counts.get((cohort.id, "completed"), 0) - facts.endorsed.get(cohort.id, 0)) > 0]
    for cohort, missing in waiting[:NEWEST]:
        yield Task(
            ngettext("Endorse %(num)s graduate of %(name)s", "Endorse %(num)s graduates of %(name)s", missing,
                     name=cohort.name),
            _("They completed, and nobody has vouched for a skill of theirs yet."),
            url_for("provider.endorsements", organization=organization.slug, cohort=cohort.id), _("Endorse"))
    if older := waiting[NEWEST:]:
        yield Task(
            ngettext("Endorse graduates of %(num)s earlier group", "Endorse graduates of %(num)s earlier groups",
                     len(older)),
            _("They completed, and nobody has vouched for a skill of theirs yet."),
            url_for("provider.programs", organization=organization.slug), _("See the programs"))


def _feedback(organization: Organization, place: Partnership, facts: Facts) -> Iterator[Task]:
    if facts.fresh:
        yield Task(
            ngettext("%(num)s new word from an employer", "%(num)s new words from employers", facts.fresh),
            _("What they say about your graduates at work, from the last two weeks."),
            url_for("provider.words", organization=organization.slug, hub=place.hub.slug), _("Read"))


def _programs(organization: Organization, facts: Facts) -> Iterator[Task]:
    if not facts.programs:
        yield Task(_("Describe your first program"), _("Say which skills it teaches, and how far."),
                   url_for("provider.program_new", organization=organization.slug), _("Add a program"))
    for program in facts.programs:
        show = url_for("provider.program_show", organization=organization.slug, program=program.id)
        if str(program.state) == "draft":
            yield Task(_("List “%(name)s”", name=program.name), _("A draft that only you see."), show,
                       _("Look it over"))
        elif str(program.state) == "listed" and not program.cohorts:
            yield Task(_("Add a group to “%(name)s”", name=program.name), _("Then you can invite its people."), show,
                       _("Add a group"))


def _invitations(session: Session, organization: Organization, at: datetime) -> Iterator[Task]:
    count = len(organizations.open_invitations(session, organization.id, at=at, purpose="candidate"))
    if count:
        yield Task(ngettext("%(num)s person has not answered your invitation yet",
                            "%(num)s people have not answered your invitation yet", count),
                   _("You can send it once more from the group’s page."), mine=False)
