"""The instruments that a course may cite, and naming one among its sources."""

from flask import request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.studio import citing, parts, queries
from lms.studio.models import Draft
from lms.studio.routes.blueprint import act, bp
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/studio/<uuid:draft_id>/instruments")
@requires("studio.write", of="draft")
def instruments(draft: Draft) -> BaseResponse:
    """Instruments by article, found by words."""
    about = parts.load(queries.content(draft, parts.COURSE))
    return page(
        "studio/instruments.html",
        draft=draft,
        cited=citing.listed(about, reading_languages(draft.source_language), request.args.get("q", "")[:80]),
    )


@bp.post("/studio/<uuid:draft_id>/sources")
@requires("studio.write", of="draft")
def add_source(draft: Draft) -> BaseResponse:
    """Name an instrument among the course's sources."""
    id = request.form.get("id", "")
    return act(citing.add_source, draft, id, by=current_user.id, back=url_for(".instruments", draft_id=draft.id, q=id))
