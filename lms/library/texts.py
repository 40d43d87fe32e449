"""What everything in a course document is made of: ids, words in several languages, references, pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo

from lms.core.words import N_, said

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
MEDIA_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"


def _readable(text: str) -> str:
    if not text.strip():
        raise ValueError(said(N_("is empty: write something")))
    if found := _UNWRITABLE.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise ValueError(said(N_("holds the control character %(code)s: delete it"), code=code))
    return text


# PostgreSQL keeps no NUL, UTF-8 no lone surrogate, and nobody can see the others.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
Words = Annotated[str, AfterValidator(_readable)]
Text = Annotated[dict[LanguageTag, Words], Field(min_length=1)]
"""The same words in several languages, keyed by BCP 47 tag."""
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9-]*( .+)?$", max_length=120)]
"""A source's id and, mostly, an article: ``ICCPR 9(2)``."""


# Given where a document is read that was published already: limits that came later do not apply to it.
KEPT = {"kept": True}


def at_most(most: int) -> AfterValidator:
    """Refuse a greater number in a document that is imported or edited."""

    def check(value: int, info: ValidationInfo) -> int:
        if value > most and info.context != KEPT:
            raise ValueError(said(N_("is too much: write %(most)s or less"), most=most))
        return value

    return AfterValidator(check)


class Part(BaseModel):
    """Whatever stands in a course document: immutable, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Picture(Part):
    """A picture of ``media/`` and the words for those who cannot see it."""

    file: str
    alt: Text


Recording = Annotated[dict[LanguageTag, Annotated[str, StringConstraints(pattern=MEDIA_NAME)]], Field(min_length=1)]
"""Words spoken aloud: the sound of ``media/`` for each language that was recorded."""


def check_unique(ids: list[str], noun: str) -> None:
    """Refuse a list in which an id stands twice."""
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise ValueError(said(N_("the %(noun)s '%(id)s' stands twice: give each its own id"), id=each, noun=noun))
        seen.add(each)


def slug(title: str, taken: Iterable[str], fallback: str) -> str:
    """An id made from a title that nothing else has; ``fallback`` where the title has no Latin letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or fallback
    known, made, number = set(taken), stem, 1
    while made in known:
        number += 1
        made = f"{stem}-{number}"
    return made
