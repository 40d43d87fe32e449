"""Every kind of page, looked at by axe in two languages, two colour schemes and two widths."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Role, User
from lms.assessment import service as assessment
from lms.assessment.models import Attempt, Response
from lms.books import service as books
from lms.certificates import bulk
from lms.certificates import service as certificates
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction
from lms.library import activities
from lms.library.activities import Lesson, Quiz
from lms.library.edition import Edition, edition
from lms.library.models import CourseVersion
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
from lms.messages import service as messages
from lms.missions.models import Mission
from tests.browser.conftest import CLASS_TWO, OpenPage, a_trainee

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = {320: 640, 1280: 800}
DIRECTIONS = {"en": "ltr", "ar": "rtl"}
AXE = """async tags => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id} (${rule.impact}) at ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""


@dataclass(frozen=True)
class Stop:
    """A page to look at: who opens it, where it is, what is done on it first."""

    who: str | None
    path: str
    status: int = 200
    act: Callable[[Page], object] | None = None


def press(selector: str, page: Page) -> None:
    """Press a button and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).click()


def send(page: Page) -> None:
    """Send the main form as it is: mostly empty, so that it comes back with its errors."""
    press("main form.stack button[type=submit]", page)


def name_a_wrong_holder(page: Page) -> None:
    page.locator("#holder").fill("Somebody else")
    send(page)


def ask_for(page: Page, numbers: str) -> None:
    page.locator("#numbers").fill(numbers)
    press("main form.stack button.primary", page)


def right_answer(question: Question) -> object:
    """An answer that earns all points, in the shape in which answers are kept."""
    match question:
        case SingleChoice():
            return next(option.id for option in question.options if option.correct)
        case MultipleChoice():
            return [option.id for option in question.options if option.correct]
        case TrueFalse():
            return question.answer
        case Numeric():
            return str(question.answer)
        case ShortText():
            return question.accepted["en"][0]
        case Matching():
            return {pair.id: pair.id for pair in question.pairs}
        case Ordering():
            return [item.id for item in question.items]


def sit(enrolment: Enrolment, test: activities.Test, right: int) -> Attempt:
    """An attempt handed in with that many right answers, the next one partly or wholly wrong, the rest missing."""
    with transaction():
        attempt = assessment.begin(enrolment, test.id)
        questions = edition(enrolment.course_version_id).questions
        for position, entry in enumerate(attempt.paper, start=1):
            question = questions[entry["question"]]
            given = right_answer(question) if position <= right else None
            if position == right + 1 and isinstance(question, SingleChoice):
                given = next(option.id for option in question.options if not option.correct)
            if position == right + 1 and isinstance(question, MultipleChoice):
                given = [next(option.id for option in question.options if option.correct)]
            session.add(Response(attempt_id=attempt.id, position=position, answer=given, saved_at=clock.now()))
        session.flush()
        assessment.submit(attempt)
    return attempt


def varied(shown: Edition) -> activities.Test:
    """The test whose questions are of the most kinds."""
    pools = {pool.id: {question.kind for question in pool.questions} for pool in shown.document.pools}
    quizzes = [test for test in shown.document.tests() if isinstance(test, Quiz)]
    return max(quizzes, key=lambda test: len(set().union(*(pools[draw.pool] for draw in test.draws))))


def shown_course(cohort: Cohort) -> UUID:
    """The course that a cohort takes."""
    return session.get_one(CourseVersion, cohort.course_version_id).course_id


@pytest.fixture(scope="module")
def stops(inside: Flask) -> list[Stop]:
    """The pages; people in the middle of a course and at its end are made for it."""
    with inside.app_context():
        cohort = session.scalars(select(Cohort).where(Cohort.title == CLASS_TWO)).one()
        mission = session.get_one(Mission, cohort.mission_id)
        shown = edition(cohort.course_version_id)
        course = shown.document
        lessons = [each for each in course.activities() if isinstance(each, Lesson)]
        tests = list(course.tests())
        quiz = varied(shown)
        learner = a_trainee("learner", CLASS_TWO, *(each.id for each in lessons[:-1]))
        failed, started = sit(learner, quiz, right=1), sit(learner, tests[0], right=5)
        with transaction():
            attempt = assessment.begin(learner, quiz.id)
        kinds = {shown.questions[entry["question"]].kind: n for n, entry in enumerate(attempt.paper, start=1)}
        assert len(kinds) >= 5, f"{quiz.id} has only {kinds}"
        final = tests[-1]
        graduate = a_trainee("graduate", CLASS_TWO, *(each.id for each in course.activities() if each != final))
        passed = sit(graduate, final, right=18)
        assert passed.passed
        assert not failed.passed
        with transaction():
            credential = certificates.issue(graduate, by=graduate.user_id)
            issuing = bulk.prepare(cohort, "completion", bulk.judged(cohort, "completion"), by=graduate.user_id)
        newcomer = a_trainee("newcomer", CLASS_TWO)
        admin = session.scalars(select(User).where(User.username == "admin")).one()
        with transaction():
            token = accounts.make_link(session.get_one(User, newcomer.user_id), by=admin.id)
            spare = accounts.create("spare", Role.MENTOR, by=admin.id)

        with transaction():
            told = messages.announce(cohort, "The session on Sunday begins at eight.", by=admin.id)
            asked = messages.ask(learner, lessons[0].id, "May I greet in my own language?", by=learner.user_id)
            messages.reply(asked, "Yes, always.", by=admin.id)
            book = books.ask_for_version(cohort.course_version_id, shown_course(cohort), "en", "epub", answers=False)

        law = next(each for each in lessons if each.law)
        taught = f"/learn/{learner.id}"
        laws = f"/missions/{mission.id}/law/{course.slug}"
        kept = f"/certificates/{credential.id}"
        return [
            Stop(None, "/sign-in"),
            Stop(None, "/sign-in", act=send),
            Stop(None, f"/recover/{token}", act=send),
            Stop(None, "/recover/used", 410),
            Stop(None, "/verify/"),
            Stop(None, f"/verify/{credential.code}", act=name_a_wrong_holder),
            Stop(None, "/verify/2222-2222-2222", 404),
            Stop(None, "/verify/file"),
            Stop(None, "/verify/many"),
            Stop(None, "/verify/many", act=partial(ask_for, numbers=f"{credential.code}\n2222-2222-2222")),
            Stop(None, "/no-such-page", 404),
            Stop("learner", "/learn/"),
            Stop("learner", f"{taught}/"),
            Stop("learner", f"{taught}/{law.id}"),
            Stop("learner", f"{taught}/{lessons[0].id}"),
            Stop("learner", f"{taught}/{quiz.id}/test"),
            Stop("learner", f"{taught}/{final.id}/test"),
            *(Stop("learner", f"/attempts/{attempt.id}/{position}") for position in kinds.values()),
            Stop("learner", f"/attempts/{attempt.id}/check"),
            Stop("learner", f"/attempts/{failed.id}/result"),
            Stop("learner", "/certificates/"),
            Stop("learner", "/courses/"),
            Stop("learner", f"/courses/{course.slug}/"),
            Stop("learner", f"/courses/{course.slug}/job-aid"),
            Stop("learner", f"{taught}/{tests[0].id}/test"),
            Stop("learner", f"/attempts/{started.id}/result"),
            Stop("learner", "/account/"),
            Stop("learner", "/account/password", act=send),
            Stop("learner", "/people/", 403),
            Stop("learner", "/messages/"),
            Stop("learner", f"/messages/{told.id}"),
            Stop("learner", f"/messages/{asked.id}", act=send),
            Stop("learner", f"{taught}/{lessons[0].id}/ask", act=send),
            Stop("learner", "/account/messages", act=send),
            Stop("learner", f"/books/{book.id}"),
            Stop("graduate", f"/learn/{graduate.id}/"),
            Stop("graduate", f"/attempts/{passed.id}/result"),
            Stop("graduate", "/certificates/"),
            Stop("mentor", "/cohorts/"),
            Stop("mentor", f"/cohorts/{cohort.id}"),
            Stop("mentor", f"/cohorts/{cohort.id}?q=nobody"),
            Stop("mentor", f"/enrolments/{graduate.id}"),
            Stop("mentor", f"/cohorts/{cohort.id}/enrol", act=send),
            Stop("mentor", f"/cohorts/{cohort.id}/enrol", act=partial(press, "main form:not(.stack) button")),
            Stop("mentor", f"/cohorts/{cohort.id}/certificates"),
            Stop("mentor", f"{kept}/revoke", act=send),
            Stop("mentor", f"/cohorts/{cohort.id}/certificates/issue"),
            Stop("mentor", f"/issuings/{issuing.id}"),
            Stop("mentor", f"/enrolments/{graduate.id}/seen", act=send),
            Stop("mentor", f"/enrolments/{graduate.id}/transcript"),
            Stop("mentor", f"/missions/{mission.id}/certificates"),
            Stop("mentor", "/messages/"),
            Stop("mentor", f"/messages/{asked.id}"),
            Stop("mentor", f"/cohorts/{cohort.id}/announce", act=send),
            Stop("mentor", "/marking/"),
            Stop("mentor", f"/missions/{mission.id}/roll"),
            Stop("mentor", f"/missions/{mission.id}/units"),
            Stop("mentor", f"/missions/{mission.id}/roll/new", act=send),
            Stop("mentor", f"/missions/{mission.id}/roll/import", act=send),
            Stop("mentor", f"/missions/{mission.id}/roll/exports", act=send),
            Stop("mentor", f"/missions/{mission.id}/roll/slips"),
            Stop("mentor", f"/missions/{mission.id}/rotations"),
            Stop("mentor", "/handovers/"),
            Stop("mentor", f"/cohorts/{cohort.id}/joining", act=partial(press, "main form button[value=open]")),
            Stop("mentor", f"/courses/{course.slug}/guide"),
            Stop("mentor", "/missions/"),
            Stop("mentor", laws),
            Stop("mentor", f"{laws}/{law.id}/en"),
            Stop("manager", f"/missions/{mission.id}"),
            Stop("manager", f"/missions/{mission.id}/deployments", act=send),
            Stop("manager", f"/missions/{mission.id}/terms", act=send),
            Stop("manager", "/requests/"),
            Stop("manager", "/requests/new", act=send),
            Stop("manager", f"/missions/{mission.id}/cohorts/new", act=send),
            Stop("admin", "/people/"),
            Stop("admin", "/people/new", act=send),
            Stop("admin", f"/people/{spare.id}"),
            Stop("admin", f"/people/{spare.id}", act=partial(press, "form[action$='/link'] button")),
            Stop("admin", "/audit/"),
            Stop("admin", "/missions/new", act=send),
        ]


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(AXE, TAGS)
    return found


def wrong_with(page: Page, stop: Stop, language: str) -> list[str]:
    """Everything that is wrong with one page."""
    answer = page.goto(stop.path)
    assert answer is not None
    found = [f"status {answer.status}"] if answer.status != stop.status else []
    if stop.act is not None:
        stop.act(page)
    html = page.locator("html")
    said = (html.get_attribute("lang"), html.get_attribute("dir"))
    if said != (language, DIRECTIONS[language]):
        found.append(f"lang and dir are {said}")
    # What is folded away is looked at too.
    page.evaluate("() => document.querySelectorAll('main details').forEach(each => each.open = true)")
    # From the width that the page before ended with, which saves a change.
    now = page.viewport_size["width"] if page.viewport_size else 0
    for width in sorted(WIDTHS, key=lambda each: each != now):
        if width != now:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"scrolls sideways at {width} px")
        found += [f"{each} at {width} px" for each in violations(page)]
    return found


# Colours do not depend on the direction.
@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "light"), ("en", "dark")])
def test_every_page_is_accessible(stops: list[Stop], open_page: OpenPage, language: str, scheme: str) -> None:
    assert len(stops) >= 25
    wrong = []
    for who, theirs in groupby(stops, key=lambda stop: stop.who):
        page = open_page(who, language, color_scheme=scheme, viewport={"width": 320, "height": WIDTHS[320]})
        for stop in theirs:
            after = " after sending" if stop.act else ""
            wrong += [f"{stop.path}{after} as {who}: {each}" for each in wrong_with(page, stop, language)]
    assert not wrong, f"{len(wrong)} in {language}, {scheme}:\n" + "\n".join(wrong)


def test_the_menu_of_a_phone_is_accessible(open_page: OpenPage) -> None:
    page = open_page("manager", viewport={"width": 320, "height": 640})
    page.locator(".menu summary").click()
    assert page.get_by_role("link", name="Missions").first.is_visible()
    assert violations(page) == []


def test_the_check_finds_what_is_wrong(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("() => document.querySelector('main').append(document.createElement('input'))")
    page.evaluate("() => document.querySelector('main h1').style.color = '#bbb'")
    found = " ".join(violations(page))
    assert "label (critical)" in found
    assert "color-contrast" in found
