"""Citing an instrument by article, and naming it among the course's sources."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.core.errors import DomainError
from lms.core.words import N_, pick
from lms.library.instruments import instruments, named, names
from lms.studio import parts, service
from lms.studio.models import Draft


@dataclass(frozen=True)
class Cited:
    """An article, or a whole instrument where ``topic`` is empty, as it is cited and as it is found."""

    reference: str
    title: str
    topic: str
    binding: str
    known: bool


def listed(about: dict[str, Any], languages: list[str], words: str = "", *, within: str = "") -> list[Cited]:
    """Every instrument and each of its articles that has a topic; those only that hold all the ``words``.

    References are as a text in the language ``within`` writes them, or as questions keep them.
    """
    known = {source["id"] for source in about.get("sources", [])}
    found = []
    for each in instruments():
        title, own = pick(each.title, languages)[1], each.id in known
        found.append(Cited(named(each.id, within), title, "", each.binding, own))
        for article, topic in each.topics.items():
            reference = named(f"{each.id} {article}", within)
            found.append(Cited(reference, title, pick(topic, languages)[1], each.binding, own))
    wanted = words.casefold().split()
    return [
        each
        for each in found
        if all(word in f"{each.reference} {each.title} {each.topic}".casefold() for word in wanted)
    ]


def add_source(draft: Draft, id: str, *, by: UUID) -> None:
    """Name an instrument among the course's sources, by any of its short names; naming it twice is naming it once."""
    id = names().get(id, id)
    instrument = next((each for each in instruments() if each.id == id), None)
    part = service.part(draft, parts.COURSE)
    if instrument is None or part is None:
        raise DomainError(N_("Choose an instrument from the list."))
    about = parts.load(part.content)
    sources = about.get("sources", [])
    if any(source["id"] == id for source in sources):
        return
    title = {language: pick(instrument.title, [language, "en"])[1] for language in draft.languages}
    new = {"id": id, "binding": instrument.binding, "title": title, "dated": instrument.dated}
    content = parts.dump({**about, "sources": [*sources, new]})
    service.save(draft, parts.COURSE, content, part.number, by=by)
