"""The job that reads a paper: out of reach in a child process, then what it found is linked and kept, sealed."""

from __future__ import annotations

import json
import re
import signal
import subprocess  # nosec B404: our own module, started by its fixed name
import sys
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from matcher.kit import log
from matcher.kit.session import make_engine, session_factory
from matcher.kit.settings import Settings
from matcher.papers import actions, linking
from matcher.papers.models import Paper, PaperPurpose, PaperStage
from matcher.ranking.documents_faults import REASONS
from matcher.tasks.runner import Handler, Inside, Outside

ROOT = Path(__file__).resolve().parents[2]
WALL_SECONDS = 40
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Nothing of this process's own environment, which holds keys, is handed down.
ENVIRONMENT = {"PATH": "/nowhere", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1",
               "HOME": "/nowhere", "PYTHONHASHSEED": "0", **_ONE_THREAD}


def register(handlers: MutableMapping[str, Handler], settings: Settings) -> None:
    """Add this handler to the worker's table."""
    reading = session_factory(make_engine(settings.database_url, pool_size=1), read_only=True)
    handlers[actions.KIND] = partial(read_paper, reading)


def read_paper(
    reading: sessionmaker[Session], session: Session, payload: Mapping[str, Any], at: datetime
) -> Outside | None:
    """Take out what was handed in; the function that comes back reads it, and its own keeps what was found."""
    paper = session.get(Paper, payload["paper_id"])
    if paper is None or paper.stage is not PaperStage.WAITING:
        return None
    data, name = actions.source_of(paper)
    return partial(_read, reading, paper.id, paper.hub_id, PaperPurpose(paper.purpose), data, name, at)


def _read(
    reading: sessionmaker[Session], paper_id: str, hub_id: str, purpose: PaperPurpose, data: bytes, name: str,
    at: datetime,
) -> Inside:
    answer = read_apart(data, name, purpose)
    found, fault = answer.get("found"), str(answer.get("fault", ""))
    if found is not None:
        with reading() as session:
            found = _linked(session, found, purpose, hub_id)
    return partial(_keep, paper_id, found, fault, at)


def _keep(paper_id: str, found: dict[str, Any] | None, fault: str, at: datetime, session: Session) -> None:
    actions.keep_reading(session, paper_id, found=found, fault=fault, at=at)


def _linked(session: Session, found: dict[str, Any], purpose: PaperPurpose, hub_id: str) -> dict[str, Any]:
    """What was found, its phrases replaced by the skills they name."""
    lines = linking.link_skills(session, found.pop("phrases"), hub_id)
    if purpose is PaperPurpose.RESUME:
        return {**found, "skills": lines}
    return {**found, "skills": lines, "occupation": linking.link_occupation(session, found["facts"]["title"], hub_id)}


def read_apart(data: bytes, name: str, purpose: PaperPurpose) -> dict[str, Any]:
    """The child's answer; a child that dies or takes too long answers with a fault."""
    ending = re.search(r"\.[A-Za-z0-9]{1,8}$", name)  # the name itself may tell whose paper it is
    safe_name = f"paper{ending.group() if ending else ''}"
    command = [sys.executable, "-m", "matcher.tasks.paper_child", purpose.value, safe_name]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603: fixed words and an ending of letters and digits
            command, input=data, capture_output=True, timeout=WALL_SECONDS, env=ENVIRONMENT, cwd=ROOT,
            start_new_session=True, check=False,
        )
    except subprocess.TimeoutExpired:
        return {"fault": "too_slow"}
    if done.returncode:
        log.get(__name__).warning("paper.child_ended", code=done.returncode)
        return {"fault": "too_slow" if done.returncode == -signal.SIGXCPU else "too_deep"}
    answer: dict[str, Any] = json.loads(done.stdout)
    if answer.get("refused"):
        log.get(__name__).error("paper.refused", events=sorted(set(answer["refused"])))
    if answer.get("finder", "whole") != "whole":
        log.get(__name__).error("paper.finder_refused")
    if answer.get("fault", "gone") not in REASONS:
        answer["fault"] = "gone"
    return answer
