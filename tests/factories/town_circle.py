"""One employer's circle: its team, a provider, a workforce organization, roles, candidates, and a hire that lasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.applications import actions as applications
from matcher.applications import hiring
from matcher.applications.models import Application
from matcher.candidates import actions as candidates
from matcher.candidates import evidence
from matcher.candidates.models import Candidate, ConsentPurpose, EvidenceTier, ExperienceKind, RemoteWish
from matcher.candidates.rules import snapshot
from matcher.demographics import actions as demographics
from matcher.kit.actor import Actor
from matcher.matches import looks, saving
from matcher.organizations import actions as organizations
from matcher.organizations.models import Hub, Organization
from matcher.organizations.rules import local_day
from matcher.outcomes import actions as outcomes
from matcher.papers import actions as papers
from matcher.papers.models import PaperPurpose
from matcher.people import actions as people
from matcher.people.models import Person
from matcher.placements import actions as placements
from matcher.placements.models import RetentionCheck, StillThere
from matcher.roles import actions as roles
from matcher.roles import flag
from matcher.roles.models import PayPeriod, Posting
from matcher.skills import actions as skills
from matcher.skills.models import ProposalKind
from matcher.training import actions as training
from matcher.training import inviting
from matcher.training.models import Delivery, EndorsementBasis, EtplStatus
from tests.factories import models
from tests.factories.people import acting, password_hash
from tests.factories.roles import FACTS, OCCUPATION, REQUIREMENTS, SKILLS

ANSWERS = {"race_ethnicity": "pacific_islander", "gender": "nonbinary", "income_band": "over_75k",
           "language": "other_at_home"}
KINDS = {"employer": "employer", "provider": "training_provider", "workforce": "workforce_organization"}


class Circle:
    """Tells one world into a hub. `ids` holds slugs of organizations and ids of all else, by what they name."""

    def __init__(self, session: Session, hub: Hub, desk: Actor, mark: str, now: datetime) -> None:
        self.session, self.hub, self.desk, self.mark, self.now = session, hub, desk, mark, now
        self.ids: dict[str, str] = {}
        self.people: dict[str, str] = {}
        self.actors: dict[str, Actor] = {}
        self.rows: dict[str, Any] = {}
        self.at = now - timedelta(days=195)

    def tell(self) -> Circle:
        """Tell the whole story of the circle."""
        self.partners()
        self.team()
        self.training()
        self.roles()
        self.newcomers()
        self.hire()
        self.applications()
        self.papers()
        self.desk_work()
        self.session.flush()
        return self

    def row(self, name: str) -> Any:
        """A row by what it is called in the story."""
        return self.rows[name]

    def keep(self, name: str, row: Any) -> Any:
        """Remember a row; organizations are known by their slugs, everything else by id."""
        self.session.flush()
        self.rows[name] = row
        self.ids[name] = row.slug if isinstance(row, Organization) else str(row.id)
        return row

    def days_ago(self, days: float) -> datetime:
        """Move the story's clock."""
        self.at = self.now - timedelta(days=days)
        return self.at

    def person(self, first: str, role: str) -> Person:
        """Somebody of this world, with canaries in name, mail address and phone."""
        who = people.create_person(
            self.session, name=f"{first} {self.mark}priv", email=f"{first.lower()}@{self.mark.lower()}home.example",
            password_hash=password_hash(), verified=True, phone=f"+1 555 {self.mark.lower()}7", at=self.at,
        )
        self.people[role] = who.id
        return who

    def partners(self) -> None:
        """Three organizations, active partners; the employer is committed."""
        for role, first in (("employer", "Ona"), ("provider", "Pia"), ("workforce", "Wim")):
            who = self.person(first, "owner" if role == "employer" else role)
            made = organizations.found_organization(
                self.session, actor=Actor(person_id=who.id, name=who.name), kind=KINDS[role], at=self.at,
                name=f"{self.mark}pub {role.title()}", about=f"{self.mark}pub about",
                place_label=f"{self.mark}pub Street",
                latitude=self.hub.latitude, longitude=self.hub.longitude,
            )
            self.keep(role, made)
            self.actors[role] = acting(self.session, who)
            joined = organizations.ask_to_join(self.session, made, self.hub, actor=self.actors[role], at=self.at,
                                               words=f"{self.mark}priv wishes")
            for step in ("contact", "confirm", "activate"):
                organizations.advance_partnership(self.session, joined, step, actor=self.desk, at=self.at)
            self.keep(f"{role}_partnership", joined)
        signed = organizations.sign_commitment(
            self.session, self.row("employer"), self.hub, kind="consider", signed_name=f"Ona {self.mark}priv",
            signed_title="Director", starts_on=self.at.date(), expires_on=(self.now + timedelta(days=200)).date(),
            feedback_how=f"{self.mark}priv feedback", actor=self.actors["employer"], at=self.at,
        )
        organizations.advance_commitment(self.session, signed, "accept", actor=self.desk, at=self.at)
        self.keep("commitment", signed)

    def team(self) -> None:
        """A member beside each owner, and an open invitation to each team."""
        for role, name in (("employer", "member"), ("provider", "provider_member"), ("workforce", "workforce_member")):
            who = self.person({"employer": "Mel", "provider": "Paz", "workforce": "Wes"}[role], name)
            joined = organizations.add_member(self.session, self.row(role), who, "member", actor=self.actors[role],
                                              at=self.at)
            self.keep(f"{role}_membership", joined)
            address = f"{role}.new@{self.mark.lower()}home.example"
            invited, _ = organizations.invite(self.session, self.row(role), address, actor=self.actors[role],
                                              at=self.days_ago(1), name=f"New {self.mark}priv")
            self.keep(f"{role}_invitation", invited)
            self.days_ago(195)

    def training(self) -> None:
        """A program with a cohort that has ended, one that runs, and an invited graduate."""
        by, session = self.actors["provider"], self.session
        program = training.add_program(
            session, self.row("provider"), self.hub, skills=[(SKILLS[0], 3), (SKILLS[1], 2)], actor=by, at=self.at,
            facts={"name": f"{self.mark}pub Course", "about": "Evenings.", "cip_code": None,
                   "occupation_code": OCCUPATION, "weeks": 8, "hours_per_week": 10, "cost_cents": 0, "funding": "Free",
                   "delivery": Delivery("hybrid"), "place_label": "", "etpl_status": EtplStatus.LISTED},
        )
        training.advance_program(session, program, "list", actor=by, at=self.at)
        self.keep("program", program)
        first = self.days_ago(180).date()
        self.keep("cohort", training.add_cohort(session, program, name=f"{self.mark}priv spring", starts_on=first,
                                                ends_on=first + timedelta(days=56), seats=20, actor=by, at=self.at))
        invited = inviting.invite(session, self.row("provider"), self.hub, name=f"Gil {self.mark}priv",
                                  email=f"gil@{self.mark.lower()}home.example", cohort=self.row("cohort"), actor=by,
                                  at=self.days_ago(2))
        self.keep("provider_graduate_invitation", invited)
        met = inviting.invite(session, self.row("workforce"), self.hub, name=f"Hal {self.mark}priv", at=self.at,
                              email=f"hal@{self.mark.lower()}home.example", actor=self.actors["workforce"])
        self.keep("workforce_graduate_invitation", met)

    def roles(self) -> None:
        """Roles in many states: four live ones, a draft, one sent in, one with questions, one paused, one closed."""
        states: dict[str, tuple[str, ...]] = {
            **{f"live{n}": ("submit", "approve", "open") for n in (1, 2, 3, 4)}, "draft": (), "submitted": ("submit",),
            "asked": ("submit", "request_changes"), "paused": ("submit", "approve", "open", "pause"),
            "closed": ("submit", "approve", "open", "close"),
        }
        self.days_ago(115)
        for name, steps in states.items():
            word = "pub" if "open" in steps else "priv"
            posting = roles.draft_posting(
                self.session, self.row("employer"), self.hub,
                **{**FACTS, "title": f"{self.mark}{word} {name} technician"},
                positions=2, requirements=REQUIREMENTS, actor=self.actors["employer"], at=self.at,
            )
            if word == "pub":
                flag.set_open_flag(self.session, posting, True, actor=self.actors["employer"], at=self.at)
            for step in steps:
                self._role_step(posting, step)
            self.keep(f"posting_{name}", posting)

    def _role_step(self, posting: Posting, step: str) -> None:
        if step in {"approve", "request_changes"}:
            roles.review_posting(self.session, posting, decision=step, words=f"{self.mark}priv review",
                                 by_field={"summary": "Say more."} if step == "request_changes" else None,
                                 actor=self.desk, at=self.at)
        elif step == "submit":
            roles.submit(self.session, posting, actor=self.actors["employer"], at=self.at)
        else:
            roles.advance_posting(self.session, posting, step, actor=self.actors["employer"], at=self.at, reason="So.")

    def newcomers(self) -> None:
        """Cora with all there is, Dan who got a no, Eve who excludes the employer, and Fay whose account is closed."""
        for first, role in (("Cora", "candidate"), ("Dan", "refused"), ("Eve", "excluding"), ("Fay", "gone")):
            self.days_ago(179)
            self.profile(self.person(first, role), role)
        candidates.exclude(self.session, self.row("excluding"), self.row("employer").id, at=self.at,
                           actor=self.actors["excluding"])
        self.learn()
        people.close_account(self.session, self.session.get_one(Person, self.people["gone"]), at=self.days_ago(100))

    def profile(self, who: Person, role: str) -> None:
        """Build a profile and show it."""
        session, at = self.session, self.at
        code = f"{self.mark[:3].upper()}{role[0].upper()}"
        made = candidates.start_profile(session, self.hub, person_id=who.id, at=at, code=code,
                                        actor=Actor(person_id=who.id))
        by = self.actors[role] = acting(session, who)
        self.keep(role, made)
        candidates.describe(session, made, headline=f"{self.mark}priv headline", story=f"{self.mark}priv story",
                            actor=by, at=at)
        lived = candidates.add_experience(session, made, actor=by, at=at, facts={
            "kind": ExperienceKind("work"), "title": f"{self.mark}priv desk", "place": f"{self.mark}priv place",
            "starts_on": at.date() - timedelta(days=900), "ends_on": None, "words": f"{self.mark}priv words"})
        self.keep(f"{role}_experience", lived)
        for skill_id, level, *_ in REQUIREMENTS:
            held = candidates.put_skill(session, made, skill_id=skill_id, level=level, last_used_on=at.date(),
                                        actor=by, at=at)
            self.keep(f"{role}_skill", held)
        shown = evidence.add_own(session, made, self.row(f"{role}_skill"), tier=EvidenceTier("artifact"),
                                 given_on=at.date(),
                                 title=f"{self.mark}priv project", url="https://portfolio.example/x", actor=by, at=at)
        self.keep(f"{role}_evidence", shown)
        candidates.put_preferences(session, made, actor=by, at=at, facts={
            "place_label": f"{self.mark}priv quarter", "latitude": self.hub.latitude, "longitude": self.hub.longitude,
            "max_km": 30, "remote": RemoteWish("any"), "schedules": ["days"], "pay_floor_cents": 1500,
            "pay_period": "hour"})
        candidates.give_consent(session, made, ConsentPurpose.COUNT_IN_GROUPS, actor=by, at=at)
        candidates.give_consent(session, made, ConsentPurpose.SUPPORT, organization_id=self.row("workforce").id,
                                actor=by, at=at)
        demographics.answer(session, candidate_id=made.id, hub_id=self.hub.id, answers=ANSWERS, actor=by, at=at)
        candidates.advance(session, made, "activate", actor=by, at=at)

    def learn(self) -> None:
        """Cora completes the cohort and is endorsed; Dan is still in it."""
        by, session = self.actors["provider"], self.session
        for role in ("candidate", "refused"):
            joined = training.enroll(session, self.row("cohort"), self.row(role).id, actor=by, at=self.days_ago(178))
            training.advance_enrollment(session, joined, "enroll", actor=by, at=self.at)
            self.keep("enrollment" if role == "candidate" else "enrollment_running", joined)
        training.advance_enrollment(session, self.row("enrollment"), "complete", actor=by, at=self.days_ago(120))
        self.keep("endorsement", training.endorse(
            session, self.row("enrollment"), skill_id=SKILLS[0], level=2, basis=EndorsementBasis.TAUGHT,
            words=f"{self.mark}priv praise", actor=by, at=self.at))

    def apply(self, role: str, posting: str) -> Application:
        """Send an application."""
        who: Candidate = self.row(role)
        return applications.apply(self.session, self.row(posting), who, words=f"{self.mark}priv letter", consented=True,
                                  snapshot=snapshot(who, [], today=self.at.date()), actor=self.actors[role], at=self.at)

    def talk(self, application: Application, *, held: bool) -> Any:
        """Shortlist and invite to a talk, which takes place when `held`."""
        by, session = self.actors["employer"], self.session
        for step in ("review", "shortlist"):
            applications.advance(session, application, step, actor=by, at=self.at)
        times = [self.at + timedelta(days=days, hours=2) for days in (1, 2)]
        interview = hiring.propose_interview(session, application, options=times, minutes=45,
                                             place=f"{self.mark}priv room", actor=by, at=self.at)
        if held:
            hiring.choose_time(session, interview, interview.options[0], actor=self.actors["candidate"], at=self.at)
            self.at += timedelta(days=2)
            hiring.advance_interview(session, interview, "hold", actor=by, at=self.at)
        return interview

    def offer(self, application: Application, starts_in: int) -> Any:
        """Offer terms."""
        return hiring.make_offer(
            self.session, application, pay_cents=2300, pay_period=PayPeriod("hour"),
            starts_on=self.at.date() + timedelta(days=starts_in), answer_by=self.at.date() + timedelta(days=7),
            terms=f"{self.mark}priv terms", actor=self.actors["employer"], at=self.at)

    def hire(self) -> None:
        """Cora is hired, starts, and the first check is answered with feedback; the second one is open."""
        session, by = self.session, self.actors["employer"]
        self.days_ago(110)
        application = self.keep("application_accepted", self.apply("candidate", "posting_live4"))
        self.talk(application, held=True)
        offered = self.keep("offer_accepted", self.offer(application, starts_in=5))
        placement = placements.hire(session, offered, actor=self.actors["candidate"], at=self.at)
        self.keep("placement", placement)
        self.days_ago(96)
        placements.confirm_start(session, placement, starts_on=local_day(self.at, self.hub.time_zone), actor=by,
                                 at=self.at)
        self.days_ago(65)
        placements.ask_checks(session, self.at)
        asked = select(RetentionCheck).where(RetentionCheck.placement_id == placement.id)
        checks = {check.day: check for check in session.scalars(asked)}
        placements.answer_check(session, checks[30], side="employer", still_there=StillThere.YES, strong=[SKILLS[0]],
                                missing=[SKILLS[1]], words=f"{self.mark}priv says", would_hire_again=StillThere.YES,
                                actor=by, at=self.at)
        self.keep("check_answered", checks[30])
        self.keep("check", checks[90])
        placements.ask_checks(session, self.days_ago(5))

    def applications(self) -> None:
        """Cora looks again: one application waits, one is at the talk, one at the offer; Dan got a no."""
        self.days_ago(4)
        candidates.advance(self.session, self.row("candidate"), "resume", actor=self.actors["candidate"], at=self.at)
        saving.toggle(self.session, self.row("candidate"), self.row("posting_live1"), actor=self.actors["candidate"],
                      at=self.at)
        self.keep("application", self.apply("candidate", "posting_live1"))
        invited = self.keep("application_interviewing", self.apply("candidate", "posting_live2"))
        self.keep("interview", self.talk(invited, held=False))
        offered = self.keep("application_offered", self.apply("candidate", "posting_live3"))
        self.talk(offered, held=True)
        self.keep("offer", self.offer(offered, starts_in=14))
        refused = self.keep("application_refused", self.apply("refused", "posting_live1"))
        applications.advance(self.session, refused, "review", actor=self.actors["employer"], at=self.at)
        applications.say_no(self.session, refused, code="must_skill", next_step="Try again in spring.",
                            words=f"{self.mark}priv no, with more routine next time",
                            internal_words=f"{self.mark}priv inside", actor=self.actors["employer"], at=self.at)

    def papers(self) -> None:
        """Cora's résumé and the employer's ad were read a moment ago and wait to be looked through."""
        line = {"text": f"{self.mark}priv skill", "level": 2, "where": f"{self.mark}priv line", "experience": 0,
                "outcome": "unknown", "id": None, "label": "", "options": [], "must": True}
        did = {"kind": "work", "title": f"{self.mark}priv desk", "place": "", "starts_on": "2024-01-01", "ends_on": "",
               "words": ""}
        found: dict[PaperPurpose, dict[str, Any]] = {
            PaperPurpose.RESUME: {"experiences": [did], "summary": "", "certificates": [], "skills": [line]},
            PaperPurpose.AD: {"facts": {"title": f"{self.mark}priv role"}, "quotes": {}, "skills": [line]},
        }
        for role, purpose, owner in (("candidate", PaperPurpose.RESUME, "candidate_id"),
                                     ("employer", PaperPurpose.AD, "organization_id")):
            made = papers.bring(self.session, purpose=purpose, hub_id=self.hub.id, data=b"a page", name="paper.txt",
                                actor=self.actors[role], at=self.now, **{owner: self.row(role).id})
            papers.keep_reading(self.session, made.id, found=found[purpose], at=self.now)
            self.keep(f"{role}_paper", made)

        self.keep("look", looks.ask(self.session, self.row("candidate"), posting=None,
                                    words=f"{self.mark}priv thinks that a skill was not seen", at=self.at,
                                    actor=self.actors["candidate"]))

    def desk_work(self) -> None:
        """The hub decides on occupations, sets a goal, publishes a figure, and has a proposed word to look at."""
        self.days_ago(3)
        if not self.hub.name.startswith(self.mark):
            return
        skills.decide_defaults(self.session, self.hub.id, self.hub.wage_area, self.at)
        outcomes.set_goal(self.session, self.hub, target=5, starts_on=(self.now - timedelta(days=180)).date(),
                          target_on=(self.now + timedelta(days=90)).date(), actor=self.desk, at=self.at)
        self.keep("model", models.model(self.session, self.hub.id, self.at, live=False))
        outcomes.publish_snapshot(self.session, self.hub, as_of=local_day(self.at, self.hub.time_zone), at=self.at)
        self.keep("proposal", skills.propose(self.session, hub_id=self.hub.id, text=f"{self.mark}priv welding",
                                             kind=ProposalKind.SKILL, actor=self.actors["candidate"], at=self.at))
