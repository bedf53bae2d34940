"""What the list of people for a role shows of each: code, background, one ladder for each requirement. No names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matcher.applications import queries as applications
from matcher.applications.inviting import invited
from matcher.applications.models import Application
from matcher.candidates.models import Candidate
from matcher.matches import lists, people
from matcher.matches.lists import Listing
from matcher.ranking.explain import Explanation, Finding
from matcher.ranking.ranker import Scored
from matcher.roles.models import Posting, RequiredSkill
from web.kit import db

KIND_WORDS: Mapping[str, Any] = {
    "work": _l("Work"), "military": _l("Military service"), "care": _l("Care"), "community": _l("Community work"),
    "self_taught": _l("Self-taught"), "project": _l("Own projects"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list. `findings` are in the order of the role's requirements."""

    candidate: Candidate
    findings: Sequence[Finding]
    explanation: Explanation
    background: str
    programs: Sequence[str]
    place: people.Place | None = None
    application: Application | None = None
    invited: bool = False

    @property
    def id(self) -> str:
        """The profile's id."""
        return self.candidate.id

    @property
    def name(self) -> str:
        """What the person is called before shortlist."""
        return _("Candidate %(code)s", code=self.candidate.code)

    @property
    def evidenced(self) -> int:
        """How many requirements are met with more than a claim."""
        return sum(finding.status == "evidenced" for finding in self.findings)


def requirements(posting: Posting) -> list[RequiredSkill]:
    """Musts first, each group in the employer's own order."""
    return sorted(posting.requirements, key=lambda need: (not need.must, need.position))


def gather(posting: Posting, listing: Listing, ids: Sequence[str]) -> list[Person]:
    """The people with these ids, in that order; the same number of statements for one as for fifty."""
    session = db.session()
    profiles, programs = people.profiles(session, ids), people.completed(session, ids)
    sent = applications.of_posting(session, posting.id, ids)
    asked = invited(session, posting.id, profiles.values())
    places = people.places(listing.ranking.lines)
    found = []
    for name in ids:
        explanation = lists.explain_line(session, listing, name, pools=db.pools())
        found.append(Person(
            profiles[name], in_order(posting, explanation), explanation,
            background(profiles[name], programs.get(name, ())), programs.get(name, ()), places.get(name),
            sent.get(name), name in asked,
        ))
    return found


def in_order(posting: Posting, explanation: Explanation) -> list[Finding]:
    """The findings in the order in which the page shows the requirements."""
    by_skill = {finding.skill: finding for finding in explanation.findings}
    return [by_skill[need.skill_id] for need in requirements(posting) if need.skill_id in by_skill]


def background(candidate: Candidate, programs: Sequence[str]) -> str:
    """One line about where the skills come from: a completed program, else what the person did."""
    if programs:
        return _("Completed %(program)s", program=programs[0])
    if candidate.headline:
        return candidate.headline
    kinds = [str(experience.kind) for experience in candidate.experiences]
    if not kinds:
        return ""
    most = max(sorted(set(kinds)), key=kinds.count)
    return _("%(kind)s, %(count)s", kind=KIND_WORDS[most],
             count=ngettext("%(num)s entry", "%(num)s entries", kinds.count(most)))


def filtered(listing: Listing, lines: Sequence[Scored], fit: str) -> list[Scored]:
    """The lines that reach what the filter asks; all of them without one."""
    pool, role = listing.kept.pool, listing.role
    if fit not in people.FITS or role is None:
        return list(lines)
    with listing.kept.lock:
        return [line for line in lines if people.reaches(role, pool.get(line.id), fit)]  # type: ignore[arg-type]
