"""Accounts: passwords, links that work once, second factors, and what is left of a closed account."""

import json
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from matcher import tables
from matcher.kit import crypto, outbox
from matcher.kit.audit import AuditEvent
from matcher.kit.errors import ConflictError, DomainError, NotFoundError
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.people import actions, export, passwords, queries, second_factor, tokens
from matcher.people.models import Person, SignIn
from matcher.people.tokens import Purpose
from tests.factories.people import PASSWORD, person, with_second_factor

assert tables.METADATA


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    """Personal fields need keys."""
    crypto.configure(settings)


def kinds(session: Session) -> list[str]:
    """What was written to anybody, in order."""
    return [row.kind for row in session.scalars(select(outbox.Notice).order_by(outbox.Notice.at, outbox.Notice.id))]


@pytest.mark.parametrize("password", [
    "short but odd", "passwordpassword", "password-password-1", "111111111111111", "abcdefghijklmnopq",
    "qwertyuiop1234567", "ana ruiz ana ruiz", "MyPasswordIsSecret1!", "correct horse battery staple", "ruizana2024ruiz",
])
def test_a_password_that_is_short_or_first_on_a_list_is_refused(password: str) -> None:
    """Length and a block list, no rules about signs."""
    with pytest.raises(DomainError) as refused:
        passwords.check(password, context=("Ana Ruiz", "ana.ruiz@example.org"))
    assert refused.value.field == "password"


def test_long_words_of_ones_own_are_a_password_and_ten_signs_do_with_a_second_factor() -> None:
    """No composition rules: lower case and spaces are enough."""
    passwords.check(PASSWORD)
    passwords.check("grüner fluß am abend")
    passwords.check("odd kettle", second_factor=True)
    with pytest.raises(DomainError):
        passwords.check("odd kettle")


def test_the_same_letters_in_another_unicode_form_open_the_account() -> None:
    """NFKC before hashing."""
    kept = passwords.keep("cafe\u0301 in der alten stadt")
    assert passwords.matches(kept, "caf\u00e9 in der alten stadt")
    assert not passwords.matches(kept, "cafe in der alten stadt")
    assert not passwords.matches(None, "nobody has this password")


@pytest.mark.data
def test_sign_up_verify_and_sign_in(session: Session, at: datetime) -> None:
    """The link confirms the address once."""
    made = actions.sign_up(session, name="Ana Ruiz", email="Ana@Example.org", password=PASSWORD, at=at,
                           wish={"kind": "candidate", "hub": "lakeview"})
    assert made is not None
    assert made.verified_at is None
    token = session.scalars(select(tokens.OneTimeToken)).one()
    who, wish = actions.verify(session, tokens.secret_of(token.id), at=at)
    assert (who.id, who.verified_at, wish["kind"]) == (made.id, at, "candidate")
    with pytest.raises(NotFoundError):
        actions.verify(session, tokens.secret_of(token.id), at=at)
    found = actions.check_password(session, "ANA@example.org", PASSWORD)
    assert found is made
    assert actions.check_password(session, "ana@example.org", PASSWORD + "x") is None


def test_signing_up_with_a_taken_address_makes_nothing_and_tells_the_owner(session: Session, at: datetime) -> None:
    """Nobody learns who has an account."""
    owner = person(session, at, email="ana@example.org")
    assert actions.sign_up(session, name="Eve", email="ANA@example.org", password=PASSWORD, at=at) is None
    assert kinds(session) == ["sign_up_again"]
    assert session.scalars(select(Person)).all() == [owner]


def test_a_link_is_too_old_after_its_time_and_a_newer_one_replaces_it(session: Session, at: datetime) -> None:
    """Only the newest link works, for as long as it says."""
    who = person(session, at, verified=False)
    first = tokens.issue(session, Purpose.RESET, who.id, at=at)
    second = tokens.issue(session, Purpose.RESET, who.id, at=at)
    assert tokens.find(session, Purpose.RESET, tokens.secret_of(first.id), at=at) is None
    assert tokens.find(session, Purpose.VERIFY, tokens.secret_of(second.id), at=at) is None
    assert tokens.find(session, Purpose.RESET, tokens.secret_of(second.id), at=at) is second
    assert tokens.find(session, Purpose.RESET, tokens.secret_of(second.id), at=at + timedelta(hours=1)) is None


