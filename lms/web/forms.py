"""Forms that belong to no domain."""

from lms.web.pages import Form


class EmptyForm(Form):
    """A button: nothing but the token that proves it was pressed here."""
