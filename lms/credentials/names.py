"""A holder's name and a certificate's number as they are compared: however a keyboard, a phone or a copy writes them.

``static/js/check.js`` does the same with a name, letter by letter. The tables stand in both, as Unicode's own grow.
"""

import re
import unicodedata

# Accents, and the vowel signs of Arabic and Hebrew, that one writes or not. Those of Indian scripts are letters.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f"
)
# Nobody sees them: places to break a word, directions, joiners, and the stroke that stretches an Arabic word.
_UNSEEN = r"\u00ad\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_DROPPED = re.compile(f"[{_MARKS}{_UNSEEN}]")

_ZEROS = "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0be6\u0c66\u0e50\u0ed0\u1040\u17e0"
DIGITS = {ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)}
# Alike on paper, or one for want of the other on a keyboard.
_ALIKE = DIGITS | str.maketrans(
    "\u0649\u06cc\u06a9\u06be\u06c1\u06d5\u0629\u0671\u0131\u0142\u00f8\u0111\u03c2\u2018\u2019\u02bc\u02b9`\u2010\u2011\u2013\u2014",
    "\u064a\u064a\u0643\u0647\u0647\u0647\u0647\u0627ilod\u03c3'''''----",
)


def plain(name: str) -> str:
    """A name as it is compared: small letters, without what one writes or not, with single spaces."""
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", name))
    return " ".join(bare.lower().translate(_ALIKE).split())
