"""The instruments that courses cite: how they are called, whether they bind, and how far their articles go."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field

from lms.core.words import N_, said
from lms.library.texts import Part, Text

LIST = Path(__file__).with_name("instruments.yaml")

# What follows the id: '9', '9(2)', '14(3)(g)', '13.1', '9–11', '2(2)–(3)', and several of them with commas.
_ARTICLE = r"(\d{1,4})(?:\.\d+)*(?:\([0-9a-z]{1,4}\))*"
_PASSAGE = re.compile(rf"{_ARTICLE}(?:[\u2013-](?:{_ARTICLE}|(?:\([0-9a-z]{{1,4}}\))+))?")


class Instrument(Part):
    """A treaty, standard or guide; ``articles`` is its highest article, rule or paragraph, where that is certain.

    ``short`` is what texts in a language call it where that is not the ``id``: ``PIDCP`` in French for ``ICCPR``.
    """

    id: str
    short: dict[str, str] = Field(default_factory=dict)
    binding: Literal["treaty", "standard", "guidance"]
    title: Text
    dated: str
    articles: Annotated[int, Field(ge=1)] | None = None
    topics: dict[str, Text] = Field(default_factory=dict)


@cache
def instruments() -> tuple[Instrument, ...]:
    """Every instrument, treaties and declarations first; read once."""
    return tuple(Instrument.model_validate(each) for each in yaml.safe_load(LIST.read_bytes()))


@cache
def _by_id() -> dict[str, Instrument]:
    return {instrument.id: instrument for instrument in instruments()}


@cache
def names() -> dict[str, str]:
    """The id of every instrument by whatever short name a text may call it."""
    return {name: each.id for each in instruments() for name in (each.id, *each.short.values())}


def named(reference: str, language: str) -> str:
    """The reference as texts in that language write it: ``PIDCP 9(2)`` in French for ``ICCPR 9(2)``."""
    id, space, passages = reference.partition(" ")
    instrument = _by_id().get(id)
    return (instrument.short.get(language, id) if instrument else id) + space + passages


def find(reference: str) -> str | None:
    """What is wrong with a reference such as ``ICCPR 9(2)``, ``GC35 33`` or ``ICCPR 9–11``; ``None`` if it is right."""
    id, _, passages = reference.partition(" ")
    instrument = _by_id().get(id)
    if instrument is None:
        return said(N_("'%(id)s' is not in the list of instruments: use the short name that stands there"), id=id)
    if not passages or instrument.articles is None:
        return None
    for passage in re.split(r",\s*", passages):
        found = _PASSAGE.fullmatch(passage)
        if found is None:
            return said(
                N_("'%(passage)s' is not an article: write it like 'ICCPR 9(2)' or 'ICCPR 9–11'"), passage=passage
            )
        first, last = int(found[1]), int(found[2] or found[1])
        if first > last:
            return said(N_("'%(passage)s' runs backwards: put the lower article first"), passage=passage)
        if not 1 <= first <= last <= instrument.articles:
            words = N_("%(id)s has articles 1 to %(last)s, so not %(passage)s: look the article up")
            return said(words, id=id, last=instrument.articles, passage=passage)
    return None
