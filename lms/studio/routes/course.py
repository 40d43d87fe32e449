"""What a course says of itself, its languages, its files, and the history of every part."""

import difflib

from flask import abort, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.studio import awarding, editing, parts, queries, reading, service, translation
from lms.studio.models import Draft
from lms.studio.routes.blueprint import act, bp, data_or_404, editor, expected, language_of, saved, wants_json
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/studio/<uuid:draft_id>/about", methods=["GET", "POST"])
@requires("studio.write", of="draft")
def about(draft: Draft) -> BaseResponse:
    """Title, summary, objectives, certificate: the course in its own words."""
    language = language_of(draft)
    data, number = data_or_404(draft, parts.COURSE)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(_save, draft, data, language):
        return saved(form, url_for(".about", draft_id=draft.id, language=language), form.result)
    return editor(
        form,
        "studio/about.html",
        {parts.COURSE: number},
        draft=draft,
        data=data,
        language=language,
        key=parts.COURSE,
        rules=awarding.rules_in(data),
        choices=awarding.choices(draft),
    )


def _save(draft: Draft, standing: dict[str, object], language: str) -> dict[str, int]:
    source = language == draft.source_language
    data = reading.course(request.form, standing, language, source=source)
    if source:
        awarding.read(request.form, data)
    edits = [editing.Edit(parts.COURSE, parts.dump(data), expected(parts.COURSE))]
    return editing.save(draft, edits, language=language, by=current_user.id, typed=wants_json())


@bp.route("/studio/<uuid:draft_id>/titles", methods=["GET", "POST"])
@requires("studio.write", of="draft")
def titles(draft: Draft) -> BaseResponse:
    """The titles of modules and pools in one language."""
    language = language_of(draft)
    data, number = data_or_404(draft, parts.OUTLINE)
    form = EmptyForm()
    if form.validate_on_submit() and form.attempt(_save_titles, draft, data, language):
        return saved(form, url_for(".titles", draft_id=draft.id, language=language), form.result)
    return editor(form, "studio/titles.html", {parts.OUTLINE: number}, draft=draft, data=data, language=language)


def _save_titles(draft: Draft, standing: dict[str, list[dict[str, object]]], language: str) -> dict[str, int]:
    for place, group in enumerate([*standing["modules"], *standing["pools"]]):
        reading.say(group, "title", language, reading.text(request.form, f"title-{place}"))
        if not group.get("title"):
            raise DomainError(N_("Give it a title."))
    edits = [editing.Edit(parts.OUTLINE, parts.dump(standing), expected(parts.OUTLINE))]
    return editing.save(draft, edits, language=language, by=current_user.id)


@bp.get("/studio/<uuid:draft_id>/translations")
@requires("studio.write", of="draft")
def translations(draft: Draft) -> BaseResponse:
    """How far each language is, passage by passage."""
    language = language_of(draft)
    settings = queries.settings(draft)
    return page(
        "studio/translations.html",
        draft=draft,
        language=language,
        states=translation.states(draft, language),
        settings=settings,
        questions=queries.questions(draft),
        languages=reading_languages(draft.source_language),
    )


@bp.post("/studio/<uuid:draft_id>/languages")
@requires("studio.write", of="draft")
def add_language(draft: Draft) -> BaseResponse:
    """Give the course one more language to be translated into."""
    tag = request.form.get("tag", "").strip()
    return act(
        translation.add_language,
        draft,
        tag,
        by=current_user.id,
        back=url_for(".translations", draft_id=draft.id),
    )


@bp.get("/studio/<uuid:draft_id>/history/<path:key>")
@requires("studio.write", of="draft")
def history(draft: Draft, key: str) -> BaseResponse:
    """The revisions of a part, and what one of them changed."""
    part = service.part(draft, key) or abort(404)
    revisions = queries.history(draft, key)
    numbers = [each.number for each in revisions]
    chosen = request.args.get("revision", part.number, type=int)
    if chosen not in numbers:
        abort(404)
    before = next((number for number in numbers if number < chosen), None)
    return page(
        "studio/history.html",
        draft=draft,
        key=key,
        part=part,
        revisions=revisions,
        chosen=chosen,
        lines=_compared(queries.revision(draft, key, before) if before else "", queries.revision(draft, key, chosen)),
        languages=reading_languages(draft.source_language),
    )


def _compared(before: str, after: str) -> list[tuple[str, str]]:
    """``(sign, line)`` of a comparison: ``+`` new, ``-`` gone, blank kept; far-off kept lines are left out."""
    old, new = parts.readable(before).splitlines(), parts.readable(after).splitlines()
    found = list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]
    return [("…" if line.startswith("@@") else line[0], "" if line.startswith("@@") else line[1:]) for line in found]


@bp.post("/studio/<uuid:draft_id>/history/<path:key>")
@requires("studio.write", of="draft")
def restore(draft: Draft, key: str) -> BaseResponse:
    """Make an earlier revision the newest one."""
    back = url_for(".history", draft_id=draft.id, key=key)
    number = request.form.get("revision", 0, type=int)
    return act(_restore, draft, key, number, expected("number"), back=back)


def _restore(draft: Draft, key: str, number: int, upon: int) -> None:
    try:
        service.restore(draft, key, number, upon, by=current_user.id)
    except service.Conflict:
        raise DomainError(N_("Someone saved this since. Look at the newest revision first.")) from None
