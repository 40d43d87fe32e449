"""The catalogue."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import aliased

from lms.core import policy
from lms.core.db import session
from lms.library.models import Course, CourseMedia, CourseVersion


def newest_versions(person: policy.Actor) -> Sequence[Any]:
    """The newest version of every course that the person may see, by code, without its document; one statement."""
    other = aliased(CourseVersion)
    newest = (
        select(func.max(other.number)).where(other.course_id == CourseVersion.course_id).correlate(CourseVersion)
    ).scalar_subquery()
    return session.execute(
        select(
            CourseVersion.id,
            Course.slug,
            CourseVersion.code,
            CourseVersion.title,
            CourseVersion.summary,
            CourseVersion.languages,
            CourseVersion.topics,
            CourseVersion.hours,
            CourseVersion.size,
            CourseVersion.number,
        )
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.number == newest, policy.where(person, "library.see"))
        .order_by(CourseVersion.code)
    ).all()


def may_fetch(sha256: str, person: policy.Actor) -> bool:
    """Whether a course that the person may see shows this file."""
    shown = (
        select(CourseMedia.sha256)
        .join(Course, Course.id == CourseMedia.course_id)
        .where(CourseMedia.sha256 == sha256, policy.where(person, "library.see"))
        .limit(1)
    )
    return session.scalar(shown) is not None


def newest_version_of(slug: str, person: policy.Actor | None) -> UUID | None:
    """The id of the newest version of a course that the person may see; ``None`` is who runs the server."""
    seen = policy.where(person, "library.see") if person else true()
    return session.scalar(
        select(CourseVersion.id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == slug, seen)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )
