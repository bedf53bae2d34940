"""First Rung over HTTP: one application, assembled from the kit and the audiences."""

import importlib

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher import wiring
from matcher.kit import log
from matcher.kit.settings import Settings
from web.kit import access, config, db, errors, front, headers, health, limits, words

AUDIENCES = ("public", "account", "candidate", "employer", "provider", "workforce", "hub")


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for these settings (from the environment by default)."""
    settings = settings or Settings.from_env()
    wiring.connect()
    log.configure(settings)
    app = Flask(__name__)
    config.init(app, settings)
    db.init(app, settings)
    limits.init(app, settings)
    access.init(app)
    words.init(app)
    front.init(app)
    headers.init(app, settings)
    errors.init(app)
    health.init(app)
    Compress(app)
    for audience in AUDIENCES:
        app.register_blueprint(importlib.import_module(f"web.{audience}.views").blueprint)
    access.require_marks(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    return app
