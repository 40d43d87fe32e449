"""XML from elsewhere, read without entities, declarations of types, or anything fetched."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from lms.exchange.gathering import LARGEST, refused

DEEPEST = 200


def parse(content: bytes) -> Element:
    """The root element; raises ``CourseError`` for what is broken, too large or made to do harm."""
    if len(content) > LARGEST:
        raise refused("is larger than 20 MB: split it")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise refused("declares entities or a document type: export it again without them") from None
    except (ParseError, ValueError, LookupError):
        raise refused("is not whole XML: export it again and send it once more") from None
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise refused("is nested too deeply: export it again")


def local(element: Element) -> str:
    """An element's name without its namespace, which versions of one standard differ in."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    """The children of this name, whatever their namespace."""
    return [child for child in element if local(child) == name]


def child(element: Element, *names: str) -> Element | None:
    """The first element down this path of names."""
    found: Element | None = element
    for name in names:
        found = next(iter(children(found, name)), None) if found is not None else None
    return found


def words(element: Element | None) -> str:
    """All text of an element."""
    return "".join(element.itertext()).strip() if element is not None else ""
