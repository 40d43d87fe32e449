"""The studio's background work."""

from flask import current_app

from lms.core.jobs import periodic
from lms.studio import importing


@periodic
def forget_old() -> None:
    """Let go of files that nobody took in."""
    importing.forget_old(current_app.config["DATA_DIR"])
