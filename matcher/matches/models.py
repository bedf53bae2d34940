"""Rows that let a shown list be made again, the models that made them, and what candidates keep or ask about."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from matcher.kit.base import Base, Json, Row, UtcDateTime, hub_key, key
from matcher.kit.lifecycle import Living
from matcher.matches.lifecycle import LOOK, MODEL


class FactsVersion(Base):
    """The facts of one profile or posting as a list has used them; appended, so that the list can be made again."""

    __tablename__ = "facts_versions"

    subject_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hub_id: Mapped[str] = hub_key()
    kind: Mapped[str] = mapped_column(String(12))
    ranked: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)


class MatchRun(Row, Base):
    """A journal line for one list as it was shown: everything that is needed to make it again exactly.

    `direction` is "candidates" (subject: a posting) or "roles" (subject: a candidate); `pool_version` is the newest
    version in the pool then; `lines` holds [id, score, rank, near-tie group, propensity] of what was shown.
    """

    __tablename__ = "match_runs"
    __table_args__ = (Index("ix_match_runs_subject", "direction", "subject_id", "created_at"),)

    hub_id: Mapped[str] = hub_key()
    direction: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(16))
    subject_version: Mapped[int]
    viewer_id: Mapped[str | None] = mapped_column(String(16), index=True)
    pool_version: Mapped[int]
    pool_size: Mapped[int]
    model_hash: Mapped[str] = mapped_column(String(64))
    feature_schema: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    seed: Mapped[int]
    top: Mapped[int]
    filters: Mapped[dict[str, Any] | None] = mapped_column(Json)
    hits: Mapped[dict[str, Any] | None] = mapped_column(Json)
    lines: Mapped[list[Any]] = mapped_column(Json)
    fingerprint: Mapped[str] = mapped_column(String(64))


class SavedPosting(Row, Base):
    """A role that a candidate keeps for later."""

    __tablename__ = "saved_postings"
    __table_args__ = (UniqueConstraint("candidate_id", "posting_id"),)

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    posting_id: Mapped[str] = key("postings.id")


class RankerModel(Living, Row, Base):
    """A model that was trained for one hub: the fitted numbers, what it learned from, and how it was judged.

    `created_at` is when it was trained, `blob` the model file and `manifest` what it must agree with; `before_id` is
    the model it replaced (none: the fixed weights of stage 0).
    """

    __tablename__ = "ranker_models"
    __table_args__ = (
        UniqueConstraint("hub_id", "number"),
        Index("uq_ranker_models_running", "hub_id", unique=True, sqlite_where=text("state = 'running'"),
              postgresql_where=text("state = 'running'")),
    )
    __life__ = MODEL

    hub_id: Mapped[str] = hub_key()
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64), index=True)
    stage: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(32))
    feature_schema: Mapped[str] = mapped_column(String(64))
    data_digest: Mapped[str] = mapped_column(String(64))
    data_from: Mapped[date | None]
    data_to: Mapped[date | None]
    judged: Mapped[int]
    roles: Mapped[int]
    before_id: Mapped[str | None] = key("ranker_models.id", index=False, null=True)
    metrics: Mapped[dict[str, Any]] = mapped_column(Json)
    changes: Mapped[dict[str, Any]] = mapped_column(Json)
    gate: Mapped[list[Any]] = mapped_column(Json)
    alternatives: Mapped[list[Any]] = mapped_column(Json)
    code_version: Mapped[str] = mapped_column(String(40))
    manifest: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    blob: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    @property
    def parties(self) -> dict[str, str | None]:
        """The hub's operators."""
        return {"operator": self.hub_id}


class ModelHold(Row, Base):
    """A time in which a hub lets no new model go live; open while `ended_at` is empty."""

    __tablename__ = "model_holds"
    __table_args__ = (
        Index("uq_model_holds_open", "hub_id", unique=True, sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
    )

    hub_id: Mapped[str] = hub_key()
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[str | None] = key("persons.id", null=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[str | None] = key("persons.id", null=True)
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class RankingWatch(Row, Base):
    """What the nightly watch found for a hub on one day: drift of the features, and the learned model's health."""

    __tablename__ = "ranking_watches"
    __table_args__ = (UniqueConstraint("hub_id", "day"),)

    hub_id: Mapped[str] = hub_key(index=False)
    day: Mapped[date]
    figures: Mapped[dict[str, Any]] = mapped_column(Json)


class ListCap(Row, Base):
    """How many lists of a hub one person may top, found each night: who sits under "more" in which list, and figures.

    `more` is {posting id: [candidate ids]}; a list notes what it took from here in `MatchRun.filters`.
    """

    __tablename__ = "list_caps"
    __table_args__ = (UniqueConstraint("hub_id", "day"),)

    hub_id: Mapped[str] = hub_key(index=False)
    day: Mapped[date]
    cap: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    more: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)


class NightShard(Base):
    """One share of a hub's nightly lists that has been made; when all are there the night of that hub is over."""

    __tablename__ = "night_shards"

    hub_id: Mapped[str] = mapped_column(String(16), ForeignKey("hubs.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shards: Mapped[int]
    lists: Mapped[int]
    people: Mapped[int]
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NightList(Base):
    """The first places of a live role as the newest night found them: `lines` holds [candidate id, score], best first.

    Never shown: it is for counting over all lists of a hub at once, such as how many one person tops.
    """

    __tablename__ = "night_lists"

    posting_id: Mapped[str] = mapped_column(String(16), ForeignKey("postings.id"), primary_key=True)
    hub_id: Mapped[str] = hub_key()
    day: Mapped[date]
    model_hash: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list[Any]] = mapped_column(Json)


class LookRequest(Living, Row, Base):
    """Somebody asks the hub that a person looks at a match, a list or an answer; the hub answers in words."""

    __tablename__ = "look_requests"
    __life__ = LOOK

    hub_id: Mapped[str] = hub_key()
    candidate_id: Mapped[str] = key("candidates.id")
    posting_id: Mapped[str | None] = key("postings.id", null=True)
    words: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    finding: Mapped[str] = mapped_column(String(16), default="")
    answer_words: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str | None] = key("persons.id", null=True)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def parties(self) -> dict[str, str | None]:
        """The candidate and the hub's operators."""
        return {"candidate": self.candidate_id, "operator": self.hub_id}
