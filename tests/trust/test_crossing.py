"""Nothing crosses: words of one hub, one employer, or one person's answers are planted and looked for everywhere."""

from __future__ import annotations

import logging

import pytest

from matcher.demographics.models import DemographicAnswer
from matcher.demographics.rules import ANSWERS
from matcher.kit import crypto
from matcher.kit.session import make_engine, session_factory
from tests.factories.town_circle import ANSWERS as GIVEN
from tests.trust.pages import crawl, open_doors
from tests.trust.walker import Walk

# Who must not meet which words, anywhere that links lead to. What is public of a hub may be read on public pages only.
SECRETS: dict[str, tuple[str, ...]] = {
    "anonymous": ("Qalderpriv", "Qcedarpriv", "Qbirchpriv"),
    "candidate": ("Qbirchpriv", "Qcedarpriv"),
    "candidate-far": ("Qalderpriv", "Qcedarpriv"),
    "employer-owner": ("Qbirchpriv",),
    "employer-far": ("Qalderpriv", "Qcedarpriv"),
    "provider": ("Qbirchpriv", "Qcedarpriv"),
    "workforce": ("Qbirchpriv", "Qcedarpriv"),
    "operator": ("Qbirchpriv",),
    "operator-far": ("Qalderpriv", "Qcedarpriv"),
    "removed": ("Qcedarpriv", "Qbirchpriv"),
}
FAR = {"candidate": "Qbirchpub", "employer-owner": "Qbirchpub", "provider": "Qbirchpub", "operator": "Qbirchpub",
       "candidate-far": "Qalderpub", "employer-far": "Qalderpub", "operator-far": "Qalderpub"}
# Pages of one's own where every hub may be named: to ask for one's place in it.
CHOICES = ("/candidate/start", "/account/organizations/new", "/join", "/suggest/propose",
           "/account/sign-up")
PUBLIC = ("/hubs", "/how-matching-works", "/roles", "/programs", "/partners", "/language", "/headline", "/sitemap",
          "/feeds")


# A signed link is a key: whoever holds the mail may answer, and reads whom it is about.
KEYS = frozenset({"checks.answer"})


def starts(walk: Walk, visitor: str) -> list[str]:
    """Where the crawl begins: home, and every page of the visitor's own."""
    return ["/", *(address for door, address in open_doors(walk, visitor) if "download" not in address
                   and door.endpoint not in KEYS)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", list(SECRETS))
def test_nothing_crosses_from_hub_to_hub_or_past_an_organization(walk: Walk, visitor: str) -> None:
    """Every page that links lead to, downloads included."""
    client, pages, own = walk.browser(visitor), 0, 0
    for address, body in crawl(client, starts(walk, visitor)):
        pages += 1
        for secret in SECRETS[visitor]:
            assert secret.encode() not in body, f"{visitor} reads {secret} on {address}"
        may_choose = any(words in address for words in CHOICES)
        if visitor in FAR and not (address == "/" or address.startswith(PUBLIC) or may_choose):
            assert FAR[visitor].encode() not in body, f"{visitor} reads {FAR[visitor]} on {address}"
        own += b"priv" in body
    assert pages > 20
    assert visitor in {"anonymous", "removed"} or own > 3, "the own world's canaries must show, or nothing is tested"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", ["employer-owner", "employer-member", "provider", "workforce"])
def test_invariant_4_voluntary_answers_reach_no_partner(
    walk: Walk, visitor: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither as stored words nor as read words, on no page and in no download, in any log, mail or audit row."""
    words = [*GIVEN.values(), *(ANSWERS[question][value] for question, value in GIVEN.items())]
    client, downloads = walk.browser(visitor), 0
    with caplog.at_level(logging.DEBUG):
        wanted = starts(walk, visitor)
        wanted += [f"{address}?download={kind}" for address in wanted for kind in ("csv", "xlsx")]
        for address, body in crawl(client, wanted):
            downloads += "download=" in address
            for word in words:
                assert word.encode() not in body, f"{visitor} reads {word!r} on {address}"
    said = caplog.text + "".join(capfd.readouterr())
    assert [word for word in words if word in said] == []
    assert downloads > 10


def test_invariant_10_an_excluded_employer_sees_nobody(walk: Walk) -> None:
    """Eve excludes the employer: her code stands on no page of theirs, and her profile does not exist for them."""
    town = walk.town.worlds["own"]
    engine = make_engine(walk.settings.database_url)
    with engine.connect() as db:
        code = db.exec_driver_sql("SELECT code FROM candidates WHERE id = ?", (town.ids["excluding"],)).scalar()
    engine.dispose()
    client, pages = walk.browser("employer-owner"), 0
    for address, body in crawl(client, starts(walk, "employer-owner")):
        pages += 1
        assert str(code).encode() not in body, address
        assert town.ids["excluding"].encode() not in body, address
    assert pages > 20
    shown = f"/employer/{town.ids['employer']}/roles/{town.ids['posting_live1']}/people/"
    assert client.get(shown + town.ids["excluding"]).status_code == 404
    assert client.get(shown + town.ids["candidate"]).status_code == 200


def test_invariant_10_before_shortlist_no_name_and_no_contact(walk: Walk) -> None:
    """The page of an application that waits has no name, address or phone; the shortlisted one has the name."""
    town, client = walk.town.worlds["own"], walk.browser("employer-owner")
    base = f"/employer/{town.ids['employer']}/applications/"
    waits = client.get(base + town.ids["application"]).get_data(as_text=True)
    for word in ("Cora", "qalderhome", "qalder7"):
        assert word not in waits
    assert f"Cora {town.mark}priv" in client.get(base + town.ids["application_interviewing"]).get_data(as_text=True)


def test_sealed_words_are_not_in_the_files(walk: Walk) -> None:
    """The database's bytes hold no voluntary answer, no mail address and no phone; the canaries are really in there."""
    walk.app.extensions["engine"].dispose()
    folder = walk.settings.data_dir
    raw = b"".join(path.read_bytes() for path in folder.glob("first_rung.db*"))
    assert b"Qalderpriv headline" in raw, "what is not sealed can be found, so the search works"
    contacts = [f"{mark}{what}" for mark in ("qalder", "qcedar", "qbirch") for what in ("home.example", "7")]
    for word in [*GIVEN.values(), *contacts]:
        assert word.encode() not in raw, word
    crypto.configure(walk.settings)
    engine = make_engine(walk.settings.database_url)
    with session_factory(engine, read_only=True)() as session:
        assert {row.value for row in session.query(DemographicAnswer)} == set(GIVEN.values())
    engine.dispose()
