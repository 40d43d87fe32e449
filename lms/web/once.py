"""A form that is sent twice, by a second click or because its answer was lost, makes one row.

The form carries a seed (``once()`` in a template), and the row's primary key follows from it.
"""

from uuid import UUID

from flask import Flask, request
from flask_login import current_user

from lms.core.ids import id_about, new_id


def form_id() -> UUID:
    """The id of the row that the form at hand makes: the same whenever this person sends the very same form again.

    It follows from the seed, who sends it, whereto and all that was typed. So nobody reaches a row that somebody else
    made, and other words are another row. A form without a good seed makes a new row each time.
    """
    seed = request.form.get("once", type=UUID)
    if seed is None:
        return new_id()
    said = sorted(each for each in request.form.items(multi=True) if each[0] != "csrf_token")
    return id_about(seed, current_user.id, request.path, said)


def init_app(app: Flask) -> None:
    """Give templates ``form_seed()``."""
    app.jinja_env.globals["form_seed"] = new_id
