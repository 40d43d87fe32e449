"""The courses that come with the product: each is published and completed in every language by its pages."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.library import folder, queries
from lms.library.cli import COURSES
from lms.library.document import CourseDocument
from lms.library.instruments import named
from tests.builders import a_cohort, a_mission, a_person, a_published, an_enrolment, deployed, done
from tests.documents import a_document
from tests.pages import Browser
from tests.player import Player
from tests.reader import Reader

SignIn = Callable[[User], Browser]
pytestmark = pytest.mark.once

REAL = sorted(each.parent for each in COURSES.glob("*/course.yaml"))


def published(app: Flask, path: Path) -> UUID:
    """The version that ``flask courses publish`` makes of a folder, which it checks first."""
    ran = app.test_cli_runner().invoke(args=["courses", "publish", str(path)])
    assert ran.exit_code == 0, ran.output
    version_id = queries.newest_version_of(path.name, None)
    assert version_id
    return version_id


def speaking(browser: Browser, language: str) -> Reader:
    """A reader who has pressed the button of a language."""
    browser.send("/language", language=language)
    return Reader(browser)


def says_what_it_is(reader: Reader, course: CourseDocument, language: str) -> None:
    """The course's page in the catalogue: hours, languages, the date of the text, what binds and what guides."""
    reader.open(f"/courses/{course.slug}/")
    facts = dict(zip(reader.read("main dt"), reader.read("main dd"), strict=True))
    expected = {"en": ("Hours", "Languages"), "fr": ("Heures", "Langues")}[language]
    assert [facts[each] for each in expected] == [str(course.hours), "English, Français"]
    headings = {"en": ["Binds", "Guides"], "fr": ["Ce qui lie", "Ce qui guide"]}[language]
    assert [each for each in reader.read("main h3") if each in headings] == headings
    assert set(reader.read("main table th bdi")) == {named(source.id, language) for source in course.sources}


@pytest.mark.parametrize("path", REAL, ids=lambda each: each.name)
def test_a_real_course_leads_to_its_certificate_in_every_language(app: Flask, sign_in: SignIn, path: Path) -> None:
    course, mission = folder.read(path), a_mission()
    cohort, mentor = a_cohort(mission, published(app, path)), deployed(mission)
    before = [a_cohort(mission, a_published(a_document(slug=slug))) for slug in course.requires_courses]
    for language in course.languages:
        trainee = a_person()
        for each in before:
            done(an_enrolment(each, trainee))
        reader = speaking(sign_in(trainee), language)
        says_what_it_is(reader, course, language)
        reader.open(f"/learn/{an_enrolment(cohort, trainee).id}/")
        assert reader.language == language
        player = Player(reader, course, language)
        player.sees("main h1", player.words(course.title))
        player.whole(Player(speaking(sign_in(mentor), language), course, language).mark)
        reader.press(player.says("Get my certificate"))
        player.sees("main h1", player.says("Certificates"))
        assert reader.read("main bdi.code")
