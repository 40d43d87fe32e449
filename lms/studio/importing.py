"""Courses that come as files: first told what would become what, then taken, and never half."""

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from lms.core.db import session
from lms.core.files import write_whole
from lms.exchange import package
from lms.library import check
from lms.library.activities import Lesson
from lms.library.document import CourseDocument
from lms.library.media_store import MediaStore
from lms.library.models import Course
from lms.missions.models import Mission
from lms.studio import beginning, service, translation
from lms.studio.models import Draft

# In seconds: how long a file waits for the word to take it.
KEPT = 24 * 3600


@dataclass(frozen=True)
class Plan:
    """What taking a package would make; ``slug`` is the short name that the new course gets."""

    document: CourseDocument
    slug: str
    lessons: int
    tests: int
    questions: int
    to_mend: int


def plan(content: bytes) -> Plan:
    """Read a package without keeping anything; raises ``CourseError`` with all that is wrong."""
    document, _ = package.read(content)
    lessons = sum(isinstance(each, Lesson) for each in document.activities())
    return Plan(
        document=document,
        slug=_slug_for(document),
        lessons=lessons,
        tests=sum(1 for _ in document.tests()),
        questions=sum(len(pool.questions) for pool in document.pools),
        to_mend=len(check.problems(document)),
    )


def _slug_for(document: CourseDocument) -> str:
    taken = select(Course.id).where(Course.slug == document.slug).exists() | (
        select(Draft.id).where(Draft.slug == document.slug).exists()
    )
    if session.scalar(select(taken)):
        return beginning.free_slug(document.slug)
    return document.slug


def hold(content: bytes, data: Path) -> str:
    """Keep a file until somebody says to take it; returns what it is called for by."""
    forget_old(data)
    held = hashlib.sha256(content).hexdigest()
    write_whole(data / "imports" / held, content)
    return held


def held(name: str, data: Path) -> bytes | None:
    """The file that is held under this name."""
    path = data / "imports" / name
    return path.read_bytes() if re.fullmatch(r"[0-9a-f]{64}", name) and path.is_file() else None


def forget(name: str, data: Path) -> None:
    """Let go of a file that was taken: a second click makes no second course."""
    (data / "imports" / name).unlink(missing_ok=True)


def forget_old(data: Path) -> None:
    """Let go of files that nobody took within a day."""
    for path in (data / "imports").glob("*"):
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)


def take(mission: Mission, content: bytes, *, store: MediaStore, by: UUID) -> Draft:
    """Make a draft of a package: its media first, which nobody sees without it, then all of its parts at once."""
    document, files = package.read(content)
    for name, file in document.media.items():
        store.keep(file.sha256, files[name])
    draft = service.fork(mission, document, slug=_slug_for(document), by=by, origin_id=None)
    translation.remember_all(draft)
    return draft
