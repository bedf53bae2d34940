"""Big hubs' pools in files: the same lists for every process, changes on top, and nothing trusted that may be wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.candidates import actions as candidates
from matcher.candidates.models import Candidate
from matcher.kit import crypto
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.matches import facts, lists, pool_files
from matcher.matches import pools as pools_module
from matcher.matches.models import FactsVersion
from matcher.matches.pools import Pools, write_versions
from matcher.ranking import index_files
from matcher.ranking.index_pool import IndexedPool, IndexedRolePool
from matcher.roles.models import Posting
from tests.factories import applications as made
from tests.factories.applications import Seeker
from tests.factories.roles import SKILLS, Town

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("candidates", "roles")
#: Another process: opens the hub's file and prints its list, how much it had to read, and how often the file is mapped.
OTHER = """
import sys
from datetime import datetime
from pathlib import Path
import matcher.tables
from matcher.kit.session import make_engine, session_factory
from matcher.matches import facts, lists
from matcher.matches.pools import Pools
from matcher.roles.models import Posting
url, folder, posting, at = sys.argv[1:]
read = []
real = facts.candidate_documents
facts.candidate_documents = lambda session, ids: (read.extend(ids), real(session, ids))[1]
pools = Pools(Path(folder))
with session_factory(make_engine(url), read_only=True)() as session:
    listing = lists.candidates_for(session, session.get_one(Posting, posting), viewer_id=None,
                                   at=datetime.fromisoformat(at), pools=pools)
print(listing.run.fingerprint, len(read), Path("/proc/self/maps").read_text().count(folder))
"""


@pytest.fixture
def town(backend: str, settings: Settings, engine: Engine, at: datetime, monkeypatch: pytest.MonkeyPatch
         ) -> Iterator[Town]:
    """A hub with seven people and five roles, where five people and three roles are already many."""
    crypto.configure(settings)
    monkeypatch.setattr(pools_module, "BIG", 5)
    monkeypatch.setattr(pools_module, "MANY_ROLES", 3)
    with session_factory(engine)() as session:
        found = Town.found(session, at)
        for number in range(7):
            made.seeker(found, levels={skill: 1 + (number + place) % 4 for place, skill in enumerate(SKILLS)},
                        shown=number % 2 == 0)
        for number in range(5):
            found.role(title=f"IT support technician {number}")
        session.commit()
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the processes of this host share their pools."""
    return tmp_path / "pools"


def subjects(session: Session) -> tuple[Posting, Candidate]:
    """Some role and some person."""
    return (session.scalars(select(Posting).order_by(Posting.id)).first(),
            session.scalars(select(Candidate).order_by(Candidate.id)).first())


def both(town: Town, pools: Pools, at: datetime | None = None) -> list[lists.Listing]:
    """The list of a role and that of a person, noted as the site notes them."""
    posting, candidate = subjects(town.session)
    found = [lists.candidates_for(town.session, posting, viewer_id=None, at=at or town.at, pools=pools),
             lists.roles_for(town.session, candidate, viewer_id=None, at=at or town.at, pools=pools)]
    for listing in found:
        town.session.add(listing.run)
        write_versions(town.session, listing.kept)
    town.session.commit()
    return found


def same(found: list[lists.Listing], wanted: list[lists.Listing]) -> bool:
    """Whether lists are the same, to the bit."""
    return ([(item.ranking, item.run.fingerprint, item.run.pool_size) for item in found]
            == [(item.ranking, item.run.fingerprint, item.run.pool_size) for item in wanted])


def shared(town: Town, folder: Path) -> Pools:
    """A first process, whose pools are in files by now."""
    pools = Pools(folder)
    both(town, pools)
    both(town, pools)
    return pools


def generations(folder: Path) -> list[str]:
    """The current generation of each pool."""
    return [index_files.generation(path) for path in sorted(folder.glob("*/*"))]


