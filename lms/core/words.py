"""Words in several languages: picking one, and marking those that are translated later."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations


def N_(message: str) -> str:
    """Mark a sentence for the catalogues where it is written but not yet shown."""
    return message


class Said(str):
    """A sentence in English that remembers how to be said in another language: its ``template`` and ``values``."""

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> "Said":
        """The sentence itself, so that whoever knows nothing of languages prints it."""
        sentence = super().__new__(cls, template % values if values else template)
        sentence.template, sentence.values = template, values
        return sentence


def said(message: str, **values: object) -> Said:
    """A sentence marked with ``N_``, with what stands in it."""
    return Said(message, values)


def pick(text: Mapping[str, str], languages: Sequence[str]) -> tuple[str, str]:
    """The first available language of ``languages`` and its words; any language rather than none.

    Returns ``(language tag, words)``.
    """
    for language in languages:
        if language in text:
            return language, text[language]
    language = next(iter(text))
    return language, text[language]


# Of written languages, not of the interface alone: a course may be in any.
RIGHT_TO_LEFT = frozenset({"ar", "fa", "prs", "ps", "ur", "he"})


def direction_of(tag: str) -> str:
    """``rtl`` or ``ltr``."""
    return "rtl" if tag.split("-")[0] in RIGHT_TO_LEFT else "ltr"


CATALOGUES = Path(__file__).parents[1] / "translations"
# Languages that the interface has words in.
LANGUAGES = ("en", "fr", "ar")


@cache
def catalogue(language: str) -> NullTranslations:
    """The interface's words in a given language, for what is not shown in the reader's: certificates, lessons."""
    return Translations.load(CATALOGUES, [language])
