"""How a course begins: from nothing, or from a course that there is."""

from uuid import UUID

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.library.edition import edition
from lms.library.models import Course
from lms.library.texts import slug
from lms.missions.models import Mission
from lms.studio import outline as tree
from lms.studio import parts, service, translation
from lms.studio.models import Draft


def from_nothing(mission: Mission, *, title: str, code: str, language: str, by: UUID) -> Draft:
    """A course with a title and nothing else."""
    contents = {parts.COURSE: about(title, code, language), parts.OUTLINE: parts.dump(tree.empty())}
    return service.create(mission, slug=free_slug(title), contents=contents, by=by)


def about(title: str, code: str, language: str) -> str:
    """What a course says of itself when nobody has said more."""
    said = {
        "code": code,
        "source_language": language,
        "languages": [language],
        "title": {language: title},
        "summary": {},
        "audience": {},
        "hours": 1,
        "text_date": clock.today().isoformat(),
        "objectives": [],
    }
    return parts.dump(said)


def from_course(mission: Mission, version_id: UUID, *, title: str, by: UUID) -> Draft:
    """A copy of a published course under a new title; its origin is kept, and so are the ids of what it holds."""
    document = edition(version_id).document
    titled = document.model_copy(update={"title": {**document.title, document.source_language: title}})
    draft = service.fork(mission, titled, slug=free_slug(title), by=by, origin_id=version_id)
    translation.remember_all(draft)
    return draft


def free_slug(title: str) -> str:
    """A short name for addresses and packages that no course has."""
    taken = {*session.scalars(select(Course.slug)), *session.scalars(select(Draft.slug))}
    return slug(title, taken, "course")
