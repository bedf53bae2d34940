"""Addresses of static files with a version in them, so that they can be cached for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, url_for
from whitenoise import WhiteNoise

from web.kit.headers import FIXED

STATIC = Path(__file__).resolve().parents[1] / "static"


@lru_cache(maxsize=512)
def _version(name: str, _changed: int) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The versioned address of a file below static/."""
    path = STATIC / name
    if not path.is_file():
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_version(name, path.stat().st_mtime_ns))


def init(app: Flask) -> None:
    """Serve static files before the application, compressed once, cached for a year."""
    app.jinja_env.globals["asset"] = asset
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=str(STATIC), prefix="static/", max_age=31_536_000,  # type: ignore[method-assign]
                              autorefresh=app.debug, allow_all_origins=False, add_headers_function=_protect)


def _protect(answer: Headers, _path: str, _url: str) -> None:
    """Files are answered before the application, so they get the security headers here."""
    for name, value in FIXED.items():
        answer[name] = value
