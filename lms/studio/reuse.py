"""The question bank beyond one course: what one's missions and the library ask, found by words and taken over."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from lms.core import policy
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library import queries as library
from lms.library.edition import edition
from lms.library.texts import slug
from lms.studio import outline as tree
from lms.studio import parts, service
from lms.studio.models import Asset, Draft, Part

Data = dict[str, Any]
# How many a page shows: whoever looks for one among more gives one more word.
MOST_SHOWN, MOST_READ = 50, 400
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


@dataclass(frozen=True)
class Found:
    """A question of another course; ``origin`` is ``draft`` or ``version`` with the id of where it stands."""

    origin: tuple[str, UUID]
    code: str
    title: dict[str, str]
    id: str
    data: Data

    @property
    def value(self) -> str:
        """What names it in a form."""
        return f"{self.origin[0]}/{self.origin[1]}/{self.id}"


def search(draft: Draft, person: policy.Actor, words: Sequence[str], kind: str) -> list[Found]:
    """Questions of the person's other drafts, then of the library, that hold every word."""
    found = [*_in_drafts(draft, person, words), *_in_library(person, besides=draft.slug)]
    known: set[str] = set()
    kept = []
    for each in found:
        texts = _words(each.data).casefold()
        if (kind and each.data["kind"] != kind) or any(word not in texts for word in words) or texts in known:
            continue
        known.add(texts)
        kept.append(each)
    return kept[: MOST_SHOWN + 1]


def _in_drafts(draft: Draft, person: policy.Actor, words: Sequence[str]) -> Iterator[Found]:
    wanted = (
        select(Draft.id, Draft.code, Draft.title, Part.key, Part.content)
        .join(Part, Part.draft_id == Draft.id)
        .where(Draft.id != draft.id, Part.key.startswith("question/"), policy.where(person, "studio.write"))
        .order_by(Draft.code, Part.key)
        .limit(MOST_READ)
    )
    # The database narrows, and what it lets through is read again. SQLite folds the capitals of ASCII alone.
    for word in words:
        spelled = {word, word.capitalize(), word.upper()}
        wanted = wanted.where(or_(*(Part.content.icontains(each, autoescape=True) for each in spelled)))
    rows = session.execute(wanted).all()
    standing = _standing({row.id for row in rows})
    for row in rows:
        id = row.key.removeprefix("question/")
        if (row.id, id) not in standing:
            continue
        yield Found(("draft", row.id), row.code, row.title, id, parts.load(row.content))


def _standing(drafts: set[UUID]) -> set[tuple[UUID, str]]:
    """``(draft, question)`` of what stands in these drafts: a question taken out keeps its part. One statement."""
    rows = session.execute(
        select(Part.draft_id, Part.content).where(Part.draft_id.in_(drafts), Part.key == parts.OUTLINE)
    )
    return {(row.draft_id, id) for row in rows for id in tree.question_ids(parts.load(row.content))}


def _in_library(person: policy.Actor, besides: str = "") -> Iterator[Found]:
    """Questions of the newest versions, but for the course with the short name ``besides``."""
    for course in library.newest_versions(person):
        if course.slug == besides:
            continue
        shown = edition(course.id)
        for id, question in shown.questions.items():
            data = question.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
            yield Found(("version", course.id), course.code, course.title, id, data)


def _words(data: Any) -> str:
    """Everything that a question says, in all of its languages."""
    if isinstance(data, dict):
        return " ".join(_words(each) for name, each in data.items() if name not in ("id", "kind"))
    if isinstance(data, list):
        return " ".join(_words(each) for each in data)
    return data if isinstance(data, str) else ""


def _one(person: policy.Actor, named: str) -> Found:
    """The question that a form names, if the person may see where it stands."""
    place, _, rest = named.partition("/")
    origin, _, id = rest.partition("/")
    gone = DomainError(N_("This question is no longer there. Look for it again."))
    try:
        where = UUID(origin)
    except ValueError:
        raise gone from None
    if place == "draft":
        other, allowed = policy.load(person, "studio.write", where)
        part = service.part(other, parts.question_key(id)) if allowed else None
        if part is not None:
            return Found(("draft", where), other.code, other.title, id, parts.load(part.content))
    elif where in {course.id for course in library.newest_versions(person)}:
        for each in _in_library(person):
            if each.origin[1] == where and each.id == id:
                return each
    raise gone


