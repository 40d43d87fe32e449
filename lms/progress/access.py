"""Whether a trainee may open an activity now, and why not."""

from uuid import UUID

from lms.cohorts.closing import check_open
from lms.cohorts.models import Enrolment
from lms.cohorts.prerequisites import missing
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.progress.outline import Outline, Row
from lms.progress.queries import outline_of


def open_activity(
    enrolment: Enrolment, activity_id: str, stands: Outline | None = None, *, by: UUID | None = None
) -> Row:
    """The activity's row in the trainee's outline; refuses what is locked and what does not exist.

    ``stands`` is that outline where it is known, ``by`` who acts where it is not the trainee.
    Raises ``KeyError`` for an activity that the course does not have.
    """
    check_open(enrolment.cohort_id, by=by or enrolment.user_id)
    row = (stands or outline_of(enrolment)).rows[activity_id]
    if row.locked:
        raise DomainError(N_("This is still locked. The course page says what to do first."))
    if missing(enrolment):
        raise DomainError(N_("Another course comes before this one. The course page says which."))
    return row
