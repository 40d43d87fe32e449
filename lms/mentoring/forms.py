"""The shapes of what people type about somebody they mentor."""

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.library.competencies import COMPETENCIES
from lms.web.pages import Form

COMPETENCY_CHOICES = [SelectChoice("", _l("None in particular"))] + [
    SelectChoice(code, _l(name)) for code, name in COMPETENCIES.items()
]


class WordingForm(Form):
    """What a note says."""

    text = TextAreaField(_l("What you saw"), [InputRequired(_l("Write what you saw.")), Length(max=2000)])


class NoteForm(WordingForm):
    """A note on a person."""

    day = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    competency = SelectField(_l("Competency"), choices=COMPETENCY_CHOICES)
    shared = BooleanField(_l("The person may read it"))


class StrikeForm(Form):
    """Why a note no longer holds."""

    reason = StringField(_l("Reason"), [InputRequired(_l("Say why the note is struck out.")), Length(max=300)])


class _DatesForm(Form):
    """Who sees to a plan, and until when."""

    owner = SelectField(_l("Owner"), [InputRequired(_l("Choose an owner from the list."))])
    due = DateField(_l("To be done by"), [InputRequired(_l("Give the day."))])
    next_review = DateField(_l("Next review"), [InputRequired(_l("Give the day."))])

    def dates(self) -> dict[str, Any]:
        """Owner and days, by name."""
        return {"owner_id": UUID(self.owner.data), "due": self.due.data, "next_review": self.next_review.data}


class PlanForm(_DatesForm):
    """What is agreed."""

    gap = TextAreaField(_l("What is missing"), [InputRequired(_l("Say what is missing.")), Length(max=1000)])
    action = TextAreaField(_l("What is done about it"), [InputRequired(_l("Say what is done.")), Length(max=1000)])
    evidence = TextAreaField(
        _l("What will show that it worked"), [InputRequired(_l("Say what will show it.")), Length(max=1000)]
    )


class ReviewForm(_DatesForm):
    """What a review showed."""

    text = TextAreaField(
        _l("What the review showed"), [InputRequired(_l("Say what the review showed.")), Length(max=2000)]
    )


class EndForm(Form):
    """How a plan ends."""

    status = RadioField(
        _l("The plan is"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[SelectChoice("done", _l("done")), SelectChoice("dropped", _l("dropped"))],
    )
    text = TextAreaField(
        _l("What shows that it is done, or why it is dropped"),
        [InputRequired(_l("Say what shows that it is done, or why it is dropped.")), Length(max=2000)],
    )


class CommentForm(Form):
    """What the person says to it."""

    text = TextAreaField(_l("Your comment"), [InputRequired(_l("Write what you want to say.")), Length(max=2000)])
