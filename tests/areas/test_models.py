"""A hub's models: live only through the gate, followed by every process, held, rolled back, and never tampered with."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from matcher.kit import lifecycle
from matcher.kit.actor import SYSTEM, Actor
from matcher.kit.audit import AuditEvent, write_pending
from matcher.kit.errors import ConflictError, DomainError, NotAllowedError
from matcher.kit.outbox import Notice
from matcher.matches import lists, model_actions, model_queries
from matcher.matches.lifecycle import MODEL, ModelState
from matcher.matches.model_blob import ModelRefused, unpack
from matcher.matches.model_gate import Check, failed
from matcher.matches.models import RankerModel
from matcher.matches.models_in_use import Models
from matcher.matches.pools import Pools, write_versions
from matcher.tasks import models as night
from tests.areas.lives import try_as_everyone
from tests.factories import applications as made
from tests.factories import models
from tests.factories.roles import Town

BROKEN = Check("twins", False, {"value": 3.0, "limit": 0.0, "about": "10000"}).plain()


def told(town: Town, kind: str) -> int:
    """How many notices of a kind the operators have."""
    return town.session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == kind)) or 0


@pytest.mark.data
def test_a_model_goes_live_holds_are_kept_and_rolling_back_is_one_step(town: Town) -> None:
    """Two models live one after the other; the hub rolls back, twice, and lets the third one in when it is ready."""
    session, hub, by, at = town.session, town.hub.id, town.operator, town.at
    first = models.model(session, hub, at, seed=1)
    assert (str(first.state), first.before_id, told(town, "model_live")) == ("running", None, 1)
    second = models.model(session, hub, at + timedelta(days=1), seed=2)
    assert [str(row.state) for row in (first, second)] == ["retired", "running"]
    assert second.before_id == first.id
    with pytest.raises(DomainError, match="Say why"):
        model_actions.roll_back(session, hub, actor=by, at=at, reason="  ")
    with pytest.raises(NotAllowedError):
        model_actions.roll_back(session, hub, actor=town.outsider, at=at, reason="I want to")
    assert model_actions.roll_back(session, hub, actor=by, at=at, reason="odd lists") is first
    assert [str(row.state) for row in (first, second)] == ["running", "retired"]
    third = models.model(session, hub, at + timedelta(days=2), seed=3)
    assert str(third.state) == "held", "after a roll back new models wait for the hub"
    assert told(town, "model_held") == 1
    assert model_actions.roll_back(session, hub, actor=by, at=at, reason="all the way") is None
    assert model_queries.running(session, hub) is None
    with pytest.raises(ConflictError):
        model_actions.roll_back(session, hub, actor=by, at=at, reason="further")
    assert model_actions.release(session, hub, actor=by, at=at, reason="talked it over") is third
    assert (str(third.state), third.before_id) == ("running", None)
    write_pending(session)
    steps = set(session.scalars(select(AuditEvent.action).where(AuditEvent.subject_table.in_(
        ("ranker_models", "model_holds")))))
    assert steps >= {"ranker_model.train", "ranker_model.go_live", "ranker_model.roll_back", "ranker_model.restore",
                     "ranker_model.release", "model_hold.begin", "model_hold.end"}


def test_a_model_that_fails_one_test_ranks_for_nobody(town: Town) -> None:
    """Whatever the other figures say; the one in use stays, and the operators read which test it was."""
    first = models.model(town.session, town.hub.id, town.at, seed=1)
    second = models.model(town.session, town.hub.id, town.at, seed=2, live=False)
    assert str(second.state) == "candidate"
    assert model_actions.settle(town.session, second, at=town.at, checks=[BROKEN]) == "refused"
    assert failed(second.gate) == ["twins"]
    assert model_queries.running(town.session, town.hub.id) is first
    assert told(town, "model_refused") == 1


@pytest.mark.data
def test_two_models_cannot_run_in_one_hub(town: Town) -> None:
    """The database itself refuses it."""
    models.model(town.session, town.hub.id, town.at, seed=1)
    second = models.model(town.session, town.hub.id, town.at, seed=2, live=False)
    town.session.flush()
    with pytest.raises(IntegrityError):
        town.session.execute(update(RankerModel).where(RankerModel.id == second.id).values(state="running"))


def test_every_process_follows_at_its_next_list_and_old_lists_are_made_again(town: Town) -> None:
    """A list names its model; after a change another process ranks by the new one and replays the old list exactly."""
    here, there, posting = Pools(), Pools(), town.role()
    for _ in range(3):
        made.seeker(town)
    runs = []
    for seed in (None, 1, 2):
        if seed is not None:
            models.model(town.session, town.hub.id, town.at, seed=seed)
        for pools in (here, there):
            listing = lists.candidates_for(town.session, posting, viewer_id=None, at=town.at, pools=pools)
            write_versions(town.session, listing.kept)
            town.session.add(listing.run)
            runs.append(listing.run)
    town.session.flush()
    assert [run.model_hash for run in runs[::2]] == [run.model_hash for run in runs[1::2]]
    assert len({run.model_hash for run in runs}) == 3
    for run in runs:
        assert lists.fingerprint(lists.replay(town.session, run, Pools())) == run.fingerprint
    set_committed_value(runs[0], "model_hash", "0" * 64)  # the journal itself cannot be changed
    with pytest.raises(ValueError, match="another model"):
        lists.replay(town.session, runs[0], Pools())


@pytest.mark.parametrize("harm", ["blob", "sha256", "manifest", "hash"])
def test_a_tampered_model_is_refused_and_the_last_good_one_ranks(town: Town, harm: str) -> None:
    """One changed byte, hash or manifest is enough; the nightly check takes it out and tells the operators."""
    session, hub = town.session, town.hub.id
    good = models.model(session, hub, town.at, seed=1)
    bad = models.model(session, hub, town.at, seed=2)
    values = {"blob": bad.blob[:-1] + bytes([bad.blob[-1] ^ 1]), "sha256": "0" * 64, "hash": "f" * 64,
              "manifest": {**bad.manifest, "fingerprint": "f" * 64}}
    session.execute(update(RankerModel).where(RankerModel.id == bad.id).values({harm: values[harm]}))
    session.expire_all()
    with pytest.raises(ModelRefused):
        unpack(bad, Models().similarity(session))
    in_use = Pools().in_use(session, hub)
    assert (in_use.hash, in_use.model_id, in_use.refused) == (good.hash, good.id, bad.id)
    assert night.learn_once(session, hub, town.at) is None
    assert [str(row.state) for row in (good, bad)] == ["running", "refused"]
    assert told(town, "model_distrusted") == 1
    assert Pools().in_use(session, hub).refused is None


def test_a_foreign_model_leaves_the_fixed_weights(town: Town) -> None:
    """The only model there is belongs to other near skills: stage 0 ranks."""
    row = models.model(town.session, town.hub.id, town.at, seed=1)
    row.manifest = {**row.manifest, "similarity": "e" * 64}
    town.session.flush()
    town.session.expire_all()
    in_use = Pools().in_use(town.session, town.hub.id)
    assert (in_use.ranker.stage, in_use.model_id, in_use.refused) == (0, None, row.id)


OPERATOR_STEPS = {"release": "held", "roll_back": "running", "restore": "retired"}


@pytest.mark.parametrize("state", list(ModelState))
@pytest.mark.parametrize("step", MODEL.steps, ids=lambda step: step.name)
def test_every_state_step_and_role_of_a_models_life(town: Town, state: ModelState, step: lifecycle.Step) -> None:
    """Each step leaves from its sources alone, and only by those it names."""
    row = models.model(town.session, town.hub.id, town.at, seed=1, live=False)
    town.session.execute(update(RankerModel).where(RankerModel.id == row.id).values(state=state))
    stranger = Actor(person_id=None, organizations={"x": ("employer", "owner")})
    actors = {"operator": town.operator, "system": SYSTEM, "stranger": stranger}
    try_as_everyone(town.session, row, str(state), step, actors, town.at)
