"""Somebody who knows a course by heart and goes through it, in a real browser or with the test client, in any language.

What a page asks is found by its words, and what is pressed is found by what stands on it, as a reader would.
"""

from collections.abc import Callable
from typing import Protocol

from markupsafe import Markup

from lms.core.words import catalogue
from lms.library.activities import Assignment, Choice, Frame, GradedTest, Lesson, Scenario, Test
from lms.library.document import CourseDocument
from lms.library.questions import (
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from lms.library.rendering import inline
from lms.library.texts import Text

HANDED_IN = {"en": "1. No exact time, so nobody can check it.", "fr": "1. Pas d’heure exacte : nul ne peut vérifier."}


def plain(words: str) -> str:
    """Words with single spaces, as they are compared."""
    return " ".join(words.split())


class Hands(Protocol):
    """What a reader can do with the page before them."""

    def open(self, path: str) -> None:
        """Go to an address of the site."""

    def reload(self) -> None:
        """See the page as it is now."""

    def read(self, selector: str) -> list[str]:
        """The words of everything that a CSS selector finds."""

    def pick(self, label: str, *, begins: bool = False) -> None:
        """Tick the radio button or box with this label, or one whose label begins so."""

    def select(self, line: str, option: str) -> None:
        """Choose an option in the select of a line."""

    def write(self, field: str, words: str) -> None:
        """Type into the field with this name."""

    def press(self, button: str) -> None:
        """Press a button."""

    def follow(self, link: str) -> None:
        """Follow the first link of the page's main part with these words."""


class Player:
    """Plays a course with these hands, in a language that both the course and the interface have."""

    def __init__(self, hands: Hands, course: CourseDocument, language: str) -> None:
        self.hands, self.course, self.language = hands, course, language
        self.kinds: set[str] = set()

    def says(self, message: str, **values: object) -> str:
        """A text of the interface, in the language that is played in."""
        said = catalogue(self.language).gettext(message)
        return plain(said % values if values else said)

    def words(self, text: Text) -> str:
        """A text of the course as it reads on a page."""
        return plain(Markup(inline(text[self.language])).striptags())

    def sees(self, selector: str, *expected: str) -> None:
        """Fail unless this is what stands there."""
        shown = self.hands.read(selector)
        assert shown == list(expected), f"{selector}: {shown}, where {list(expected)} should be"

    def whole(self, mark: Callable[[Assignment], None]) -> None:
        """Every activity in its order, from the course's page to the last result; ``mark`` is what the mentor does."""
        self.hands.follow(self.says("Begin"))
        *_, last = self.course.activities()
        for activity in self.course.activities():
            self.sees("main h1", self.words(activity.title))
            if isinstance(activity, Lesson):
                self.hands.press(self.says("Mark as done and go on"))
                continue
            if isinstance(activity, Scenario):
                self.play(activity)
            elif isinstance(activity, Assignment):
                self.hand_in(activity, mark)
            else:
                self.take(activity)
            if activity != last:
                self.hands.follow(self.says("Go on with the course"))
                self.hands.follow(self.says("Continue"))

    def take(self, test: Test) -> None:
        """A test from its first page to its result, with every answer right."""
        sizes = {pool.id: len(pool.questions) for pool in self.course.pools}
        count = sum(draw.count or sizes[draw.pool] for draw in test.draws)
        self.hands.press(self.says("Begin"))
        for number in range(1, count + 1):
            self.sees("h1", self.says("Question %(number)s of %(count)s", number=number, count=count))
            self.answer_right()
            self.hands.press(self.says("Save and go on"))
        self.sees("h1", self.says("Check your answers"))
        self.sees(".alert-title", self.says("Every question has an answer"))
        self.hands.press(self.says("Hand in"))
        self.sees("h1", self.says("You passed" if isinstance(test, GradedTest) else "Thank you"))
        (score,) = self.hands.read(".result-score bdi")
        assert "100" in score, f"{test.id}: {score}"

    def answer_right(self) -> None:
        """Answer the question on the page as someone who knows."""
        asked = self._asked()
        (question,) = [each for pool in self.course.pools for each in pool.questions if self._as_asked(each) == asked]
        self.kinds.add(question.kind)
        match question:
            case SingleChoice() | MultipleChoice():
                for option in question.options:
                    if option.correct:
                        self.hands.pick(self.words(option.text))
            case TrueFalse():
                self.hands.pick(self.says("True" if question.answer else "False"))
            case Numeric():
                self.hands.write("answer", f"{question.answer:g}")
            case ShortText():
                self.hands.write("answer", question.accepted[self.language][0])
            case Matching():
                for pair in question.pairs:
                    self.hands.select(self.words(pair.term), self.words(pair.match))
            case Ordering():
                for place, item in enumerate(question.items, start=1):
                    self.hands.select(self.words(item.text), str(place))

    def _asked(self) -> tuple[str, ...]:
        """The question as a reader sees it: prompt, scenario, and the words to choose from in any order."""
        read = self.hands.read
        prompt, scenario = read(".question legend, .question .legend"), read("form .callout-scenario")
        return (*prompt, *scenario, *sorted(read("fieldset .option, .question-line label")))

    def _as_asked(self, question: Question) -> tuple[str, ...]:
        """The same of a question of the course."""
        parts: list[str] = []
        match question:
            case SingleChoice() | MultipleChoice():
                parts = [self.words(option.text) for option in question.options]
            case Matching():
                parts = [self.words(pair.term) for pair in question.pairs]
            case Ordering():
                parts = [self.words(item.text) for item in question.items]
            case TrueFalse():
                parts = [self.says("True"), self.says("False")]
        scenario = [self.words(question.scenario)] if question.scenario else []
        return (self.words(question.prompt), *scenario, *sorted(parts))

    def play(self, scenario: Scenario) -> None:
        """A scenario from its first page to its good end."""
        self.hands.press(self.says("Begin"))
        for number, choice in enumerate(way_to_a_good_end(scenario), start=1):
            self.sees("h1", self.says("Decision %(number)s", number=number))
            self.hands.pick(self.words(choice.text))
            self.hands.press(self.says("Do this"))
        self.sees("h1", self.says("How it ended"))

    def hand_in(self, assignment: Assignment, mark: Callable[[Assignment], None]) -> None:
        """An assignment in words, which a mentor then marks."""
        self.hands.write("words", HANDED_IN[self.language])
        self.hands.press(self.says("Hand in"))
        self.sees("main .alert-title", self.says("Handed in"))
        mark(assignment)
        self.hands.reload()

    def mark(self, assignment: Assignment) -> None:
        """What a mentor does with what waits first: the best level of every criterion."""
        self.hands.open("/marking/")
        self.hands.follow(self.words(assignment.title))
        for criterion in assignment.rubric:
            best = max(criterion.levels, key=lambda level: level.points)
            self.hands.pick(self.words(best.text), begins=True)
        self.hands.press(self.says("Save and go to the next"))


def way_to_a_good_end(scenario: Scenario) -> list[Choice]:
    """Decisions that lead from the first moment to an end that is passed."""
    frames = {frame.id: frame for frame in scenario.frames}

    def onwards(frame: Frame) -> list[Choice] | None:
        if frame.outcome:
            return [] if frame.outcome == "good" else None
        ways = ((choice, onwards(frames[choice.to])) for choice in frame.choices)
        return next(([choice, *way] for choice, way in ways if way is not None), None)

    way = onwards(scenario.frames[0])
    assert way, "no end is good"
    return way
