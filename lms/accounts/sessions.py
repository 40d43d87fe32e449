"""Sessions: who is signed in, and when an idle one locks."""

import re
from uuid import UUID

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.models import User
from lms.core import clock
from lms.core import db as database

# The cookie is rewritten at most this often, in seconds.
GRAIN = 60

# A browser reads a backslash as a slash and drops tabs and line ends, so both could lead to another host.
_OWN_PATH = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f]*")


def begin(user: User, *, shared: bool) -> None:
    """Sign ``user`` in on this device; whatever the browser held before is dropped first."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session["shared"] = shared
    session["seen"] = int(clock.now().timestamp())
    login_user(user)


def end() -> None:
    """Sign out on this device; only the language stays."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


def safe_next(target: str | None) -> str | None:
    """``target`` when it is a path on this site."""
    return target if target and _OWN_PATH.fullmatch(target) else None


def init_app(app: Flask) -> None:
    """Load the person of each request and lock a session that was idle too long."""
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _load(token: str) -> User | None:
        id, _, stamp = token.partition(".")
        user = database.session.get(User, UUID(id))
        return user if user is not None and user.active and user.stamp == stamp else None

    @manager.unauthorized_handler  # type: ignore[untyped-decorator]
    def _unauthorized() -> BaseResponse:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=wanted))

    @app.before_request
    def _lock_when_idle() -> BaseResponse | None:
        if request.endpoint == "static" or "_user_id" not in session:
            return None
        now = int(clock.now().timestamp())
        idle = now - int(session.get("seen", 0))
        minutes = current_app.config["IDLE_MINUTES_SHARED" if session.get("shared", True) else "IDLE_MINUTES"]
        if idle > minutes * 60:
            end()
            flash(_l("You were signed out because nothing happened for a while. Sign in to go on."), "info")
            g.locked = True
            return None
        if idle >= GRAIN:
            session["seen"] = now
        return None

    @app.after_request
    def _forget_on_this_device(response: Response) -> Response:
        # On a shared phone nothing of one person may be shown to the next.
        if g.get("signed_out"):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def is_signed_in() -> bool:
    """Whether this request comes from someone who is signed in."""
    return bool(current_user.is_authenticated)
