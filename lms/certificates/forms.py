"""The shapes of what people type about certificates."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

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


class CredentialForm(Form):
    """A credential that somebody shows: a file, or its text."""

    file = FileField(_l("File (JSON or PNG)"))
    text = TextAreaField(_l("Or the text of the file"))

    def validate_text(self, field: TextAreaField) -> None:
        """One of the two has to be there."""
        if not self.file.data and not (field.data or "").strip():
            raise ValidationError(_l("Choose a file, or paste its text."))

    def shown(self) -> bytes:
        """What was given; a file comes before text."""
        content: bytes = self.file.data.read() if self.file.data else self.text.data.strip().encode()
        return content


class VerifyForm(Form):
    """A certificate's number."""

    class Meta:
        # Nothing changes, and the page works without a cookie.
        csrf = False

    code = StringField(_l("Certificate number"), [InputRequired(_l("Type the number that stands on the certificate."))])


class HolderForm(Form):
    """The name or number that stands on the certificate, to be confirmed."""

    holder = StringField(_l("Name or number on the certificate"), [InputRequired(_l("Type the name or number."))])
