"""Whether what is taught is assessed, cited, and tied to the law in force."""

from collections.abc import Iterator

from lms.core.words import N_, said
from lms.library.activities import ClosingTest, Lesson, PreTest
from lms.library.document import CourseDocument
from lms.library.problems import Problem


def unassessed_objectives(document: CourseDocument) -> Iterator[Problem]:
    """Objectives that no question asks for."""
    assessed = {question.objective for pool in document.pools for question in pool.questions}
    for objective in document.objectives:
        if objective.id not in assessed:
            message = said(N_("no question assesses it: give a question this objective"))
            yield Problem("course.yaml", message, path=f"objectives[{objective.id}]", advice=True)


def uncited_questions(document: CourseDocument) -> Iterator[Problem]:
    """Questions whose answer rests on nothing."""
    for pool in document.pools:
        for question in pool.questions:
            if not question.references:
                message = said(N_("cites nothing: name a source and its article"))
                yield Problem(f"questions/{pool.id}.yaml", message, path=f"questions[{question.id}]", advice=True)


def modules_without_law(document: CourseDocument) -> Iterator[Problem]:
    """Modules that leave no room for the law in force."""
    for module in document.modules:
        lessons = [activity for activity in module.activities if isinstance(activity, Lesson)]
        if lessons and not any(lesson.law for lesson in lessons):
            message = said(N_("asks nowhere for the law in force: give one of its lessons a 'law'"))
            yield Problem("course.yaml", message, path=f"modules[{module.id}]", advice=True)


def closing_tests_without_choice(document: CourseDocument) -> Iterator[Problem]:
    """Pre-tests, post-tests and final assessments that are the same paper for everyone."""
    sizes = {pool.id: len(pool.questions) for pool in document.pools}
    for activity in document.activities():
        if isinstance(activity, ClosingTest | PreTest):
            for draw in activity.draws:
                if draw.count is None or draw.count >= sizes[draw.pool]:
                    path = f"modules.activities[{activity.id}].draws[{draw.pool}]"
                    message = said(N_("draws the whole pool: draw fewer, so that papers differ"))
                    yield Problem("course.yaml", message, path=path, advice=True)
