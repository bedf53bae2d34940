"""Which function does which kind of job.

Mail is written by `web.mail`, because words and pages live in `web`, and `matcher` never imports `web`. The worker
therefore finds those parts by name when it starts: each module of `HANDLER_MODULES` has `register(handlers, settings)`.
"""

from __future__ import annotations

import importlib

from matcher.kit.settings import Settings
from matcher.matches import nightly
from matcher.matches.pools import FOLDER
from matcher.tasks import duties, model_judge, models, night
from matcher.tasks.runner import Handler

HANDLER_MODULES = ("web.mail.handler", "matcher.tasks.papers", "matcher.tasks.audits")
HANDLERS: dict[str, Handler] = {
    models.KIND: models.learn, models.JUDGE: model_judge.judge, nightly.KIND: night.share, nightly.CAP_KIND: night.cap,
}


def build(settings: Settings) -> dict[str, Handler]:
    """All handlers of this installation by kind of job."""
    night.POOLS.folder = settings.data_dir / FOLDER
    handlers = {**HANDLERS, duties.KIND: duties.handler(duties.DUTIES)}
    for name in HANDLER_MODULES:
        importlib.import_module(name).register(handlers, settings)
    return handlers
