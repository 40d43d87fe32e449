"""Words in several languages: picking one, and marking those that are translated later."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations


def N_(message: str) -> str:
    """Mark a sentence for the catalogues where it is written but not yet shown."""
    return message


def pick(text: Mapping[str, str], languages: Sequence[str]) -> tuple[str, str]:
    """The first available language of ``languages`` and its words; any language rather than none.

    Returns ``(language tag, words)``.
    """
    for language in languages:
        if language in text:
            return language, text[language]
    language = next(iter(text))
    return language, text[language]


CATALOGUES = Path(__file__).parents[1] / "translations"


@cache
def catalogue(language: str) -> NullTranslations:
    """The interface's words in a given language, for what is not shown in the reader's: certificates, lessons."""
    return Translations.load(CATALOGUES, [language])
