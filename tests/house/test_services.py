"""The private servers of the tests do what they are for."""

import smtplib
from email.message import EmailMessage

import pytest
import redis
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from matcher.tables import METADATA
from tests.services import MailSink, Redis


@pytest.mark.data
def test_a_database_of_its_own_has_every_table(engine: Engine, backend: str) -> None:
    """Both engines reach the same tables through the migrations."""
    assert engine.dialect.name == backend
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())


@pytest.mark.data
@pytest.mark.parametrize("turn", [1, 2])
def test_no_test_sees_the_rows_of_another(session: Session, turn: int) -> None:
    """What one test commits, the next one does not find."""
    assert "left_behind" not in inspect(session.connection()).get_table_names()
    session.execute(text("CREATE TABLE left_behind (turn INTEGER)"))
    session.execute(text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})
    session.commit()


def test_redis_is_private_and_empty(redis_server: Redis) -> None:
    """The server answers, and starts each test with nothing in it."""
    client = redis.Redis.from_url(redis_server.url)
    assert client.dbsize() == 0
    client.set("kept", "no")


def test_mail_is_taken_and_can_be_refused(mail_sink: MailSink) -> None:
    """A message arrives whole; a refusal reaches the sender."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hub@example.org", "ana@example.org", "¿Qué tal?"
    message.set_content("Café at nine")
    with smtplib.SMTP("127.0.0.1", mail_sink.controller.port) as client:
        client.send_message(message)
        mail_sink.refuse = "451 try again later"
        with pytest.raises(smtplib.SMTPDataError):
            client.send_message(message)
    assert [(kept["subject"], kept.get_content().strip()) for kept in mail_sink.to("ana@example.org")] == [
        ("¿Qué tal?", "Café at nine")
    ]
