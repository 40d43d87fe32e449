"""The files of a draft: the list, taking one in, showing one to authors and to who has a preview's link."""

import re
from typing import Any

from flask import abort, current_app, flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from lms.core.db import session
from lms.library.routes import send_media
from lms.studio import files, preview, queries, weight
from lms.studio.models import Asset, Draft
from lms.studio.routes.blueprint import act, bp, files_base, wants_json
from lms.web.forms import EmptyForm
from lms.web.guards import public, requires, takes_files
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/studio/<uuid:draft_id>/files", methods=["GET", "POST"])
@takes_files
@requires("studio.write", of="draft")
def file_list(draft: Draft) -> BaseResponse:
    """The draft's files; a POST takes one more."""
    form = EmptyForm()
    if form.validate_on_submit():
        if form.attempt(_add, draft):
            if wants_json():
                return jsonify(_told(draft, form.result))
            flash(gettext("The file is there."), "success")
            return redirect(url_for(".file_list", draft_id=draft.id))
        if wants_json():
            return make_response(jsonify(errors=form.form_errors), 422)
    assets = queries.assets(draft)
    if wants_json():
        return jsonify(told(draft))
    return page(
        "studio/files.html",
        form=form,
        draft=draft,
        assets=[(each, _told(draft, each)["url"]) for each in assets],
        languages=reading_languages(draft.source_language),
    )


def _add(draft: Draft) -> Asset:
    sent = request.files.get("file")
    return files.add(
        draft,
        sent.filename or "" if sent else "",
        sent.read() if sent else b"",
        alt=request.form.get("alt", "").strip()[:500],
        store=current_app.config["MEDIA"],
        by=current_user.id,
    )


def _told(draft: Draft, asset: Asset) -> dict[str, Any]:
    url = f"{files_base(draft)}{asset.sha256}.{asset.name.rpartition('.')[2]}"
    phone = weight.on_a_phone(asset, current_app.config["MEDIA"])
    return {"name": asset.name, "type": asset.type, "url": url, "alt": asset.alt, "phone": phone}


def told(draft: Draft) -> list[dict[str, Any]]:
    """Every file of the draft as the editor knows it: name, type, address, words, and its bytes on a phone."""
    return [_told(draft, each) for each in queries.assets(draft)]


@bp.post("/studio/<uuid:draft_id>/files/<name>/remove")
@requires("studio.write", of="draft")
def remove_file(draft: Draft, name: str) -> BaseResponse:
    """Take a file out of the draft."""
    return act(files.remove, draft, name, back=url_for(".file_list", draft_id=draft.id))


@bp.get("/studio/<uuid:draft_id>/files/", defaults={"name": ""})
@bp.get("/studio/<uuid:draft_id>/files/<name>")
@requires("studio.write", of="draft")
def file(draft: Draft, name: str) -> BaseResponse:
    """A file of the draft."""
    return _sent(draft, name)


@bp.get("/preview/<code>/files/", defaults={"name": ""})
@bp.get("/preview/<code>/files/<name>")
@public
def preview_file(code: str, name: str) -> BaseResponse:
    """A file of a draft for who has the preview's link."""
    draft_id = preview.draft_of(code, current_app.config["SIGNING_KEYS"])
    draft = session.get(Draft, draft_id) if draft_id else None
    return _sent(draft, name) if draft else abort(404)


def _sent(draft: Draft, name: str) -> BaseResponse:
    found = re.fullmatch(r"([0-9a-f]{64})(-480)?\.[a-z0-9]{2,4}", name)
    asset = files.with_content(draft, found[1]) if found else None
    if found is None or asset is None:
        abort(404)
    small = found[2] is not None and asset.type.startswith("image/")
    return send_media(found[1], asset.name.rpartition(".")[2], small=small)
