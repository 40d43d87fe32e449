"""An attempt is its trainee's alone, and of who teaches them while it is given aloud."""

from sqlalchemy import ColumnElement, and_, select

from lms.accounts.models import User
from lms.assessment.models import Attempt
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.policy import taught
from lms.core.policy import permission


@permission("attempts.take", Attempt)
def takes(user: User) -> ColumnElement[bool]:
    """Whoever began it, while the enrolment lasts."""
    lasting = select(Enrolment.id).where(Enrolment.id == Attempt.enrolment_id, Enrolment.left_at.is_(None)).exists()
    return and_(Attempt.user_id == user.id, lasting)


@permission("enrolments.give_aloud", Enrolment)
def gives_aloud(user: User) -> ColumnElement[bool] | bool:
    """Whoever teaches the cohort, while the enrolment lasts."""
    cohorts = taught(user)
    if isinstance(cohorts, bool):
        return cohorts
    return and_(Enrolment.cohort_id.in_(select(Cohort.id).where(cohorts)), Enrolment.left_at.is_(None))


@permission("attempts.give", Attempt)
def gives(user: User) -> ColumnElement[bool] | bool:
    """The same, of attempts that are given aloud: what a trainee takes alone, nobody looks into."""
    enrolments = gives_aloud(user)
    if isinstance(enrolments, bool):
        return enrolments
    return and_(Attempt.given_by.is_not(None), Attempt.enrolment_id.in_(select(Enrolment.id).where(enrolments)))
