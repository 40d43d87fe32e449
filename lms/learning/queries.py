"""What the trainee's pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.cohorts import prerequisites
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import courses_begun_by
from lms.cohorts.schedule import Schedule
from lms.core.db import session
from lms.library.activities import PostTest
from lms.library.edition import Edition, edition
from lms.missions.models import LocalLaw
from lms.progress import recheck
from lms.progress.outline import Outline, Row, outline
from lms.progress.queries import states_of


@dataclass(frozen=True)
class Begun:
    """A course that the trainee takes; ``rechecks`` are the post-tests to take once more now.

    ``open`` says that it can be gone on with: its cohort is not closed, and no other course comes first.
    """

    enrolment_id: UUID
    cohort: str
    ends: date
    open: bool
    language: str | None
    edition: Edition
    outline: Outline
    rechecks: list[PostTest]
    # By activity; those of sessions are among them.
    states: Mapping[str, Any]

    @property
    def due(self) -> list[Row]:
        """What is due and still to do, the most pressing first; nothing where nothing can be done."""
        if not self.open:
            return []
        rows = [row for row in self.outline.rows.values() if row.due is not None and row.opens is None]
        return sorted((row for row in rows if not row.seen_to), key=lambda row: row.due or date.max)


def begun(user_id: UUID) -> list[Begun]:
    """The trainee's courses with where they stand, newest first; two statements, and three where others come first."""
    rows = courses_begun_by(user_id)
    states = states_of(*(row.id for row in rows))
    barred = prerequisites.barred(user_id, {row.id: row.Cohort for row in rows})
    courses = []
    for row in rows:
        cohort = row.Cohort
        shown = edition(row.course_version_id)
        known = states[row.id]
        stands = outline(shown, known, Schedule(cohort.begins, cohort.schedule, row.extension_days))
        again = recheck.due(shown, known)
        is_open = cohort.closed_at is None and row.id not in barred
        courses.append(Begun(row.id, cohort.title, cohort.ends, is_open, row.language, shown, stands, again, known))
    return courses


def law_for(enrolment: Enrolment, lesson_id: str, languages: list[str]) -> LocalLaw | None:
    """What the trainee's mission says of the law on a lesson's matter, in the best language there is."""
    slug = edition(enrolment.course_version_id).document.slug
    rows = session.scalars(
        select(LocalLaw)
        .join(Cohort, Cohort.mission_id == LocalLaw.mission_id)
        .where(Cohort.id == enrolment.cohort_id, LocalLaw.course_slug == slug, LocalLaw.lesson_id == lesson_id)
    ).all()
    by_language = {row.language: row for row in rows}
    return next((by_language[each] for each in [*languages, *by_language] if each in by_language), None)
