"""The shapes of what people type about accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length

from lms.accounts.models import Role
from lms.web.language import NAMES
from lms.web.pages import Form

ROLE_NAMES = {
    Role.TRAINEE: _l("Trainee"),
    Role.MENTOR: _l("Mentor"),
    Role.INSTRUCTOR: _l("Local instructor"),
    Role.MANAGER: _l("Manager"),
    Role.ADMIN: _l("Administrator"),
}

ROLES = [SelectChoice(role.value, name) for role, name in ROLE_NAMES.items()]


class SignInForm(Form):
    """Username and password."""

    username = StringField(_l("Username"), [InputRequired(_l("Type your username.")), Length(max=60)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password.")), Length(max=200)])
    shared = BooleanField(_l("Other people use this device too"), default=True)


class NewPasswordForm(Form):
    """A new password, twice."""

    new_password = PasswordField(_l("New password"), [InputRequired(_l("Type a new password."))])
    again = PasswordField(
        _l("New password again"), [EqualTo("new_password", _l("The two do not match. Type the same password twice."))]
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password, then a new one."""

    password = PasswordField(_l("Present password"), [InputRequired(_l("Type your present password."))])


class PreferencesForm(Form):
    """Language and direction of the pages, and what comes first in a lesson."""

    language = SelectField(_l("Language"), choices=[SelectChoice(tag, name) for tag, name in NAMES.items()])
    direction = SelectField(
        _l("Direction of the page"),
        choices=[
            SelectChoice("auto", _l("As the language is written")),
            SelectChoice("ltr", _l("Left to right")),
            SelectChoice("rtl", _l("Right to left")),
        ],
    )
    audio_first = BooleanField(_l("Sound and pictures first, then words"))


class PersonForm(Form):
    """A new account."""

    username = StringField(_l("Username"), [InputRequired(_l("Type a username.")), Length(max=60)])
    role = SelectField(_l("Role"), choices=ROLES)


class RoleForm(Form):
    """Another role."""

    role = SelectField(_l("Role"), choices=ROLES)
