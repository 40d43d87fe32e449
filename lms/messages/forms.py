"""The shapes of what is written."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from lms.messages.models import Kind
from lms.messages.notices import OFTEN
from lms.web.pages import Form

MOST = 4000


class MessageForm(Form):
    """A message."""

    words = TextAreaField(
        _l("Your message"),
        [InputRequired(_l("Write your message.")), Length(max=MOST, message=_l("Write at most 4,000 characters."))],
    )


class AddressForm(Form):
    """An address to be told at."""

    address = EmailField(
        _l("E-mail address"),
        [
            InputRequired(_l("Give an address.")),
            Length(max=254),
            Regexp(r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+$", message=_l("Write it like name@example.org.")),
        ],
    )


class ChoiceForm(Form):
    """How often one is told, and of what; a box for each kind of thread."""

    every = SelectField(
        _l("How often"), coerce=int, choices=[SelectChoice(days, _l(word)) for days, word in OFTEN.items()]
    )
    announcement = BooleanField(_l("Announcements"))
    question = BooleanField(_l("Questions and answers"))
    result = BooleanField(_l("Marks and results"))
    notice = BooleanField(_l("Reminders"))

    def leaves_out(self) -> list[str]:
        """The kinds whose box is empty."""
        return [kind.value for kind in Kind if not self[kind.value].data]
