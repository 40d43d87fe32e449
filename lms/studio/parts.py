"""A course document taken apart for writing, and put together again, without loss.

A draft has the parts ``course`` (what the course says of itself), ``outline`` (the tree of modules, activities, pools
and questions by their ids), ``activity/<id>``, ``question/<id>``, a lesson's text, ``lesson/<id>/<language>``, and the
course's own pages, ``guide/<language>`` and ``job-aid/<language>``.
Texts are Markdown, every other part is JSON. Parts may be unfinished; only the whole, when published, must be right.
"""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from lms.library.document import GUIDE, JOB_AID, CourseDocument

COURSE, OUTLINE = "course", "outline"
# The course's own pages, by the field that they are in the document.
PAGES = {"guide": GUIDE, "job_aid": JOB_AID}
Data = dict[str, Any]


def activity_key(id: str) -> str:
    """The part that holds an activity's settings."""
    return f"activity/{id}"


def question_key(id: str) -> str:
    """The part that holds a question."""
    return f"question/{id}"


def lesson_key(id: str, language: str) -> str:
    """The part that holds a lesson's text."""
    return f"lesson/{id}/{language}"


def page_key(page: str, language: str) -> str:
    """The part that holds the text of the course's guide or job aid."""
    return f"{page}/{language}"


def is_text(key: str) -> bool:
    """Whether the part is Markdown."""
    return key.startswith(("lesson/", *(f"{page}/" for page in PAGES.values())))


def load(content: str) -> Any:
    """The data of a JSON part."""
    return json.loads(content)


def dump(data: Any) -> str:
    """Data as the content of a part: one spelling, so that equal data is equal content."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def readable(content: str) -> str:
    """JSON as indented lines that people can compare; Markdown as it is."""
    if not content.startswith("{"):
        return content
    return str(yaml.safe_dump(load(content), allow_unicode=True, sort_keys=False, width=100))


def split(document: CourseDocument) -> dict[str, str]:
    """The parts of a document, by key."""
    data = document.model_dump(mode="json", exclude_defaults=True, exclude={"slug", "media"})
    parts: dict[str, str] = {}
    outline: Data = {"modules": [], "pools": []}
    for field, page in PAGES.items():
        for language, text in (data.pop(field, None) or {}).items():
            parts[page_key(page, language)] = text
    for module in data.pop("modules"):
        ids = []
        for activity in module["activities"]:
            id = activity.pop("id")
            ids.append(id)
            for language, text in activity.pop("body", {}).items():
                parts[lesson_key(id, language)] = text
            parts[activity_key(id)] = dump(activity)
        outline["modules"].append({"id": module["id"], "title": module["title"], "activities": ids})
    for pool in data.pop("pools", []):
        ids = []
        for question in pool["questions"]:
            id = question.pop("id")
            ids.append(id)
            parts[question_key(id)] = dump(question)
        outline["pools"].append({"id": pool["id"], "title": pool["title"], "questions": ids})
    return {COURSE: dump(data), OUTLINE: dump(outline), **parts}


def join(slug: str, parts: Mapping[str, str], media: Mapping[str, Data]) -> Data:
    """The data of the whole document; what the outline does not name stays out, and so does media nobody shows."""
    outline, course = load(parts[OUTLINE]), load(parts[COURSE])
    modules = [
        {**module, "activities": [_activity(id, parts, course["languages"]) for id in module["activities"]]}
        for module in outline["modules"]
    ]
    pools = [
        {**pool, "questions": [{"id": id, **load(parts[question_key(id)])} for id in pool["questions"]]}
        for pool in outline["pools"]
    ]
    pages = {
        field: _texts({each: page_key(page, each) for each in course["languages"]}, parts) or None
        for field, page in PAGES.items()
    }
    return {**course, **pages, "slug": slug, "modules": modules, "pools": pools, "media": dict(media)}


def _activity(id: str, parts: Mapping[str, str], languages: list[str]) -> Data:
    settings: Data = load(parts[activity_key(id)])
    if settings["kind"] != "lesson":
        return {"id": id, **settings}
    return {"id": id, **settings, "body": _texts({each: lesson_key(id, each) for each in languages}, parts)}


def _texts(keys: Mapping[str, str], parts: Mapping[str, str]) -> dict[str, str]:
    """The texts that there are, by language."""
    return {language: parts[key] for language, key in keys.items() if parts.get(key, "").strip()}
