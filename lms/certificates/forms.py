"""The shapes of what people type about certificates."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.certificates.words import KINDS
from lms.web.pages import Form


class RevokeForm(Form):
    """Why a certificate is taken back."""

    because = TextAreaField(
        _l("Reason"), [InputRequired(_l("Say why, in words that the holder may read.")), Length(max=300)]
    )


class SuspendForm(Form):
    """Why a certificate is set aside for now."""

    because = TextAreaField(
        _l("Reason"), [InputRequired(_l("Say why, in words that the holder may read.")), Length(max=300)]
    )


class AttestForm(Form):
    """When it was seen, and whether it was teaching; levels are read beside it, as each course has its own."""

    observed_on = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    taught = BooleanField(_l("I saw this person teach others"))


class IssueForm(Form):
    """Certificates of one kind, for a whole cohort or for some of it."""

    kind = SelectField(_l("Kind"), choices=[SelectChoice(kind, _l(name)) for kind, name in KINDS.items()])
    numbers = TextAreaField(_l("Trainee numbers, if not for everyone"), [Length(max=4000)])


class RefuseForm(Form):
    """Why what somebody proposed is not approved."""

    because = TextAreaField(_l("Reason"), [InputRequired(_l("Say why, so that it can be mended.")), Length(max=300)])
