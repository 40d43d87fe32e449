"""What goes with a course: the mentor's guide, the job aid, the observation checklist and the reading list."""

from flask import abort, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.library.competencies import COMPETENCIES
from lms.studio import editing, handouts, parts, preview, queries
from lms.studio.models import Draft
from lms.studio.routes.blueprint import bp, data_or_404, editor, expected, files_base, language_of, saved, wants_json
from lms.studio.routes.blueprint import handout_names as names
from lms.studio.routes.desk import desk
from lms.web.forms import EmptyForm
from lms.web.guards import requires


@bp.route("/studio/<uuid:draft_id>/handouts", methods=["GET", "POST"], endpoint="handouts")
@requires("studio.write", of="draft")
def listed(draft: Draft) -> BaseResponse:
    """The observation checklist and the reading list, and the way to the two texts."""
    language = language_of(draft)
    data, number = data_or_404(draft, parts.COURSE)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(_save_lists, draft, data, language):
        return saved(form, url_for(".handouts", draft_id=draft.id, language=language), form.result)
    return editor(
        form,
        "studio/handouts.html",
        {parts.COURSE: number},
        draft=draft,
        data=data,
        language=language,
        names=names(),
        most=(handouts.MOST_OBSERVATIONS, handouts.MOST_READING),
        competencies=COMPETENCIES,
    )


def _save_lists(draft: Draft, standing: dict[str, object], language: str) -> dict[str, int]:
    data = handouts.lists(request.form, standing, language, source=language == draft.source_language)
    edits = [editing.Edit(parts.COURSE, parts.dump(data), expected(parts.COURSE))]
    return editing.save(draft, edits, language=language, by=current_user.id, typed=wants_json())


@bp.route("/studio/<uuid:draft_id>/handouts/<handout>", methods=["GET", "POST"])
@requires("studio.write", of="draft")
def handout(draft: Draft, handout: str) -> BaseResponse:
    """The text of the guide or of the job aid."""
    if handout not in names():
        abort(404)
    language, source = language_of(draft), draft.source_language
    key = parts.page_key(handout, language)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(_save_text, draft, key, language):
        return saved(form, url_for(".handout", draft_id=draft.id, handout=handout, language=language), form.result)
    text, number = editing.text_at(draft, key)
    original, _ = editing.text_at(draft, parts.page_key(handout, source))
    return editor(
        form,
        "studio/handout.html",
        {key: number},
        draft=draft,
        key=key,
        handout=handout,
        title=names()[handout],
        language=language,
        text=text,
        desk=desk(draft, parts.load(queries.content(draft, parts.COURSE)), text, language),
        source_html=preview.html_of(draft, original, source, files_base(draft)) if language != source else "",
    )


def _save_text(draft: Draft, key: str, language: str) -> dict[str, int]:
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    if not text and not expected(key):
        return {key: 0}
    edits = [editing.Edit(key, f"{text}\n", expected(key))]
    return editing.save(draft, edits, language=language, by=current_user.id, typed=wants_json())
