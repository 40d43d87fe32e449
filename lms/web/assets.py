"""Static files: addressed by their content, so that a browser keeps them for good."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request

from lms.web.guards import public


@cache
def _file(root: str, name: str) -> tuple[bytes, bytes, str, str]:
    """``(bytes, brotli bytes, media type, hash)`` of a file below ``root``; read once for each process."""
    path = (Path(root) / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise FileNotFoundError(name)
    content = path.read_bytes()
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    digest = hashlib.sha256(content).hexdigest()[:12]
    # The last twelfth of a large file's size would cost a second of its first reader's time.
    quality = 9 if len(content) > 200_000 else 11
    return content, brotli.compress(content, quality=quality), kind, digest


def _build(*folders: object) -> str:
    """A hash over the code's templates and static files: pages kept by a browser end with it."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(Path(str(folder)).rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def init_app(app: Flask) -> None:
    """Serve ``static/`` and give templates ``asset('css/app.css')``."""
    root = str(Path(app.config["STATIC_ROOT"]).resolve())
    app.config["BUILD"] = _build(root, app.template_folder)

    @app.get("/static/<path:name>", endpoint="static")
    @public
    def _static(name: str) -> Response:
        try:
            content, small, kind, digest = _file(root, name)
        except FileNotFoundError:
            abort(404)
        if request.accept_encodings.quality("br") > 0 and len(small) < len(content):
            response = Response(small, mimetype=kind, headers={"Content-Encoding": "br"})
        else:
            response = Response(content, mimetype=kind)
        # An address without the current hash may change: only the right one is kept for good.
        asked = request.args.get("v") == digest
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if asked else "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        return response

    @app.template_global()
    def has_asset(name: str) -> bool:
        """Whether a file that is built apart is there."""
        return (Path(root) / name).is_file()

    @app.template_global()
    def asset(name: str) -> str:
        return f"/static/{name}?v={_file(root, name)[3]}"
