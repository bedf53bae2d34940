"""Who is here and whether they may: the only module that knows flask-login and reads the policy for views."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import select

from matcher.candidates import queries as candidates
from matcher.kit import clock
from matcher.kit.actor import NOBODY, Actor
from matcher.organizations import queries as organizations
from matcher.people import queries as people
from matcher.people.models import Person, SignIn
from matcher.policy import Permission, allows
from web.kit import db

View = Callable[..., ResponseReturnValue]
M = TypeVar("M")
manager = LoginManager()


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """What flask-login holds: a sign-in's token, and the rows behind it."""

    def __init__(self, token: str, sign_in: SignIn, person: Person) -> None:
        self.token = token
        self.sign_in = sign_in
        self.person = person

    def get_id(self) -> str:
        """The secret that the signed cookie carries; only its hash is stored."""
        return self.token


def init(app: Flask) -> None:
    """Attach sign-in to the application."""
    manager.init_app(app)
    manager.session_protection = None
    app.before_request(_remember_actor)


def token_hash(token: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


@manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Visitor | None:
    found = people.find_sign_in(db.session(), token_hash(token), at=clock.now())
    return Visitor(token, *found) if found else None


def _remember_actor() -> None:
    g.at = clock.now()
    if request.endpoint == "static":
        g.actor = NOBODY
        return
    visitor = current_user if current_user.is_authenticated else None
    g.person = visitor.person if visitor else None
    g.actor = candidates.actor_for(db.session(), visitor.person, second_factor=visitor.sign_in.second_factor_at) \
        if visitor else NOBODY


def actor() -> Actor:
    """The actor of this request."""
    return cast(Actor, g.get("actor", NOBODY))


def person() -> Person:
    """The signed-in person; only in views that need one."""
    return cast(Person, g.person)


def sign_in(token: str, sign_in_row: SignIn, who: Person) -> None:
    """Put a new sign-in into a new cookie: nothing but the language is carried over from before."""
    _begin_anew()
    session.permanent = True
    login_user(Visitor(token, sign_in_row, who), force=True)


def sign_out() -> None:
    """Take the sign-in, and everything else but the language, out of the cookie."""
    logout_user()
    _begin_anew()


def _begin_anew() -> None:
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale


def current_sign_in() -> SignIn | None:
    """The row of this browser's sign-in."""
    return current_user.sign_in if current_user.is_authenticated else None


def load(model: type[M], value: str) -> M | None:
    """Find a row by slug where it has one, else by id."""
    column = getattr(model, "slug", None)
    column = column if column is not None else model.id  # type: ignore[attr-defined]
    return db.session().scalar(select(model).where(column == value))


def allow(permission: Permission, **subjects: type[Any]) -> Callable[[View], View]:
    """Mark a view with what it needs, and load its subjects from the URL.

    `subjects` maps an argument name to a model: the URL variable of that name holds the slug or id, and the view gets
    the row. The permission is asked about the first subject; every further one must hang on it (same hub,
    organization or candidate is checked where both carry it). A missing and a forbidden row look the same: 404.
    The request's transaction is committed here when the view answers below 400.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**url: Any) -> ResponseReturnValue:
            rows = {name: load(model, url[name]) for name, model in subjects.items()}
            _check(permission, rows)
            answer = current_app.make_response(view(**{**url, **rows}))
            if answer.status_code < 400:
                db.commit()
            else:
                db.rollback()
            return answer

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.subjects = subjects  # type: ignore[attr-defined]
        return guarded

    return mark


def _check(permission: Permission, rows: dict[str, Any]) -> None:
    missing = any(row is None for row in rows.values())
    first = next(iter(rows.values()), None)
    if not missing and allows(actor(), permission, first) and _hang_together(list(rows.values())):
        return
    if actor().person_id is None and permission is not Permission.PUBLIC_READ:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        abort(redirect(url_for("account.sign_in", next=wanted)))
    if not actor().verified and not missing and actor().person_id:
        abort(redirect(url_for("account.verify_wait")))
    if request.blueprint == "hub" and _owes_second_factor():
        abort(redirect(url_for("account.second_factor_set_up")))
    abort(404 if rows else 403)


def _owes_second_factor() -> bool:
    """An operator without a second factor is shown how to set one up, in place of a desk that seems not to exist."""
    held = current_sign_in()
    return held is not None and held.second_factor_at is None and organizations.is_operator(
        db.session(), held.person_id)


def _hang_together(rows: list[Any]) -> bool:
    """Every later row belongs to the first: it points to it, or shares the organization, candidate or hub."""
    if not rows:
        return True
    first, *rest = rows
    kind = {"organizations": "organization_id", "hubs": "hub_id", "candidates": "candidate_id"}.get(
        first.__tablename__, first.__tablename__.rstrip("s") + "_id"
    )
    for row in rest:
        if hasattr(row, kind):
            if getattr(row, kind) != first.id:
                return False
        elif not any(hasattr(row, k) and getattr(row, k) == getattr(first, k, None)
                     for k in ("organization_id", "candidate_id", "hub_id")):
            return False
    return True


def require_marks(app: Flask) -> None:
    """Refuse to start with a view that says nothing about who may use it."""
    bare = [e for e, view in app.view_functions.items() if e != "static" and not hasattr(view, "permission")]
    if bare:
        raise RuntimeError(f"views without @allow: {', '.join(sorted(bare))}")


def can(permission: str, subject: Any = None) -> bool:
    """For templates: the same table as the views."""
    return allows(actor(), Permission(permission), subject)
