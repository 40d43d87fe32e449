"""Author, assessor and issuer of one certificate are not all the same person."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, union

from lms.assessment.models import AnswerDecision, Attempt, UnmatchedAnswer
from lms.assignments.models import HandIn, Judgement
from lms.certificates.models import Attestation
from lms.cohorts.models import Enrolment
from lms.core.db import session
from lms.grades.models import GradeOverride
from lms.library.models import Course, CourseVersion
from lms.studio.models import Draft, Revision


def all_in_one(person_id: UUID, enrolment_ids: Iterable[UUID]) -> set[UUID]:
    """The enrolments of which this person wrote the course and judged the trainee, and so may not issue; one statement.

    Who saved a part of the course's draft wrote it. Who marked a hand-in, set a score by hand, gave a test aloud,
    decided what a short answer is worth or said what they saw at work judged.
    """
    judged = union(
        select(HandIn.enrolment_id).join(Judgement, Judgement.hand_in_id == HandIn.id).where(Judgement.by == person_id),
        select(GradeOverride.enrolment_id).where(GradeOverride.by == person_id),
        select(Attempt.enrolment_id).where(Attempt.given_by == person_id, Attempt.submitted_at.is_not(None)),
        select(Attempt.enrolment_id)
        .join(UnmatchedAnswer, UnmatchedAnswer.attempt_id == Attempt.id)
        .join(AnswerDecision, AnswerDecision.id == UnmatchedAnswer.decision_id)
        .where(AnswerDecision.decided_by == person_id),
        select(Attestation.enrolment_id).where(Attestation.by == person_id),
    )
    written = (
        select(Course.id)
        .join(Draft, Draft.slug == Course.slug)
        .join(Revision, Revision.draft_id == Draft.id)
        .where(Revision.saved_by == person_id)
    )
    found = session.scalars(
        select(Enrolment.id)
        .join(CourseVersion, CourseVersion.id == Enrolment.course_version_id)
        .where(Enrolment.id.in_(judged.subquery().select()), CourseVersion.course_id.in_(written))
    )
    return set(found) & set(enrolment_ids)
