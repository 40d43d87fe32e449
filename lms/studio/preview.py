"""A draft as trainees will see it, for its authors and, by a link that ends, for a colleague."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, URLSafeTimedSerializer
from markupsafe import Markup

from lms.core.words import pick
from lms.library import rendering
from lms.studio import outline as tree
from lms.studio import parts, service
from lms.studio.models import Draft

Data = dict[str, Any]
# In seconds: a week.
LINK_LASTS = 7 * 24 * 3600


def html_of(draft: Draft, text: str, language: str, base: str) -> Markup:
    """A lesson's text as HTML, with the draft's files below the address ``base``."""
    return rendering.with_files(text, language, service.media(draft), base)


def link_code(draft: Draft, keys: list[str]) -> str:
    """What stands in the address of a preview; nobody can make one, and it ends after a week."""
    return _signer(keys).dumps(draft.id.hex)


def draft_of(code: str, keys: list[str]) -> UUID | None:
    """The draft that a preview's address is of; ``None`` for one that ended or was never made here."""
    try:
        return UUID(_signer(keys).loads(code, max_age=LINK_LASTS))
    except BadSignature:
        return None


def _signer(keys: list[str]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys, salt="draft-preview")


def shown(draft: Draft, activity_id: str | None, languages: list[str], base: str) -> Data:
    """One activity as a trainee meets it, the first by default, with the ways before and after it.

    A test shows its questions without what is right: the page is made for reading, also by a colleague.
    """
    contents = service.contents(draft)
    outline = parts.load(contents[parts.OUTLINE])
    ids = list(tree.activity_ids(outline))
    if activity_id is None:
        activity_id = ids[0] if ids else None
    if activity_id not in ids:
        return {"activity": None}
    place, data = ids.index(activity_id), parts.load(contents[parts.activity_key(activity_id)])
    language, html, questions = languages[0], Markup(""), []
    if data["kind"] == "lesson":
        texts = {each: contents.get(parts.lesson_key(activity_id, each), "") for each in draft.languages}
        written = {each: text for each, text in texts.items() if text.strip()}
        if written:
            language, text = pick(written, languages)
            html = html_of(draft, text, language, base)
    elif "draws" in data:
        drawn = {draw["pool"] for draw in data.get("draws", [])}
        pools = [pool for pool in outline["pools"] if pool["id"] in drawn]
        questions = [_asked(contents, id) for pool in pools for id in pool["questions"]]
    return {
        "activity": data,
        "written_in": language,
        "html": html,
        "questions": questions,
        "before": ids[place - 1] if place else None,
        "after": ids[place + 1] if place + 1 < len(ids) else None,
    }


_SHOWN = {"options": "text", "items": "text"}


def _asked(contents: Mapping[str, str], id: str) -> Data:
    """What of a question a trainee reads before answering."""
    data = parts.load(contents[parts.question_key(id)])
    choices = [row.get(field, {}) for name, field in _SHOWN.items() for row in data.get(name, [])]
    pairs = [row.get("term", {}) for row in data.get("pairs", [])]
    return {
        "scenario": data.get("scenario"),
        "prompt": data.get("prompt", {}),
        "choices": [*sorted(choices, key=str), *pairs],
    }
