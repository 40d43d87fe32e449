"""The page that checks certificates without a network, and what it fetches while there is one."""

import base64

from flask import Response, current_app, g, jsonify, render_template, url_for

from lms.core import clock
from lms.core.keys import ring
from lms.core.words import direction_of
from lms.verification import offline
from lms.verification.routes.blueprint import bp
from lms.web.guards import public
from lms.web.language import NAMES, current_direction, current_language


@bp.get("/check/")
@bp.get("/check/<any(en, fr, ar):language>")
@public
def check(language: str | None = None) -> Response:
    """The page itself: the same for everyone, so that it may be kept on a shared phone."""
    if language is not None:
        g.language = language
    html = render_template(
        "verification/check.html",
        lang=current_language(),
        dir=direction_of(current_language()) if language else current_direction(),
        site_name=current_app.config["SITE_NAME"],
        names=NAMES,
        direction_of=direction_of,
    )
    return _kept_by_nobody_else(Response(html))


@bp.get("/check/worker.js")
@public
def worker() -> Response:
    """The service worker: keeps the page, of this build, so that it opens without a network."""
    pages = [url_for(".check"), *(url_for(".check", language=each) for each in NAMES)]
    script = render_template(
        "verification/worker.js",
        build=current_app.config["BUILD"],
        files=[*pages, url_for(".manifest")],
    )
    return _kept_by_nobody_else(Response(script, mimetype="text/javascript"))


@bp.get("/check/app.webmanifest")
@public
def manifest() -> Response:
    """What a phone needs to keep the page beside its apps (W3C Web Application Manifest)."""
    text = render_template("verification/app.webmanifest", site_name=current_app.config["SITE_NAME"])
    return _kept_by_nobody_else(Response(text, mimetype="application/manifest+json"))


@bp.get("/check/keys.json")
@public
def keys() -> Response:
    """The public keys that certificates were ever signed with, signed."""
    return _signed(*offline.keys(ring(current_app.config["DATA_DIR"]).credentials))


@bp.get("/check/status.json")
@public
def status() -> Response:
    """The status lists of now, signed."""
    return _signed(*offline.status(ring(current_app.config["DATA_DIR"]).credentials, clock.now()))


def _signed(said: bytes, signature: bytes) -> Response:
    return _kept_by_nobody_else(jsonify(said=said.decode(), signature=base64.b64encode(signature).decode()))


def _kept_by_nobody_else(response: Response) -> Response:
    """The page and its service worker decide what is kept and what is asked for again; the build tells it is ours."""
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Concord-Build"] = current_app.config["BUILD"]
    return response
