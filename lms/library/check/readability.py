"""How easily a lesson reads, for the languages that have a measured formula.

English: R. Flesch, "A new readability yardstick", Journal of Applied Psychology 32 (1948). French: L. Kandel and
A. Moles, "Application de l'indice de Flesch à la langue française", Cahiers d'études de radio-télévision 19 (1958).
Both go from 0 to 100 and up; 60 is what most people read with ease after seven or eight years of school.
Syllables are the vowels in the parts that pyphen's hyphenation patterns divide a word into, a mute ending left out,
so a score is an estimate, good to a few points.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import pyphen

from lms.core import markup
from lms.core.words import N_, said
from lms.library.activities import Lesson
from lms.library.document import CourseDocument
from lms.library.problems import Problem

EASIEST_ALLOWED = 60
# Fewer words say nothing about how a text reads.
FEWEST_WORDS = 100


class Formula(NamedTuple):
    """``base - 1.015 × words a sentence - weight × syllables a word``; ``mute`` is an ending that nobody says."""

    patterns: str
    base: float
    weight: float
    mute: str


FORMULAE = {
    "en": Formula("en_US", 206.835, 84.6, r"(?<![bcdfgkpstz]l)e[ds]?$"),
    "fr": Formula("fr", 207.0, 73.6, r"es?$"),
}
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüÿœæ]+")

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|[»”\"')\]]|$)")
# '(ICCPR 9(2); CAT 2)' is for who looks it up, not for reading aloud.
_REFERENCE = re.compile(r"\b[A-Z][A-Z0-9-]{1,9}(?:\s\d+(?:\([0-9a-z]+\))*(?:[\u2013-]\d+)?)?(?=[\s,;.:)]|$)")


def ease(text: str, language: str) -> float | None:
    """The reading ease of a Markdown text; ``None`` where the language has no formula or the text is too short."""
    formula = FORMULAE.get(language.partition("-")[0])
    if formula is None:
        return None
    words = sentences = syllables = 0
    for passage in _prose(text):
        for sentence in _SENTENCE_END.split(_REFERENCE.sub(" ", passage)):
            found = _WORD.findall(sentence)
            words += len(found)
            sentences += bool(found)
            syllables += sum(syllables_of(word.lower(), formula) for word in found)
    if words < FEWEST_WORDS:
        return None
    return formula.base - 1.015 * words / sentences - formula.weight * syllables / words


def _prose(text: str) -> Iterator[str]:
    """What is read as sentences: paragraphs and list items, without headings, tables and descriptions of pictures."""
    within = 0
    for token in markup.tokens(text):
        if token.type in ("table_open", "heading_open"):
            within += 1
        elif token.type in ("table_close", "heading_close"):
            within -= 1
        elif token.type == "inline" and not within:
            yield "".join(
                child.content if child.type == "text" else " " if child.type.endswith("break") else ""
                for child in token.children or []
            )


@cache
def _patterns(name: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=name, left=1, right=1)


@lru_cache(maxsize=50_000)
def syllables_of(word: str, formula: Formula) -> int:
    """How many syllables a word in small letters is said with; at least one."""
    # Patterns leave vowels together and alone at the beginning: 'été', 'area'.
    parts = _patterns(formula.patterns).inserted(word, "-").split("-")
    parts[-1] = re.sub(formula.mute, "", parts[-1])
    return sum(max(1, len(_VOWELS.findall(part))) for part in parts)


def hard_lessons(document: CourseDocument) -> Iterator[Problem]:
    """Lessons whose reading ease is under 60, language by language."""
    for activity in document.activities():
        if not isinstance(activity, Lesson):
            continue
        for language, body in activity.body.items():
            found = ease(body, language)
            if found is not None and found < EASIEST_ALLOWED:
                words = N_(
                    "has a reading ease of %(ease)s, and %(least)s is the least: "
                    "make sentences shorter and words plainer"
                )
                message = said(words, ease=f"{found:.0f}", least=EASIEST_ALLOWED)
                yield Problem(f"{language}/{activity.id}.md", message, advice=True)
