"""The shapes of what people type about certificates."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.web.pages import Form


class RevokeForm(Form):
    """Why a certificate is taken back."""

    because = TextAreaField(
        _l("Reason"), [InputRequired(_l("Say why, in words that the holder may read.")), Length(max=300)]
    )


class VerifyForm(Form):
    """A certificate's number."""

    class Meta:
        # Nothing changes, and the page works without a cookie.
        csrf = False

    code = StringField(_l("Certificate number"), [InputRequired(_l("Type the number that stands on the certificate."))])


class HolderForm(Form):
    """The name or number that stands on the certificate, to be confirmed."""

    holder = StringField(_l("Name or number on the certificate"), [InputRequired(_l("Type the name or number."))])
