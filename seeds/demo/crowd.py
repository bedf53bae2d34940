"""Chapter two: people arrive, alone or through a cohort, build profiles, finish programs, and are endorsed."""

from datetime import timedelta

from matcher.candidates import actions as candidates
from matcher.candidates import evidence
from matcher.candidates.models import Candidate, ConsentPurpose, EvidenceTier, ExperienceKind, RemoteWish
from matcher.demographics import actions as demographics
from matcher.skills import actions as skills
from matcher.skills.models import ProposalKind
from matcher.training import actions as training
from matcher.training.models import Cohort, EndorsementBasis, Enrollment
from seeds.demo.cast import BACKGROUNDS, HEADLINES, Persona, invent
from seeds.demo.courses import COURSES, SECOND_COURSES, Course
from seeds.demo.places import FAR_QUARTERS
from seeds.demo.stage import DAYS, Stage, candidate_actor, chance

COHORT_STARTS = (18, 118, 214)
FAMILY_OF = {"15-1232.00": "support", "15-1231.00": "networks", "15-1244.00": "networks", "49-2022.00": "networks",
             "15-1254.00": "software", "15-1252.00": "software", "15-1253.00": "software", "15-2051.01": "data",
             "15-1212.00": "security", "43-6014.00": "office"}
PROOFS = {"artifact": "A project to look at", "credential": "A certificate"}
ALONE, FAR_ALONE, COHORT_SIZE = 168, 8, (6, 8)


