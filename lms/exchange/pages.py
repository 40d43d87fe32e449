"""What a course is made of when it comes from another system: modules of pages and quizzes, and their files."""

from dataclasses import dataclass, field

from lms.core.errors import DomainError
from lms.exchange.gathering import Data, Finding
from lms.library import media, pictures


@dataclass
class Page:
    """A text in Markdown, to become a lesson."""

    title: str
    markdown: str


@dataclass
class Questions:
    """Questions that belong together, to become a pool and a quiz on it."""

    title: str
    questions: list[Data]


@dataclass
class Module:
    """Pages and quizzes in their order."""

    title: str
    parts: list[Page | Questions] = field(default_factory=list)


@dataclass
class Brought:
    """A course from elsewhere: ``media`` by the names that its pages use; ``findings`` tell what was not taken."""

    title: str
    modules: list[Module] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def note(self, place: str, words: str) -> None:
        """Add a finding, once."""
        finding = Finding(place[:80], words)
        if finding not in self.findings:
            self.findings.append(finding)

    def keep(self, content: bytes) -> str | None:
        """The name of a file that was taken for what it is; ``None`` for what is not taken. Pictures are made anew."""
        ending = media.ending_of(content)
        if ending is None:
            return None
        if ending in ("png", "jpg", "webp", "gif"):
            try:
                content, ending = pictures.prepared(content)
            except DomainError:
                return None
        known = next((name for name, each in self.media.items() if each == content), None)
        name = known or f"file-{len(self.media) + 1}.{ending}"
        self.media[name] = content
        return name