@pytest.mark.data
def test_of_two_at_once_one_gets_the_link(engine: Engine, at: datetime) -> None:
    """An atomic update decides, on either database."""
    maker = session_factory(engine)
    with maker.begin() as session:
        secret = tokens.secret_of(tokens.issue(session, Purpose.RESET, person(session, at).id, at=at).id)
    won: list[bool] = []
    start = threading.Barrier(8)

    def take() -> None:
        start.wait()
        with maker.begin() as own:
            won.append(tokens.use(own, Purpose.RESET, secret, at=at) is not None)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_the_secret_of_a_link_is_nowhere_in_the_database(session: Session, at: datetime) -> None:
    """It is made again from the id with a key that lives elsewhere."""
    actions.sign_up(session, name="Ana Ruiz", email="ana@example.org", password=PASSWORD, at=at)
    token = session.scalars(select(tokens.OneTimeToken)).one()
    notice = session.scalars(select(outbox.Notice)).one()
    job = session.scalars(select(outbox.OutboxJob)).one()
    kept = json.dumps([token.token_hash, token.payload, notice.params, notice.key, job.payload, job.key])
    assert tokens.secret_of(token.id) not in kept


def test_a_reset_signs_every_browser_out_and_refuses_the_old_password(session: Session, at: datetime) -> None:
    """The link works once; a weak password does not use it up."""
    who = person(session, at, verified=False)
    sign_in, secret = actions.begin_sign_in(session, who, at=at)
    actions.ask_for_reset(session, who.email, at=at)
    token = session.scalars(select(tokens.OneTimeToken).where(tokens.OneTimeToken.person_id == who.id)).one()
    with pytest.raises(DomainError):
        actions.reset_password(session, tokens.secret_of(token.id), "passwordpassword", at=at)
    actions.reset_password(session, tokens.secret_of(token.id), "quiet harbor under snow", at=at)
    assert sign_in.revoked_at == at
    assert who.verified_at == at
    assert actions.check_password(session, who.email, PASSWORD) is None
    assert actions.check_password(session, who.email, "quiet harbor under snow") is who
    assert secret


def test_asking_for_a_reset_does_equal_work_for_an_unknown_address(session: Session, at: datetime) -> None:
    """One link, one event and one mail either way; the link of a stranger opens nothing."""
    actions.ask_for_reset(session, "nobody@example.org", at=at)
    assert kinds(session) == ["reset_unknown"]
    token = session.scalars(select(tokens.OneTimeToken)).one()
    assert tokens.find(session, Purpose.RESET, tokens.secret_of(token.id), at=at) is None


def test_the_new_address_counts_only_once_its_link_was_used(session: Session, at: datetime) -> None:
    """Old and new address are both told."""
    who = person(session, at, email="old@example.org")
    actions.ask_for_address(session, who, "new@example.org", PASSWORD, at=at)
    assert who.email == "old@example.org"
    token = session.scalars(select(tokens.OneTimeToken)).one()
    assert "new@example.org" not in json.dumps(token.payload)
    actions.change_address(session, tokens.secret_of(token.id), at=at)
    assert queries.find_person(session, "new@example.org") is who
    assert queries.find_person(session, "old@example.org") is None
    assert sorted(kinds(session)) == ["address_changed", "confirm_address"]


@pytest.mark.data
def test_a_code_opens_once_even_when_it_is_sent_twice(session: Session, at: datetime) -> None:
    """A replayed counter is refused; the neighbors of now are accepted, older ones are not."""
    who = person(session, at)
    app = with_second_factor(session, who, at)
    assert not second_factor.accept(session, who, app.at(at), at=at)
    later = at + timedelta(minutes=2)
    assert second_factor.accept(session, who, app.at(later), at=later)
    assert not second_factor.accept(session, who, app.at(later), at=later)
    assert not second_factor.accept(session, who, app.at(later - timedelta(seconds=30)), at=later)
    assert not second_factor.accept(session, who, app.at(later + timedelta(minutes=5)), at=later)
    assert not second_factor.accept(session, who, "000 00", at=later)


def test_a_spare_key_opens_once_and_new_ones_replace_the_old(session: Session, at: datetime) -> None:
    """Ten keys on paper."""
    who = person(session, at)
    with_second_factor(session, who, at)
    keys = second_factor.renew_spare_keys(session, who, at=at)
    assert len(set(keys)) == 10
    assert second_factor.accept(session, who, keys[0].upper().replace("-", " "), at=at)
    assert not second_factor.accept(session, who, keys[0], at=at)
    assert second_factor.spare_keys_left(session, who) == 9
    second_factor.renew_spare_keys(session, who, at=at)
    assert not second_factor.accept(session, who, keys[1], at=at)


