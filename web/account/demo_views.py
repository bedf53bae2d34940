"""Pages that exist in demo mode only: the mailbox that everybody may open, and accounts to try."""

import json
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from matcher.kit.settings import Settings
from matcher.people import actions as people
from matcher.people import second_factor
from matcher.policy import Permission
from web.account.blueprint import blueprint
from web.account.entering import enter, first_step
from web.kit import db, pages
from web.kit.access import allow
from web.kit.limits import per_address
from web.mail import mailbox as kept
from web.mail.render import paragraphs

LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; sandbox"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    if not settings.demo:
        abort(404)
    return settings


@blueprint.get("/mailbox")
@allow(Permission.DEMO_READ)
def mailbox() -> str:
    """All mail that was written, newest first, for one address when it is asked for."""
    to = request.args.get("q", "")[:254].strip()
    letters = kept.letters(_settings().mailbox_dir, limit=200, to=to)
    return render_template("account/mailbox.html", pages=pages.slice_page(letters), to=to)


@blueprint.get("/mailbox/<letter_id>")
@allow(Permission.DEMO_READ)
def letter(letter_id: str) -> str:
    """One mail as text, its addresses as links."""
    found = kept.find_letter(_settings().mailbox_dir, letter_id) or abort(404)
    return render_template("account/letter.html", letter=found, text=paragraphs(found.text.replace("\r\n", "\n")))


@blueprint.get("/mailbox/<letter_id>/page")
@allow(Permission.DEMO_READ)
def letter_page(letter_id: str) -> Response:
    """The same mail as its reader's program shows it: alone, and unable to run or fetch anything."""
    found = kept.find_letter(_settings().mailbox_dir, letter_id) or abort(404)
    answer: Response = current_app.response_class(found.html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    return answer


@blueprint.get("/demo")
@allow(Permission.DEMO_READ)
def demo() -> str:
    """One account of each kind to try."""
    return render_template("account/demo.html", accounts=demo_accounts(_settings()))


@blueprint.post("/demo/<int:number>/sign-in")
@per_address("60 per 10 minutes")
@allow(Permission.DEMO_READ)
def demo_sign_in(number: int) -> ResponseReturnValue:
    """Sign in as one of them, with its real password and, where it has one, its real second factor."""
    accounts = demo_accounts(_settings())
    chosen = accounts[number] if number < len(accounts) else abort(404)
    person = people.check_password(db.session(), chosen["email"], chosen["password"]) or abort(404)
    if person.totp_confirmed_at and chosen.get("totp_secret") == person.totp_secret:
        return enter(person, url_for("account.home"), second_factor=True)
    return first_step(person, url_for("account.home"))


def demo_accounts(settings: Settings) -> list[dict[str, Any]]:
    """The accounts that the demo town named, each with the code its app shows now where it has one."""
    path = Path(settings.data_dir) / "demo_accounts.json"
    if not path.is_file():
        return []
    accounts: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [{**account, "code": second_factor.current_code(account["totp_secret"], g.at)
             if account.get("totp_secret") else ""} for account in accounts]
