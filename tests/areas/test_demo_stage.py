"""The demo story's calendar: the same days are played in the same order, whatever the time of day it is told at."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from seeds.demo.stage import DAYS, Stage

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("hour", [time(0, 5), time(14, 59), time(15, 1), time(23, 55)], ids=str)
def test_a_scene_is_played_on_its_day(session: Session, hour: time) -> None:
    now = datetime.combine(TODAY.date(), hour, tzinfo=UTC)
    stage, played = Stage(session, now, seed=1), []

    def scene(due: int) -> None:
        played.append((due, stage.day, stage.at.date()))
        if due + 7 <= DAYS:
            stage.later(7, lambda: scene(due + 7))

    stage.later(3, lambda: scene(3))
    for day in range(1, DAYS + 1):
        stage.play_day(day)
        assert stage.day == day
    assert [(due, day) for due, day, _ in played] == [(due, due) for due in range(3, DAYS + 1, 7)]
    assert [on for *_, on in played] == [TODAY.date() - timedelta(days=DAYS - due) for due in range(3, DAYS + 1, 7)]
    assert stage.at <= now