def test_a_second_process_opens_the_file_and_reads_no_facts(
    town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, plain = Pools(folder), Pools()
    wanted = both(town, plain)
    assert same(both(town, first), wanted)
    assert generations(folder) == []  # what the lists were made from was not noted yet
    assert same(both(town, first), wanted)
    assert len(generations(folder)) == 2
    posting, candidate = subjects(town.session)
    person = facts.candidate_documents(town.session, [candidate.id])
    role = facts.role_documents(town.session, [posting.id])
    with monkeypatch.context() as then:
        then.setattr(facts, "candidate_documents", lambda _, ids: _only(candidate, ids, person))
        then.setattr(facts, "role_documents", lambda _, ids: _only(posting, ids, role))
        found = both(town, Pools(folder))
    assert same(found, wanted)
    assert isinstance(found[0].kept.pool, IndexedPool)
    assert isinstance(found[1].kept.pool, IndexedRolePool)
    for listing in found:
        assert lists.fingerprint(lists.replay(town.session, listing.run, plain)) == listing.run.fingerprint


def _only(row: Candidate | Posting, ids: list[str], found: dict[str, facts.Document]) -> dict[str, facts.Document]:
    assert list(ids) == [row.id], "only the one who asks is read"
    return found


def test_a_change_lies_on_top_of_the_file_in_the_very_next_list(town: Town, folder: Path) -> None:
    first = shared(town, folder)
    second, before = Pools(folder), generations(folder)
    both(town, second)
    everyone = town.session.scalars(select(Candidate).order_by(Candidate.id)).all()
    who = Seeker(everyone[1], everyone[1].person, made.actor_for(town.session, everyone[1].person))
    for at, step in ((town.at, "pause"), (town.at + timedelta(hours=1), "resume")):
        candidates.advance(town.session, who.candidate, step, actor=who.actor, at=at)
        made.seeker(town, levels=dict.fromkeys(SKILLS, 4))
        town.role(title=f"Help desk, {step}")
        town.session.commit()
        wanted = both(town, Pools())
        for pools in (first, second, Pools(folder)):
            found = both(town, pools)
            assert same(found, wanted)
            assert lists.fingerprint(lists.replay(town.session, found[0].run, Pools())) == found[0].run.fingerprint
    assert generations(folder) == before  # a few changes make no new file


def test_on_a_new_day_everyone_is_that_much_older_and_the_file_is_written_once(town: Town, folder: Path) -> None:
    first, second = shared(town, folder), Pools(folder)
    both(town, second)
    made.seeker(town, levels=dict.fromkeys(SKILLS, 4), shown=True)
    town.session.commit()
    then, before = town.at + timedelta(days=95), generations(folder)
    wanted = both(town, Pools(), at=then)
    assert same(both(town, first, at=then), wanted)
    assert same(both(town, first, at=then), wanted)
    after = generations(folder)
    assert not set(after) & set(before)
    for pools in (second, Pools(folder), first):
        assert same(both(town, pools, at=then), wanted)
    assert generations(folder) == after
    assert all(pools.fresh(town.session, kind, town.hub.id, then.date()).documents == {}
               for kind in KINDS for pools in (first, second))
    assert same(both(town, second), both(town, Pools()))  # and a list of an earlier day is what it was


@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "not words"])
def test_a_broken_file_is_left_aside_and_written_again(town: Town, folder: Path, harm: str) -> None:
    shared(town, folder)
    wanted = both(town, Pools())
    for kind in KINDS:
        place = pool_files.folder_of(folder, kind, town.hub.id)
        broken = place / index_files.generation(place) / ("manifest.json" if harm == "not words" else "level.npy")
        whole = broken.read_bytes()
        broken.unlink()
        if harm != "gone":
            broken.write_bytes({"cut": whole[:-1], "changed": whole[:-1] + b"\xff", "not words": b"{\xff"}[harm])
    before, pools = generations(folder), Pools(folder)
    assert same(both(town, pools), wanted)
    assert same(both(town, pools), wanted)
    assert not set(generations(folder)) & set(before)
    assert pools.fresh(town.session, "candidates", town.hub.id, town.at.date()).base is not None


def test_the_file_of_another_hub_or_of_a_past_that_never_was_is_not_opened(town: Town, folder: Path) -> None:
    shared(town, folder)
    session, hub_id = town.session, town.hub.id
    assert pool_files.opened(session, folder, "candidates", hub_id)
    (folder / hub_id).rename(folder / "0123456789abcdef")
    assert pool_files.opened(session, folder, "candidates", "0123456789abcdef") is None
    (folder / "0123456789abcdef").rename(folder / hub_id)
    made.seeker(town)
    session.flush()
    kept = Pools().fresh(session, "candidates", hub_id, town.at.date())
    assert pool_files.publish(session, folder, "candidates", hub_id, kept.pool, None, kept.documents,
                              version=kept.version, day=town.at.date() + timedelta(days=1))
    session.rollback()  # as if the database were put back to before
    assert pool_files.opened(session, folder, "candidates", hub_id) is None
    assert same(both(town, Pools(folder)), both(town, Pools()))


def test_facts_that_a_dead_process_did_not_note_are_noted_before_the_file_is_written(town: Town, folder: Path) -> None:
    pools = Pools(folder)
    kept = pools.fresh(town.session, "candidates", town.hub.id, town.at.date())
    kept.unwritten.clear()  # the transaction that should have noted them failed
    assert pools.fresh(town.session, "candidates", town.hub.id, town.at.date()).base is None
    pools.note(town.session, town.hub.id)
    town.session.commit()
    assert town.session.scalar(select(func.count()).select_from(FactsVersion)) == 7
    assert pools.fresh(town.session, "candidates", town.hub.id, town.at.date()).base is not None


def test_lists_go_on_where_no_file_can_be_written(town: Town, folder: Path) -> None:
    folder.write_text("not a folder")
    pools = Pools(folder)
    wanted = both(town, Pools())
    assert same(both(town, pools), wanted)
    assert same(both(town, pools), wanted)
    assert pools.fresh(town.session, "candidates", town.hub.id, town.at.date()).alone_on == town.at.date()


def test_another_process_shares_the_pages(town: Town, folder: Path, database_url: str) -> None:
    shared(town, folder)
    wanted, (posting, _) = both(town, Pools())[0], subjects(town.session)
    answer = subprocess.run([sys.executable, "-c", OTHER, database_url, str(folder), posting.id,  # noqa: S603
                             town.at.isoformat()], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert answer[:2] == [wanted.run.fingerprint, "0"]
    assert int(answer[2]) > 10  # its arrays are the file itself


def test_small_hubs_have_no_file(town: Town, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools_module, "BIG", 5_000)
    monkeypatch.setattr(pools_module, "MANY_ROLES", 2_000)
    found = shared(town, folder)
    assert not folder.exists()
    assert all(type(both(town, found)[at].kept.pool).__name__ == name
               for at, name in enumerate(("CandidatePool", "RolePool")))
