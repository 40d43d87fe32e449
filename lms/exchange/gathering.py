"""Questions gathered from another system's file, with what could not be taken and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lms.core.words import N_, catalogue
from lms.library.problems import CourseError, Problem
from lms.library.questions import Question
from lms.library.texts import slug

Data = dict[str, Any]
LARGEST = 20_000_000
_question: TypeAdapter[Any] = TypeAdapter(Question)

RIGHT, WRONG = N_("This is right."), N_("This is not right. Read the lesson again.")
NO_KIND = N_("This kind of question is not supported.")
NOT_WHOLE = N_("The question is not whole: it needs a text, answers, and one that is right.")
NO_FEEDBACK = N_("Some answers had no feedback: a general one stands there. Say why each is right or wrong.")
WEIGHTS = N_("Answers with different weights became simply right or wrong.")
NO_FILES = N_("Pictures and files in the question were not taken. Upload them, and choose them in the question.")
ONE_NUMBER = N_("Only the first right number was taken.")
NOT_WRITTEN = N_("This kind of question cannot be written in this format.")
NO_PICTURE = N_("The picture, the hint and the references cannot be written in this format.")


@dataclass(frozen=True)
class Finding:
    """Something that was not taken, or was changed: where, and why (a text to translate)."""

    place: str
    words: str


@dataclass
class Gathered:
    """Questions as data in one language, each whole and with its own id; and the findings."""

    language: str
    questions: list[Data] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, place: str, words: str) -> None:
        """Add a finding, once."""
        finding = Finding(place[:80], words)
        if finding not in self.findings:
            self.findings.append(finding)

    def add(self, kind: str, title: str, prompt: str, **parts: Any) -> None:
        """Take a question if it is whole; texts in ``parts`` are plain strings."""
        ids = [question["id"] for question in self.questions]
        data = {"kind": kind, "id": slug(title or prompt, ids, "question"), "prompt": prompt, **parts}
        self.take(self._said(data), title or prompt)

    def take(self, data: Data, place: str = "") -> None:
        """Take a question's data, if it is whole."""
        try:
            whole = _question.validate_python(data)
        except ValidationError:
            self.note(place or str(data.get("id", "")), NOT_WHOLE)
            return
        self.questions.append(whole.model_dump(mode="json", exclude_defaults=True))

    def choices(self, title: str, prompt: str, options: Sequence[tuple[str, bool, str]], *, several: bool) -> None:
        """Take a question with ``(text, right, feedback)`` options."""
        rows = [
            {"id": f"o{place}", "text": text, "correct": right, "feedback": self.feedback(title or prompt, said, right)}
            for place, (text, right, said) in enumerate(options, start=1)
        ]
        self.add("multiple_choice" if several else "single_choice", title, prompt, options=rows)

    def judged(self, title: str, prompt: str, right: str = "", wrong: str = "") -> Data:
        """The two feedbacks of a question that is right or wrong as a whole."""
        place = title or prompt
        return {
            "feedback_right": self.feedback(place, right, True),
            "feedback_wrong": self.feedback(place, wrong, False),
        }

    def feedback(self, place: str, said: str, right: bool) -> str:
        """What was said, or a general word, told of as a finding."""
        if said.strip():
            return said.strip()
        self.note(place, NO_FEEDBACK)
        return catalogue(self.language).gettext(RIGHT if right else WRONG)

    def _said(self, data: Any, name: str = "") -> Any:
        """The data with every text put under its language."""
        if isinstance(data, dict):
            return {key: self._said(value, key) for key, value in data.items()}
        if isinstance(data, list):
            return [self._said(each, name) for each in data]
        return {self.language: data.strip()} if isinstance(data, str) and name in _TEXTS else data


_TEXTS = frozenset(
    "prompt scenario text feedback feedback_right feedback_wrong when_true when_false term match hint unit".split()
)


def text_of(content: bytes) -> str:
    """A text file as words; raises ``CourseError`` with the mend."""
    if len(content) > LARGEST:
        raise refused("is larger than 20 MB: split it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("is not UTF-8: save it as UTF-8") from None
    if "\x00" in text or not text.strip():
        raise refused("holds no text: choose the file again")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refused(words: str) -> CourseError:
    """What is wrong with the whole file."""
    return CourseError([Problem("the file", words)])
