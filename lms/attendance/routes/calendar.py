"""A calendar outside that follows one's sessions."""

from urllib.parse import urlsplit

from flask import Response as FlaskResponse
from flask import abort, current_app, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance import calendar
from lms.attendance.routes.blueprint import bp
from lms.web.guards import public, signed_in
from lms.web.pages import page


@bp.get("/calendar/")
@signed_in
def own_calendar() -> Response:
    """What the address is for; it is shown only when it is made."""
    return page("attendance/calendar.html", has=calendar.has_feed(current_user), address=None)


@bp.post("/calendar/")
@signed_in
def make_calendar() -> Response:
    """A new address; the one before ends."""
    token = calendar.make_feed(current_user._get_current_object())
    address = current_app.config["BASE_URL"] + url_for(".feed", token=token)
    return page("attendance/calendar.html", has=True, address=address)


@bp.post("/calendar/end")
@signed_in
def end_calendar() -> Response:
    """The address answers no more."""
    calendar.end_feed(current_user._get_current_object())
    flash(gettext("The address answers no more."), "success")
    return redirect(url_for(".own_calendar"))


@bp.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """The sessions of whoever made the address: where and when, and nothing else."""
    owner = calendar.owner_of(token)
    if owner is None:
        abort(404)
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    text = calendar.written(calendar.sessions_of(owner), language=owner.language or "en", host=host)
    return FlaskResponse(text, mimetype="text/calendar", headers={"Cache-Control": "private, max-age=900"})
