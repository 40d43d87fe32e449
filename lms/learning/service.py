"""What a trainee does with lessons."""

from lms.cohorts.models import Enrolment
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.document import Lesson
from lms.progress.access import open_activity
from lms.record import service as record
from lms.record.models import Verb


def complete_lesson(enrolment: Enrolment, lesson_id: str) -> None:
    """Mark a lesson as done; doing it again changes nothing."""
    row = open_activity(enrolment, lesson_id)
    if not isinstance(row.activity, Lesson):
        raise DomainError(N_("A test is done when it is passed."))
    if not row.done:
        record.append(Verb.COMPLETED, actor_id=enrolment.user_id, registration=enrolment.id, activity_id=lesson_id)
