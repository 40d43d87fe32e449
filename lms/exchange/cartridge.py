"""Common Cartridge 1.1 to 1.3 (1EdTech): pages, links, files, and quizzes in QTI 1.2."""

import html as entities
import posixpath
from collections.abc import Mapping
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from lms.core.words import N_
from lms.exchange import qti
from lms.exchange.archive import files_of
from lms.exchange.gathering import refused
from lms.exchange.html import markdown_of
from lms.exchange.pages import Brought, Module, Page, Questions
from lms.exchange.xml import child, children, parse, words
from lms.library.problems import CourseError

MANIFEST = "imsmanifest.xml"
NO_TOOL = N_("A tool of another system (LTI) cannot be run here.")
NO_TALK = N_("A discussion has no counterpart here. Its opening text became a lesson.")
NO_FILE = N_("A file of this kind is not taken. Put its text into a lesson.")
NOT_THERE = N_("It names a file that is not in the archive.")
DEEPEST = 8


def read(content: bytes, language: str) -> Brought:
    """The course of a cartridge; raises ``CourseError`` with the mend for what is none."""
    files = files_of(content)
    if MANIFEST not in files:
        raise refused("is no Common Cartridge: it lacks imsmanifest.xml. Export the course again as Common Cartridge")
    manifest = parse(files[MANIFEST])
    found = child(manifest, "metadata", "lom", "general", "title", "string")
    brought = Brought(words(found) or "Common Cartridge")
    reader = _Reader(files, _resources(manifest), brought, language)
    organization = child(manifest, "organizations", "organization")
    for top in children(organization, "item") if organization is not None else []:
        # The standard puts everything below one nameless item.
        for item in children(top, "item") if child(top, "title") is None else [top]:
            module = Module(words(child(item, "title")) or brought.title)
            reader.walk(item, module, 0)
            if module.parts:
                brought.modules.append(module)
    if not brought.modules:
        raise refused("holds no page and no quiz that can be taken: see what the other system exported")
    return brought


def _resources(manifest: Element) -> dict[str, Element]:
    resources = child(manifest, "resources")
    return {
        each.get("identifier", ""): each for each in (children(resources, "resource") if resources is not None else [])
    }


class _Reader:
    """One pass over the tree of items."""

    def __init__(
        self, files: Mapping[str, bytes], resources: Mapping[str, Element], brought: Brought, language: str
    ) -> None:
        self.files, self.resources, self.brought, self.language = files, resources, brought, language

    def walk(self, item: Element, module: Module, depth: int) -> None:
        """Take an item and those below it, in their order."""
        title = words(child(item, "title")) or module.title
        resource = self.resources.get(item.get("identifierref", ""))
        if resource is not None:
            self._take(resource, title, module)
        if depth < DEEPEST:
            for each in children(item, "item"):
                self.walk(each, module, depth + 1)

    def _take(self, resource: Element, title: str, module: Module) -> None:
        kind = resource.get("type", "").lower()
        listed = [each.get("href", "") for each in children(resource, "file")]
        name = unquote(resource.get("href") or next(iter(listed), ""))
        content = self.files.get(posixpath.normpath(name)) if name else None
        if "lti" in kind:
            self.brought.note(title, NO_TOOL)
        elif content is None:
            self.brought.note(title, NOT_THERE)
        elif "imsqti" in kind:
            self._take_quiz(content, title, module)
        elif "imswl" in kind:
            self._take_link(content, title, module)
        elif "imsdt" in kind:
            self.brought.note(title, NO_TALK)
            self._take_page(words(child(parse(content), "text")), name, title, module)
        elif name.lower().endswith((".html", ".htm", ".xhtml")):
            self._take_page(content.decode(errors="replace"), name, title, module)
        elif kept := self.brought.keep(content):
            module.parts.append(Page(title, f"![{title}](media/{kept})"))
        else:
            self.brought.note(title, NO_FILE)

    def _take_page(self, html: str, name: str, title: str, module: Module) -> None:
        text, lost = markdown_of(html, lambda source: self._media(source, name))
        for each in lost:
            self.brought.note(title, each)
        if text:
            module.parts.append(Page(title, text))

    def _media(self, source: str, page: str) -> str | None:
        """A file that a page names, relative to the page or to the cartridge's own folder."""
        plain = unquote(entities.unescape(source)).partition("?")[0]
        for filebase in ("$IMS-CC-FILEBASE$/", "%24IMS-CC-FILEBASE%24/"):
            plain = plain.replace(filebase, "")
        places = (posixpath.join(posixpath.dirname(page), plain), plain, f"web_resources/{plain}")
        content = next((self.files[at] for each in places if (at := posixpath.normpath(each)) in self.files), None)
        return self.brought.keep(content) if content is not None else None

    def _take_link(self, content: bytes, title: str, module: Module) -> None:
        link = child(parse(content), "url")
        address = link.get("href", "") if link is not None else ""
        if address.startswith(("http://", "https://")):
            safe = address.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
            module.parts.append(Page(title, f"[{title}]({safe})"))
        else:
            self.brought.note(title, NOT_THERE)

    def _take_quiz(self, content: bytes, title: str, module: Module) -> None:
        try:
            gathered = qti.read(content, self.language)
        except CourseError:
            self.brought.note(title, NOT_THERE)
            return
        for finding in gathered.findings:
            self.brought.note(f"{title}: {finding.place}", finding.words)
        if gathered.questions:
            module.parts.append(Questions(title, gathered.questions))
