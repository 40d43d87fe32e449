"""The shapes of what people type about cohorts."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from lms.cohorts.prerequisites import Unready
from lms.roster.words import OFF
from lms.web.forms import ChangeForm
from lms.web.pages import Form


class CohortForm(Form):
    """A new cohort."""

    title = StringField(_l("Title"), [InputRequired(_l("Give the cohort a title.")), Length(max=120)])
    course = SelectField(_l("Course"))
    begins = DateField(_l("First day"), [InputRequired(_l("Give the first day."))])
    ends = DateField(_l("Last day"), [InputRequired(_l("Give the last day."))])
    capacity = IntegerField(
        _l("Places"), [InputRequired(_l("Say how many places there are.")), NumberRange(1, 2000)], default=40
    )


class DatesForm(ChangeForm):
    """What may change of a cohort."""

    title = CohortForm.title
    begins = CohortForm.begins
    ends = CohortForm.ends
    capacity = CohortForm.capacity


class ReasonForm(Form):
    """Why a closed cohort is corrected."""

    reason = StringField(_l("Reason"), [Length(max=300)])


class InstructorForm(Form):
    """A local instructor, by username."""

    username = StringField(_l("Username"), [InputRequired(_l("Type the username.")), Length(max=60)])


class AdjustForm(ChangeForm):
    """What one trainee needs more of."""

    extension_days = IntegerField(
        _l("More days for what is due"), [InputRequired(_l("Give a number; 0 is none.")), NumberRange(0, 365)]
    )
    extra_time = IntegerField(
        _l("More time in tests, in percent"), [InputRequired(_l("Give a number; 0 is none.")), NumberRange(0, 300)]
    )


class NameForm(Form):
    """A real name, for certificates only."""

    name = StringField(_l("Real name"), [Length(max=120)])


class ReadyForm(Form):
    """What is done with who has not completed what comes first."""

    unready = RadioField(
        _l("What is to be done?"),
        choices=[
            SelectChoice("lock", _l("Give the place; the course opens when the rest is completed")),
            SelectChoice("waive", _l("Waive it, for this reason:")),
        ],
        validate_choice=False,
    )
    reason = StringField(_l("Reason"), [Length(max=300)])

    def choice(self) -> Unready:
        """What was chosen; nothing is a refusal."""
        return Unready(self.unready.data or "refuse", self.reason.data or "")

    def must_choose(self) -> bool:
        """Whether it was refused for want of a choice."""
        return bool(self.unready.errors or self.reason.errors)


class EnrolForm(ReadyForm):
    """A trainee, by number."""

    number = StringField(_l("Trainee number"), [InputRequired(_l("Type the trainee's number.")), Length(max=60)])


class WaiveForm(Form):
    """Why a prerequisite is waived."""

    reason = StringField(_l("Reason"), [InputRequired(_l("Say why it is waived.")), Length(max=300)])


class JoinForm(Form):
    """A join code."""

    code = StringField(_l("Join code"), [InputRequired(_l("Type the code.")), Length(max=20)])


class OffRollForm(Form):
    """Why a trainee leaves the roll."""

    because = SelectField(
        _l("Why"),
        [InputRequired(_l("Choose why the trainee leaves the roll."))],
        choices=[SelectChoice("", _l("Choose")), *(SelectChoice(code, _l(word)) for code, word in OFF.items())],
    )


class LeadForm(Form):
    """Who answers for a cohort."""

    person = SelectField(_l("Mentor"), [InputRequired(_l("Choose a mentor who is deployed to the mission today."))])
