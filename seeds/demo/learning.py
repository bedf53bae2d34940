"""Chapter five: lists are kept, employers have a taste that the fixed weights do not know, and the ranker learns it."""

from typing import Any

from sqlalchemy import select

from matcher.applications.models import Application
from matcher.matches import lists, model_queries
from matcher.matches.lists import Listing
from matcher.matches.models import RankerModel
from matcher.matches.pools import Kept, one_candidate, one_role, write_versions
from matcher.ranking import features
from matcher.ranking.features import COLUMNS
from matcher.roles.models import Posting
from matcher.tasks import model_judge, models
from seeds.demo.stage import Stage

#: What the town's employers really look at: what somebody can show, far before anything else.
TASTE = {"must_cover": 0.10, "evidence": 0.85, "recency": 0.05}
LIKED = 0.16
LOOKS = range(90, 372, 35)  # the days on which employers open the lists of their roles
NIGHTS = (250, 300, 350)  # nights on which the worker trains, until a model lives
LAST_NIGHT = 371
OPENED = 40  # how far down an employer reads


class Learning:
    """The lists of the year and the nights on which the ranker learns from them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._kept: dict[int, Kept] = {}

    def plan(self) -> None:
        """Put the looks and the nights on the calendar."""
        for day in LOOKS:
            self.stage.later(day, self.look_at_people)
        for day in NIGHTS:
            self.stage.later(day, self.first_lessons)
        self.stage.later(LAST_NIGHT, self.last_lesson)

    def shown(self, listing: Listing) -> None:
        """Keep a list as it was shown; the facts in it are written once a look or a night."""
        self._kept[id(listing.kept)] = listing.kept
        self.stage.session.add(listing.run)

    def look_at_people(self) -> None:
        """Every employer opens the list of each of its roles."""
        stage = self.stage
        people = {organization.id: stage.members[name].person_id for name, organization in stage.organizations.items()}
        live = select(Posting).where(Posting.state == "live").order_by(Posting.live_at, Posting.id)
        for posting in stage.session.scalars(live).all():
            self.shown(lists.candidates_for(
                stage.session, posting, viewer_id=people.get(posting.organization_id), at=stage.at, top=OPENED,
                pools=stage.pools))
        self.write()

    def write(self) -> None:
        """Write the facts that lists have used."""
        for kept in self._kept.values():
            write_versions(self.stage.session, kept)

    def first_lessons(self) -> None:
        """A night, as long as the fixed weights rank; the year's other nights teach little new and are not told."""
        if model_queries.running(self.stage.session, self.stage.hubs["riverbend"].id) is None:
            self.night()

    def night(self) -> None:
        """What the worker does at night in the first hub: a lesson, then the release gate."""
        model = self.lesson()
        if model is not None:
            model_judge.judge_once(self.stage.session, model, self.stage.at, pools=self.stage.pools)

    def last_lesson(self) -> None:
        """The newest lesson, whose release tests are promised: the demo's own worker makes them when it starts."""
        model = self.lesson()
        if model is not None:
            models.promise_judge(self.stage.session, model, self.stage.at)

    def lesson(self) -> RankerModel | None:
        """Gather and train."""
        stage = self.stage
        self.write()
        stage.session.flush()
        return models.learn_once(stage.session, stage.hubs["riverbend"].id, stage.at, models=stage.pools.models)


def taste(stage: Stage, application: Application) -> float:
    """How much an employer likes an application, 0 to 1; the ranker never sees this number, only what follows."""
    day = stage.at.date()
    pair: Any = (one_role(stage.session, application.posting_id, day),
                 one_candidate(stage.session, application.candidate_id, day))
    column = features.pair_matrix([pair], stage.pools.models.similarity(stage.session))[:, 0].tolist()
    return LIKED + sum(TASTE.get(name, 0.0) * value for name, value in zip(COLUMNS, column, strict=True))
