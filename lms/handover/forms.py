"""The shapes of what people type in a handover."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.web.pages import Form


class OpenForm(Form):
    """Who takes over."""

    successor = SelectField(_l("Successor"), [InputRequired(_l("Choose a successor from the list."))])


class ItemForm(Form):
    """An item written by hand."""

    title = StringField(_l("What it is about"), [InputRequired(_l("Say what it is about.")), Length(max=160)])
    note = TextAreaField(_l("What your successor should know"), [Length(max=4000)])
