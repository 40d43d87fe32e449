"""Whether the service lives, and whether it is ready."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms.core import schema
from lms.core.db import session
from lms.web.guards import public

bp = Blueprint("health", __name__)

# Each says what is in the way, or ``None``.
Check = Callable[[], str | None]
_checks: list[Check] = []


def ready_when(check: Check) -> Check:
    """Have ``/readyz`` ask this too, once the database is current."""
    _checks.append(check)
    return check


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """The database answers and has the tables that this code expects, and nothing else is in the way."""
    try:
        session.execute(text("SELECT 1"))
        current = schema.is_current(session.connection())
    except SQLAlchemyError:
        current_app.logger.exception("not ready")
        return jsonify(status="the database does not answer"), 503
    if not current:
        return jsonify(status="migrations are not current: run 'flask database upgrade'"), 503
    hindrance = next((said for check in _checks if (said := check()) is not None), None)
    return (jsonify(status="ready"), 200) if hindrance is None else (jsonify(status=hindrance), 503)


def init_app(app: Flask) -> None:
    """Add the two addresses."""
    app.register_blueprint(bp)
