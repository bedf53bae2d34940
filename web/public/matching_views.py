"""How matching works, for everybody: what ranks in each hub, the newest audits, the rules of law, and a human look."""

from dataclasses import dataclass
from datetime import date

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from matcher.matches import model_queries
from matcher.matches.models import RankerModel
from matcher.organizations import queries as organizations
from matcher.organizations.models import Hub
from matcher.outcomes import fairness_actions, laws
from matcher.outcomes.fairness_words import VERDICT_LEADS, VERDICT_WORDS
from matcher.outcomes.models import AuditRun
from matcher.policy import Permission
from matcher.ranking.ranker import MIN_REQUIREMENTS, MIN_SKILLS, WEIGHTS
from web.kit import db, fairness, pages
from web.kit.access import allow
from web.kit.model_words import STAGE_LEADS, STAGE_WORDS, number
from web.kit.reasons import PART_WORDS
from web.kit.words import translate
from web.public.blueprint import blueprint


@dataclass(frozen=True)
class Ranks:
    """What ranks in one hub, and its newest audit."""

    hub: Hub
    model: RankerModel | None
    audit: AuditRun | None

    @property
    def stage(self) -> int:
        """The stage in use."""
        return self.model.stage if self.model else 0

    @property
    def figures(self) -> tuple[str, str] | None:
        """(order on roles left out, calibration error) of the model in use."""
        if self.model is None:
            return None
        metrics = self.model.metrics
        return number(metrics["running"]["new"], 3), number(metrics["calibration"]["ece"], 3)

    @property
    def answers(self) -> tuple[str, str] | None:
        """(how many answers of people, calibration error) of the person's side; None where it has no say."""
        found = self.model.metrics.get("answers", {}) if self.model else {}
        if found.get("outcome") != "two_sided":
            return None
        return number(found["answers"], 0), number(found["ece"], 3)


@blueprint.get("/how-matching-works")
@allow(Permission.PUBLIC_READ)
def how_matching_works() -> str:
    """What the ranker uses, never uses, where it stands in each hub, and how to ask for a human look."""
    parts = sorted(WEIGHTS.items(), key=lambda row: -row[1])
    session, day = db.session(), g.at.date()
    hubs = [Ranks(hub, model_queries.running(session, hub.id), fairness_actions.published(session, hub.id))
            for hub in organizations.hubs(session)]
    return render_template(
        "public/matching.html", parts=[(PART_WORDS[name], weight) for name, weight in parts], hubs=hubs,
        least_skills=MIN_SKILLS, least_asked=MIN_REQUIREMENTS, stage_words=STAGE_WORDS, stage_leads=STAGE_LEADS,
        verdict_words=VERDICT_WORDS, tones=fairness.TONES, laws=laws.laws(), day=day, caution=laws.CAUTION,
    )


@blueprint.get("/hubs/<hub>/audit")
@allow(Permission.PUBLIC_READ, hub=Hub)
def audit(hub: Hub) -> ResponseReturnValue:
    """The newest audit of a hub as it was shown: who gets how far by group, small numbers hidden."""
    g.hub = hub
    run = fairness_actions.published(db.session(), hub.id)
    report = fairness.read(run)
    if run is None or report is None:
        return render_template("public/audit.html", here=hub, run=None)
    stages = fairness.stages(report)
    if kind := pages.asked_export():
        return fairness.download(stages, kind)
    return render_template(
        "public/audit.html", here=hub, run=run, report=report, stages=stages,
        scored=[fairness.table_of(one) for one in report.within], pooled=[fairness.table_of(one) for one in report.raw],
        verdict=translate(VERDICT_WORDS[report.verdict]), verdict_lead=translate(VERDICT_LEADS[report.verdict]),
        tone=fairness.TONES[report.verdict], age=_age(report.as_of, g.at.date()),
        promises=fairness.promises(report),
    )


def _age(as_of: date, today: date) -> str:
    """A word of warning when the audit is older than a year."""
    return str(_("This audit is more than a year old.")) if (today - as_of).days > 365 else ""
