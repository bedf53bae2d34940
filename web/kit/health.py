"""Is the process alive, and is it ready to serve: for load balancers and the start script."""

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from matcher.kit import clock
from matcher.kit.outbox_models import OutboxJob
from matcher.policy import Permission
from web.kit import db
from web.kit.access import allow

health = Blueprint("health", __name__)


def init(app: Flask) -> None:
    """Attach the two addresses."""
    app.register_blueprint(health)


@health.get("/healthz")
@allow(Permission.PUBLIC_READ)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
@allow(Permission.PUBLIC_READ)
def readyz() -> tuple[Response, int]:
    """The database answers with the newest schema; says how far behind the outbox is."""
    try:
        session = db.session()
        version = session.scalar(text("SELECT version_num FROM alembic_version"))
        oldest = session.scalar(
            select(OutboxJob.due_at).where(OutboxJob.state == "waiting").order_by(OutboxJob.due_at).limit(1)
        )
    except SQLAlchemyError:
        return jsonify(status="unavailable"), 503
    late = max(0, int((clock.now() - oldest).total_seconds())) if oldest else 0
    return jsonify(status="ready", schema=version, outbox_late_seconds=late), 200
