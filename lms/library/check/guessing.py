"""Whether somebody who knows nothing could guess: right options that stand out by their length or their place."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from lms.core.words import N_, said
from lms.library.document import CourseDocument
from lms.library.problems import Problem
from lms.library.questions import SingleChoice, TrueFalse

# How unlikely chance must be before it is called a pattern.
UNLIKELY = 0.05
# A place may hold between half and one and a half times its even share, once five right options would fall to it.
FEWEST_EXPECTED, LEAST_SHARE, MOST_SHARE = 5, 0.5, 1.5
# Of six statements or more, between a third and two thirds are true.
FEWEST_STATEMENTS = 6

FILE = "questions"


def _single_choices(document: CourseDocument) -> list[SingleChoice]:
    return [each for pool in document.pools for each in pool.questions if isinstance(each, SingleChoice)]


def chance_of(at_least: int, chances: Sequence[float]) -> float:
    """The probability that of independent events with these chances at least so many happen; exact."""
    exactly = [1.0]
    for chance in chances:
        exactly = [
            miss * (1 - chance) + hit * chance for miss, hit in zip([*exactly, 0.0], [0.0, *exactly], strict=True)
        ]
    return sum(exactly[at_least:])


def long_right_options(document: CourseDocument) -> Iterator[Problem]:
    """Languages in which the right option is the longest more often than chance would have it.

    Were length to say nothing, the right one of k options would be the longest in one question of k. The rule: the
    probability of as many as there are, or more, is 5 % or above.
    """
    questions = _single_choices(document)
    chances = [1 / len(question.options) for question in questions]
    for language in document.languages:
        longest = sum(_stands_out(question, language) for question in questions)
        if chance_of(longest, chances) < UNLIKELY:
            message = said(
                N_(
                    "in '%(language)s' the right option is the longest in %(longest)s of %(count)s single-choice "
                    "questions, where chance gives %(chance)s: shorten right ones or lengthen wrong ones"
                ),
                language=language,
                longest=longest,
                count=len(questions),
                chance=f"{sum(chances):.0f}",
            )
            yield Problem(FILE, message, advice=True)


def _stands_out(question: SingleChoice, language: str) -> bool:
    """Whether the right option is longer than every other."""
    lengths = [len(option.text.get(language, "")) for option in question.options]
    right = next(place for place, option in enumerate(question.options) if option.correct)
    return all(lengths[right] > length for place, length in enumerate(lengths) if place != right)


def uneven_positions(document: CourseDocument) -> Iterator[Problem]:
    """Places, as the course is written and printed, that hold the right option much more or less often than others."""
    questions = _single_choices(document)
    for place in range(max((len(question.options) for question in questions), default=0)):
        having = [question for question in questions if place < len(question.options)]
        right = sum(question.options[place].correct for question in having)
        # As fractions: fifteen thirds are five.
        even = sum(Fraction(1, len(question.options)) for question in having)
        if even >= FEWEST_EXPECTED and not LEAST_SHARE * even <= right <= MOST_SHARE * even:
            message = said(
                N_(
                    "the right option stands in place %(place)s in %(right)s of %(count)s single-choice questions, "
                    "where %(even)s would be even: move some"
                ),
                place=place + 1,
                right=right,
                count=len(having),
                even=f"{float(even):.0f}",
            )
            yield Problem(FILE, message, advice=True)


def uneven_statements(document: CourseDocument) -> Iterator[Problem]:
    """True-or-false questions that are nearly all true, or nearly all false."""
    answers = [each.answer for pool in document.pools for each in pool.questions if isinstance(each, TrueFalse)]
    if len(answers) >= FEWEST_STATEMENTS and not len(answers) / 3 <= sum(answers) <= len(answers) * 2 / 3:
        words = N_("%(true)s of %(count)s statements are true: turn some round")
        message = said(words, true=sum(answers), count=len(answers))
        yield Problem(FILE, message, advice=True)
