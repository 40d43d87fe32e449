"""The HTML of a lesson made fit for a book: valid XHTML, links that lead somewhere, pictures that are inside."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote
from xml.etree.ElementTree import Element, tostring

import tinyhtml5
from markupsafe import Markup, escape

_HOST = r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
_SAFE = r"([a-z0-9._~:/?@!$&'()*+,;=-]|%[0-9a-f]{2})*"
# What reading systems take for an address; anything else is printed as words alone.
_OUTWARD = re.compile(rf"https?://{_HOST}(:\d{{1,4}})?([/?]{_SAFE})?(#{_SAFE})?|mailto:[a-z0-9._+-]+@{_HOST}", re.I)

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
# Inside these only words and pictures may stand.
_PHRASES = {"p", "a", "strong", "em", "s", "span", *_HEADINGS}
_WIDE_TABLE, _VERY_WIDE_TABLE = 5, 8


@dataclass(frozen=True)
class Surroundings:
    """Where a fragment goes: ``prefix`` keeps its ids apart, ``shift`` puts its headings below the page's own.

    ``address`` gives the address of a picture by its name; ``sound``, ``film`` and ``elsewhere`` are said instead of
    what a book does not hold.
    """

    syntax: Literal["xml", "html"]
    address: Callable[[str], str]
    sound: str
    film: str
    elsewhere: str
    prefix: str = ""
    shift: int = 0


def fit(html: str, around: Surroundings) -> Markup:
    """The same words and pictures, in markup that every reading system takes."""
    body = tinyhtml5.parse(html, namespace_html_elements=False).find("body")
    ids = dict(_new_ids(body, around))
    _tend(body, ids, around, in_phrase=False)
    children = [tostring(child, encoding="unicode", method=around.syntax) for child in body]
    return Markup("".join([escape(body.text or ""), *children]))


def _new_ids(body: Element, around: Surroundings) -> Iterator[tuple[str, str]]:
    """Number the headings: an id of letters from anywhere is not an XML name."""
    headings = [each for each in body.iter() if each.tag in _HEADINGS]
    for number, heading in enumerate(headings, 1):
        yield heading.get("id", ""), f"{around.prefix}s{number}"
        heading.set("id", f"{around.prefix}s{number}")


def _tend(parent: Element, ids: dict[str, str], around: Surroundings, in_phrase: bool) -> None:
    for child in parent:
        tag = child.tag
        if tag in _HEADINGS:
            child.tag = f"h{min(6, int(tag[1]) + around.shift)}"
        elif tag == "img":
            name = child.get("src", "").removeprefix("media/")
            child.attrib = {"src": around.address(name), "alt": child.get("alt", "")}
        elif tag in ("audio", "video"):
            _become(child, "span" if in_phrase else "p", "elsewhere", around.sound if tag == "audio" else around.film)
        elif tag == "a":
            _tend_link(child, ids, around)
        elif tag == "table":
            _tend_table(child)
        elif tag == "details":  # On paper nothing unfolds.
            child.tag = "div"
        elif tag == "summary":
            child.tag, child.attrib = "p", {"class": "callout-title"}
        elif tag == "div" and child.get("class") == "table-scroll":
            child.attrib = {"class": "table-scroll"}
        elif (tag == "figure" and in_phrase) or (tag == "figcaption" and parent.tag != "figure"):
            child.tag, child.attrib = "span", {"class": tag}
        _tend(child, ids, around, in_phrase or tag in _PHRASES)


def _become(element: Element, tag: str, kind: str, text: str) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.attrib, element.text, element.tail = tag, {"class": kind}, text, tail


def _tend_link(link: Element, ids: dict[str, str], around: Surroundings) -> None:
    target = link.get("href", "")
    link.attrib = {}
    if target.startswith("#") and unquote(target[1:]) in ids:
        link.set("href", f"#{ids[unquote(target[1:])]}")
    elif _OUTWARD.fullmatch(target):
        link.set("href", target)
    else:
        link.tag = "span"
        if target.startswith("media/"):
            note = Element("span", {"class": "elsewhere"})
            note.text = f" ({around.elsewhere})"
            link.append(note)


def _tend_table(table: Element) -> None:
    columns = max((len(row) for row in table.iter("tr")), default=0)
    if columns >= _WIDE_TABLE:
        table.set("class", "very-wide" if columns >= _VERY_WIDE_TABLE else "wide")
