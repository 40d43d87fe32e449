"""The shapes of what people type about marks."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.core.words import pick
from lms.grades.marks import Scheme, graded, pass_mark_in, weights_in
from lms.library.edition import Edition
from lms.web.pages import Form


class OverrideForm(Form):
    """A score in place of what was earned, or why what was earned counts again."""

    score = IntegerField(_l("Score in percent"), [Optional()])
    reason = TextAreaField(_l("Why"), [Length(max=1000)])


def scheme_form(shown: Edition, scheme: Scheme, languages: list[str]) -> Form:
    """The weight of each thing that may count in this course, and the pass mark."""
    number = [InputRequired(_l("Give a number; 0 is none.")), NumberRange(0, 100, _l("Give a number from 0 to 100."))]
    titles = {each.id: pick(each.title, languages)[1] for each in graded(shown)}
    fields: dict[str, Any] = {
        f"weight-{id}": IntegerField(titles.get(id) or gettext("Attendance"), number, default=weight)
        for id, weight in weights_in(scheme, shown).items()
    }
    mark = IntegerField(_l("Pass mark in percent"), number, default=pass_mark_in(scheme, shown))
    form: Form = type("SchemeForm", (Form,), {**fields, "pass_mark": mark})()
    return form
