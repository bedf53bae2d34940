"""Field encryption: a value opens in its own place only, is found without being readable, and moves to new keys."""

from __future__ import annotations

import base64
import threading
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

import matcher.tables  # noqa: F401 - every model, so that every sealed column is known
from matcher.kit import crypto, rotation
from matcher.kit.crypto import FieldBox, Sealed, SealError
from matcher.kit.ids import new_id
from matcher.kit.outbox import Notice
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.tasks import keys_command

OLD, NEW, INDEX = bytes(range(32)), bytes(range(100, 132)), bytes(range(200, 232))
PLACE = ("persons", "a" * 16, "email_sealed")


@pytest.fixture
def box() -> FieldBox:
    """A box with two keys, the newer one first."""
    return FieldBox((("k2", NEW), ("k1", OLD)), INDEX)


@pytest.fixture(autouse=True)
def _keys_of_this_test(request: pytest.FixtureRequest) -> None:
    if "settings" in request.fixturenames:
        crypto.configure(request.getfixturevalue("settings"))


def test_what_is_sealed_opens_in_its_own_place(box: FieldBox) -> None:
    for words in ("ana@example.org", "", "Zoë Ñandú 🙂", "x" * 10_000):
        sealed = box.seal(*PLACE, words)
        assert box.open(*PLACE, sealed) == words
        assert sealed.startswith("1.k2.")
        assert not words or words not in sealed


@pytest.mark.parametrize("place", [("people", PLACE[1], PLACE[2]), (PLACE[0], "b" * 16, PLACE[2]),
                                   (PLACE[0], PLACE[1], "phone_sealed"), ("personsa", "a" * 15, PLACE[2])])
def test_a_value_moved_to_another_place_does_not_open(box: FieldBox, place: tuple[str, str, str]) -> None:
    sealed = box.seal(*PLACE, "ana@example.org")
    with pytest.raises(SealError):
        box.open(*place, sealed)


def test_every_changed_byte_is_noticed(box: FieldBox) -> None:
    head, _, body = box.seal(*PLACE, "ana").rpartition(".")
    raw = base64.b64decode(body)
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1
        with pytest.raises(SealError):
            box.open(*PLACE, f"{head}.{base64.b64encode(changed).decode()}")


def test_the_name_of_the_key_is_part_of_what_is_protected() -> None:
    same = FieldBox((("k1", OLD), ("k2", OLD)), INDEX)
    sealed = same.seal(*PLACE, "ana")
    with pytest.raises(SealError):
        same.open(*PLACE, sealed.replace("1.k1.", "1.k2."))


@pytest.mark.parametrize("broken", ["", "ana@example.org", "1.k2", "1.k2.", "1.k2.!!", "2.k2.AAAA", "1.k9.AAAA"])
def test_what_was_never_sealed_is_refused_without_being_repeated(box: FieldBox, broken: str) -> None:
    with pytest.raises(SealError) as refused:
        box.open(*PLACE, broken)
    assert "ana@" not in str(refused.value)


def test_two_seals_of_one_value_look_different(box: FieldBox) -> None:
    assert len({box.seal(*PLACE, "ana") for _ in range(200)}) == 200


def test_the_blind_index_is_equal_for_equal_addresses_only(box: FieldBox) -> None:
    index = box.blind_index("persons.email", "Ana@Example.org ")
    assert index == box.blind_index("persons.email", "ana@example.ORG")
    assert index != box.blind_index("persons.phone", "ana@example.org")
    assert index != box.blind_index("persons.email", "ana@example.com")
    assert index != FieldBox((("k2", NEW),), OLD).blind_index("persons.email", "ana@example.org")
    assert index == FieldBox((("k9", OLD),), INDEX).blind_index("persons.email", "ana@example.org")
    assert len(index) == 43


def test_every_sealed_attribute_has_its_column_and_index() -> None:
    columns = crypto.sealed_columns()
    assert {("persons", "email"), ("notices", "address")} <= {(model.__tablename__, name) for model, name, _ in columns}
    for model, name, field in columns:
        table = model.__table__.columns
        assert field.column in table, f"{model.__tablename__}.{name}"
        assert not field.index or table[field.index].type.length >= 43


def test_a_row_gets_its_id_before_its_sealed_field(settings: Settings, at: datetime) -> None:
    made = Notice(address="ana@example.org", kind="news", params={}, at=at, created_at=at, key="1")
    assert made.address == "ana@example.org"
    named = Notice(address="ana@example.org", id=new_id(), kind="news", params={}, at=at, created_at=at, key="2")
    assert named.address == "ana@example.org"
    named.address = None
    assert named.address is None
    assert named.address_sealed is None


def notice(at: datetime, number: int) -> Notice:
    """A notice to somebody without an account."""
    address = f"canary{number}@example.org"
    return Notice(address=address, kind="news", params={}, at=at, created_at=at, key=f"n{number}")


