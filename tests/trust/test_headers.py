"""Every answer carries the security headers, and no page holds a script, a style or a handler of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.trust.expected import VISITORS
from tests.trust.pages import open_doors
from tests.trust.walker import Walk
from web import create_app
from web.kit.headers import FIXED

EXPECTED = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
            "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy")
INLINE = re.compile(r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|"""
                    r"""<script\b(?![^>]*\bsrc=)(?![^>]*application/ld\+json)""", re.IGNORECASE)
TAG = re.compile(r"<[a-zA-Z][^>]*>")


def inline(page: str) -> list[str]:
    """Tags that a strict policy would stop."""
    return [tag for tag in TAG.findall(page) if INLINE.search(tag)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("visitor", ["anonymous", "candidate", "employer-owner", "provider", "workforce", "operator"])
def test_every_page_has_the_headers_and_nothing_inline(walk: Walk, visitor: str) -> None:
    """Refusals and pages that do not exist included."""
    assert visitor in VISITORS
    client, opened = walk.browser(visitor), 0
    addresses = [address for _, address in open_doors(walk, visitor)]
    for address in [*addresses, "/no/such/page", "/employer/nobody/roles", "/static/js/enhance.js", "/static/none.js"]:
        answer = client.get(address)
        for name in EXPECTED:
            assert answer.headers.get(name), (address, name)
        for unsafe in ("unsafe-inline", "unsafe-eval", "*", "http:"):
            assert unsafe not in answer.headers["Content-Security-Policy"], address
        if visitor != "anonymous" and not address.startswith(("/static", "/healthz", "/readyz")):
            assert answer.headers["Cache-Control"] == "no-store", address
        if answer.mimetype == "text/html":
            assert inline(answer.get_data(as_text=True)) == [], address
        opened += 1
    assert opened > 25


def test_the_search_for_inline_code_finds_it() -> None:
    """Each kind once, and none in what is harmless."""
    for bad in ('<p style="x">', "<style>", '<a onclick="x">', '<a href="javascript:x">', "<script>"):
        assert inline(bad), bad
    assert inline('<script src="/static/js/a.js" defer></script><p class="style">one = two</p>') == []


def test_forms_refused_carry_the_headers_too(walk: Walk) -> None:
    """An error is an answer."""
    for address in ("/account/sign-in", "/account/sign-up", "/no/such/page"):
        answer = walk.browser("anonymous").post(address, data={"what": "ever"})
        assert answer.status_code >= 400
        for name in EXPECTED:
            assert answer.headers.get(name), (address, name)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://rung.example"])
def test_cookies_are_out_of_reach(walk: Walk, base_url: str) -> None:
    """For scripts always; over TLS they are bound to the host and to TLS, and the browser is told to stay there."""
    app = create_app(replace(walk.settings, base_url=base_url))
    try:
        answer = app.test_client().get("/account/sign-in", base_url=base_url)
    finally:
        app.extensions["engine"].dispose()
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies, "the form's token needs a cookie"
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        if base_url.startswith("https"):
            assert cookie.startswith("__Host-")
            assert "Secure" in cookie
            assert "Path=/" in cookie
            assert "Domain" not in cookie
    assert ("Strict-Transport-Security" in answer.headers) is base_url.startswith("https")
    assert set(EXPECTED) == set(FIXED), "a new header belongs into this test"
