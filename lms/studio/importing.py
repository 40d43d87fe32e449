"""Courses that come as files: first told what would become what, then taken, and never half."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from lms.core import clock
from lms.core.db import session
from lms.core.files import write_whole
from lms.exchange import cartridge, package, word
from lms.exchange.archive import files_of
from lms.exchange.gathering import Finding
from lms.exchange.pages import Brought
from lms.library import check, media
from lms.library.activities import Lesson
from lms.library.document import CourseDocument
from lms.library.media_store import MediaStore
from lms.library.models import Course
from lms.missions.models import Mission
from lms.studio import beginning, bringing, service, translation
from lms.studio.models import Draft

# How long a file waits for the word to take it.
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """What taking a file would make; ``slug`` is the short name that the new course gets."""

    title: dict[str, str]
    slug: str
    renamed: bool
    languages: list[str]
    modules: int
    lessons: int
    tests: int
    questions: int
    files: int
    to_mend: int | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Source:
    """A file from elsewhere, and what a Word document or cartridge does not say of itself."""

    content: bytes
    name: str
    code: str
    language: str

    def brought(self) -> Brought | None:
        """What is in it; ``None`` for a course package, which is read as what it is. Raises ``CourseError``."""
        names = files_of(self.content)
        if cartridge.MANIFEST in names:
            return cartridge.read(self.content, self.language)
        if word.BODY in names:
            title = re.sub(r"\.docx$", "", self.name, flags=re.IGNORECASE).strip() or "Word"
            return word.read(self.content, title[:120])
        return None


def plan(source: Source) -> Plan:
    """Read a file without keeping anything; raises ``CourseError`` with all that is wrong."""
    if brought := source.brought():
        lessons, tests, questions = bringing.counts(brought)
        return Plan(
            title={source.language: brought.title},
            slug=beginning.free_slug(brought.title),
            renamed=False,
            languages=[source.language],
            modules=len(brought.modules),
            lessons=lessons,
            tests=tests,
            questions=questions,
            files=len(brought.media),
            findings=tuple(brought.findings),
        )
    document, _ = package.read(source.content)
    free = _slug_for(document)
    return Plan(
        title=document.title,
        slug=free,
        renamed=free != document.slug,
        languages=document.languages,
        modules=len(document.modules),
        lessons=sum(isinstance(each, Lesson) for each in document.activities()),
        tests=sum(1 for _ in document.tests()),
        questions=sum(len(pool.questions) for pool in document.pools),
        files=len(document.media),
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
        if path.stat().st_mtime < (clock.now() - KEPT).timestamp():
            path.unlink(missing_ok=True)


def take(mission: Mission, source: Source, *, store: MediaStore, by: UUID) -> Draft:
    """Make a draft of a file: its media first, which nobody sees without it, then all of its parts at once."""
    if brought := source.brought():
        kept = {}
        for name, content in brought.media.items():
            digest = hashlib.sha256(content).hexdigest()
            store.keep(digest, content)
            kept[name] = (digest, media.type_of(name) or "application/octet-stream", len(content))
        contents = bringing.contents_of(brought, code=source.code, language=source.language)
        draft = service.create(mission, slug=beginning.free_slug(brought.title), contents=contents, by=by)
        service.keep_assets(draft, kept, by=by)
        return draft
    document, files = package.read(source.content)
    for name, file in document.media.items():
        store.keep(file.sha256, files[name])
    draft = service.fork(mission, document, slug=_slug_for(document), by=by, origin_id=None)
    translation.remember_all(draft)
    return draft
