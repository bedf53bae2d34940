"""Chapter three: roles open, people apply to what fits, employers answer, and some are hired."""

from datetime import timedelta

from matcher.applications import actions as applications
from matcher.applications import hiring
from matcher.applications import queries as application_queries
from matcher.applications.models import Application, Interview, Offer
from matcher.candidates.models import Candidate, ProfileView
from matcher.candidates.rules import snapshot
from matcher.kit.actor import Actor
from matcher.kit.errors import DomainError
from matcher.matches import lists
from matcher.matches.facts import candidate_documents
from matcher.organizations import queries as organizations
from matcher.placements import actions as placements
from matcher.roles import actions as roles
from matcher.roles import flag
from matcher.roles.models import PayPeriod, Posting
from matcher.training import queries as training
from seeds.demo.crowd import Crowd
from seeds.demo.learning import Learning, taste
from seeds.demo.openings import OPENINGS, Opening
from seeds.demo.partners import FITS
from seeds.demo.stage import Stage, candidate_actor, chance
from seeds.demo.yearlong import Yearlong

ROLES, FAR_ROLES = 60, 4
LATE = (342, 347, 351, 354)  # so that a visitor finds a good dozen of roles open on the day the story ends
SHOWN = "Harbor Credit Union"  # the employer whose desk visitors try: it should have an open role to show
APPLY_EVERY = 9
NO = (
    ("must_skill", "Your start is good. For this role we need more routine with the first skill on our list.",
     "Finish one more project with it and apply again in three months."),
    ("evidence", "Two people showed the same skills in work we could look at, so we talked to them first.",
     "Add a link to a piece of work for your two strongest skills."),
    ("interview", "We liked the talk. Another person had solved a very similar problem before.",
     "Ask us again in spring: we open this role twice a year."),
    ("schedule", "The shifts we still have open do not fit the hours you asked for.",
     "Look at our day roles, or tell us if your hours change."),
)
SUMMARY = ("You join a small team, learn with a named colleague in the first three months, and have a talk about your "
           "next step after six.")