class Crowd:
    """The people of the story and what they are up to."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.personas: dict[str, Persona] = {}
        self.profiles: dict[str, Candidate] = {}
        self._number = 0

    def plan(self) -> None:
        """Put every arrival on the calendar."""
        rng = self.stage.rng
        for course in COURSES:
            for start in COHORT_STARTS:
                if start + course.weeks * 7 < DAYS + 60:
                    self.stage.later(start + rng.randint(0, 9), lambda c=course: self.open_cohort(c, "riverbend"))
        for course in SECOND_COURSES:
            self.stage.later(140, lambda c=course: self.open_cohort(c, "prairie-junction"))
        for _ in range(ALONE):
            self.stage.later(rng.randint(20, 366), lambda: self.arrive("riverbend"))
        for _ in range(FAR_ALONE):
            self.stage.later(rng.randint(150, 360), lambda: self.arrive("prairie-junction"))

        for days, text in ((367, "Meshtastic radios"), (370, "Odoo")):
            self.stage.later(days, lambda t=text: self.miss_a_word(t))

    def miss_a_word(self, text: str) -> None:
        """Somebody types a skill that nobody knows yet and proposes it."""
        stage = self.stage
        candidate = stage.rng.choice(sorted(self.profiles.values(), key=lambda c: c.code))
        skills.propose(stage.session, hub_id=stage.hubs["riverbend"].id, text=text, kind=ProposalKind.SKILL,
                       actor=candidate_actor(candidate.person_id, candidate.id), at=stage.at)

    def open_cohort(self, course: Course, hub_slug: str) -> None:
        """A provider opens a cohort; its people start profiles."""
        stage, program = self.stage, self.stage.programs[course.name]
        actor = stage.members[course.provider]
        starts = stage.at.date()
        cohort = training.add_cohort(
            stage.session, program, name=f"{course.name} {starts:%Y-%m}", starts_on=starts,
            ends_on=starts + timedelta(days=course.weeks * 7), seats=24, actor=actor, at=stage.at,
        )
        for _ in range(stage.rng.randint(*COHORT_SIZE)):
            candidate = self.arrive(hub_slug, course)
            enrollment = training.enroll(stage.session, cohort, candidate.id, actor=actor, at=stage.at)
            training.advance_enrollment(stage.session, enrollment, "enroll", actor=actor, at=stage.at)
            stage.later(course.weeks * 7, lambda e=enrollment: self.finish(e, course, cohort))

    def arrive(self, hub_slug: str, course: Course | None = None) -> Candidate:
        """One person joins a hub and builds a profile."""
        stage, hub = self.stage, self.stage.hubs[hub_slug]
        self._number += 1
        family = FAMILY_OF.get(course.occupation) if course else None
        persona = invent(stage.rng, self._number, family, course)
        if hub_slug != "riverbend":
            persona.quarter = stage.rng.choice(FAR_QUARTERS)
        person = stage.person(persona.name, persona.email, locale=persona.locale)
        candidate = candidates.start_profile(
            stage.session, hub, person_id=person.id, actor=candidate_actor(person.id, ""), at=stage.at,
            code=self._code(),
        )
        self.personas[candidate.id], self.profiles[candidate.id] = persona, candidate
        self.fill_in(candidate, persona)
        return candidate

    def _code(self) -> str:
        letters, number = "ABCDEFGHJKLMNPRSTUVWXYZ", self._number
        return f"{letters[number % len(letters)]}{number // len(letters) + 2}"

    def fill_in(self, candidate: Candidate, persona: Persona) -> None:
        """Experience, skills with evidence, wishes, consents, answers; then the profile is shown."""
        stage, session, at = self.stage, self.stage.session, self.stage.at
        actor = candidate_actor(candidate.person_id, candidate.id)
        kind, title, place, _ = BACKGROUNDS[persona.background]
        headline = HEADLINES[persona.family] if chance(stage.rng, 0.7) else ""
        candidates.describe(session, candidate, headline=headline, story="", actor=actor, at=at)
        began = at.date() - timedelta(days=stage.rng.randint(500, 2600))
        experience = candidates.add_experience(session, candidate, actor=actor, at=at, facts={
            "kind": ExperienceKind(kind), "title": title, "place": place, "starts_on": began, "ends_on": None,
            "words": "",
        })
        for skill_id, level in persona.skills:
            used = at.date() - timedelta(days=stage.rng.randint(0, 400))
            skill = candidates.put_skill(session, candidate, skill_id=skill_id, level=level, last_used_on=used,
                                         actor=actor, at=at)
            tier = persona.proof[skill_id]
            if tier != "claim":
                evidence.add_own(
                    session, candidate, skill, tier=EvidenceTier(tier), actor=actor, at=at, given_on=used,
                    title=title if tier == "experience" else PROOFS[tier],
                    url=f"https://portfolio.example/{candidate.code.lower()}" if tier == "artifact" else "",
                    experience_id=experience.id if tier == "experience" else None,
                )
        label, latitude, longitude = persona.quarter
        wishes = {**persona.wishes, "remote": RemoteWish(str(persona.wishes["remote"]))}
        candidates.put_preferences(session, candidate, actor=actor, at=at, facts={
            "place_label": label, "latitude": latitude, "longitude": longitude, **wishes})
        if persona.counts:
            candidates.give_consent(session, candidate, ConsentPurpose.COUNT_IN_GROUPS, actor=actor, at=at)
        supporters = [o for o in stage.organizations.values() if str(o.kind) == "workforce_organization"]
        if supporters and candidate.hub_id == stage.hubs["riverbend"].id and chance(stage.rng, 0.3):
            candidates.give_consent(session, candidate, ConsentPurpose.SUPPORT, actor=actor, at=at,
                                    organization_id=stage.rng.choice(supporters[:1] * 2 + supporters).id)
        if persona.answers:
            demographics.answer(session, candidate_id=candidate.id, hub_id=candidate.hub_id, answers=persona.answers,
                                actor=actor, at=at)
        if len(candidate.skills) >= 3:
            candidates.advance(session, candidate, "activate", actor=actor, at=at)

    def finish(self, enrollment: Enrollment, course: Course, cohort: Cohort) -> None:
        """The end of a cohort: most complete and are endorsed, some leave."""
        stage, actor = self.stage, self.stage.members[course.provider]
        if chance(stage.rng, 0.14):
            training.advance_enrollment(stage.session, enrollment, "withdraw", actor=actor, at=stage.at,
                                        reason="Took another path")
            return
        training.advance_enrollment(stage.session, enrollment, "complete", actor=actor, at=stage.at)
        candidate = self.profiles[enrollment.candidate_id]
        if str(candidate.state) == "incomplete":
            candidates.advance(stage.session, candidate, "activate", at=stage.at,
                               actor=candidate_actor(candidate.person_id, candidate.id))
        if chance(stage.rng, 0.85):
            stage.later(4, lambda: self.endorse(enrollment, course))

    def endorse(self, enrollment: Enrollment, course: Course) -> None:
        """The provider endorses what it saw, skill by skill; now and then it takes one back."""
        stage, actor = self.stage, self.stage.members[course.provider]
        for skill_id, level in course.skills:
            if not chance(stage.rng, 0.72):
                continue
            given = training.endorse(
                stage.session, enrollment, skill_id=skill_id,
                level=max(1, level - (1 if chance(stage.rng, 0.15) else 0)), basis=EndorsementBasis.TAUGHT,
                actor=actor, at=stage.at,
            )
            if chance(stage.rng, 0.01):
                training.end_endorsement(stage.session, given, "revoke", actor=actor, at=stage.at,
                                         reason="Given to the wrong person in the list")
