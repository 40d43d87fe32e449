"""The shapes of what begins a course."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from lms.web.pages import Form


class DraftForm(Form):
    """A new course."""

    mission = SelectField(_l("Mission"), [InputRequired(_l("Choose the mission."))])
    title = StringField(_l("Title"), [InputRequired(_l("Give the course a title.")), Length(max=120)])
    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("Give the course a code.")),
            Regexp(r"^[A-Z]{2}[0-9]{2}$", message=_l("Two capital letters and two digits, for example: LP01")),
        ],
    )
    source_language = StringField(
        _l("Language it is written in"),
        [
            InputRequired(_l("Name the language.")),
            Regexp(r"^[a-z]{2,3}(-[A-Z]{2})?$", message=_l("Write the language's code, for example: fr")),
        ],
    )


class ForkForm(Form):
    """A course begun as a copy of a published one."""

    mission = SelectField(_l("Mission"), [InputRequired(_l("Choose the mission."))])
    course = SelectField(_l("Course to copy"), [InputRequired(_l("Choose a course."))])
    title = StringField(_l("Its new title"), [InputRequired(_l("Give the course a title.")), Length(max=120)])


class ImportForm(Form):
    """A course that comes as a file."""

    mission = SelectField(_l("Mission"), [InputRequired(_l("Choose the mission."))])
    file = FileField(_l("Course package (.zip)"), [FileRequired(_l("Choose a file."))])


class ReviewForm(Form):
    """Words that go with sending a course on, or back."""

    words = TextAreaField(_l("What should the reader know?"), [Length(max=4000)])


class CommentForm(Form):
    """A comment."""

    words = TextAreaField(_l("Comment"), [InputRequired(_l("Write the comment.")), Length(max=4000)])
