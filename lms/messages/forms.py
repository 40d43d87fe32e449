"""The shapes of what is written."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

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
