"""Publishing courses."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select

from lms.core import audit
from lms.core.db import session, upsert
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.document import CourseDocument
from lms.library.media_store import MediaStore
from lms.library.models import Course, CourseMedia, CourseVersion


def publish(
    document: CourseDocument,
    media: Callable[[str], bytes],
    store: MediaStore,
    *,
    by: UUID | None,
    mission_id: UUID | None = None,
    changes: str | None = None,
) -> tuple[CourseVersion, bool]:
    """Make ``document`` the newest version of its course; equal content is the version that exists.

    Returns the version and whether it is new. Enrolments stay on the version they began with.
    """
    course = session.scalar(select(Course).where(Course.slug == document.slug))
    if course is None:
        course = Course(slug=document.slug, mission_id=mission_id)
        session.add(course)
        session.flush()
    if course.mission_id != mission_id:
        raise DomainError(N_("Another course has this short name already. Choose another."))
    content_hash = document.content_hash()
    known = session.scalar(
        select(CourseVersion).where(CourseVersion.course_id == course.id, CourseVersion.content_hash == content_hash)
    )
    if known is not None:
        return known, False
    for name, file in document.media.items():
        store.keep(file.sha256, media(name))
        upsert(CourseMedia, {"sha256": file.sha256, "course_id": course.id})
    newest = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course.id)) or 0
    text = document.canonical_json()
    version = CourseVersion(
        course_id=course.id,
        number=newest + 1,
        content_hash=content_hash,
        document=text,
        code=document.code,
        title=document.title,
        summary=document.summary,
        languages=list(document.languages),
        topics=list(document.topics),
        hours=document.hours,
        size=len(text.encode()) + sum(file.bytes for file in document.media.values()),
        changes=changes,
    )
    session.add(version)
    session.flush()
    audit.record("library.published", actor_id=by, object_id=version.id, course=document.slug, number=version.number)
    return version, True
