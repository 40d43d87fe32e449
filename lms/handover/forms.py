"""The shapes of what people type in a handover."""

from typing import TypeVar
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.web.pages import Form

# In characters; a line's end is one, as browsers count them, though they send two.
LONGEST = 4000


def _plain_line_ends(text: str | None) -> str | None:
    return text and text.replace("\r\n", "\n")


class OpenForm(Form):
    """Who takes over."""

    successor = SelectField(_l("Successor"), [InputRequired(_l("Choose a successor from the list."))])


class ItemForm(Form):
    """An item written by hand."""

    title = StringField(_l("What it is about"), [InputRequired(_l("Say what it is about.")), Length(max=160)])
    note = TextAreaField(_l("What your successor should know"), [Length(max=LONGEST)], filters=[_plain_line_ends])


class NoteForm(Form):
    """What the successor should know of an item; ``seen`` is what the writer read that is missing."""

    note = TextAreaField(_l("What your successor should know"), [Length(max=LONGEST)], filters=[_plain_line_ends])
    seen = HiddenField()


class ObjectionForm(Form):
    """What the successor still needs."""

    objection = TextAreaField(_l("What you still need"), [Length(max=LONGEST)], filters=[_plain_line_ends])


AnyForm = TypeVar("AnyForm", bound=Form)


def of_item(form: AnyForm, item_id: UUID) -> AnyForm:
    """The same form with ids of its own, as a page has one for each item."""
    for field in form:
        field.id = field.label.field_id = f"{field.id}-{item_id}"
    return form
