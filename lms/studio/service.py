"""Writing drafts: every part is saved by itself, keeps its history, and refuses to overwrite unseen words."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.document import CourseDocument
from lms.library.models import Course
from lms.missions.models import Mission
from lms.studio import outline as tree
from lms.studio import parts
from lms.studio.models import Asset, Draft, Part, Revision, Translated

# What one person types in one sitting is one revision.
SITTING = timedelta(minutes=5)
LARGEST_PART = 200_000


class Conflict(DomainError):
    """Someone else saved the part first: ``theirs`` is what stands now, ``number`` what to save upon."""

    def __init__(self, theirs: Part) -> None:
        super().__init__(
            N_(
                "Someone else changed this while you were writing. Nothing is lost: both texts are below. "
                "Bring them together, then save."
            )
        )
        self.shown = parts.readable(theirs.content)
        self.key, self.theirs, self.number = theirs.key, theirs.content, theirs.number


def create(
    mission: Mission, *, slug: str, contents: Mapping[str, str], by: UUID, origin_id: UUID | None = None
) -> Draft:
    """Begin a draft with these parts."""
    if session.scalar(select(Draft.id).where(Draft.slug == slug)) or _belongs_elsewhere(slug, mission.id):
        raise DomainError(N_("Another course has this short name already. Choose another."), field="slug")
    about = parts.load(contents[parts.COURSE])
    draft = Draft(mission_id=mission.id, slug=slug, origin_id=origin_id, created_by=by, **_listed(about))
    session.add(draft)
    session.flush()
    now = clock.now()
    common = {"draft_id": draft.id, "number": 1, "saved_by": by, "saved_at": now}
    rows = [{**common, "key": key, "content": content} for key, content in contents.items()]
    session.execute(insert(Part), rows)
    session.execute(insert(Revision), [{**row, "typed": False} for row in rows])
    audit.record("studio.created", actor_id=by, object_id=draft.id, course=slug)
    return draft


def _belongs_elsewhere(slug: str, mission_id: UUID) -> bool:
    course = session.scalar(select(Course).where(Course.slug == slug))
    return course is not None and course.mission_id != mission_id


def _listed(about: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a draft that are read from its part ``course``."""
    return {name: about[name] for name in ("title", "code", "source_language", "languages")}


def fork(mission: Mission, document: CourseDocument, *, slug: str, by: UUID, origin_id: UUID | None) -> Draft:
    """Begin a draft with all that a document holds; the ids of its activities stay."""
    draft = create(mission, slug=slug, contents=parts.split(document), by=by, origin_id=origin_id)
    keep_assets(draft, {name: (file.sha256, file.type, file.bytes) for name, file in document.media.items()}, by=by)
    return draft


def keep_assets(draft: Draft, files: Mapping[str, tuple[str, str, int]], *, by: UUID) -> None:
    """Let the draft show files that are in the media store: ``(SHA-256, type, bytes)`` by name."""
    for name, (sha256, kind, size) in files.items():
        session.add(Asset(draft_id=draft.id, name=name, sha256=sha256, type=kind, bytes=size, alt="", added_by=by))
    session.flush()


def open_for_writing(draft: Draft) -> None:
    """Refuse while the draft is in review: what is read there is what will be published."""
    if draft.submitted_at is not None:
        raise DomainError(N_("The course is in review and cannot be changed now. Take it back first, then save again."))


def part(draft: Draft, key: str) -> Part | None:
    """A part as it stands."""
    return session.get(Part, (draft.id, key))