def take(draft: Draft, person: policy.Actor, named: Iterable[str], pool: str, *, by: UUID) -> int:
    """Copy questions into a pool, with their pictures, recordings and sources; each keeps its id where that is free.

    Languages and objectives that this course does not have stay behind. Returns how many were copied.
    """
    chosen = [_one(person, each) for each in dict.fromkeys(named)]
    if not chosen:
        raise DomainError(N_("Choose at least one question."))
    taken = service.taken_ids(draft)
    for found in chosen:
        data = _spoken(found.data, set(draft.languages))
        _bring_sources(draft, found, by)
        data.pop("objective", None)
        if "image" in data:
            data["image"] = {**data["image"], "file": _bring_file(draft, found, data["image"]["file"], by)}
        for part in (data, *data.get("options", [])):
            if "audio" in part:
                heard = part["audio"].items()
                part["audio"] = {tag: _bring_file(draft, found, name, by) for tag, name in heard}
        taken.add(id := slug(found.id, taken, "question"))
        service.save(draft, parts.question_key(id), parts.dump(data), 0, by=by)
        service.change_outline(draft, tree.add("pools", pool, id), by=by)
    return len(chosen)


def _spoken(data: Any, languages: set[str]) -> Any:
    """The same without words in languages that the course is not written in, as long as any are left."""
    if isinstance(data, list):
        return [_spoken(each, languages) for each in data]
    if not isinstance(data, dict):
        return data
    if data and all(_TAG.fullmatch(name) and isinstance(each, str | list) for name, each in data.items()):
        return {name: each for name, each in data.items() if name in languages} or data
    return {name: _spoken(each, languages) for name, each in data.items()}


def _bring_sources(draft: Draft, found: Found, by: UUID) -> None:
    """Let the course name the instruments that the question cites."""
    about = service.part(draft, parts.COURSE)
    assert about is not None
    data = parts.load(about.content)
    known = {source["id"] for source in data.get("sources", [])}
    cited = {reference.split(" ")[0] for reference in found.data.get("references", [])} - known
    there = _sources_of(found) if cited else []
    added = [_spoken(source, set(draft.languages)) for source in there if source["id"] in cited]
    if added:
        data["sources"] = [*data.get("sources", []), *added]
        service.save(draft, parts.COURSE, parts.dump(data), about.number, by=by)


def _sources_of(found: Found) -> list[Data]:
    place, id = found.origin
    if place == "version":
        return [source.model_dump(mode="json") for source in edition(id).document.sources]
    content = session.scalars(select(Part.content).where(Part.draft_id == id, Part.key == parts.COURSE)).one()
    return list(parts.load(content).get("sources", []))


def _bring_file(draft: Draft, found: Found, name: str, by: UUID) -> str:
    """The name under which this course shows the file; the file itself is in the store already."""
    place, id = found.origin
    if place == "version":
        file = edition(id).document.media[name]
        wanted = (file.sha256, file.type, file.bytes)
    else:
        asset = session.get_one(Asset, (id, name))
        wanted = (asset.sha256, asset.type, asset.bytes)
    mine = service.media(draft)
    known = next((each for each, file in mine.items() if file["sha256"] == wanted[0]), None)
    if known is None:
        stem, _, ending = name.rpartition(".")
        known = f"{slug(stem, [each.rpartition('.')[0] for each in mine], 'file')}.{ending}"
        service.keep_assets(draft, {known: wanted}, by=by)
    return known


def also_in(draft: Draft, person: policy.Actor, ids: Iterable[str]) -> dict[str, list[str]]:
    """The codes of the person's other drafts that hold a question, by its id; two statements."""
    keys = [parts.question_key(id) for id in ids]
    rows = session.execute(
        select(Part.key, Draft.code, Draft.id)
        .join(Draft, Draft.id == Part.draft_id)
        .where(Part.key.in_(keys), Draft.id != draft.id, policy.where(person, "studio.write"))
        .order_by(Draft.code)
    ).all()
    standing = _standing({row.id for row in rows})
    found: dict[str, list[str]] = {}
    for row in rows:
        id = row.key.removeprefix("question/")
        if (row.id, id) in standing and row.code not in found.setdefault(id, []):
            found[id].append(row.code)
    return found
