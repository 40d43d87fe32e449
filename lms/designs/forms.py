"""The shapes of what people choose for their certificates."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from lms.missions.partners import PARTNERS
from lms.web.language import NAMES
from lms.web.pages import Form

DESIGN_NAMES = {"engraved": _l("Engraved"), "band": _l("Band"), "plain": _l("Plain, with little ink")}
OTHER_LANGUAGES = [SelectChoice("", _l("None")), *(SelectChoice(tag, name) for tag, name in NAMES.items())]


class DesignForm(Form):
    """A mission's design."""

    design = RadioField(_l("Design"), choices=[SelectChoice(code, name) for code, name in DESIGN_NAMES.items()])
    paper = RadioField(_l("Paper"), choices=[SelectChoice("a4", "A4"), SelectChoice("letter", _l("Letter"))])
    language_1 = SelectField(_l("First language"), choices=OTHER_LANGUAGES[1:])
    language_2 = SelectField(_l("Second language"), choices=OTHER_LANGUAGES)
    language_3 = SelectField(_l("Third language"), choices=OTHER_LANGUAGES)
    post_1 = StringField(_l("First post that signs"), [Length(max=60)])
    name_1 = StringField(_l("Name of who signs, if the mission wants it"), [Length(max=40)])
    post_2 = StringField(_l("Second post that signs"), [Length(max=60)])
    name_2 = StringField(_l("Name of who signs, if the mission wants it"), [Length(max=40)])
    mark = FileField(_l("The mission's mark"))
    without_mark = BooleanField(_l("Take the mark away"))

    @property
    def languages(self) -> list[str]:
        """Those that were chosen, in their order."""
        return [self.language_1.data, self.language_2.data, self.language_3.data]

    @property
    def signatories(self) -> list[tuple[str, str]]:
        """Pairs of name and post."""
        fields = ((self.name_1, self.post_1), (self.name_2, self.post_2))
        return [((name.data or "").strip(), (post.data or "").strip()) for name, post in fields]


class PartnerForm(Form):
    """A partner who stands on certificates."""

    partner = SelectField(
        _l("Partner"),
        choices=[
            SelectChoice("", _l("Another, by name")),
            *(SelectChoice(code, _l(names[0][1])) for code, names in PARTNERS.items()),
        ],
    )
    name = StringField(_l("Name"), [Length(max=80)])
    begins = DateField(_l("From certificates of"), [Optional()])
    ends = DateField(_l("To certificates of"), [Optional()])
    mark = FileField(_l("The partner's mark"))
