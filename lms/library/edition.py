"""A published course as pages need it: the document with its indexes, kept in each process."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from lms.core.db import session
from lms.library.activities import Activity
from lms.library.document import CourseDocument, Module
from lms.library.models import CourseVersion
from lms.library.questions import Question


@dataclass(frozen=True, eq=False)
class Edition:
    """A course version's document and what can be told from it alone; immutable, so shared by all requests.

    There is one of each version in a process, so it is equal to itself alone and can be the key of what is kept of it.
    """

    version_id: UUID
    number: int
    content_hash: str
    document: CourseDocument
    activities: dict[str, Activity]
    module_of: dict[str, Module]
    order: tuple[str, ...]
    required: frozenset[str]
    questions: dict[str, Question]

    def neighbours(self, activity_id: str) -> tuple[Activity | None, Activity | None]:
        """The activities before and after this one."""
        place = self.order.index(activity_id)
        before = self.activities[self.order[place - 1]] if place > 0 else None
        after = self.activities[self.order[place + 1]] if place + 1 < len(self.order) else None
        return before, after


def index(version_id: UUID, number: int, content_hash: str, document: CourseDocument) -> Edition:
    """Index a document."""
    activities = {activity.id: activity for activity in document.activities()}
    return Edition(
        version_id=version_id,
        number=number,
        content_hash=content_hash,
        document=document,
        activities=activities,
        module_of={activity.id: module for module in document.modules for activity in module.activities},
        order=tuple(activities),
        required=frozenset(activity.id for activity in activities.values() if activity.required),
        questions={question.id: question for pool in document.pools for question in pool.questions},
    )


@lru_cache(maxsize=128)
def edition(version_id: UUID) -> Edition:
    """The edition of a published version; read from the database once for each process."""
    number, content_hash, document = session.execute(
        select(CourseVersion.number, CourseVersion.content_hash, CourseVersion.document).where(
            CourseVersion.id == version_id
        )
    ).one()
    return index(version_id, number, content_hash, CourseDocument.from_kept(document))
