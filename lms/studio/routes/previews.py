"""Previews: for authors, and by a link that ends for anyone who has it."""

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core import audit
from lms.core.db import session
from lms.studio import preview
from lms.studio.models import Draft
from lms.studio.routes.blueprint import bp, files_base
from lms.web.guards import public, requires
from lms.web.pages import page


@bp.get("/studio/<uuid:draft_id>/preview")
@requires("studio.write", of="draft")
def preview_course(draft: Draft) -> BaseResponse:
    """The draft as a trainee will see it, at a phone's width."""
    return _show(draft, code=None)


@bp.get("/preview/<code>")
@public
def preview_link(code: str) -> BaseResponse:
    """The same for a colleague who has the link, until it ends."""
    draft_id = preview.draft_of(code, current_app.config["SIGNING_KEYS"])
    draft = session.get(Draft, draft_id) if draft_id else None
    if draft is None:
        abort(404)
    return _show(draft, code)


@bp.post("/studio/<uuid:draft_id>/preview-link")
@requires("studio.write", of="draft")
def make_link(draft: Draft) -> BaseResponse:
    """Make a link to the preview that ends after a week."""
    code = preview.link_code(draft, current_app.config["SIGNING_KEYS"])
    audit.record("studio.preview_shared", actor_id=current_user.id, object_id=draft.id)
    address = current_app.config["BASE_URL"] + url_for(".preview_link", code=code)
    flash(gettext("Anyone with this link can read the course for a week: %(address)s", address=address), "success")
    return redirect(url_for(".preview_course", draft_id=draft.id))


def _show(draft: Draft, code: str | None) -> BaseResponse:
    language = request.args.get("language", draft.source_language)
    if language not in draft.languages:
        abort(404)
    return page(
        "studio/preview.html",
        draft=draft,
        code=code,
        turned=request.args.get("turned", type=int),
        language=language,
        languages=[language, draft.source_language],
        **preview.shown(
            draft, request.args.get("activity"), [language, draft.source_language], files_base(draft, code)
        ),
    )
