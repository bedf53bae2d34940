"""The demo town's audit: true to its records, alike when made again, and with nothing that singles anybody out."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from matcher.kit import crypto
from matcher.kit.audit import AuditEvent
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.matches.pools import Pools
from matcher.organizations.models import Hub
from matcher.organizations.rules import local_day
from matcher.outcomes import fairness, fairness_stages, queries
from matcher.outcomes.fairness_report import as_json
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


def test_the_towns_audit_is_true_to_its_records(town: Session) -> None:
    hub = town.scalars(select(Hub).order_by(Hub.position)).first()
    assert hub is not None
    at = town.scalar(select(func.max(AuditEvent.at)))
    assert at is not None
    day = local_day(at, hub.time_zone)
    report = fairness.audit_of(town, hub, starts_on=fairness.last_year(day), as_of=day, at=at, pools=Pools())

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
