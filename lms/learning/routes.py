"""The trainee's pages: home, course outline, lesson."""

import hashlib

from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.attendance.queries import next_for
from lms.cohorts import prerequisites
from lms.cohorts import service as cohorts
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.learning import queries, service
from lms.learning.outline_rows import outline_rows
from lms.library import rendering
from lms.library.activities import Lesson
from lms.library.edition import Edition, edition
from lms.library.queries import newest_version_of
from lms.missions import queries as missions
from lms.missions.forms import LawForm
from lms.missions.models import Mission
from lms.missions.service import state_law
from lms.progress.outline import Outline
from lms.progress.queries import outline_of
from lms.progress.recheck import recheck_of
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import current_direction, current_language, reading_languages
from lms.web.pages import page

bp = Blueprint("learning", __name__)
# Where each kind of activity that is no lesson begins.
BEGINNINGS = {"scenario": "scenarios.start", "assignment": "assignments.hand_in"}
bp.add_app_template_global(outline_rows)


@bp.get("/learn/")
@requires("learning.home")
def home() -> Response:
    """The one thing to go on with, and every course."""
    courses = queries.begun(current_user.id)
    going_on = next((each for each in courses if each.open and each.outline.next is not None), None)
    return page(
        "learning/home.html",
        courses=courses,
        going_on=going_on,
        sessions=next_for(current_user.id),
        marks={each.enrolment_id: each.states for each in courses},
        now=clock.now(),
        languages_of=reading_languages,
        recheck_of=recheck_of,
    )


@bp.get("/learn/<uuid:enrolment_id>/")
@requires("learning.study", of="enrolment")
def course(enrolment: Enrolment) -> Response:
    """The outline: done, open, locked and why."""
    shown = edition(enrolment.course_version_id)
    return page(
        "learning/course.html",
        enrolment=enrolment,
        edition=shown,
        outline=outline_of(enrolment),
        missing=prerequisites.missing(enrolment),
        languages=reading_languages(shown.document.source_language, enrolment.language),
    )


@bp.post("/learn/<uuid:enrolment_id>/language")
@requires("learning.study", of="enrolment")
def choose_language(enrolment: Enrolment) -> Response:
    """The language of the course, apart from the interface's."""
    form = EmptyForm()
    available = edition(enrolment.course_version_id).document.languages
    if not form.attempt(cohorts.choose_language, enrolment, request.form.get("language", ""), available):
        flash(form.form_errors[0], "error")
    return redirect(url_for(".course", enrolment_id=enrolment.id))


@bp.get("/learn/<uuid:enrolment_id>/<activity_id>")
@requires("learning.study", of="enrolment")
def lesson(enrolment: Enrolment, activity_id: str) -> Response:
    """A lesson; the browser's copy serves while nothing on the page has changed."""
    shown = edition(enrolment.course_version_id)
    activity = shown.activities.get(activity_id)
    if activity is None:
        abort(404)
    if not isinstance(activity, Lesson):
        start = BEGINNINGS.get(activity.kind, "assessment.start")
        return redirect(url_for(start, enrolment_id=enrolment.id, activity_id=activity_id))
    outline = outline_of(enrolment)
    row = outline.rows[activity_id]
    if row.locked or (missing := prerequisites.missing(enrolment)):
        missing = missing if not row.locked else []
        languages = reading_languages(shown.document.source_language, enrolment.language)
        return page(
            "learning/locked.html", status=403, enrolment=enrolment, row=row, missing=missing, languages=languages
        )
    languages = reading_languages(shown.document.source_language, enrolment.language)
    law = queries.law_for(enrolment, activity_id, languages) if activity.law else None
    etag = _etag(enrolment, activity_id, outline, languages, str((law.id, law.checked_on, law.text)) if law else "")
    if etag in request.if_none_match and "_flashes" not in session:
        return Response(status=304, headers={"ETag": f'"{etag}"'})
    language, body = rendering.lesson(shown, activity_id, languages, sounds_first=current_user.audio_first)
    before, after = shown.neighbours(activity_id)
    response = page(
        "learning/lesson.html",
        enrolment=enrolment,
        edition=shown,
        outline=outline,
        row=row,
        language=language,
        languages=languages,
        body=body,
        law=law,
        before=before,
        after=after,
    )
    if "_flashes" not in session:
        response.headers["Cache-Control"] = "private, no-cache"
        response.set_etag(etag)
    return response


def _etag(enrolment: Enrolment, activity_id: str, outline: Outline, languages: list[str], law: str) -> str:
    """What the page depends on: content, progress, language, session, and the code that makes it."""
    shown = edition(enrolment.course_version_id)
    parts = (
        shown.content_hash,
        activity_id,
        "".join(row.shown_as for row in outline.rows.values()),
        *languages,
        current_language(),
        current_direction(),
        str(current_user.audio_first),
        law,
        session.get("csrf_token", ""),
        current_user.get_id(),
        current_app.config["BUILD"],
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@bp.post("/learn/<uuid:enrolment_id>/<activity_id>/done")
@requires("learning.study", of="enrolment")
def done(enrolment: Enrolment, activity_id: str) -> Response:
    """Mark a lesson as done and go on."""
    shown = edition(enrolment.course_version_id)
    if activity_id not in shown.activities:
        abort(404)
    form = EmptyForm()
    if not form.attempt(service.complete_lesson, enrolment, activity_id):
        flash(form.form_errors[0], "error")
        return redirect(url_for(".course", enrolment_id=enrolment.id))
    outline: Outline = form.result
    _, after = shown.neighbours(activity_id)
    if after is not None and not outline.rows[after.id].locked:
        return redirect(url_for(".lesson", enrolment_id=enrolment.id, activity_id=after.id))
    if outline.complete:
        flash(gettext("You have done everything in this course."), "success")
    return redirect(url_for(".course", enrolment_id=enrolment.id))


@bp.get("/missions/<uuid:mission_id>/law/<slug>")
@requires("missions.state_law", of="mission")
def laws(mission: Mission, slug: str) -> Response:
    """Which lessons of a course ask for the law in force, and in which languages it is stated."""
    shown = _newest(slug)
    return page(
        "learning/laws.html",
        mission=mission,
        edition=shown,
        lessons=[each for each in shown.document.activities() if isinstance(each, Lesson) and each.law],
        stated=missions.stated(mission, slug),
        languages=reading_languages(shown.document.source_language),
    )


@bp.route("/missions/<uuid:mission_id>/law/<slug>/<lesson_id>/<tag>", methods=["GET", "POST"])
@requires("missions.state_law", of="mission")
def law(mission: Mission, slug: str, lesson_id: str, tag: str) -> Response:
    """State the law in force on a lesson's matter, in one language."""
    shown = _newest(slug)
    asked = shown.activities.get(lesson_id)
    if not isinstance(asked, Lesson) or not asked.law or tag not in shown.document.languages:
        abort(404)
    form = LawForm(obj=missions.law(mission.id, slug, lesson_id).get(tag))
    if form.validate_on_submit() and form.attempt(
        state_law,
        mission,
        slug,
        lesson_id,
        tag,
        text=form.text.data,
        checked_by=form.checked_by.data,
        checked_on=form.checked_on.data,
        by=current_user.id,
    ):
        flash(gettext("Saved. Trainees of this mission see it in the lesson from now on."), "success")
        return redirect(url_for(".laws", mission_id=mission.id, slug=slug))
    return page("learning/law.html", form=form, mission=mission, edition=shown, lesson=asked, tag=tag)


def _newest(slug: str) -> Edition:
    version_id = newest_version_of(slug, current_user)
    if version_id is None:
        abort(404)
    return edition(version_id)
