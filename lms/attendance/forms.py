"""The shapes of what people type about sessions."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange

from lms.web.forms import ChangeForm
from lms.web.pages import Form


class SessionForm(Form):
    """What is agreed of a session."""

    topic = StringField(_l("Topic"), [Length(max=120)])
    day = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    begins = TimeField(_l("Begins at"), [InputRequired(_l("Give the time at which it begins, like 08:30."))])
    ends = TimeField(_l("Ends at"), [InputRequired(_l("Give the time at which it ends, like 12:00."))])
    zone = SelectField(_l("Time zone"))
    venue = StringField(_l("Venue"), [InputRequired(_l("Say where it is.")), Length(max=120)])
    venue_code = StringField(_l("Code of the venue"), [Length(max=12)])
    trainer = SelectField(_l("Trainer"))


class ChangeSessionForm(ChangeForm, SessionForm):
    """The same of a session that is planned already."""


class CodeForm(Form):
    """The room's code."""

    code = StringField(_l("Code"), [InputRequired(_l("Type the code that the room shows.")), Length(max=20)])


class CountForm(Form):
    """People counted in the room."""

    people = IntegerField(
        _l("People in the room"),
        [
            InputRequired(_l("Give the number of people whom you counted.")),
            NumberRange(0, 2000, _l("Give the number of people whom you counted.")),
        ],
    )
