"""The shapes of what begins a course."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from lms.web.language import current_language
from lms.web.pages import Form

CODE = Regexp(r"^[A-Z]{2}[0-9]{2}$", message=_l("Two capital letters and two digits, for example: LP01"))
LANGUAGE = Regexp(r"^[a-z]{2,3}(-[A-Z]{2})?$", message=_l("Write the language's code, for example: fr"))


class DraftForm(Form):
    """A new course."""

    mission = SelectField(_l("Mission"), [InputRequired(_l("Choose the mission."))])
    title = StringField(_l("Title"), [InputRequired(_l("Give the course a title.")), Length(max=120)])
    code = StringField(
        _l("Code"),
        [
            InputRequired(_l("Give the course a code.")),
            CODE,
        ],
    )
    source_language = StringField(
        _l("Language it is written in"),
        [
            InputRequired(_l("Name the language.")),
            LANGUAGE,
        ],
    )


class ForkForm(Form):
    """A course begun as a copy of a published one."""

    mission = SelectField(_l("Mission"), [InputRequired(_l("Choose the mission."))])
    course = SelectField(_l("Course to copy"), [InputRequired(_l("Choose a course."))])
    title = StringField(_l("Its new title"), [InputRequired(_l("Give the course a title.")), Length(max=120)])


class AboutFileForm(Form):
    """What a Word document or a cartridge does not say of itself."""

    code = StringField(_l("Code"), [CODE], default="IM01")
    language = StringField(_l("Language it is written in"), [LANGUAGE], default=current_language)


class ImportForm(AboutFileForm):
    """A course that comes as a file."""

    mission = SelectField(_l("Mission"), [InputRequired(_l("Choose the mission."))])
    file = FileField(
        _l("Course package (.zip), Common Cartridge (.imscc) or Word document (.docx)"),
        [FileRequired(_l("Choose a file."))],
    )


class QuestionsForm(Form):
    """Questions that come as a file."""

    file = FileField(_l("GIFT, Aiken or Moodle XML"), [FileRequired(_l("Choose a file."))])


class ReviewForm(Form):
    """Words that go with sending a course on, or back."""

    words = TextAreaField(_l("What should the reader know?"), [Length(max=4000)])


class CommentForm(Form):
    """A comment."""

    words = TextAreaField(_l("Comment"), [InputRequired(_l("Write the comment.")), Length(max=4000)])
