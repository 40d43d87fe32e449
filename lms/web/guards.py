"""Who may open a page: every view carries exactly one of these marks, and one without is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app, g, request
from flask_login import current_user

from lms.core import db as database
from lms.core import policy

# In bytes: a film, from who is signed in and to a page that takes files.
LARGEST_UPLOAD = 100_000_000
# In bytes: a hundred PDFs, from anyone.
LARGEST_OF_ANYONE = 12_000_000

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anyone may open this page."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anyone with an account may open this page; it shows only their own."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return view(*args, **kwargs)

    guarded.guard = "signed in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def requires(permission: str, of: str | None = None) -> Callable[[View], View]:
    """Only who has ``permission`` opens this page; ``of`` names the row in the URL.

    ``of="cohort"`` takes ``cohort_id`` from the URL, answers 404 when there is none, 403 when the
    permission does not hold on it, and hands the row to the view as ``cohort``.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(**kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if of is None:
                allowed = policy.may(current_user, permission)
            else:
                kwargs[of], allowed = policy.load(
                    current_user, permission, kwargs.pop(f"{of}_id"), lock=database.is_writing()
                )
                if kwargs[of] is None:
                    abort(404)
            if not allowed:
                abort(403)
            return view(**kwargs)

        guarded.guard = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def own_transactions(view: View) -> View:
    """This view opens its transactions itself, so as not to hold the write lock while it computes."""
    view.own_transactions = True  # type: ignore[attr-defined]
    return view


def refuse_unguarded() -> None:
    """Before each request: a page that nobody guarded is nobody's."""
    if request.endpoint is not None and not hasattr(current_app.view_functions[request.endpoint], "guard"):
        abort(403)
    largest = getattr(current_app.view_functions.get(request.endpoint or ""), "takes", 0)
    if largest and (largest <= LARGEST_OF_ANYONE or current_user.is_authenticated):
        request.max_content_length = largest


def takes_files(view: View) -> View:
    """Who is signed in may send this page more than other pages take."""
    view.takes = LARGEST_UPLOAD  # type: ignore[attr-defined]
    return view


def takes_some_files(view: View) -> View:
    """Anyone may send this page some files."""
    view.takes = LARGEST_OF_ANYONE  # type: ignore[attr-defined]
    return view


def can(name: str, row: Any = None) -> bool:
    """What templates ask before they show a way to act; asked once a request."""
    user = current_user._get_current_object()
    if not user.is_authenticated:
        return False
    asked: dict[tuple[str, Any], bool] = g.setdefault("permissions_asked", {})
    key = (name, row.id if row is not None else None)
    if key not in asked:
        asked[key] = policy.may(user, name) if row is None else policy.may_on(user, name, row)
    return asked[key]
