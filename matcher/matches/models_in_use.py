"""Which model ranks for a hub right now: read from the database before every list, loaded once by each process."""

import threading
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.kit import log
from matcher.matches.model_blob import ModelRefused, unpack
from matcher.matches.models import RankerModel
from matcher.ranking.ranker import Ranker, Stage0
from matcher.ranking.similarity import Similarity
from matcher.skills import queries as skills


@dataclass(frozen=True, slots=True)
class InUse:
    """The ranker of a hub with its fingerprint; `model_id` is None for the fixed weights of stage 0.

    `refused` names the model that should run and could not be used.
    """

    ranker: Ranker
    hash: str
    model_id: str | None = None
    refused: str | None = None


class Models:
    """The loaded models of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._similarity: Similarity | None = None
        self._plain: InUse | None = None
        self._loaded: dict[str, Ranker] = {}
        self._hubs: dict[str, InUse] = {}
        self._bad: set[tuple[str, str]] = set()

    def similarity(self, session: Session) -> Similarity:
        """The taxonomy's near skills, read once."""
        with self._lock:
            if self._similarity is None:
                self._similarity = Similarity(skills.similarity(session))
            return self._similarity

    def plain(self, session: Session) -> InUse:
        """Stage 0, the fixed weights."""
        if self._plain is None:
            ranker = Stage0(self.similarity(session))
            self._plain = InUse(ranker, ranker.fingerprint())
        return self._plain

    def in_use(self, session: Session, hub_id: str) -> InUse:
        """What ranks for the hub at this moment: one short statement when nothing has changed."""
        wanted = session.execute(
            select(RankerModel.id, RankerModel.hash, RankerModel.sha256)
            .where(RankerModel.hub_id == hub_id, RankerModel.state == "running")
        ).one_or_none()
        if wanted is None:
            found = self.plain(session)
        elif (held := self._hubs.get(hub_id)) and wanted.hash == held.hash and wanted.id == held.model_id:
            return held
        else:
            found = self._take(session, hub_id, wanted.id, wanted.sha256)
        self._hubs[hub_id] = found
        return found

    def _take(self, session: Session, hub_id: str, model_id: str, sha256: str) -> InUse:
        if (model_id, sha256) not in self._bad:
            try:
                return self._load(session, model_id)
            except ModelRefused as error:
                self._bad.add((model_id, sha256))
                log.get(__name__).error("model.refused", model_id=model_id, hub_id=hub_id, why=str(error))
        good = self._hubs.get(hub_id) or self._last_good(session, hub_id)
        return InUse(good.ranker, good.hash, good.model_id, refused=model_id)

    def _last_good(self, session: Session, hub_id: str) -> InUse:
        rows = session.scalars(
            select(RankerModel.id).where(RankerModel.hub_id == hub_id, RankerModel.state == "retired")
            .order_by(RankerModel.state_at.desc(), RankerModel.number.desc()).limit(5)
        )
        for model_id in rows.all():
            try:
                return self._load(session, model_id)
            except ModelRefused:
                continue
        return self.plain(session)

    def _load(self, session: Session, model_id: str) -> InUse:
        row = session.get_one(RankerModel, model_id)
        if row.hash not in self._loaded:
            self._loaded[row.hash] = unpack(row, self.similarity(session))
        return InUse(self._loaded[row.hash], row.hash, model_id)

    def by_hash(self, session: Session, hub_id: str, wanted: str) -> Ranker:
        """The ranker that made a list, from the hub's history; ModelRefused when it cannot be had."""
        plain = self.plain(session)
        if wanted == plain.hash:
            return plain.ranker
        if wanted in self._loaded:
            return self._loaded[wanted]
        row = session.scalars(
            select(RankerModel).where(RankerModel.hub_id == hub_id, RankerModel.hash == wanted)
            .order_by(RankerModel.number)
        ).first()
        if row is None:
            raise ModelRefused("the model that made it is not in this hub's history")
        return self._load(session, row.id).ranker
