"""The application factory: the only module that knows every domain."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_compress import Compress
from flask_login import current_user
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from werkzeug.middleware.proxy_fix import ProxyFix

import lms.web.errors
import lms.web.health
from lms import demo
from lms.core import db, settings
from lms.core.db import start_writing, transaction
from lms.core.keys import ring
from lms.library import media_store
from lms.web import assets, guards, headers, icons, language, navigation, once

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

DOMAINS = (
    "accounts",
    "library",
    "missions",
    "record",
    "credentials",
    "books",
    "roster",
    "cohorts",
    "attendance",
    "progress",
    "learning",
    "assessment",
    "scenarios",
    "assignments",
    "messages",
    "mentoring",
    "grades",
    "studio",
    "designs",
    "certificates",
    "handover",
    "answers",
    "reports",
    "verification",
)


class Concord(Flask):
    """Flask with one transaction around each request: returning commits, raising rolls back."""

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer in one piece: the server sends it on by itself, so that no slow phone holds a thread."""
        body = super().wsgi_app(environ, start_response)
        try:
            return list(body)
        finally:
            body.close()  # type: ignore[attr-defined]

    def dispatch_request(self) -> ResponseReturnValue:
        """Let the view run; a GET only reads, whatever it does."""
        endpoint = request.endpoint
        if endpoint is None or hasattr(self.view_functions[endpoint], "own_transactions"):
            return super().dispatch_request()
        with transaction(write=False):
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                # Who asks is read before waiting for the turn to write: every moment of a turn keeps others waiting.
                current_user._get_current_object()
                start_writing()
            return super().dispatch_request()


def _domain(name: str, part: str) -> Any:
    try:
        return import_module(f"lms.{name}.{part}")
    except ModuleNotFoundError as absent:
        if absent.name != f"lms.{name}.{part}":
            raise
        return None


def models_metadata() -> MetaData:
    """The tables of every domain."""
    for name in DOMAINS:
        _domain(name, "models")
    import_module("lms.core.audit")
    import_module("lms.core.jobs")
    return db.Base.metadata


def create_app(environment: Mapping[str, str] = os.environ) -> Flask:
    """The application, configured from the environment."""
    app = Concord(
        "lms", root_path=os.path.join(ROOT, "lms"), static_folder=None, template_folder=os.path.join(ROOT, "templates")
    )
    app.config.from_mapping(settings.from_environment(environment))
    app.config.from_mapping(
        STATIC_ROOT=os.path.join(ROOT, "static"),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIMETYPES=["text/html", "text/csv", "application/json"],
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(app.config["SQLALCHEMY_DATABASE_URI"]),
    )
    ring(app.config["DATA_DIR"], app.config["SITE_NAME"]).begin()
    if demo.is_loaded(app.config["DATA_DIR"]):
        app.config["DEMO_PASSWORD"] = demo.PASSWORD
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[assignment,method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    models_metadata()
    app.config["MEDIA"] = media_store.from_settings(app.config)
    db.db.init_app(app)
    with app.app_context():
        db.listen_to(db.db.engine)
    app.before_request(guards.refuse_unguarded)
    for part in (assets, icons, language, headers, navigation, once, lms.web.errors, lms.web.health):
        part.init_app(app)
    _add_domains(app)
    CSRFProtect(app)
    Compress(app)
    return app


def _add_domains(app: Flask) -> None:
    found = []
    for name in DOMAINS:
        _domain(name, "policy")
        _domain(name, "jobs")
        _domain(name, "readiness")
        if routes := _domain(name, "routes"):
            found.append(routes.bp)
    # Only now: a higher floor adds pages to the blueprints of lower ones.
    for blueprint in found:
        app.register_blueprint(blueprint)
    for name in DOMAINS:
        if commands := _domain(name, "cli"):
            app.cli.add_command(commands.commands)
    import_module("lms.accounts.sessions").init_app(app)
    for command in import_module("lms.commands").commands:
        app.cli.add_command(command)


def _engine_options(url: str) -> dict[str, Any]:
    """A server's connections may have died since they were last used; a file's cannot."""
    return {} if url.startswith("sqlite") else {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
