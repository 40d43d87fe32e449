"""What stands in a book, in its order: modules with lessons and questions, then job aid, glossary and the rest."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lms.books import questions
from lms.books.press import Press
from lms.books.questions import Asked, Key
from lms.books.voice import Voice
from lms.library.activities import ClosingTest, Lesson, PreTest, Quiz
from lms.library.document import CourseDocument, Module, ObservationItem, Source
from lms.library.questions import Question
from lms.library.texts import Text


@dataclass(frozen=True)
class LessonPage:
    """A lesson, and the question of what the law says here."""

    id: str
    number: str
    title: Text
    minutes: int
    body: Markup
    law: Text | None


@dataclass(frozen=True)
class QuizPage:
    """A quiz as questions to think about; ``keys`` is empty in a trainee's book."""

    id: str
    title: Text
    asked: Sequence[Asked]
    keys: Sequence[Key]


@dataclass(frozen=True)
class ModulePart:
    """A module: its lessons, then its questions, then what is done in the online course only."""

    id: str
    number: int
    title: Text
    lessons: Sequence[LessonPage]
    quizzes: Sequence[QuizPage]
    online: Sequence[Text]


@dataclass(frozen=True)
class Term:
    """A word of the glossary."""

    term: Markup
    meaning: Markup


@dataclass(frozen=True)
class Book:
    """A course in one language, set and ready to be laid out."""

    document: CourseDocument
    voice: Voice
    answers: bool
    modules: Sequence[ModulePart]
    glossary: Sequence[Term]
    binding: Sequence[Source]
    guiding: Sequence[Source]
    job_aid: Markup | None
    guide: Markup | None
    observations: Sequence[ObservationItem]


def book(document: CourseDocument, press: Press, *, answers: bool) -> Book:
    """The whole book; ``press`` knows afterwards which pictures it shows.

    What is for mentors, the guide and the observation checklist, stands only in the book with ``answers``.
    """
    hidden = _final_pools(document)
    modules = [
        _module(document, module, number, press, hidden, answers=answers)
        for number, module in enumerate(document.modules, 1)
    ]
    return Book(
        document=document,
        voice=press.voice,
        answers=answers,
        modules=modules,
        glossary=_glossary(document, press.voice),
        binding=[source for source in document.sources if source.binding == "treaty"],
        guiding=[source for source in document.sources if source.binding != "treaty"],
        job_aid=press.lesson(document.job_aid, prefix="in-job-aid-") if document.job_aid else None,
        guide=press.lesson(document.guide, prefix="in-guide-") if document.guide and answers else None,
        observations=document.observations if answers else [],
    )


def _final_pools(document: CourseDocument) -> set[str]:
    """The pools that certificates rest on: a book that lies about would give their questions away."""
    return {
        draw.pool
        for activity in document.activities()
        if isinstance(activity, ClosingTest | PreTest)
        for draw in activity.draws
    }


def _module(
    document: CourseDocument, module: Module, number: int, press: Press, hidden: set[str], *, answers: bool
) -> ModulePart:
    lessons: list[LessonPage] = []
    quizzes: list[QuizPage] = []
    online: list[Text] = []
    for activity in module.activities:
        if isinstance(activity, Lesson):
            lessons.append(_lesson(activity, f"{number}.{len(lessons) + 1}", press))
        elif isinstance(activity, Quiz) and (shown := _questions(document, activity, hidden)):
            before = sum(len(quiz.asked) for quiz in quizzes)
            quizzes.append(_quiz(activity, shown, number, before, press, answers=answers))
        else:
            online.append(activity.title)
    return ModulePart(module.id, number, module.title, lessons, quizzes, online)


def _lesson(lesson: Lesson, number: str, press: Press) -> LessonPage:
    body = press.lesson(lesson.body, prefix=f"in-{lesson.id}-")
    return LessonPage(lesson.id, number, lesson.title, lesson.minutes, body, lesson.law)


def _questions(document: CourseDocument, quiz: Quiz, hidden: set[str]) -> list[Question]:
    pools = {pool.id: pool for pool in document.pools}
    return [question for draw in quiz.draws if draw.pool not in hidden for question in pools[draw.pool].questions]


def _quiz(quiz: Quiz, shown: Sequence[Question], module: int, before: int, press: Press, *, answers: bool) -> QuizPage:
    """Questions are numbered through their module, so that an answer finds its question."""
    numbered = [(question, f"{module}.{place}") for place, question in enumerate(shown, before + 1)]
    return QuizPage(
        id=quiz.id,
        title=quiz.title,
        asked=[questions.ask(question, number, press) for question, number in numbered],
        keys=[questions.key(question, number, press) for question, number in numbered] if answers else [],
    )


def _glossary(document: CourseDocument, voice: Voice) -> list[Term]:
    """In the order of the alphabet, accents aside."""
    entries = sorted(document.glossary, key=lambda entry: _sorted_as(voice.plain(entry.term)))
    return [Term(voice.say(entry.term), voice.say(entry.meaning)) for entry in entries]


def _sorted_as(word: str) -> tuple[str, str]:
    bare = "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
    return bare.casefold(), word
