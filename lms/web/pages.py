"""A page, a form, a file: what a view answers with."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Response, g, make_response, render_template, send_file
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError

from lms.core.db import Base, session
from lms.core.errors import DomainError
from lms.web.navigation import frame
from lms.web.once import form_id


class Form(FlaskForm):  # type: ignore[misc]
    """A form that checks shape itself and lets a service check the rest."""

    form_errors: list[str]
    refusal: DomainError | None = None
    again = False

    def attempt(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Do ``act`` in a savepoint; a refusal becomes this form's message and leaves no trace.

        What ``act`` returned is kept in ``self.result``, why it refused in ``self.refusal``.
        """
        try:
            with session.begin_nested():
                self.result = act(*args, **kwargs)
        except DomainError as refusal:
            self.refuse(refusal)
            return False
        return True

    def attempt_once(self, row: type[Base], act: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Like ``attempt``, of an ``act`` that makes a ``row`` with the ``id`` it is given; a form makes one, once.

        Sent again, nothing is done: ``self.result`` is the row of the first time, and ``self.again`` is true.
        """
        id = form_id()
        made = session.get(row, id)
        if made is None:
            try:
                return self.attempt(act, *args, id=id, **kwargs)
            except IntegrityError:
                # Both were on their way at one time, and this one had to wait for the other.
                made = session.get(row, id)
                if made is None:
                    raise
        self.result, self.again = made, True
        return True

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal at its field, or else for the form as a whole."""
        self.refusal = refusal
        words = gettext(refusal.message, **refusal.params)
        if refusal.field is not None and refusal.field in self:
            field = self[refusal.field]
            field.errors = [*field.errors, words]
        else:
            self.form_errors = [*self.form_errors, words]
        g.refused = True

    def refused(self) -> bool:
        """Whether the form was sent and not accepted."""
        return bool(self.errors) or bool(self.form_errors)


def page(template: str, *, form: Form | None = None, status: int | None = None, **values: Any) -> Response:
    """Render a page; a refused form makes it a 422 with everything that was typed."""
    refused = form is not None and form.refused()
    # Given as itself, not only as the global that components reach through a proxy: a page asks it thirty times.
    html = render_template(template, ui=frame(), form=form, form_errors=refused, **values)
    response = make_response(html, status or (422 if refused else 200))
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def download(content: bytes | str | Path, name: str, mimetype: str | None = None) -> Response:
    """A file to take away, which no cache keeps; its type follows its name, unless it is given."""
    if isinstance(content, str):
        content = content.encode()
    source = content if isinstance(content, Path) else BytesIO(content)
    response = send_file(source, mimetype=mimetype, as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response
