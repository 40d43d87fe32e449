"""Asking for answers as somebody at an address, who waits after too many."""

from collections.abc import Iterable, Sequence

from flask import current_app, request
from flask_babel import format_time

from lms.accounts import throttle
from lms.core.errors import DomainError
from lms.core.vault import vault_of
from lms.verification import many
from lms.web.pages import Form


def ask(
    form: Form, cells: Iterable[str], files: Sequence[tuple[str, bytes]]
) -> tuple[list[many.Line] | None, int, int | None]:
    """``(lines, cells that held no number, status)`` of ``many.check``; a refusal is shown by the form."""
    vault = vault_of(current_app.config["DATA_DIR"])
    key = vault.fingerprint(f"check {throttle.address_of(request.remote_addr)}")
    try:
        return *many.check(cells, files, key=key), None
    except many.TooMany as refusal:
        refusal.params["time"] = format_time(refusal.until, "short")
        form.refuse(refusal)
        return None, 0, 429
    except DomainError as refusal:
        form.refuse(refusal)
        return None, 0, None
