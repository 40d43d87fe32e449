"""The shapes of what people type about the roll."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.roster import words
from lms.web.pages import Form


class UnitForm(Form):
    """A unit of the host force."""

    force = SelectField(_l("Force"))
    region = StringField(_l("Region"), [InputRequired(_l("Name the region.")), Length(max=80)])
    name = StringField(_l("Unit or station"), [InputRequired(_l("Name the unit.")), Length(max=80)])
    strength = IntegerField(_l("Officers serving there"), [Optional(), NumberRange(0, 1_000_000)])
    women = IntegerField(_l("Women among them"), [Optional(), NumberRange(0, 1_000_000)])


class UnitWordsForm(UnitForm):
    """A unit's name and strength; its force stays."""

    force = None


def _choices(options: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Not known")), *(SelectChoice(code, _l(word)) for code, word in options.items())]


class EntryForm(Form):
    """What the roll keeps of a trainee."""

    sex = SelectField(_l("Sex"), choices=_choices(words.SEX))
    rank = SelectField(_l("Rank band"), choices=_choices(words.RANK))
    unit = SelectField(_l("Unit or station"))
    languages = StringField(_l("Languages"), [Length(max=60)])
    literacy = SelectField(_l("Reading"), choices=_choices(words.LITERACY))

    def values(self) -> dict[str, str]:
        """What was typed, by name."""
        names = ("sex", "rank", "unit", "languages", "literacy")
        return {name: (self[name].data or "").strip() for name in names}


class FileForm(Form):
    """A roll as a file."""

    file = FileField(_l("XLSX or CSV file"), [FileRequired(_l("Choose a file."))])


class ExportForm(Form):
    """A wish to take the roll out."""

    kind = SelectField(_l("File"), choices=[SelectChoice("xlsx", "XLSX"), SelectChoice("csv", "CSV")])
    purpose = StringField(_l("Purpose"), [InputRequired(_l("Say what it is for.")), Length(max=200)])
