"""Whether the service lives, and whether it is ready."""

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lms.core import schema
from lms.core.db import session
from lms.web.guards import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """The database answers and has the tables that this code expects."""
    try:
        session.execute(text("SELECT 1"))
        current = schema.is_current(session.connection())
    except SQLAlchemyError:
        current_app.logger.exception("not ready")
        return jsonify(status="the database does not answer"), 503
    if not current:
        return jsonify(status="migrations are not current: run 'flask database upgrade'"), 503
    return jsonify(status="ready"), 200


def init_app(app: Flask) -> None:
    """Add the two addresses."""
    app.register_blueprint(bp)
