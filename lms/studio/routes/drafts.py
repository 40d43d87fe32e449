"""The drafts of one's missions, and how a course begins."""

from uuid import UUID

from flask import abort, flash, redirect
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from lms.core import policy
from lms.core.words import pick
from lms.library import queries as library
from lms.missions.models import Mission
from lms.studio import beginning, forms, queries
from lms.studio.routes.blueprint import bp, outline_url
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/studio/")
@requires("studio.list")
def index() -> BaseResponse:
    """The courses that are being written for one's missions."""
    return page("studio/index.html", drafts=queries.visible(current_user), languages=reading_languages("en"))


def offer_missions(field: SelectField) -> None:
    """Let one choose among the missions that one may write for."""
    field.choices = [SelectChoice(str(mission.id), mission.title) for mission in queries.missions(current_user)]


def mission_of(chosen: str) -> Mission:
    """The mission that was chosen; 403 where one may not write for it."""
    mission, allowed = policy.load(current_user, "studio.create", UUID(chosen))
    if not allowed:
        abort(403)
    found: Mission = mission
    return found


@bp.route("/studio/new", methods=["GET", "POST"])
@requires("studio.list")
def create() -> BaseResponse:
    """Begin a course from nothing."""
    form = forms.DraftForm()
    offer_missions(form.mission)
    if form.validate_on_submit() and form.attempt(
        beginning.from_nothing,
        mission_of(form.mission.data),
        title=form.title.data.strip(),
        code=form.code.data,
        language=form.source_language.data,
        by=current_user.id,
    ):
        flash(gettext("The course is there. Begin with its first module."), "success")
        return redirect(outline_url(form.result))
    return page("studio/create.html", form=form)


@bp.route("/studio/copy", methods=["GET", "POST"])
@requires("studio.list")
def fork() -> BaseResponse:
    """Begin a course as a copy of one in the library."""
    form = forms.ForkForm()
    offer_missions(form.mission)
    courses = library.newest_versions(current_user)
    form.course.choices = [
        SelectChoice(str(course.id), f"{course.code} · {pick(course.title, reading_languages('en'))[1]}")
        for course in courses
    ]
    if form.validate_on_submit() and form.attempt(
        beginning.from_course,
        mission_of(form.mission.data),
        UUID(form.course.data),
        title=form.title.data.strip(),
        by=current_user.id,
    ):
        flash(gettext("The copy is there. It keeps where it came from."), "success")
        return redirect(outline_url(form.result))
    return page("studio/fork.html", form=form)
