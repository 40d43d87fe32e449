"""What an author typed, read into the data of a part; unfinished is allowed, hostile is not.

Words are typed in one language at a time and put beside those of the others. What is the same in every language
(what is right, points, minutes) is typed with the source language only.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.library.awards import MOST_HOURS
from lms.library.texts import slug

Data = dict[str, Any]
Typed = MultiDict[str, str]
MOST_ROWS = 10
DIFFICULTIES = ("easy", "medium", "hard")
KINDS = ("single_choice", "multiple_choice", "true_false", "numeric", "short_text", "matching", "ordering")


def text(form: Typed, name: str) -> str:
    """What was typed, without the space around it and with plain line ends."""
    return form.get(name, "").replace("\r\n", "\n").strip()


def say(data: Data, name: str, language: str, words: str) -> None:
    """Put words into a text in one language, or take that language out where they are empty."""
    said = {**data.get(name, {})}
    said.pop(language, None)
    if words:
        said[language] = words
    if said:
        data[name] = said
    else:
        data.pop(name, None)


def whole(form: Typed, name: str, least: int, most: int) -> int | None:
    """A whole number within bounds; nothing typed is ``None``."""
    typed = text(form, name)
    if not typed:
        return None
    if not typed.isdecimal() or not least <= int(typed) <= most:
        raise DomainError(
            N_("Type a whole number from %(least)s to %(most)s."), field=name, least=f"{least}", most=f"{most}"
        )
    return int(typed)


def number(form: Typed, name: str) -> float | None:
    """A number with a point or a comma; nothing typed is ``None``."""
    typed = text(form, name).replace(",", ".").replace(" ", "")
    if not typed:
        return None
    try:
        value = float(typed)
    except ValueError:
        value = float("inf")
    if abs(value) > 1e12 or value != value:
        raise DomainError(N_("Type a number, for example 12 or 0.5."), field=name)
    return value


def put(data: Data, name: str, value: Any, default: Any = None) -> None:
    """Set a value, or take it out where it is the default: equal data is then equal content."""
    if value is None or value == default:
        data.pop(name, None)
    else:
        data[name] = value


def question(form: Typed, standing: Data, language: str, *, source: bool) -> Data:
    """A question as typed in ``language``; its kind stays, and so do the ids of its options."""
    data: Data = {**standing}
    for name in ("scenario", "prompt", "hint", "audio"):
        say(data, name, language, text(form, name))
    if source:
        put(data, "difficulty", form.get("difficulty") if form.get("difficulty") in DIFFICULTIES else None)
        put(data, "tags", [slug(line, (), "tag") for line in lines(form, "tags")], [])
        put(data, "points", whole(form, "points", 1, 20), 1)
        put(data, "objective", text(form, "objective") or None)
        put(data, "references", lines(form, "references"), [])
        _picture(form, data, language)
    _READERS[data["kind"]](form, data, language, source)
    return data


def recordings(question: Data) -> list[str]:
    """The sounds that a question is heard with, those of its options among them."""
    return [name for part in (question, *question.get("options", [])) for name in part.get("audio", {}).values()]


def lines(form: Typed, name: str) -> list[str]:
    """What was typed, line by line, without empty ones."""
    return [line.strip() for line in text(form, name).splitlines() if line.strip()]


def _picture(form: Typed, data: Data, language: str) -> None:
    file = text(form, "picture")
    if not file:
        data.pop("image", None)
        return
    image: Data = {**data.get("image", {}), "file": file}
    say(image, "alt", language, text(form, "picture-alt"))
    data["image"] = image


def rows(
    form: Typed,
    before: Sequence[Data],
    name: str,
    fields: Sequence[str],
    language: str,
    source: bool,
    *,
    most: int = MOST_ROWS,
    stay: bool = False,
) -> list[tuple[int, Data]]:
    """The rows of a list, each with the place where it was typed; new ones come with the source language only.

    A row is taken out when it is ticked so or when all its words are gone; those that ``stay`` only when ticked.
    """
    if not source:
        return _translated(form, before, name, fields, language, most)
    standing = {row["id"]: row for row in before}
    found: list[tuple[int, int, Data]] = []
    for place in range(most):
        prefix = f"{name}-{place}"
        id = form.get(f"{prefix}-id", "")
        words = {field: text(form, f"{prefix}-{field}") for field in fields}
        if f"{prefix}-remove" in form or not (any(words.values()) or (stay and _begun(form, prefix, id))):
            continue
        if id not in standing:
            taken = {*standing, *(row["id"] for _, _, row in found)}
            id = slug(next(iter(words.values())), taken, name.rpartition("-")[2].rstrip("s"))
        row = {**standing.get(id, {}), "id": id}
        for field, typed in words.items():
            say(row, field, language, typed)
        found.append((whole(form, f"{prefix}-place", 1, most) or place + 1, place, row))
    return [(place, row) for _, place, row in sorted(found, key=lambda each: each[:2])]


def _translated(
    form: Typed, before: Sequence[Data], name: str, fields: Sequence[str], language: str, most: int
) -> list[tuple[int, Data]]:
    """The rows as they stood, with the words of one language; one that was not sent (at place -1) keeps its words."""
    places = {form.get(f"{name}-{place}-id", ""): place for place in range(most)}
    found = []
    for standing in before:
        row, place = {**standing}, places.get(standing["id"], -1)
        if place >= 0:
            for field in fields:
                say(row, field, language, text(form, f"{name}-{place}-{field}"))
        found.append((place, row))
    return found


def _begun(form: Typed, prefix: str, id: str) -> bool:
    """Whether a row stood before, or anything at all is typed below its prefix."""
    return bool(id) or any(value.strip() for name, value in form.items() if name.startswith(f"{prefix}-"))


def _choice(form: Typed, data: Data, language: str, source: bool) -> None:
    options = rows(form, data.get("options", []), "options", ("text", "feedback"), language, source)
    right = form.getlist("correct")
    for place, row in options:
        if place >= 0:
            say(row, "audio", language, text(form, f"options-{place}-audio"))
        if source:
            put(row, "correct", f"{place}" in right, False)
    data["options"] = [row for _, row in options]


def _true_false(form: Typed, data: Data, language: str, source: bool) -> None:
    if source and form.get("answer", "") in ("true", "false"):
        data["answer"] = form.get("answer") == "true"
    for name in ("when_true", "when_false"):
        say(data, name, language, text(form, name))


def _judged(form: Typed, data: Data, language: str) -> None:
    for name in ("feedback_right", "feedback_wrong"):
        say(data, name, language, text(form, name))


def _numeric(form: Typed, data: Data, language: str, source: bool) -> None:
    if source:
        put(data, "answer", number(form, "answer"))
        put(data, "tolerance", number(form, "tolerance"), 0.0)
    say(data, "unit", language, text(form, "unit"))
    _judged(form, data, language)


def _short_text(form: Typed, data: Data, language: str, source: bool) -> None:
    accepted = {**data.get("accepted", {})}
    accepted.pop(language, None)
    if typed := lines(form, "accepted"):
        accepted[language] = typed
    data["accepted"] = accepted
    _judged(form, data, language)


def _matching(form: Typed, data: Data, language: str, source: bool) -> None:
    data["pairs"] = [row for _, row in rows(form, data.get("pairs", []), "pairs", ("term", "match"), language, source)]
    _judged(form, data, language)


def _ordering(form: Typed, data: Data, language: str, source: bool) -> None:
    data["items"] = [row for _, row in rows(form, data.get("items", []), "items", ("text",), language, source)]
    _judged(form, data, language)


_READERS: Mapping[str, Callable[[Typed, Data, str, bool], None]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
}


def course(form: Typed, standing: Data, language: str, *, source: bool) -> Data:
    """What the course says of itself, as typed."""
    data: Data = {**standing}
    for name in ("title", "summary", "audience"):
        words = text(form, name)
        if source and not words:
            raise DomainError(N_("Write something here."), field=name)
        say(data, name, language, words)
    objectives = {**{row["id"]: row for row in data.get("objectives", [])}}
    data["objectives"] = _listed(form, "objectives", objectives, language, source)
    if source:
        data["hours"] = whole(form, "hours", 1, MOST_HOURS) or data["hours"]
        put(data, "topics", [slug(line, (), "topic") for line in lines(form, "topics")], [])
    return data


def _listed(form: Typed, name: str, standing: Mapping[str, Data], language: str, source: bool) -> list[Data]:
    """A list with one line of words each: ``id`` and ``text``."""
    rows: list[Data] = []
    for id, words in zip(form.getlist(f"{name}-id"), form.getlist(f"{name}-text"), strict=False):
        typed = words.strip()
        if id not in standing and (not source or not typed):
            continue
        if source and not typed:
            continue
        known = id or slug(typed, {*standing, *(row["id"] for row in rows)}, "objective")
        row = {**standing.get(known, {}), "id": known}
        say(row, "text", language, typed)
        rows.append(row)
    return rows
