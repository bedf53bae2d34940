"""The published crosswalk between fields of study (CIP 2020) and occupations (SOC 2018), both ways."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit.errors import DomainError
from matcher.kit.words import N_
from matcher.skills.models import CipSoc, Occupation

_CIP = re.compile(r"(\d{2})\.?(\d{4})")


def clean_cip(text: str) -> str | None:
    """A CIP code as `11.1006`, None for no text; DomainError for what is no code."""
    if not text.strip():
        return None
    found = _CIP.fullmatch(text.strip())
    if found is None:
        raise DomainError(N_("A CIP code looks like 11.1006."), field="cip_code")
    return f"{found[1]}.{found[2]}"


def field_title(session: Session, cip: str) -> str | None:
    """What a field of study is called; None for a code that the crosswalk does not hold."""
    return session.scalar(select(CipSoc.cip_title).where(CipSoc.cip == cip).limit(1))


def fields_for_occupation(session: Session, code: str, limit: int = 6) -> list[tuple[str, str]]:
    """Fields of study, as (CIP code, title), that prepare for an occupation, by code."""
    rows = session.execute(
        select(CipSoc.cip, CipSoc.cip_title).join(Occupation, Occupation.soc == CipSoc.soc)
        .where(Occupation.code == code).order_by(CipSoc.cip).limit(limit)
    )
    return [(cip, title) for cip, title in rows]
