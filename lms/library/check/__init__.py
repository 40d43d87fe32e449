"""What makes a course good beyond being readable; each module looks for one thing."""

from lms.library.check import assessing, citing, guessing, readability, weight, wording
from lms.library.document import CourseDocument
from lms.library.problems import Problem


def problems(document: CourseDocument) -> list[Problem]:
    """Everything to mend before the course is published, each with its place; advice among it is marked as such."""
    return [
        problem
        for look in (
            wording.untranslated,
            wording.different_structure,
            wording.pictures_without_words,
            wording.unknown_callouts,
            readability.hard_lessons,
            weight.heavy_texts,
            weight.heavy_pictures,
            weight.long_job_aids,
            weight.lessons_of_odd_length,
            assessing.unassessed_objectives,
            assessing.uncited_questions,
            assessing.modules_without_law,
            assessing.closing_tests_without_choice,
            citing.unfound_references,
            citing.unfound_in_texts,
            citing.different_citations,
            guessing.long_right_options,
            guessing.uneven_positions,
            guessing.uneven_statements,
        )
        for problem in look(document)
    ]
