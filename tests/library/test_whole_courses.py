"""The courses that come with the product: each is published and completed in every language by its pages."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.library import folder, queries
from lms.library.cli import COURSES
from tests.builders import a_cohort, a_mission, a_person, an_enrolment, deployed, done
from tests.pages import Browser
from tests.player import Player
from tests.reader import Reader

SignIn = Callable[[User], Browser]
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


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", REAL, ids=lambda each: each.name)
def test_a_real_course_leads_to_its_certificate_in_every_language(
    app: Flask, sign_in: SignIn, path: Path, language: str
) -> None:
    course, mission, trainee = folder.read(path), a_mission(), a_person()
    for slug in course.requires_courses:
        done(an_enrolment(a_cohort(mission, published(app, COURSES / slug)), trainee))
    enrolment = an_enrolment(a_cohort(mission, published(app, path)), trainee)

    mentor = Player(speaking(sign_in(deployed(mission)), language), course, language)
    reader = speaking(sign_in(trainee), language)
    player = Player(reader, course, language)
    reader.open(f"/learn/{enrolment.id}/")
    assert reader.language == language
    player.sees("main h1", player.words(course.title))
    player.whole(mentor.mark)
    reader.press(player.says("Get my certificate"))
    player.sees("main h1", player.says("Certificates"))
    assert reader.read("main bdi.code")
