"""The link in a check's mail: signed, for one check and one person, and good for 45 days."""

from datetime import datetime, timedelta

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from matcher.placements.rules import LINK_DAYS

_PURPOSE = "retention-check"


def check_token(secret_key: str, check_id: str, person_id: str, *, at: datetime) -> str:
    """The secret part of the link; the same for the same check, person and moment, so none is stored."""

    class At(TimestampSigner):
        """Signs with the moment of asking, not with the moment in which the mail happens to be written."""

        def get_timestamp(self) -> int:
            """Seconds since 1970."""
            return int(at.timestamp())

    serializer = URLSafeTimedSerializer(secret_key, salt=_PURPOSE, signer=At)
    return str(serializer.dumps([check_id, person_id]))


def read_check_token(secret_key: str, token: str, *, at: datetime) -> tuple[str, str] | None:
    """(check id, person id) of a token that is genuine and not older than 45 days at that moment, else None."""
    serializer = URLSafeTimedSerializer(secret_key, salt=_PURPOSE)
    try:
        content, signed_at = serializer.loads(token, return_timestamp=True)
    except BadData:
        return None
    if not timedelta(0) <= at - signed_at + timedelta(minutes=5) or at - signed_at > timedelta(days=LINK_DAYS):
        return None
    check_id, person_id = content
    return str(check_id), str(person_id)
