"""What other systems' files become: parts of a draft."""

from collections.abc import Sequence
from uuid import UUID

from lms.core.errors import DomainError
from lms.core.words import N_
from lms.exchange import aiken, gift, moodle_xml
from lms.exchange.gathering import Gathered
from lms.exchange.pages import Brought, Page, Questions
from lms.library.problems import CourseError, Problem
from lms.library.texts import slug
from lms.studio import arranging, beginning, parts, service
from lms.studio import outline as tree
from lms.studio.models import Draft

FORMATS = {"gift": gift, "aiken": aiken, "xml": moodle_xml}
ENDINGS = {"gift": "gift.txt", "aiken": "aiken.txt", "xml": "xml"}
# Minutes: a page of a document, and a question.
READING, ASKING = 10, 1


def contents_of(brought: Brought, *, code: str, language: str) -> dict[str, str]:
    """The parts of a draft made of what was brought; a quiz draws from a pool of its own."""
    contents: dict[str, str] = {}
    outline = tree.empty()
    taken: set[str] = set()

    def new(title: str, fallback: str) -> str:
        taken.add(id := slug(title, taken, fallback))
        return id

    for place, module in enumerate(brought.modules, start=1):
        ids = []
        for part in module.parts:
            title = {language: part.title}
            if isinstance(part, Page):
                ids.append(id := new(part.title, "lesson"))
                contents[parts.activity_key(id)] = parts.dump({"kind": "lesson", "title": title, "minutes": READING})
                contents[parts.lesson_key(id, language)] = f"{part.markdown}\n"
                continue
            ids.append(id := new(part.title, "quiz"))
            asked = {new(question["id"], "question"): question for question in part.questions}
            contents |= {parts.question_key(own): parts.dump(_without_id(each)) for own, each in asked.items()}
            pool = {"id": new(f"{id}-questions", "pool"), "title": title, "questions": [*asked]}
            minutes = max(5, ASKING * len(part.questions))
            quiz = {"kind": "quiz", "title": title, "minutes": minutes, "draws": [{"pool": pool["id"]}]}
            contents[parts.activity_key(id)] = parts.dump(quiz)
            outline["pools"].append(pool)
        outline["modules"].append({"id": f"module-{place}", "title": {language: module.title}, "activities": ids})
    return {
        parts.COURSE: beginning.about(brought.title, code, language),
        parts.OUTLINE: parts.dump(outline),
        **contents,
    }


def _without_id(question: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in question.items() if name != "id"}


def counts(brought: Brought) -> tuple[int, int, int]:
    """How many lessons, quizzes and questions it would become."""
    found = [part for module in brought.modules for part in module.parts]
    quizzes = [part for part in found if isinstance(part, Questions)]
    return len(found) - len(quizzes), len(quizzes), sum(len(part.questions) for part in quizzes)


def questions_in(content: bytes, language: str) -> Gathered:
    """The questions of a file, whatever of the three formats it is in; raises ``CourseError``."""
    beginning = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(b"<"):
        return moodle_xml.read(content, language)
    if b"ANSWER:" in content.upper() and b"{" not in content:
        return aiken.read(content, language)
    gathered = gift.read(content, language)
    if not gathered.questions and not gathered.findings:
        raise CourseError([Problem("the file", "holds no question: use GIFT, Aiken or Moodle XML")])
    return gathered


def take_questions(draft: Draft, gathered: Gathered, pool: str, title: str, *, by: UUID) -> int:
    """Put questions into a pool, or into a new one with this title; returns how many."""
    if not gathered.questions:
        raise DomainError(N_("There is no question in it that can be taken."))
    if not pool:
        _, _ = arranging.add_group(draft, "pools", title, by=by)
        pool = _pools(draft)[-1]["id"]
    taken = service.taken_ids(draft)
    for question in gathered.questions:
        taken.add(id := slug(str(question["id"]), taken, "question"))
        service.save(draft, parts.question_key(id), parts.dump(_without_id(question)), 0, by=by)
        service.change_outline(draft, tree.add("pools", pool, id), by=by)
    return len(gathered.questions)


def _pools(draft: Draft) -> list[dict[str, str]]:
    part = service.part(draft, parts.OUTLINE)
    assert part is not None
    return list(parts.load(part.content)["pools"])


def questions_of(draft: Draft, pool: str) -> Sequence[dict[str, object]]:
    """The whole questions of a pool, for elsewhere; unfinished ones stay out."""
    contents = service.contents(draft)
    found = next((each for each in parts.load(contents[parts.OUTLINE])["pools"] if each["id"] == pool), None)
    if found is None:
        raise tree.Gone()
    gathered = Gathered(draft.source_language)
    for id in found["questions"]:
        gathered.take({"id": id, **parts.load(contents[parts.question_key(id)])})
    return gathered.questions
