"""The shapes of what people type about missions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from lms.missions.forces import KINDS
from lms.missions.partners import ASKERS, PARTNERS
from lms.web.forms import ChangeForm
from lms.web.pages import Form


class MissionForm(Form):
    """A new mission."""

    title = StringField(_l("Title"), [InputRequired(_l("Give the mission a title.")), Length(max=120)])
    host_country = StringField(_l("Host country"), [InputRequired(_l("Name the host country.")), Length(max=80)])
    host_force = StringField(_l("Host police force"), [InputRequired(_l("Name the host force.")), Length(max=120)])
    requested_by = StringField(
        _l("Requested by"), [InputRequired(_l("Name who asked for the mission.")), Length(max=120)]
    )
    mandate_begins = DateField(_l("Mandate begins"), [InputRequired(_l("Give the first day of the mandate."))])
    mandate_ends = DateField(_l("Mandate ends"), [InputRequired(_l("Give the last day of the mandate."))])
    languages = StringField(
        _l("Languages"),
        [
            InputRequired(_l("Name at least one language.")),
            Regexp(
                r"^[a-z]{2,3}(-[A-Z]{2})?( [a-z]{2,3}(-[A-Z]{2})?)*$",
                message=_l("Write language codes with spaces between, for example: fr ht"),
            ),
        ],
    )
    keeps_names = BooleanField(_l("Keep real names, encrypted, for certificates"))

    def values(self) -> dict[str, Any]:
        """What was typed, by name."""
        told = {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "seen")}
        return told | {"languages": (self.languages.data or "").split()}


class MandateForm(ChangeForm, MissionForm):
    """What a mission is, once it is open; its forces have a page of their own."""

    host_force = None


class DeploymentForm(Form):
    """Someone's posting."""

    username = StringField(_l("Username"), [InputRequired(_l("Type the username.")), Length(max=60)])
    begins = DateField(_l("First day"), [InputRequired(_l("Give the first day."))])
    ends = DateField(_l("Last day"), [InputRequired(_l("Give the last day."))])


class PostingDatesForm(ChangeForm):
    """Other dates for a posting."""

    begins = DeploymentForm.begins
    ends = DeploymentForm.ends


class LawForm(Form):
    """The law in force on a lesson's matter."""

    text = TextAreaField(_l("The law in force here"), [InputRequired(_l("Write what the law says.")), Length(max=8000)])
    checked_by = StringField(
        _l("Checked by (a post, not a name)"), [InputRequired(_l("Say which post checked it.")), Length(max=120)]
    )
    checked_on = DateField(_l("Checked on"), [InputRequired(_l("Give the day of the check."))])


class ForceForm(Form):
    """A host force."""

    name = StringField(_l("Name of the force"), [InputRequired(_l("Name the host force.")), Length(max=120)])
    kind = SelectField(_l("Kind"), choices=[SelectChoice(code, _l(name)) for code, name in KINDS.items()])


class EstablishmentForm(Form):
    """How many posts a force has."""

    day = DateField(_l("As of"), [InputRequired(_l("Give the day."))])
    posts = IntegerField(_l("Posts"), [InputRequired(_l("Give the number of posts.")), NumberRange(1, 10_000_000)])
    women = IntegerField(_l("Women among them"), [Optional(), NumberRange(0, 10_000_000)])


class RequestForm(Form):
    """A request for assistance."""

    asked_by_kind = SelectField(_l("Asked by"), choices=[SelectChoice(code, _l(name)) for code, name in ASKERS.items()])
    asked_by = StringField(_l("Who exactly"), [InputRequired(_l("Name who asked.")), Length(max=120)])
    host_country = StringField(_l("Host country"), [InputRequired(_l("Name the host country.")), Length(max=80)])
    host_force = StringField(_l("Host police force"), [InputRequired(_l("Name the host force.")), Length(max=120)])
    need = TextAreaField(_l("What is asked for"), [InputRequired(_l("Say what is asked for.")), Length(max=4000)])
    received_on = DateField(_l("Received on"), [InputRequired(_l("Give the day."))])


class StepForm(Form):
    """A step of a request: by whom, when, and in which words."""

    partner = SelectField(_l("By"), choices=[SelectChoice(code, _l(names[0][1])) for code, names in PARTNERS.items()])
    day = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    text = TextAreaField(_l("Reasons"), [InputRequired(_l("Give the reasons.")), Length(max=4000)])


class DecisionForm(StepForm):
    """Accepted or declined."""

    decision = RadioField(
        _l("Decision"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[SelectChoice("accepted", _l("Accepted")), SelectChoice("declined", _l("Declined"))],
    )


class TermsForm(Form):
    """Terms of reference."""

    file = FileField(_l("Terms of reference (PDF)"), [FileRequired(_l("Choose a file."))])
