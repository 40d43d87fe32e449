"""What the roll keeps of a trainee, and the words for it that people write in three languages."""

import re
import unicodedata
from collections.abc import Mapping

from lms.core.words import N_, catalogue

LANGUAGES = ("en", "fr", "ar")

SEX = {"f": N_("Woman"), "m": N_("Man")}
RANK = {
    "recruit": N_("Recruit"),
    "constable": N_("Constable"),
    "supervisor": N_("Supervisor"),
    "officer": N_("Officer"),
    "commander": N_("Commander"),
}
LITERACY = {"reads": N_("Reads alone"), "help": N_("Reads with help"), "audio": N_("Needs audio or an oral test")}
# Who is better served by sound than by words.
LISTENS = frozenset({"help", "audio"})

# In the order of the columns of an export.
COLUMNS = {
    "number": N_("Trainee number"),
    "sex": N_("Sex"),
    "rank": N_("Rank band"),
    "region": N_("Region"),
    "unit": N_("Unit or station"),
    "languages": N_("Languages"),
    "literacy": N_("Reading"),
}
CHOICES: Mapping[str, Mapping[str, str]] = {"sex": SEX, "rank": RANK, "literacy": LITERACY}

# What else heads such a column, or stands in it, beside our own words in the three languages.
_HEADINGS = {
    "number": "number no numero matricule رقم",
    "sex": "sex gender sexe genre جنس النوع",
    "rank": "rank grade rang رتبة الرتبة",
    "region": "region district province région منطقة المنطقة",
    "unit": "unit station post unité poste commissariat وحدة الوحدة",
    "languages": "languages language langues langue لغة لغات اللغات",
    "literacy": "literacy reading lecture alphabétisation قراءة القراءة",
}
_VALUES = {
    "sex": {"f": "female woman w femme féminin أنثى امرأة", "m": "male man homme masculin h ذكر رجل"},
}
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


def plain(text: str) -> str:
    """A word as it is compared: small letters, no accents, single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())


def _said(word: str) -> set[str]:
    return {plain(catalogue(language).gettext(word)) for language in LANGUAGES} | {plain(word)}


def column_of(heading: str) -> str | None:
    """What a column with this heading holds, in English, French or Arabic; ``None`` for what is not taken."""
    wanted = plain(heading)
    for name, word in COLUMNS.items():
        if wanted in _said(word) | {name} | {plain(each) for each in _HEADINGS[name].split()}:
            return name
    return None


def value_of(column: str, cell: str) -> str | None:
    """The code of a choice that is written in words; ``None`` for words that are not known."""
    wanted = plain(cell)
    for code, word in CHOICES[column].items():
        others = _VALUES.get(column, {}).get(code, "")
        if wanted in _said(word) | {code} | {plain(each) for each in others.split()}:
            return code
    return None


# Why somebody leaves the roll; a list, so that nobody writes down what could harm them.
OFF = {
    "mistake": N_("Entered by mistake"),
    "posted": N_("Posted elsewhere"),
    "left": N_("No longer in the service"),
    "other": N_("Another reason"),
}
