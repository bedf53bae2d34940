"""What mails about accounts say: above all the link, made again from the token's id when the mail is written."""

from typing import Any

from sqlalchemy.orm import Session

from matcher.kit.outbox import Notice
from matcher.kit.settings import Settings
from matcher.people import tokens
from web.mail.contexts import context

_PATHS = {"verify_address": "/account/verify/{}", "reset_password": "/account/reset/{}",
          "confirm_address": "/account/address/{}"}


@context(*_PATHS)
def one_time_link(_session: Session, notice: Notice, settings: Settings) -> dict[str, Any]:
    """The address that opens once."""
    return {"link": settings.url(_PATHS[notice.kind].format(tokens.secret_of(notice.params["token_id"])))}
