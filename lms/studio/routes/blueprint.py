"""What the studio's pages share: the blueprint, the languages of a draft, saving that loses nothing."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.library.document import GUIDE, JOB_AID
from lms.studio import parts, service
from lms.studio.models import Draft
from lms.web.forms import EmptyForm
from lms.web.pages import Form, page

bp = Blueprint("studio", __name__)


def handout_names() -> dict[str, str]:
    """The course's own texts, by the name of their parts."""
    return {GUIDE: gettext("Mentor's guide"), JOB_AID: gettext("Job aid")}


def language_of(draft: Draft) -> str:
    """The language that the page edits: as asked for, else the source language."""
    asked = request.args.get("language", draft.source_language)
    if asked not in draft.languages:
        abort(404)
    return asked


def wants_json() -> bool:
    """Whether the page's own script asks, and not a person."""
    return bool(request.accept_mimetypes.best == "application/json")


def expected(key: str) -> int:
    """The revision of a part that the author had before them."""
    return request.form.get(key, 0, type=int)


def act(change: Callable[..., Any], *args: Any, back: str, **kwargs: Any) -> BaseResponse:
    """Do one thing at the press of a button; a refusal is said on the page that one came from."""
    form = EmptyForm()
    if not form.attempt(change, *args, **kwargs):
        flash(form.form_errors[0], "error")
    return redirect(back)


def saved(form: Form, back: str, numbers: dict[str, int]) -> BaseResponse:
    """The answer to a save that worked: the new revisions for the script, the page again for a person."""
    if wants_json():
        return jsonify(numbers=numbers)
    flash(gettext("Saved."), "success")
    return redirect(back)


def editor(form: Form, template: str, numbers: dict[str, int], **values: Any) -> BaseResponse:
    """The page of an editor: as it stands, or, when a save was refused, with everything that was typed.

    ``numbers`` are the revisions by key that stand; a form that comes back keeps those it was written upon, except
    where someone else's words are shown beside it: then saving again is upon theirs.
    """
    values["unsaved"] = _unsaved()
    if not form.is_submitted():
        return page(template, form=form, numbers=numbers, theirs=None, **values)
    conflict = form.refusal if isinstance(form.refusal, service.Conflict) else None
    status = 409 if conflict else 422
    if wants_json():
        return make_response(jsonify(errors=form.form_errors), status)
    numbers = {key: expected(key) for key in numbers}
    if conflict:
        numbers[conflict.key] = conflict.number
    return page(template, form=form, status=status, numbers=numbers, theirs=conflict, **values)


def _unsaved() -> str:
    """The name under which this device keeps what this person typed here and could not save; tells nobody who."""
    key, language = current_app.config["SIGNING_KEYS"][0], request.args.get("language", "")
    told = f"{key} {current_user.id} {request.path} {language}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def data_or_404(draft: Draft, key: str) -> tuple[dict[str, Any], int]:
    """The data of a JSON part and its number."""
    part = service.part(draft, key) or abort(404)
    return parts.load(part.content), part.number


def outline_url(draft: Draft) -> str:
    """The draft's tree."""
    return url_for("studio.outline", draft_id=draft.id)


def files_base(draft: Draft, code: str | None = None) -> str:
    """What the addresses of a draft's files begin with: for its authors, or for who has a preview's link."""
    if code:
        return url_for("studio.preview_file", code=code, name="")
    return url_for("studio.file", draft_id=draft.id, name="")
