"""Questions from elsewhere: from other courses, and from files after a dry run; and giving them out."""

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import audit
from lms.library.problems import CourseError
from lms.studio import bringing, forms, importing, queries, reading, reuse
from lms.studio.models import Draft
from lms.studio.routes.blueprint import bp
from lms.web.forms import EmptyForm
from lms.web.guards import requires, takes_files
from lms.web.language import reading_languages
from lms.web.pages import download, page


@bp.route("/studio/<uuid:draft_id>/questions/reuse", methods=["GET", "POST"])
@requires("studio.write", of="draft")
def reuse_questions(draft: Draft) -> BaseResponse:
    """Find questions of other courses, and copy those that are ticked into a pool."""
    form, pool = EmptyForm(), request.form.get("pool", "")
    person = current_user._get_current_object()
    if form.validate_on_submit() and form.attempt(
        reuse.take, draft, person, request.form.getlist("question"), pool, by=current_user.id
    ):
        flash(gettext("%(count)s questions are in the pool now.", count=form.result), "success")
        return redirect(url_for(".bank", draft_id=draft.id, _anchor=pool))
    words, kind = request.args.get("q", "")[:80].casefold().split(), request.args.get("kind", "")
    found = reuse.search(draft, person, words, kind) if words or kind else None
    return page(
        "studio/reuse_questions.html",
        form=form,
        draft=draft,
        found=found[: reuse.MOST_SHOWN] if found else found,
        more=len(found or []) > reuse.MOST_SHOWN,
        kinds=reading.KINDS,
        pools=queries.settings(draft)["outline"]["pools"],
        languages=reading_languages(draft.source_language),
    )


@bp.route("/studio/<uuid:draft_id>/questions/import", methods=["GET", "POST"])
@takes_files
@requires("studio.write", of="draft")
def import_questions(draft: Draft) -> BaseResponse:
    """Choose a file of questions; then see what they would become, before anything is made."""
    form, problems, gathered, held = forms.QuestionsForm(), [], None, ""
    if form.validate_on_submit():
        content = form.file.data.read()
        try:
            gathered = bringing.questions_in(content, draft.source_language)
            held = importing.hold(content, current_app.config["DATA_DIR"])
        except CourseError as error:
            problems = error.problems
    return page(
        "studio/import_questions.html",
        form=form,
        status=422 if problems else None,
        draft=draft,
        problems=problems,
        gathered=gathered,
        held=held,
        pools=queries.settings(draft)["outline"]["pools"],
        languages=reading_languages(draft.source_language),
    )


@bp.post("/studio/<uuid:draft_id>/questions/import/take")
@requires("studio.write", of="draft")
def take_questions(draft: Draft) -> BaseResponse:
    """Put the questions that the dry run told of into a pool."""
    data, form = current_app.config["DATA_DIR"], EmptyForm()
    content = importing.held(request.form.get("held", ""), data)
    if content is None:
        flash(gettext("The file is no longer here. Choose it again."), "error")
        return redirect(url_for(".import_questions", draft_id=draft.id))
    gathered = bringing.questions_in(content, draft.source_language)
    pool, title = request.form.get("pool", ""), request.form.get("title", "").strip()[:200]
    if not form.attempt(bringing.take_questions, draft, gathered, pool, title, by=current_user.id):
        flash(form.form_errors[0], "error")
        return redirect(url_for(".import_questions", draft_id=draft.id))
    importing.forget(request.form["held"], data)
    flash(gettext("%(count)s questions are in the pool now.", count=form.result), "success")
    return redirect(url_for(".bank", draft_id=draft.id))


@bp.get("/studio/<uuid:draft_id>/questions/export")
@requires("studio.write", of="draft")
def export_formats(draft: Draft) -> BaseResponse:
    """What of a pool each format can hold."""
    form, pool = EmptyForm(), request.args.get("pool", "")
    if not form.attempt(bringing.questions_of, draft, pool):
        abort(404)
    written = {name: module.write(form.result, draft.source_language)[1] for name, module in bringing.FORMATS.items()}
    return page(
        "studio/export_questions.html",
        draft=draft,
        pool=next(each for each in queries.settings(draft)["outline"]["pools"] if each["id"] == pool),
        count=len(form.result),
        written=written,
        languages=reading_languages(draft.source_language),
    )


@bp.post("/studio/<uuid:draft_id>/questions/export")
@requires("studio.write", of="draft")
def export_questions(draft: Draft) -> BaseResponse:
    """A pool as a file, answers included; on record, because it leaves the house."""
    form, pool, chosen = EmptyForm(), request.form.get("pool", ""), request.form.get("format", "")
    if chosen not in bringing.FORMATS or not form.attempt(bringing.questions_of, draft, pool):
        abort(404)
    text, _ = bringing.FORMATS[chosen].write(form.result, draft.source_language)
    audit.record("studio.exported", actor_id=current_user.id, object_id=draft.id, course=draft.slug)
    kind = "application/xml" if chosen == "xml" else "text/plain"
    return download(text, f"{draft.slug}-{pool}.{bringing.ENDINGS[chosen]}", kind)
