"""Courses as files: taking one in after a dry run, and giving one out."""

from uuid import UUID

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import audit
from lms.library.problems import CourseError
from lms.studio import exporting, forms, importing
from lms.studio.models import Draft
from lms.studio.routes.blueprint import bp, outline_url
from lms.studio.routes.drafts import mission_of, offer_missions
from lms.web.forms import EmptyForm
from lms.web.guards import requires, takes_files
from lms.web.language import reading_languages
from lms.web.pages import download, page


@bp.route("/studio/import", methods=["GET", "POST"])
@takes_files
@requires("studio.list")
def import_course() -> BaseResponse:
    """Choose a package; then see what it would become, before anything is made."""
    form, problems, plan, held = forms.ImportForm(), [], None, ""
    offer_missions(form.mission)
    if form.validate_on_submit():
        mission_of(form.mission.data)
        content = form.file.data.read()
        source = importing.Source(content, form.file.data.filename or "", form.code.data, form.language.data)
        try:
            plan = importing.plan(source)
            held = importing.hold(content, current_app.config["DATA_DIR"])
        except CourseError as error:
            problems = error.problems
    return page(
        "studio/import.html",
        form=form,
        status=422 if problems else None,
        problems=problems,
        plan=plan,
        held=held,
        languages=reading_languages(plan.languages[0] if plan else "en"),
    )


@bp.post("/studio/import/take")
@requires("studio.list")
def take_import() -> BaseResponse:
    """Make the course that the dry run told of."""
    data = current_app.config["DATA_DIR"]
    content = importing.held(request.form.get("held", ""), data)
    mission, form, about = request.form.get("mission", type=UUID), EmptyForm(), forms.AboutFileForm()
    if content is None or mission is None or not about.validate():
        flash(gettext("The file is no longer here. Choose it again."), "error")
        return redirect(url_for(".import_course"))
    source = importing.Source(content, request.form.get("name", "")[:120], about.code.data, about.language.data)
    store = current_app.config["MEDIA"]
    if not form.attempt(importing.take, mission_of(str(mission)), source, store=store, by=current_user.id):
        abort(409)
    importing.forget(request.form["held"], data)
    flash(gettext("The course is there. Nothing is published by this."), "success")
    return redirect(outline_url(form.result))


@bp.post("/studio/<uuid:draft_id>/export")
@requires("studio.write", of="draft")
def export(draft: Draft) -> BaseResponse:
    """The draft as a course package; on record, because it leaves the house."""
    form = EmptyForm()
    if not form.attempt(exporting.package_of, draft, store=current_app.config["MEDIA"]):
        flash(form.form_errors[0], "error")
        return redirect(outline_url(draft))
    audit.record("studio.exported", actor_id=current_user.id, object_id=draft.id, course=draft.slug)
    return download(form.result, f"{draft.slug}.zip", "application/zip")


@bp.post("/studio/<uuid:draft_id>/book")
@requires("studio.write", of="draft")
def book(draft: Draft) -> BaseResponse:
    """The draft as a trainee or a mentor will hold it: on paper, or as a book on a phone."""
    wanted, kind = request.form.get("language", ""), request.form.get("kind", "")
    form = EmptyForm()
    if not form.attempt(exporting.book_of, draft, wanted, kind, answers="answers" in request.form):
        flash(form.form_errors[0], "error")
        return redirect(url_for(".preview_course", draft_id=draft.id))
    return redirect(url_for("books.wait", book_id=form.result.id))