class Market:
    """Roles and the life of applications to them."""

    def __init__(self, stage: Stage, crowd: Crowd, learning: Learning) -> None:
        self.stage, self.crowd, self.learning = stage, crowd, learning
        self.after = Yearlong(stage)
        self.live: list[Posting] = []

    def plan(self) -> None:
        """Spread the roles over the year and let people look for work every week."""
        rng = self.stage.rng
        for number in range(ROLES):
            opening = OPENINGS[number % len(OPENINGS)]
            self.stage.later(64 + number * 5.05, lambda o=opening: self.post(o, "riverbend"))
        for number, day in enumerate(LATE):
            self.stage.later(day, lambda o=OPENINGS[number * 2 + 1], n=number: self.post(
                o, "riverbend", by=SHOWN if n == 2 else ""))
        for number, day in enumerate((367, 369, 371)):
            self.stage.later(day, lambda o=OPENINGS[number * 3]: self.post(o, "riverbend"))
        for number in range(FAR_ROLES):
            self.stage.later(170 + number * 45, lambda n=number: self.post(OPENINGS[n], "prairie-junction"))
        for day in range(66, 372, 3):
            self.stage.later(day + rng.random(), self.look_for_work)

    def _poster(self, hub_slug: str, family: str) -> str:
        hub = self.stage.hubs[hub_slug]
        names = [name for name, organization in self.stage.organizations.items()
                 if str(organization.kind) == "employer" and name != "Cedar Print Works"
                 and organizations.standing_commitment(self.stage.session, organization.id, hub.id)]
        return self.stage.rng.choice([name for name in names if family in FITS.get(name, ())] or names)

    def post(self, opening: Opening, hub_slug: str, *, by: str = "") -> None:
        """An employer that the role suits, or `by`, writes a role; the hub approves it, now and then after a change."""
        stage, session = self.stage, self.stage.session
        drawn = self._poster(hub_slug, opening.families)  # in any case: the rest of the story hangs on the draws
        name = by or drawn
        organization, actor, hub = stage.organizations[name], stage.members[name], stage.hubs[hub_slug]
        posting = roles.draft_posting(
            session, organization, hub, title=opening.title, occupation_code=opening.occupation, summary=SUMMARY,
            positions=stage.rng.choice((2, 3, 3, 4)), pay_min_cents=opening.low, pay_max_cents=opening.high,
            pay_period="hour" if opening.low < 100_000 else "year", employment_type=opening.kind,
            schedules=opening.schedules, workplace=opening.workplace, place_label=organization.place_label,
            latitude=organization.latitude, longitude=organization.longitude, progression=opening.leads_to,
            progression_code=opening.leads_code, degree="or_equivalent" if chance(stage.rng, 0.2) else "none",
            closes_on=stage.at.date() + timedelta(days=stage.rng.randint(70, 130)), requirements=opening.needs,
            actor=actor, at=stage.at,
        )
        if not chance(stage.rng, 0.08):
            flag.set_open_flag(session, posting, True, actor=actor, at=stage.at)
        roles.submit(session, posting, actor=actor, at=stage.at)
        if stage.day > 366:
            return
        stage.later(2, lambda: self.review(posting, hub_slug, name))

    def review(self, posting: Posting, hub_slug: str, name: str) -> None:
        """The hub reads a role: it approves, or asks for a change that comes back two days later."""
        stage, operator = self.stage, self.stage.operators[hub_slug]
        if chance(stage.rng, 0.12):
            roles.review_posting(
                stage.session, posting, decision="request_changes", actor=operator, at=stage.at,
                words="Nearly there. Please say more about the first weeks.",
                by_field={"summary": "Who will the new person learn with?"},
            )
            stage.later(2, lambda: self.send_again(posting, hub_slug, name))
            return
        roles.review_posting(stage.session, posting, decision="approve", actor=operator, at=stage.at)
        roles.advance_posting(stage.session, posting, "open", actor=stage.members[name], at=stage.at)
        self.live.append(posting)

    def send_again(self, posting: Posting, hub_slug: str, name: str) -> None:
        """The employer answers the hub and sends the role in again."""
        stage, actor = self.stage, self.stage.members[name]
        roles.edit_posting(stage.session, posting, summary=f"{SUMMARY} Your first colleague will be the team lead.",
                           actor=actor, at=stage.at)
        roles.submit(stage.session, posting, actor=actor, at=stage.at)
        stage.later(1, lambda: self.review(posting, hub_slug, name))

    def look_for_work(self) -> None:
        """Active people look at the roles that fit them, and some apply to one of the first."""
        stage = self.stage
        self.live = [p for p in self.live if str(p.state) == "live"]
        if not self.live:
            return
        active = [c for c in self.crowd.profiles.values() if str(c.state) == "active"]
        looking = stage.rng.sample(active, k=max(1, len(active) // APPLY_EVERY)) if active else []
        documents = candidate_documents(stage.session, [candidate.id for candidate in looking])
        for candidate in looking:
            listing = lists.roles_for(stage.session, candidate, viewer_id=candidate.person_id, at=stage.at, top=8,
                                      pools=stage.pools, document=documents[candidate.id])
            self.learning.shown(listing)
            fitting = [line.id for line in listing.ranking.lines if (line.score or 0) > 0.32][:5]
            for posting in self.live:
                if posting.id == (stage.rng.choice(fitting) if fitting else ""):
                    self.apply(posting, candidate)
                    break

    def apply(self, posting: Posting, candidate: Candidate) -> None:
        """Send an application with the profile as it is."""
        stage = self.stage
        if application_queries.find_open(stage.session, posting.id, candidate.id):
            return
        programs = training.completed_programs(stage.session, candidate.id)
        try:
            application = applications.apply(
                stage.session, posting, candidate, words="", consented=True, at=stage.at,
                snapshot=snapshot(candidate, programs, today=stage.at.date()),
                actor=candidate_actor(candidate.person_id, candidate.id),
            )
        except DomainError:
            return
        habit = stage.habits.get(posting.organization_id)
        if habit is not None:
            stage.later(habit * stage.rng.uniform(0.5, 1.6), lambda: self.decide(application))

    def _employer(self, application: Application) -> Actor:
        return next(actor for name, actor in self.stage.members.items()
                    if self.stage.organizations[name].id == application.organization_id)

    def _gone(self, application: Application, *states: str) -> bool:
        return str(application.state) not in states

    def decide(self, application: Application) -> None:
        """The employer reads and decides: a person's choice, in which proof counts and chance plays a part."""
        stage = self.stage
        if self._gone(application, "submitted", "in_review"):
            return
        actor = self._employer(application)
        if str(application.state) == "submitted":
            applications.advance(stage.session, application, "review", actor=actor, at=stage.at)
        stage.session.add(ProfileView(
            created_at=stage.at, hub_id=application.hub_id, candidate_id=application.candidate_id,
            organization_id=application.organization_id, person_id=actor.person_id or "",
            posting_id=application.posting_id,
        ))
        if taste(stage, application) + stage.rng.uniform(-0.18, 0.2) > 0.5:
            applications.advance(stage.session, application, "shortlist", actor=actor, at=stage.at)
            stage.later(stage.rng.randint(2, 5), lambda: self.invite(application))
        else:
            self.refuse(application, stage.rng.randrange(2))

    def refuse(self, application: Application, which: int) -> None:
        """A no with a reason, words and a next step."""
        code, words, following = NO[which]
        applications.say_no(self.stage.session, application, code=code, words=words, next_step=following,
                            actor=self._employer(application), at=self.stage.at)

    def invite(self, application: Application) -> None:
        """Offer three times; most people choose one the next day."""
        stage = self.stage
        if self._gone(application, "shortlisted"):
            return
        first = (stage.at + timedelta(days=3)).replace(hour=15, minute=0, second=0, microsecond=0)
        times = [first, first + timedelta(hours=3), first + timedelta(days=1)]
        interview = hiring.propose_interview(
            stage.session, application, options=times, minutes=45, place="At our office, ask at the front desk",
            actor=self._employer(application), at=stage.at,
        )
        stage.later(1 if chance(stage.rng, 0.8) else 3, lambda: self.choose(application, interview))

    def choose(self, application: Application, interview: Interview) -> None:
        """The candidate chooses a time."""
        stage = self.stage
        if str(interview.state) != "proposed" or self._gone(application, "interviewing"):
            return
        actor = candidate_actor(application.candidate.person_id, application.candidate_id)
        hiring.choose_time(stage.session, interview, stage.rng.choice(interview.options), actor=actor, at=stage.at)
        stage.later(5, lambda: self.meet(application, interview))

    def meet(self, application: Application, interview: Interview) -> None:
        """The talk takes place; an offer or a no follows."""
        stage = self.stage
        if str(interview.state) != "agreed" or self._gone(application, "interviewing"):
            return
        actor = self._employer(application)
        if chance(stage.rng, 0.04):
            hiring.advance_interview(stage.session, interview, "miss", actor=actor, at=stage.at, reason="Nobody came")
            return self.refuse(application, 3)
        hiring.advance_interview(stage.session, interview, "hold", actor=actor, at=stage.at)
        stage.later(stage.rng.randint(1, 4), lambda: self.offer(application))

    def offer(self, application: Application) -> None:
        """Terms within the posted range, or a no."""
        stage, posting = self.stage, application.posting
        if self._gone(application, "interviewing"):
            return
        if chance(stage.rng, 0.26) or posting.filled >= posting.positions or str(posting.state) != "live":
            return self.refuse(application, 2)
        low, high = posting.pay_min_cents or 0, posting.pay_max_cents or 0
        share = stage.rng.choice((0.0, 0.25, 0.5, 0.75))
        offered = hiring.make_offer(
            stage.session, application, pay_cents=round((low + (high - low) * share) / 50) * 50,
            pay_period=PayPeriod(posting.pay_period),
            starts_on=stage.at.date() + timedelta(days=stage.rng.randint(9, 21)),
            answer_by=stage.at.date() + timedelta(days=7), terms="", actor=self._employer(application), at=stage.at,
        )
        stage.later(stage.rng.randint(1, 4), lambda: self.answer(application, offered))

    def answer(self, application: Application, offered: Offer) -> None:
        """The candidate says yes, or now and then no."""
        stage = self.stage
        if self._gone(application, "offered"):
            return
        actor = candidate_actor(application.candidate.person_id, application.candidate_id)
        if chance(stage.rng, 0.07):
            hiring.decline_offer(stage.session, offered, actor=actor, at=stage.at)
            return
        try:
            placement = placements.hire(stage.session, offered, actor=actor, at=stage.at)
        except DomainError:
            return
        self.after.follow(placement, self._employer(application))
