"""No form takes what it was not offered, what has no token, or what makes no sense; and none of it breaks the site."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import text

from tests.trust.form_reader import SeenForm, forms
from tests.trust.pages import open_doors
from tests.trust.test_gets import prints
from tests.trust.walker import Walk

VISITORS = ["anonymous", "candidate", "employer-owner", "provider", "workforce", "operator"]
EXTRA = ("role", "organization_id", "verified", "score", "state")
BUTTONS = frozenset({"reason", "version", "csrf_token", "next"})  # a form of these alone is a button with a reason
GARBAGE: tuple[Any, ...] = (
    "", " ", "\x00", "a\x00b", "\ud7ff\uffff\U0001f9d7\u202e", "'; DROP TABLE persons; --", "<script>alert(1)",
    "{{ 7 * 7 }}", "%s%n%d", "../../etc/passwd", "-1", "0", "99999999999999999999", "1e309", "NaN", "1.5", "2026-02-30",
    "9999-12-31",
    "0001-01-01", "true", "null", "[]", "x" * 5000, "ñ" * 70_000, ["a", "b"], ["", "\x00"], b"\xff\xfe\x80",
    "=cmd|' /C calc'!A0", "\r\nBcc: a@example.org", "https://example.org@[::1", "own:help-desk",
)


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_post_refuses_without_a_token_and_with_somebody_elses(walk: Walk, visitor: str) -> None:
    """Every address that takes a form, filled in or not; nothing is changed."""
    walk.app.config["WTF_CSRF_ENABLED"] = True
    stranger = walk.browser("anonymous").get("/account/sign-in").get_data(as_text=True)
    foreign = stranger.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    before, client, tried = prints(walk), walk.browser(visitor), 0
    for door, address in open_doors(walk, visitor, "POST"):
        for given in ({}, {"csrf_token": ""}, {"csrf_token": "no token"}, {"csrf_token": foreign}):
            answer = client.post(address, data=given)
            assert answer.status_code == 400, (door.endpoint, given, answer.status_code)
            tried += 1
    assert prints(walk) == before
    assert tried >= 4 * 4


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", VISITORS)
def test_a_key_that_was_not_offered_is_refused(walk: Walk, visitor: str) -> None:
    """A role, a state or a score slipped into a form is a 400, and no column of any row holds it."""
    client, refused = walk.browser(visitor), 0
    for form in list(forms(walk, visitor, client)):
        bare = set(form.fields) <= BUTTONS
        for key in EXTRA:
            if key in form.fields:
                continue
            answer = client.post(form.action, data={**form.fields, key: "Qslipped"})
            assert answer.status_code < 500, (form.action, key)
            if not bare:
                assert answer.status_code == 400, (form.action, key, answer.status_code, sorted(form.fields))
                refused += 1
            if answer.status_code < 400:
                assert not holding(walk, "Qslipped"), (form.action, key)
                walk.put_back()
                client = walk.browser(visitor)
    assert refused >= 5


def holding(walk: Walk, word: str) -> list[str]:
    """Tables with the word in any column."""
    with walk.app.extensions["engine"].connect() as db:
        names = [row[0] for row in db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        tables = {name: db.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
    return [name for name, found in tables.items() if word in repr(found)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", VISITORS)
def test_garbage_never_breaks_a_form(walk: Walk, visitor: str) -> None:
    """Bytes, NUL, long text, doubled keys and wrong types in every field: refused or taken, never an error of ours."""
    client, rng, posts = walk.browser(visitor), random.Random(5), 0
    walk.app.config["PROPAGATE_EXCEPTIONS"] = False
    for form in list(forms(walk, visitor, client)):
        for data in garbage(form, rng):
            answer = client.post(form.action, data=data)
            posts += 1
            assert answer.status_code < 500, (form.action, data)
            if answer.status_code < 400:
                walk.put_back()
                client = walk.browser(visitor)
    assert posts > 50


def garbage(form: SeenForm, rng: random.Random, least: int = 30) -> list[dict[str, Any]]:
    """Each piece of garbage in one field of an otherwise sensible form, then in all of them at once."""
    if not form.fields:
        return [{}, {"reason": "\x00"}]
    names = sorted(form.fields)
    single = [{**form.fields, names[number % len(names)]: piece} for number, piece in enumerate(GARBAGE)]
    everywhere = [dict.fromkeys(names, piece) for piece in rng.sample(GARBAGE, 4)]
    return [*single, *everywhere][: least + 5]
