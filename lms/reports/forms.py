"""What people type about a report."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField

from lms.web.pages import Form


class LearntForm(Form):
    """What was learnt, and upon which revision it was written."""

    words = TextAreaField(_l("What we learnt"))
    revision = IntegerField()