def save(draft: Draft, key: str, content: str, expected: int, *, by: UUID, typed: bool = False) -> int:
    """Save a part upon revision ``expected`` (0 for a new one) and return its new number.

    Raises ``Conflict`` when another revision stands there. ``typed`` gathers a sitting's typing into one revision.
    """
    open_for_writing(draft)
    if len(content.encode()) > LARGEST_PART:
        raise DomainError(N_("This is longer than 200 KB. Make two of it."))
    standing = session.get(Part, (draft.id, key), with_for_update=True)
    if standing is not None and standing.content == content:
        return standing.number
    if (standing.number if standing else 0) != expected:
        # A part that another author deleted still has its row; one that never was has nothing to conflict with.
        if standing is None:
            raise DomainError(N_("This is no longer part of the course. The page shows it as it stands now."))
        raise Conflict(standing)
    now = clock.now()
    if standing is None:
        standing = Part(draft_id=draft.id, key=key)
        session.add(standing)
    elif typed:
        _gather(standing, by)
    standing.number, standing.content, standing.saved_by, standing.saved_at = expected + 1, content, by, now
    session.flush()
    session.add(
        Revision(
            draft_id=draft.id, key=key, number=expected + 1, content=content, typed=typed, saved_by=by, saved_at=now
        )
    )
    draft.changed_at = now
    if key == parts.COURSE:
        for name, value in _listed(parts.load(content)).items():
            setattr(draft, name, value)
    session.flush()
    return expected + 1


def _gather(standing: Part, by: UUID) -> None:
    """Let go of the last revision when the same person typed it a moment ago, but never of a sitting's first."""
    last = session.get(Revision, (standing.draft_id, standing.key, standing.number))
    if last is not None and last.typed and last.saved_by == by:
        began = session.scalar(
            select(func.max(Revision.saved_at)).where(
                Revision.draft_id == standing.draft_id, Revision.key == standing.key, Revision.number < last.number
            )
        )
        if began is not None and clock.now() - began < SITTING:
            session.delete(last)


def change_outline(draft: Draft, change: tree.Change, *, by: UUID) -> tuple[int, int]:
    """Change the tree as it stands now; returns its numbers before and after, with which ``undo`` goes back."""
    standing = session.get_one(Part, (draft.id, parts.OUTLINE), with_for_update=True)
    before = standing.number
    content = parts.dump(tree.changed(parts.load(standing.content), change))
    return before, save(draft, parts.OUTLINE, content, before, by=by)


def restore(draft: Draft, key: str, number: int, expected: int, *, by: UUID) -> int:
    """Make an earlier revision the newest one; nothing of the history goes."""
    revision = session.get(Revision, (draft.id, key, number))
    if revision is None:
        raise DomainError(N_("This revision is no longer kept."))
    return save(draft, key, revision.content, expected, by=by)


def contents(draft: Draft) -> dict[str, str]:
    """Every part's content by its key; one statement."""
    rows = session.execute(select(Part.key, Part.content).where(Part.draft_id == draft.id))
    return {row.key: row.content for row in rows}


def keys(draft: Draft) -> list[str]:
    """The key of every part that there is or was, sorted; one statement."""
    return list(session.scalars(select(Part.key).where(Part.draft_id == draft.id).order_by(Part.key)))


def taken_ids(draft: Draft) -> set[str]:
    """Every id that a part of the draft has or had, so that none is used for something else later."""
    return {key.split("/")[1] for key in keys(draft) if "/" in key}


def media(draft: Draft) -> dict[str, dict[str, Any]]:
    """The draft's files as a course document names them."""
    rows = session.execute(
        select(Asset.name, Asset.sha256, Asset.type, Asset.bytes).where(Asset.draft_id == draft.id).order_by(Asset.name)
    )
    return {name: {"sha256": sha256, "type": kind, "bytes": size} for name, sha256, kind, size in rows}


def note_translation(draft: Draft, key: str, language: str, source: str) -> None:
    """Remember from which source words the part was translated."""
    known = session.get(Translated, (draft.id, key, language)) or Translated(
        draft_id=draft.id, key=key, language=language
    )
    known.digest = digest(source)
    session.add(known)
    session.flush()


def digest(words: str) -> str:
    """What tells whether source words are still the same."""
    return hashlib.sha256(words.encode()).hexdigest()