@pytest.mark.data
def test_no_address_stands_in_the_database_file(settings: Settings, engine: Engine, at: datetime) -> None:
    with session_factory(engine)() as session:
        session.add_all(notice(at, number) for number in range(20))
        session.commit()
        stored = " ".join(str(row) for row in session.execute(text("SELECT * FROM notices")))
    assert stored.count("1.k1.") == 20
    assert "canary" not in stored
    if engine.dialect.name == "sqlite":
        files = [path for path in settings.data_dir.parent.iterdir() if path.name.startswith("first_rung.db")]
        assert files
        assert all(b"canary" not in path.read_bytes() for path in files)


def with_new_key(settings: Settings) -> Settings:
    """The settings after a new key was put in front."""
    return replace(settings, field_keys=(("k2", NEW), *settings.field_keys))


@pytest.mark.data
def test_rotation_moves_every_value_while_people_read_and_write(
    settings: Settings, engine: Engine, at: datetime
) -> None:
    make_session = session_factory(engine)
    with make_session.begin() as session:
        session.add_all(notice(at, number) for number in range(300))
    crypto.configure(with_new_key(settings))
    done, faults, written = threading.Event(), [], {}
    visited = threading.Semaphore(0)  # each batch waits for a visit: SQLite's write lock is not handed out in turn

    def visit() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            try:
                with make_session.begin() as session:
                    row = session.scalars(select(Notice).where(Notice.key == f"n{turn * 37 % 300}")).one()
                    assert row.address.endswith("@example.org")
                    row.address = f"changed{turn}@example.org"
                    written[row.key] = row.address
            except Exception as error:
                faults.append(repr(error))
            visited.release()

    visitor = threading.Thread(target=visit)
    visitor.start()
    moved = 0
    while step := _one_step(make_session):
        moved += step
        assert visited.acquire(timeout=60)
    done.set()
    visitor.join()
    assert faults == []
    assert 0 < moved <= 300
    crypto.configure(replace(settings, field_keys=(("k2", NEW),)))
    with make_session() as session:
        rows = {row.key: row.address for row in session.scalars(select(Notice))}
        assert rotation.keys_in_use(session) == {"k2": 300}
    assert written
    assert rows == {f"n{number}": f"canary{number}@example.org" for number in range(300)} | written


def _one_step(make_session: object) -> int:
    with make_session.begin() as session:  # type: ignore[attr-defined]
        return rotation.rotate(session, limit=25)


@pytest.mark.data
def test_a_value_that_changes_during_its_rotation_keeps_the_newer_words(
    settings: Settings, session: Session, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add(notice(at, 1))
    session.flush()
    crypto.configure(with_new_key(settings))
    opened = crypto.open_sealed

    def edit_meanwhile(*place_and_value: str) -> str:
        words = opened(*place_and_value)
        row = session.scalars(select(Notice)).one()
        row.address = "newer@example.org"
        session.flush()
        return words

    with monkeypatch.context() as patched:
        patched.setattr(crypto, "open_sealed", edit_meanwhile)
        rotation.rotate(session)
    session.expire_all()
    assert session.scalars(select(Notice)).one().address == "newer@example.org"


def test_values_under_a_lost_key_are_counted_as_unknown(settings: Settings, session: Session, at: datetime) -> None:
    session.add(notice(at, 1))
    session.flush()
    crypto.configure(replace(settings, field_keys=(("k7", NEW),)))
    assert rotation.keys_in_use(session) == {"unknown": 1}
    with pytest.raises(SealError):
        rotation.rotate(session)


def test_the_keys_command_adds_rotates_and_counts(
    settings: Settings, at: datetime, engine: Engine, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with session_factory(engine).begin() as session:
        session.add(notice(at, 1))
    environ = {"MODE": "development", "DATA": str(settings.data_dir), "DATABASE_URL": settings.database_url}
    for name, value in environ.items():
        monkeypatch.setenv(f"FIRST_RUNG_{name}", value)
    assert keys_command.main(["add"]) == 0
    assert keys_command.main(["status"]) == 0
    assert "k1: 1 values" in capsys.readouterr().out
    assert keys_command.main(["rotate"]) == 0
    assert keys_command.main(["status"]) == 0
    assert "k1: 0 values" in capsys.readouterr().out
    with session_factory(engine)() as session:
        assert session.scalars(select(Notice)).one().address == "canary1@example.org"
        assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_an_index_is_written_and_found_with_its_value(box: FieldBox, settings: Settings) -> None:
    class Card:
        """A row that is not stored, with an indexed sealed field."""

        __tablename__ = "cards"
        id = "c" * 16
        mail_sealed: str | None = None
        mail_index: str | None = None
        mail = Sealed("mail_sealed", index="mail_index")

    Sealed.registry.pop()
    card = Card()
    assert card.mail == ""
    card.mail = "Ana@Example.org"
    assert card.mail == "Ana@Example.org"
    assert card.mail_index == crypto.blind_index("cards.mail_sealed", "ana@example.org")
