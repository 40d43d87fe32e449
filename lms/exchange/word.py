"""Word documents as lessons: a new lesson at every heading of the first level (ECMA-376, read by Mammoth)."""

import io
import re

import mammoth
from mammoth.images import img_element

from lms.core.words import N_
from lms.exchange.archive import files_of
from lms.exchange.gathering import LARGEST, refused
from lms.exchange.html import markdown_of
from lms.exchange.pages import Brought, Module, Page
from lms.exchange.xml import parse
from lms.library.problems import CourseError

NOT_TAKEN = N_("Some drawings, fields or styles of the document have no counterpart and were left out.")
BROKEN_PICTURE = N_("Some pictures were of a kind that is not taken. Save them as PNG or JPEG and upload them.")
BODY = "word/document.xml"


def read(content: bytes, title: str) -> Brought:
    """The lessons of a .docx; raises ``CourseError`` with the mend for anything else. ``title`` is the module's."""
    files = files_of(content)
    if BODY not in files:
        raise refused("is not a Word document (.docx): open it in Word and save it as .docx")
    if len(files[BODY]) > LARGEST:
        raise refused("is longer than a course can be: split it")
    # Mammoth reads XML by itself: what could do harm there is refused before.
    for name, part in files.items():
        if name.endswith((".xml", ".rels")):
            parse(part)
    brought = Brought(title)
    html, messages = _html(content, brought)
    text, lost = markdown_of(html, lambda source: source.removeprefix("/media/") if source in _kept(brought) else None)
    for words in [*lost, *([NOT_TAKEN] if messages else [])]:
        brought.note(title, words)
    brought.modules.append(Module(title, [*_pages(text, title)]))
    if not brought.modules[0].parts:
        raise refused("holds no text: choose the file again")
    return brought


def _kept(brought: Brought) -> set[str]:
    return {f"/media/{name}" for name in brought.media}


def _html(content: bytes, brought: Brought) -> tuple[str, bool]:
    @img_element  # type: ignore[untyped-decorator]
    def picture(image: object) -> dict[str, str]:
        with image.open() as opened:  # type: ignore[attr-defined]
            name = brought.keep(opened.read())
        if name is None:
            brought.note(brought.title, BROKEN_PICTURE)
        return {"src": f"/media/{name}"}

    try:
        result = mammoth.convert_to_html(io.BytesIO(content), convert_image=picture)
    except CourseError:
        raise
    except Exception as error:
        # The library's own errors for documents that no word processor writes are of every kind.
        raise refused("cannot be read: open it in Word and save it as .docx again") from error
    return str(result.value), any(message.type == "warning" for message in result.messages)


def _pages(text: str, title: str) -> list[Page]:
    """The text cut at headings that stand highest in it; what comes before the first is a page of its own."""
    levels = [len(found) for found in re.findall(r"^(#{2,6}) ", text, re.MULTILINE)]
    if not levels:
        return [Page(title, text)] if text else []
    mark = "#" * min(levels)
    before, *rest = re.split(rf"^{mark} +(.+)$", text, flags=re.MULTILINE)
    pages = [Page(title, before.strip())] if before.strip() else []
    for heading, body in zip(rest[::2], rest[1::2], strict=True):
        pages.append(Page(re.sub(r"[*_`]", "", heading).strip() or title, body.strip()))
    return [page for page in pages if page.markdown]
