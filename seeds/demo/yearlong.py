"""Chapter four: people start, employers confirm it and answer for a year, some leave, providers hear about it."""

from datetime import timedelta

from sqlalchemy import select

from matcher.candidates import actions as candidates
from matcher.kit.actor import Actor
from matcher.placements import actions as placements
from matcher.placements.models import Placement, RetentionCheck, StillThere
from matcher.roles.models import RequiredSkill
from seeds.demo.stage import Stage, candidate_actor, chance

WORDS = (
    "Learns fast and asks early.", "Strong with people. More practice with the tools would have helped.",
    "Ready from the second week.", "We would teach ticket writing earlier in the program.",
    "Very careful work. Needs less help every month.", "Knows the basics well; networks were new.",
)
LEAVE = ("Moved to another town", "Found a better paid job", "The hours did not work with childcare")


class Yearlong:
    """What follows a hire."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def follow(self, placement: Placement, employer: Actor) -> None:
        """Confirm the start on the day or a little later; one in eleven is still not confirmed."""
        days = (placement.starts_on - self.stage.at.date()).days
        if chance(self.stage.rng, 0.09):
            return
        self.stage.later(days + self.stage.rng.randint(0, 6), lambda: self.confirm(placement, employer))

    def confirm(self, placement: Placement, employer: Actor) -> None:
        """The employer confirms; the checks of the year are made."""
        stage = self.stage
        if str(placement.state) != "offer_accepted":
            return
        today = placements.today_of(stage.session, placement, stage.at)
        placements.confirm_start(stage.session, placement, starts_on=min(placement.starts_on, today), actor=employer,
                                 at=stage.at)
        checks = stage.session.scalars(select(RetentionCheck).where(RetentionCheck.placement_id == placement.id))
        leaves = stage.rng.randint(20, 320) if chance(stage.rng, 0.2) else None
        for check in checks.all():
            wait = (check.due_on - stage.at.date()).days + stage.rng.randint(0, 9)
            if chance(stage.rng, 0.84):
                stage.later(wait, lambda c=check: self.report(c, employer))
            if chance(stage.rng, 0.6):
                stage.later(wait + 1, lambda c=check: self.own_word(c))
        if leaves:
            stage.later(leaves, lambda: self.leave(placement, employer))

    def report(self, check: RetentionCheck, employer: Actor) -> None:
        """The employer answers a check, with skills and words."""
        stage, placement = self.stage, check.placement
        if str(check.state) == "answered" or str(placement.state) == "ended":
            return
        asked = list(stage.session.scalars(select(RequiredSkill.skill_id).where(
            RequiredSkill.posting_id == placement.posting_id).order_by(RequiredSkill.position)))
        strong = [s for s in asked if chance(stage.rng, 0.4)]
        missing = [s for s in asked if s not in strong and chance(stage.rng, 0.2)]
        placements.answer_check(
            stage.session, check, side="employer", still_there=StillThere.YES, actor=employer, at=stage.at,
            would_hire_again=stage.rng.choices(list(StillThere), (84, 6, 10))[0], strong=strong, missing=missing,
            words=stage.rng.choice(WORDS) if chance(stage.rng, 0.6) else "",
        )

    def own_word(self, check: RetentionCheck) -> None:
        """The person says how it goes."""
        stage, placement = self.stage, check.placement
        if str(placement.state) == "ended":
            return
        person = placement.candidate
        placements.answer_check(
            stage.session, check, side="candidate", still_there=StillThere.YES, at=stage.at,
            actor=candidate_actor(person.person_id, person.id),
        )

    def leave(self, placement: Placement, employer: Actor) -> None:
        """The job ends; the person may look again."""
        stage = self.stage
        if str(placement.state) != "started":
            return
        placements.end(stage.session, placement, ended_on=stage.at.date() - timedelta(days=1), actor=employer,
                       at=stage.at, reason=stage.rng.choice(LEAVE))
        person = placement.candidate
        if str(person.state) == "placed":
            candidates.advance(stage.session, person, "resume", at=stage.at,
                               actor=candidate_actor(person.person_id, person.id))
