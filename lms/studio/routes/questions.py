"""The question bank of a course, and a question's page."""

from collections import defaultdict
from typing import Any

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.words import pick
from lms.studio import editing, parts, queries, reading, reuse
from lms.studio import outline as tree
from lms.studio.models import Draft
from lms.studio.routes.blueprint import bp, data_or_404, editor, expected, language_of, saved, wants_json
from lms.studio.routes.outline import undo_of
from lms.studio.statistics import of_course
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/studio/<uuid:draft_id>/questions")
@requires("studio.write", of="draft")
def bank(draft: Draft) -> BaseResponse:
    """Every question of the course, by pool, found by words and kind."""
    settings, questions = queries.settings(draft), queries.questions(draft)
    words, kind = request.args.get("q", "")[:80].casefold().split(), request.args.get("kind", "")
    languages = reading_languages(draft.source_language)
    found = {
        id: data
        for id, data in questions.items()
        if (not kind or data["kind"] == kind) and all(word in parts.dump(data).casefold() for word in words)
    }
    return page(
        "studio/bank.html",
        draft=draft,
        pools=settings["outline"]["pools"],
        found={id: (data, pick(data.get("prompt") or {"en": id}, languages)[1]) for id, data in found.items()},
        drawn_by=_drawn_by(settings),
        also_in=reuse.also_in(draft, current_user, found),
        kinds=reading.KINDS,
        languages=languages,
        undo=undo_of(draft, "pools"),
    )


def _drawn_by(settings: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The titles of the tests that draw from each pool, by its id."""
    drawn: dict[str, list[dict[str, str]]] = defaultdict(list)
    for id in tree.activity_ids(settings["outline"]):
        activity = settings[parts.activity_key(id)]
        for draw in activity.get("draws", []):
            drawn[draw["pool"]].append(activity["title"])
    return drawn


@bp.get("/studio/<uuid:draft_id>/statistics")
@requires("studio.write", of="draft")
def statistics(draft: Draft) -> BaseResponse:
    """How the questions do with trainees."""
    figures, questions = of_course(draft), queries.questions(draft)
    languages = reading_languages(draft.source_language)
    return page(
        "studio/statistics.html",
        draft=draft,
        rows=[
            (id, pick(data.get("prompt") or {"en": id}, languages)[1], figures[id])
            for id, data in questions.items()
            if id in figures
        ],
        languages=languages,
    )


@bp.route("/studio/<uuid:draft_id>/questions/<question_id>", methods=["GET", "POST"])
@requires("studio.write", of="draft")
def question(draft: Draft, question_id: str) -> BaseResponse:
    """A question's page in the studio."""
    language, key = language_of(draft), parts.question_key(question_id)
    data, number = data_or_404(draft, key)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(_save, draft, key, data, language):
        return saved(
            form, url_for(".question", draft_id=draft.id, question_id=question_id, language=language), form.result
        )
    about, assets = parts.load(queries.content(draft, parts.COURSE)), queries.assets(draft)
    return editor(
        form,
        "studio/question.html",
        {key: number},
        draft=draft,
        question_id=question_id,
        data=data,
        language=language,
        key=key,
        objectives=about.get("objectives", []),
        pictures=[asset.name for asset in assets if asset.type.startswith("image/")],
        sounds=[asset.name for asset in assets if asset.type.startswith("audio/")],
        rows=reading.MOST_ROWS,
        languages=reading_languages(draft.source_language),
    )


def _save(draft: Draft, key: str, standing: dict[str, object], language: str) -> dict[str, int]:
    data = reading.question(request.form, standing, language, source=language == draft.source_language)
    edits = [editing.Edit(key, parts.dump(data), expected(key))]
    return editing.save(draft, edits, language=language, by=current_user.id, typed=wants_json())
