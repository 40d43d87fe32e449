"""Editing an activity: its settings and, for a lesson, its text, in one language at a time."""

from typing import Any

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.studio import activities, editing, parts, preview, queries, service
from lms.studio import outline as tree
from lms.studio.models import Draft
from lms.studio.routes.blueprint import (
    bp,
    data_or_404,
    editor,
    expected,
    files_base,
    language_of,
    saved,
    wants_json,
)
from lms.studio.routes.desk import desk
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

_PAGES = {"lesson": "lesson", "scenario": "scenario", "assignment": "assignment"}


@bp.route("/studio/<uuid:draft_id>/activities/<activity_id>", methods=["GET", "POST"])
@requires("studio.write", of="draft")
def activity(draft: Draft, activity_id: str) -> BaseResponse:
    """An activity's page in the studio."""
    language, key = language_of(draft), parts.activity_key(activity_id)
    data, number = data_or_404(draft, key)
    settings, form = queries.settings(draft), EmptyForm()
    earlier = _earlier(settings["outline"], activity_id)
    if form.validate_on_submit() and form.attempt(_save, draft, activity_id, data, language, earlier):
        back = url_for(".activity", draft_id=draft.id, activity_id=activity_id, language=language)
        return saved(form, back, form.result)
    text, text_number = editing.text_at(draft, parts.lesson_key(activity_id, language))
    source, _ = editing.text_at(draft, parts.lesson_key(activity_id, draft.source_language))
    translates = language != draft.source_language
    return editor(
        form,
        f"studio/{_PAGES.get(data['kind'], 'test')}.html",
        {key: number, parts.lesson_key(activity_id, language): text_number},
        draft=draft,
        activity_id=activity_id,
        data=data,
        language=language,
        text=text,
        source_html=preview.html_of(draft, source, draft.source_language, files_base(draft)) if translates else "",
        keys=(key, parts.lesson_key(activity_id, language)),
        earlier=[(id, settings[parts.activity_key(id)]["title"]) for id in earlier],
        pools=settings["outline"]["pools"],
        most=(activities.MOST_FRAMES, activities.MOST_CHOICES, activities.MOST_CRITERIA, activities.MOST_LEVELS),
        comments=queries.comments(draft, activity_id),
        desk=desk(draft, settings[parts.COURSE], text, language) if data["kind"] == "lesson" else None,
        languages=reading_languages(draft.source_language),
    )


def _earlier(outline: dict[str, Any], activity_id: str) -> list[str]:
    """The activities that come before this one."""
    ids = list(tree.activity_ids(outline))
    return ids[: ids.index(activity_id)] if activity_id in ids else []


def _save(
    draft: Draft, activity_id: str, standing: dict[str, Any], language: str, earlier: list[str]
) -> dict[str, int]:
    key, text_key = parts.activity_key(activity_id), parts.lesson_key(activity_id, language)
    data = activities.activity(request.form, standing, language, earlier, source=language == draft.source_language)
    edits = [editing.Edit(key, parts.dump(data), expected(key))]
    if data["kind"] == "lesson":
        text = request.form.get("text", "").replace("\r\n", "\n").strip()
        if text or expected(text_key):
            edits.append(editing.Edit(text_key, f"{text}\n", expected(text_key)))
    return editing.save(draft, edits, language=language, by=current_user.id, typed=wants_json())


@bp.post("/studio/<uuid:draft_id>/preview")
@requires("studio.write", of="draft")
def preview_text(draft: Draft) -> BaseResponse:
    """What was typed, as trainees will see it; nothing is saved."""
    language = language_of(draft)
    text = request.form.get("text", "")[: service.LARGEST_PART]
    return page(
        "studio/preview_text.html",
        language=language,
        html=preview.html_of(draft, text, language, files_base(draft)),
    )
