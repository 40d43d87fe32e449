"""Error pages that say what happened and what to do."""

from flask import Flask, Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

WORDS = {
    400: (_l("The request was not understood"), _l("Go back, reload the page and try again.")),
    403: (_l("You may not open this page"), _l("If you should, ask your mentor or the mission's administrator.")),
    404: (_l("There is no such page"), _l("Check the address, or start again from your home page.")),
    405: (_l("This page does not do that"), _l("Go back and use the buttons on the page.")),
    413: (_l("That is too large"), _l("Send less at once: at most %(most)s MB.")),
    429: (_l("Too many tries"), _l("Wait a few minutes, then try again.")),
    500: (_l("Something went wrong on our side"), _l("Nothing was changed. Try again in a minute.")),
    503: (_l("The service is busy"), _l("Nothing was changed. Try again in a minute.")),
}


def answer(status: int) -> Response:
    """The error page for a status."""
    title, text = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if status == 413:
        text = text % {"most": (request.max_content_length or 0) // 1_000_000}
    response = make_response(render_template("errors/error.html", title=title, text=text, status=status), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Answer every error with a page; a form sent after the session ended says so."""

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.response is not None:
            return error.response  # type: ignore[return-value]
        response = answer(error.code or 500)
        if "Retry-After" in (headers := dict(error.get_headers())):
            response.headers["Retry-After"] = headers["Retry-After"]
        return response

    @app.errorhandler(CSRFError)
    def _csrf(error: CSRFError) -> Response:
        return make_response(render_template("errors/session_ended.html", back=request.full_path.rstrip("?")), 400)

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> Response:
        app.logger.exception("the database did not answer")
        response = answer(503)
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        # The path stays out of the log: codes and links in it are private.
        app.logger.exception("unexpected error in %s", request.endpoint)
        return answer(500)
