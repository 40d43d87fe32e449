"""Before a cohort is closed, what is still open in it is shown."""

from collections.abc import Callable

from flask import Flask

from lms.accounts.models import User
from lms.assessment import service as assessment
from lms.assignments import judging
from lms.assignments import service as assignments
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session, transaction
from tests.builders import a_cohort, a_mission, a_published, an_enrolment, deployed, done
from tests.documents import with_practice
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def test_what_is_open_is_listed_before_closing_and_holds_nothing_up(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort, staff = a_cohort(mission, a_published(with_practice())), deployed(mission)
    places = [an_enrolment(cohort) for _ in range(3)]
    for each in places:
        done(each, "greeting", "asking")
    mentor, address = sign_in(staff), f"/cohorts/{cohort.id}/close"
    assert "What is still open" not in mentor.text(address)
    with transaction():
        for each in places[:2]:
            assignments.hand_in(session.get_one(Enrolment, each.id), "report", "What happened", [], app.config["MEDIA"])
        appealed = assignments.hand_in(
            session.get_one(Enrolment, places[2].id), "report", "Nothing", [], app.config["MEDIA"]
        )
        judging.mark(appealed, {"facts": "none", "words": "none"}, "", by=staff.id)
        judging.appeal(appealed, "Look again.")
        attempt = assessment.begin(session.get_one(Enrolment, places[0].id), "quiz")
        position = next(at for at, each in enumerate(attempt.paper, 1) if each["question"] == "text")
        assessment.answer(attempt, position, {"answer": ["honour"]}, flagged=False)
        assessment.submit(attempt)
        assessment.begin(session.get_one(Enrolment, places[1].id), "quiz")
    page = mentor.text(address)
    for words in (
        "2 wait to be marked",
        "1 mark that its trainee does not agree with",
        "1 short answer that the key does not know",
        "1 test that is not handed in",
    ):
        assert words in page, words
    assert mentor.send(address).status_code == 302
    assert session.get_one(Cohort, cohort.id, populate_existing=True).closed_at is not None
