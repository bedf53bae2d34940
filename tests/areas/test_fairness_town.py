"""The demo town's audit: true to its records, alike when made again, and with nothing that singles anybody out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.audit import AuditEvent
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.matches import training_labels
from matcher.matches.pools import Pools
from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes import fairness, fairness_stages, queries
from matcher.outcomes.fairness_report import FairnessReport, as_json
from matcher.ranking import weights
from matcher.ranking.audit_cells import SMALLEST
from tests.town import environment


@pytest.fixture
def town(town_data: Path) -> Iterator[Session]:
    """The told town, open for reading."""
    settings = Settings.from_env(environment(town_data))
    crypto.configure(settings)
    engine = make_engine(settings.database_url)
    with session_factory(engine, read_only=True)() as session:
        yield session
        session.rollback()
    engine.dispose()


@dataclass(frozen=True)
class Audited:
    """The audit of the town's last year, made once for the tests of this file."""

    hub: Hub
    day: date
    report: FairnessReport


@pytest.fixture
def audited(town: Session) -> Audited:
    """What an audit on the town's last day says."""
    hub = town.scalars(select(Hub).order_by(Hub.position)).first()
    at = town.scalar(select(func.max(AuditEvent.at)))
    assert hub is not None
    assert at is not None
    day = local_day(at, hub.time_zone)
    report = fairness.audit_of(town, hub, starts_on=fairness.last_year(day), as_of=day, at=at, pools=Pools())
    return Audited(hub, day, report)


def test_the_towns_audit_is_true_to_its_records(town: Session, audited: Audited) -> None:
    hub, day, report = audited.hub, audited.day, audited.report
    stages = list(dict.fromkeys(one.stage for one in report.stages))
    assert stages == ["filter", "shown", "contacted", "interviewed", "offered", "hired", "retained"]
    sent = fairness_stages.applications(town, hub.id, queries.end_of_day(report.starts_on - timedelta(days=1),
                                        hub.time_zone), queries.end_of_day(day, hub.time_zone))  # fmt: skip
    hired = next(one for one in fairness_stages.of_applications(sent) if one.name == "hired")
    total = report.of_stage("hired")[0].total
    assert (total.n, total.selected) == (len(hired.decided), sum(hired.decided.values()))
    assert total.selected is not None
    assert total.selected > 50

    shown = [row for one in report.stages for row in (*one.rows, one.unknown, one.total) if not row.hidden]
    assert len(shown) > 20
    for row in shown:
        assert row.n is not None
        assert row.selected is not None
        assert min(row.selected, row.n - row.selected) >= SMALLEST
    checks = {check.code: check.passes for check in report.gate.checks}
    assert checks["twins"]
    assert report.congestion is not None
    assert report.uncapped is not None
    assert report.congestion.most <= report.uncapped.most
    kept = json.dumps(as_json(report))
    assert not [name for name in town.scalars(text("SELECT id FROM candidates UNION SELECT id FROM persons"))
                if name in kept]  # fmt: skip


    # What was said is held against what it is taught that became of it, for everybody and for each group of thirty.
    everybody, *groups = [one for one in report.calibrations if one.factor == ("gender",)]
    judged, _ = training_labels.judged_in(town, hub.id, queries.end_of_day(day, hub.time_zone))
    graded = [pair.grade / weights.BEST for pair in judged]
    assert everybody.happened == pytest.approx(sum(graded) / len(graded), abs=0.03)
    assert everybody.predicted == pytest.approx(everybody.happened, abs=0.05)
    for one in (everybody, *groups):
        assert one.n is None
        assert one.ece is None or (one.low is not None and one.high is not None and one.low <= one.ece)
    assert any(one.ece is not None for one in groups)
