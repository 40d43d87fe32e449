"""The tree of a course: modules and activities, pools and questions, and every change of it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.studio import arranging, parts, queries, service
from lms.studio import outline as tree
from lms.studio.models import Draft
from lms.studio.routes.blueprint import bp, outline_url
from lms.web.forms import EmptyForm
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page

GROUPS = ("modules", "pools")


@bp.get("/studio/<uuid:draft_id>/")
@requires("studio.write", of="draft")
def outline(draft: Draft) -> BaseResponse:
    """The course as a tree, with buttons and by drag and drop."""
    settings = queries.settings(draft)
    return page(
        "studio/outline.html",
        draft=draft,
        tree=settings["outline"],
        activities={key.removeprefix("activity/"): data for key, data in settings.items()},
        languages=reading_languages(draft.source_language),
        undo=undo_of(draft, "modules"),
    )


@bp.get("/studio/<uuid:draft_id>/move/<activity_id>")
@requires("studio.write", of="draft")
def move(draft: Draft, activity_id: str) -> BaseResponse:
    """Choose the module that an activity moves to."""
    settings = queries.settings(draft)
    data = settings.get(parts.activity_key(activity_id)) or abort(404)
    return page(
        "studio/move.html",
        draft=draft,
        activity_id=activity_id,
        data=data,
        modules=[each for each in settings["outline"]["modules"] if activity_id not in each["activities"]],
        languages=reading_languages(draft.source_language),
    )


@bp.post("/studio/<uuid:draft_id>/outline")
@requires("studio.write", of="draft")
def arrange(draft: Draft) -> BaseResponse:
    """Change the tree: add, move, copy, rename, take out, undo."""
    kind = request.form.get("group", "modules")
    doing = ACTS.get(request.form.get("do", ""))
    back = outline_url(draft) if kind == "modules" else url_for(".bank", draft_id=draft.id)
    form = EmptyForm()
    if doing is None or kind not in GROUPS or not form.attempt(doing, draft, kind):
        flash(form.form_errors[0] if form.form_errors else gettext("Choose what to do."), "error")
        return redirect(back)
    return redirect(form.result or f"{back}#{request.form.get('id', 'end')}")


def undo_of(draft: Draft, kind: str) -> tuple[int, int] | None:
    """The numbers with which the last removal is undone, once, on the page that follows it."""
    kept = session.get("undo")
    if not kept or kept[:2] != [f"{draft.id}", kind]:
        return None
    del session["undo"]
    return kept[2], kept[3]


def _field(name: str) -> str:
    return request.form.get(name, "").strip()[:200]


def _change(draft: Draft, change: tree.Change) -> None:
    service.change_outline(draft, change, by=current_user.id)


def _add_group(draft: Draft, kind: str) -> None:
    arranging.add_group(draft, kind, _field("title"), by=current_user.id)


def _add_activity(draft: Draft, kind: str) -> str:
    id = arranging.add_activity(draft, _field("to"), _field("kind"), _field("title"), by=current_user.id)
    return url_for(".activity", draft_id=draft.id, activity_id=id)


def _add_question(draft: Draft, kind: str) -> str:
    id = arranging.add_question(draft, _field("to"), _field("kind"), _field("prompt"), by=current_user.id)
    return url_for(".question", draft_id=draft.id, question_id=id)


def _rename(draft: Draft, kind: str) -> None:
    words = _field("title")
    if not words:
        raise DomainError(N_("Give it a title."))
    language = _field("language") or draft.source_language
    _change(draft, tree.rename_group(kind, _field("id"), language, words))


def _move(draft: Draft, kind: str) -> None:
    _change(draft, tree.move(kind, _field("id"), _field("to"), request.form.get("place", type=int)))


def _copy(draft: Draft, kind: str) -> None:
    arranging.duplicate(draft, kind, _field("id"), by=current_user.id)
    flash(gettext("The copy stands right after it."), "success")


def _remove(draft: Draft, kind: str) -> None:
    change = tree.remove_group if _field("whole") else tree.remove
    before, after = service.change_outline(draft, change(kind, _field("id")), by=current_user.id)
    session["undo"] = [f"{draft.id}", kind, before, after]


def _undo(draft: Draft, kind: str) -> None:
    before, after = request.form.get("to", 0, type=int), request.form.get("number", 0, type=int)
    arranging.undo(draft, before, after, by=current_user.id)
    flash(gettext("It is back where it was."), "success")


ACTS: dict[str, Callable[[Draft, str], Any]] = {
    "add-group": _add_group,
    "add-activity": _add_activity,
    "add-question": _add_question,
    "rename": _rename,
    "up": lambda draft, kind: _change(draft, tree.step(kind, _field("id"), -1)),
    "down": lambda draft, kind: _change(draft, tree.step(kind, _field("id"), 1)),
    "group-up": lambda draft, kind: _change(draft, tree.step_group(kind, _field("id"), -1)),
    "group-down": lambda draft, kind: _change(draft, tree.step_group(kind, _field("id"), 1)),
    "move": _move,
    "copy": _copy,
    "remove": _remove,
    "undo": _undo,
}
