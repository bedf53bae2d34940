"""The row of a paper that was handed in: sealed until it is read; what was found stays sealed until it is used."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Row, UtcDateTime, enum_column, hub_key, key
from matcher.kit.crypto import Sealed


class PaperPurpose(StrEnum):
    """What a paper is read for."""

    RESUME = "resume"
    AD = "ad"


class PaperStage(StrEnum):
    """How far the reading is."""

    WAITING = "waiting"
    READ = "read"
    FAILED = "failed"


class Paper(Row, Base):
    """A paper of one person. `source` goes as soon as it was read, the row when the person is done, or after a day."""

    __tablename__ = "papers"

    hub_id: Mapped[str] = hub_key()
    person_id: Mapped[str] = key("persons.id")
    candidate_id: Mapped[str | None] = key("candidates.id", null=True)
    organization_id: Mapped[str | None] = key("organizations.id", null=True)
    purpose: Mapped[PaperPurpose] = mapped_column(enum_column(PaperPurpose))
    stage: Mapped[PaperStage] = mapped_column(enum_column(PaperStage))
    fault: Mapped[str] = mapped_column(Text, default="")
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    source_sealed: Mapped[str | None] = mapped_column(Text, deferred=True)  # megabytes that no page needs
    found_sealed: Mapped[str | None] = mapped_column(Text, deferred=True)

    source = Sealed("source_sealed", optional=True)
    found = Sealed("found_sealed", optional=True)
