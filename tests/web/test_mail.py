"""Mail: written in the reader's language, complete or not at all, and impossible to turn into another mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError
from sqlalchemy import select
from sqlalchemy.orm import Session

import matcher.tables  # noqa: F401 - rows point to each other across areas
from matcher.kit import crypto, outbox
from matcher.kit.outbox import JobState, OutboxJob
from matcher.kit.session import session_factory
from matcher.kit.settings import Settings
from matcher.people.models import Person
from matcher.skills.models import Skill
from matcher.tasks import handlers, runner
from tests.services import MailSink
from web.mail import contexts, mailbox, render
from web.mail.language import environment
from web.mail.sender import BadAddressError, compose, message_id, send

MAIL = render.Mail("Good news", "Text ñ\n", "<p>Text ñ</p>")
NEWS = SimpleNamespace(kind="news")


@pytest.fixture
def words(settings: Settings) -> dict[str, object]:
    """What every template may use."""
    return {"url": settings.url, "name": "Ana", "notice": NEWS}


@pytest.fixture
def own_kind() -> Iterator[str]:
    """A kind of notice whose context is forgotten after the test."""
    yield "test_kind"
    contexts._CONTEXTS.pop("test_kind", None)


def test_links_start_with_the_address_of_the_site(settings: Settings, words: dict[str, object]) -> None:
    mail = render.render(NEWS, "en", words)
    assert f"\n{settings.base_url}/account/notices\n" in mail.text
    assert f'<a href="{settings.base_url}/account/notices">' in mail.html
    assert mail.subject == "There is news for you at First Rung"


@pytest.mark.parametrize("kind", ["never_heard_of", "../../public", "", "layout.txt", "news/../news"])
def test_a_kind_without_words_is_told_as_news(words: dict[str, object], kind: str) -> None:
    assert render.render(SimpleNamespace(kind=kind), "en", words) == render.render(NEWS, "en", words)


def test_every_kind_has_all_its_parts() -> None:
    assert render.kinds()
    for kind in render.kinds():
        assert (render.WEB / "templates" / "mail" / kind / "body.txt").is_file(), kind
        for locale in ("en", "es"):
            environment(locale).get_template(f"{kind}/subject.txt")
            environment(locale).get_template(f"{kind}/body.txt")


def test_names_cannot_bring_markup_or_new_lines_into_a_mail(words: dict[str, object]) -> None:
    mail = render.render(NEWS, "en", {**words, "name": "<img src=x onerror=alert(1)>"})
    assert "<img" not in mail.html
    assert "&lt;img" in mail.html


@pytest.mark.parametrize("kind", ["endorsement_revoked", "endorsement_expired"])
def test_a_skill_is_named_in_the_language_of_the_mail(words: dict[str, object], kind: str) -> None:
    skill = Skill(id="own:x", name="Cash handling", name_es="Manejo de efectivo")
    about = {**words, "skill": skill, "provider": "River College", "program": "", "link": "https://example.org/"}
    mails = {locale: render.render(SimpleNamespace(kind=kind), locale, about) for locale in ("en", "es")}
    assert "Cash handling" in mails["en"].subject
    assert "Manejo de efectivo" in mails["es"].subject
    assert "Manejo de efectivo" in mails["es"].text
    assert "Cash handling" not in mails["es"].subject + mails["es"].text


def test_text_becomes_paragraphs_and_links_without_trusting_it() -> None:
    html = render.paragraphs('a <b>\nc\n\nhttps://x.org/?a=1&b="2\n\nsee https://y.org')
    assert html == (
        '<p>a &lt;b&gt;<br>\nc</p>\n<p><a href="https://x.org/?a=1&amp;b=&#34;2">https://x.org/?a=1&amp;b=&#34;2</a></p>\n'
        "<p>see https://y.org</p>"
    )


def test_a_mail_with_a_hole_in_it_is_not_written(words: dict[str, object]) -> None:
    del words["url"]
    with pytest.raises(UndefinedError):
        render.render(NEWS, "en", words)


def test_the_page_form_is_sound_and_fetches_nothing(words: dict[str, object]) -> None:
    seen: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        """Collects every tag with its attributes."""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

    html = render.render(NEWS, "es-US", words).html
    Reader().feed(html)
    tags = [tag for tag, _ in seen]
    assert dict(seen)["html"] == {"lang": "es"}
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert not set(tags) & {"img", "link", "script", "iframe", "object", "table"}
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize(
    "address",
    ["a@b.org, c@d.org", "a@b.org\nBcc: c@d.org", "a@b.org\r\n\r\nhi", "Ana <a@b.org>", "no address", "", "a@b@c.org"],
)
def test_an_address_that_is_not_one_address_is_refused(settings: Settings, at: datetime, address: str) -> None:
    with pytest.raises(BadAddressError):
        compose(MAIL, address, settings, key="k", at=at)


@pytest.mark.parametrize("subject", ["Hi\nBcc: x@y.org", "Hi\r\n\r\nbody", "Hi\rX: 1"])
def test_a_subject_cannot_bring_headers_along(settings: Settings, at: datetime, subject: str) -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        compose(replace(MAIL, subject=subject), "a@b.org", settings, key="k", at=at)


def test_a_rendered_subject_is_always_one_line(words: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    template = environment("en").from_string("{{ title }}\n")
    monkeypatch.setattr(environment("en"), "get_template", lambda _name: template)
    assert render.headline(NEWS, "en", {**words, "title": "Cook\r\nBcc: x@y.org"}) == "Cook Bcc: x@y.org"


def test_the_same_notice_has_the_same_identifier(settings: Settings, at: datetime) -> None:
    first, second = (compose(MAIL, "a@b.org", settings, key="k", at=at)["Message-ID"] for _ in range(2))
    assert first == second == message_id("k", settings)
    assert message_id("other", settings) != first


def test_a_mail_reaches_a_real_server_whole(settings: Settings, at: datetime, mail_sink: MailSink) -> None:
    send(MAIL, "ana@example.org", replace(settings, smtp_url=mail_sink.url), key="k", at=at, locale="es")
    [got] = mail_sink.to("ana@example.org")
    assert got["Subject"] == "Good news"
    assert got["Content-Language"] == "es"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got["Message-ID"] == message_id("k", settings)
    assert body(got, "plain") == "Text ñ\n"
    assert body(got, "html").strip() == "<p>Text ñ</p>"


def body(message: EmailMessage, form: str) -> str:
    """One form of the content of a mail."""
    part = message.get_body((form,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_production_without_a_mail_server_fails_loudly(settings: Settings, at: datetime) -> None:
    with pytest.raises(RuntimeError, match="no mail server"):
        send(MAIL, "a@b.org", replace(settings, mode="production"), key="k", at=at)


def test_mail_of_a_demonstration_is_kept_once_and_found_again(settings: Settings, at: datetime) -> None:
    for key in ("one", "two", "two"):
        send(MAIL, f"{key}@example.org", settings, key=key, at=at)
    folder = settings.mailbox_dir
    assert len(mailbox.letters(folder)) == 2
    [letter] = mailbox.letters(folder, to="TWO@example.org")
    assert (letter.subject, letter.at, letter.text.strip()) == ("Good news", at, "Text ñ")
    assert mailbox.find_letter(folder, letter.id) == letter
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


@pytest.mark.parametrize("letter_id", ["", "../keys", "../../etc/passwd", "20261116T153000-zz", "*"])
def test_only_kept_mail_can_be_opened(settings: Settings, at: datetime, letter_id: str) -> None:
    send(MAIL, "a@example.org", settings, key="k", at=at)
    (Path(settings.data_dir) / "keys.eml").write_text("secret")
    assert mailbox.find_letter(settings.mailbox_dir, letter_id) is None


# --------------------------------------------------------------------------------------- from notice to mail
def tell(session: Session, at: datetime, **changes: object) -> Person:
    """A person, changed as asked, who is told something."""
    person = Person(name="Ana Ruiz", email="ana@example.org", created_at=at, locale="es")
    for name, value in changes.items():
        setattr(person, name, value)
    session.add(person)
    outbox.notify(session, person_id=person.id, kind="test_kind", at=at, params={"day": "2026-12-01"}, key="1")
    session.commit()
    return person


def work(session: Session, settings: Settings, at: datetime) -> JobState:
    """Let the worker do what is due, and say where the mail job stands."""
    session.rollback()  # on SQLite an open transaction would keep the worker out
    crypto.configure(settings)
    runner.run_due(session_factory(session.get_bind()), at, handlers.build(settings))  # type: ignore[arg-type]
    session.expire_all()
    return session.scalars(select(OutboxJob.state).where(OutboxJob.kind == outbox.MAIL_KIND)).one()


@pytest.fixture
def sealed(settings: Settings) -> Settings:
    """Settings whose keys are in place."""
    crypto.configure(settings)
    return settings


def test_a_notice_becomes_a_mail_after_the_commit(
    sealed: Settings, session: Session, at: datetime, mail_sink: MailSink
) -> None:
    tell(session, at)
    assert work(session, replace(sealed, smtp_url=mail_sink.url), at) is JobState.DONE
    [got] = mail_sink.to("ana@example.org")
    assert got["Content-Language"] == "es"
    assert "Ana Ruiz" in body(got, "plain")


def test_the_context_of_a_kind_is_read_when_the_mail_is_written(
    sealed: Settings, session: Session, at: datetime, own_kind: str
) -> None:
    gathered: list[dict[str, object]] = []

    @contexts.context(own_kind)
    def _(_session: Session, notice: outbox.Notice, _settings: Settings) -> dict[str, object]:
        gathered.append(dict(notice.params))
        return {"url": "never this one"}

    tell(session, at)
    work(session, sealed, at)
    assert gathered == [{"day": "2026-12-01"}]
    [letter] = mailbox.letters(sealed.mailbox_dir)
    assert sealed.url("/account/notices") in letter.text
    with pytest.raises(ValueError, match="already"):
        contexts.context(own_kind)(lambda *_: {})


@pytest.mark.parametrize("gone", ["closed_at", "suspended_at"])
def test_nobody_is_mailed_after_leaving(sealed: Settings, session: Session, at: datetime, gone: str) -> None:
    tell(session, at, **{gone: at})
    assert work(session, sealed, at) is JobState.DONE
    assert mailbox.letters(sealed.mailbox_dir) == []


def test_a_mail_to_somebody_without_an_account_has_no_link_to_one(
    sealed: Settings, session: Session, at: datetime
) -> None:
    outbox.notify(session, person_id=None, to="boss@acme.example", kind="test_kind", at=at, key="1")
    session.commit()
    work(session, sealed, at)
    [letter] = mailbox.letters(sealed.mailbox_dir)
    assert letter.to == "boss@acme.example"
    assert "Hello" not in letter.text


def test_a_server_that_is_busy_gets_the_mail_later(
    sealed: Settings, session: Session, at: datetime, mail_sink: MailSink
) -> None:
    tell(session, at)
    mail_sink.refuse = "451 try again later"
    busy = replace(sealed, smtp_url=mail_sink.url)
    assert work(session, busy, at) is JobState.WAITING
    error = session.scalars(select(OutboxJob.last_error)).one()
    assert error.startswith("SMTPDataError")
    assert "ana" not in error.lower()
    mail_sink.refuse = ""
    assert work(session, busy, at + outbox.FIRST_PAUSE) is JobState.DONE
    assert len(mail_sink.to("ana@example.org")) == 1