def test_a_revoked_expired_suspended_or_closed_sign_in_is_not_found(session: Session, at: datetime) -> None:
    """Each request asks anew."""
    def token() -> tuple[Person, SignIn]:
        who = person(session, at)
        return who, actions.begin_sign_in(session, who, at=at)[0]

    who, held = token()
    assert queries.find_sign_in(session, held.token_hash, at=at) == (held, who)
    assert queries.find_sign_in(session, held.token_hash, at=at + timedelta(days=14)) is None
    actions.revoke_sign_in(session, held, at=at)
    assert queries.find_sign_in(session, held.token_hash, at=at) is None
    who, held = token()
    actions.suspend(session, who, actor_id=None, at=at, reason="Asked for by the person.")
    assert queries.find_sign_in(session, held.token_hash, at=at) is None
    assert actions.check_password(session, who.email, PASSWORD) is None
    who, held = token()
    actions.close_account(session, who, at=at)
    assert queries.find_sign_in(session, held.token_hash, at=at) is None


def test_a_closed_account_leaves_nothing_that_names_the_person(session: Session, at: datetime) -> None:
    """Name, address, phone, password and notices are gone, and the address is free again."""
    who = actions.create_person(session, name="Ana Ruiz", email="ana@example.org", phone="555 0100",
                                password=PASSWORD, at=at, verified=True)
    with_second_factor(session, who, at)
    actions.close_account(session, who, at=at, reason="moved away")
    assert (who.name, who.email, who.phone, who.password_hash, who.totp_secret) == ("", "", None, None, None)
    assert not outbox.notices_for(session, who.id)
    assert kinds(session) == ["account_closed"]
    session.flush()
    assert person(session, at, email="ana@example.org").id != who.id


def test_every_write_leaves_an_event_without_personal_data(session: Session, at: datetime) -> None:
    """The trail keeps ids."""
    who = actions.sign_up(session, name="Ana Ruiz", email="ana@example.org", password=PASSWORD, at=at)
    assert who is not None
    actions.describe_person(session, who, name="Ana María Ruiz", locale="es", time_zone="America/Denver",
                            phone="555 0100", at=at)
    actions.ask_for_address(session, who, "ana2@example.org", PASSWORD, at=at)
    session.commit()
    events = session.scalars(select(AuditEvent)).all()
    assert [e.action for e in events] == ["person.create", "person.describe", "person.ask_address"]
    told = json.dumps([[e.before, e.after, e.details, e.reason] for e in events])
    assert not [word for word in ("Ana", "Ruiz", "example.org", "555") if word in told]


def test_the_export_holds_the_account_its_browsers_and_its_notices(session: Session, at: datetime) -> None:
    """One JSON file, ready to take along."""
    who = person(session, at, email="ana@example.org")
    actions.begin_sign_in(session, who, at=at, agent="Firefox · Linux")
    actions.change_password(session, who, PASSWORD, "quiet harbor under snow", at=at)
    kept = json.loads(json.dumps(export.everything(session, who)))
    assert kept["account"]["email"] == "ana@example.org"
    assert kept["sign_ins"][0]["browser"] == "Firefox · Linux"
    assert kept["notices"][0]["kind"] == "password_changed"
    assert {"account", "sign_ins", "notices"} <= kept.keys()
    assert "password_hash" not in json.dumps(kept)


@pytest.mark.parametrize(("field", "facts"), [
    ("email", {"email": "no address"}), ("email", {"email": "a@b.org\nBcc: c@d.org"}), ("name", {"name": "  "}),
    ("name", {"name": "Win at https://bad.example"}), ("password", {"password": "too short"}),
])
def test_what_makes_no_account(session: Session, at: datetime, field: str, facts: dict[str, str]) -> None:
    """Each refusal names its field."""
    good = {"name": "Ana Ruiz", "email": "ana@example.org", "password": PASSWORD}
    with pytest.raises(DomainError) as refused:
        actions.sign_up(session, **{**good, **facts}, at=at)
    assert refused.value.field == field


def test_the_second_factor_is_not_set_up_twice(session: Session, at: datetime) -> None:
    """Whoever borrows a signed-in browser cannot swap the app."""
    who = person(session, at)
    with_second_factor(session, who, at)
    with pytest.raises(ConflictError):
        second_factor.begin(session, who, at=at)
