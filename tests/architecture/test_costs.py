"""What each page costs the database, and that it does not grow with the rows it stands on."""

from uuid import UUID

import pytest
from flask import Flask

from lms.accounts.models import Role, User
from lms.assessment import service as assessment
from lms.certificates import bulk
from lms.certificates import service as certificates
from lms.core import clock
from lms.core.db import transaction
from lms.credentials.service import new_place, set_status
from lms.mentoring import service as mentoring
from lms.messages import service as messages
from lms.missions.models import Mission
from lms.scenarios import service as scenarios
from tests.builders import (
    a_cohort,
    a_draft,
    a_mission,
    a_person,
    a_published,
    a_session,
    an_enrolment,
    committed,
    deployed,
    done,
    trainee_of,
)
from tests.documents import a_document, with_practice, words
from tests.pages import Browser

# Who, page: statements of a request by someone who is signed in, the session's own included.
COSTS = {
    ("nobody", "/sign-in"): 0,
    ("nobody", "/.well-known/did.json"): 0,
    ("nobody", "/credentials/status/1/revocation"): 2,
    ("nobody", "/credentials/status/1/suspension"): 1,
    ("nobody", "/verify/file"): 0,
    ("nobody", "/verify/many"): 0,
    # The last is the count, after the page is made.
    ("nobody", "/verify/{credential_code}"): 3,
    ("mentor", "/certificates/{credential}.json"): 4,
    ("mentor", "/certificates/{credential}/suspend"): 2,
    ("trainee", "/learn/"): 5,
    ("trainee", "/learn/{enrolment}/"): 4,
    ("trainee", "/learn/{enrolment}/greeting"): 5,
    ("trainee", "/learn/{enrolment}/quiz/test"): 5,
    ("trainee", "/attempts/{attempt}/1"): 4,
    ("trainee", "/attempts/{attempt}/check"): 4,
    ("trainee", "/learn/{enrolment}/gate/scenario"): 5,
    ("trainee", "/scenarios/{run}"): 3,
    ("trainee", "/learn/{enrolment}/report/assignment"): 6,
    ("mentor", "/marking/"): 8,
    ("mentor", "/marking/answers/"): 4,
    ("trainee", "/check-in/"): 3,
    ("mentor", "/sessions/"): 2,
    ("mentor", "/cohorts/{cohort}/sessions"): 5,
    ("mentor", "/cohorts/{cohort}/days"): 2,
    ("mentor", "/cohorts/{cohort}/enrol"): 3,
    ("mentor", "/cohorts/{cohort}/prerequisites"): 3,
    ("mentor", "/cohorts/{cohort}/enrol/roll"): 6,
    ("mentor", "/sessions/{training}"): 6,
    ("mentor", "/sessions/{training}/code"): 3,
    ("trainee", "/certificates/"): 6,
    ("trainee", "/courses/"): 2,
    ("trainee", "/account/"): 1,
    ("trainee", "/messages/"): 3,
    ("mentor", "/messages/"): 3,
    ("mentor", "/messages/{thread}"): 6,
    ("mentor", "/cohorts/"): 7,
    ("mentor", "/cohorts/{cohort}"): 14,
    ("mentor", "/cohorts/{cohort}?show=unfinished&sort=idle"): 14,
    ("mentor", "/cohorts/{cohort}?sort=mark&order=down"): 15,
    ("mentor", "/cohorts/{cohort}/report"): 15,
    ("mentor", "/cohorts/{cohort}/report?list=1"): 15,
    ("mentor", "/cohorts/{cohort}/version"): 3,
    ("mentor", "/cohorts/{cohort}/certificates"): 5,
    ("mentor", "/issuings/{issuing}"): 7,
    ("mentor", "/enrolments/{enrolment}/transcript"): 5,
    ("mentor", "/missions/{mission}/certificates"): 6,
    ("mentor", "/enrolments/{enrolment}/seen"): 8,
    ("mentor", "/enrolments/{enrolment}/quiz/aloud"): 7,
    ("mentor", "/attempts/{aloud}/aloud/1"): 6,
    ("mentor", "/attempts/{aloud}/aloud"): 4,
    ("mentor", "/enrolments/{enrolment}"): 21,
    ("mentor", "/cohorts/{cohort}/grades"): 6,
    ("mentor", "/cohorts/{cohort}/grades/scheme"): 4,
    ("mentor", "/enrolments/{enrolment}/grades"): 13,
    ("mentor", "/enrolments/{enrolment}/grades/quiz"): 14,
    ("trainee", "/enrolments/{enrolment}/marks"): 6,
    ("mentor", "/missions/"): 2,
    ("mentor", "/missions/{mission}"): 13,
    ("mentor", "/missions/{mission}/roll"): 6,
    ("mentor", "/missions/{mission}/units"): 4,
    ("mentor", "/missions/{mission}/forces"): 6,
    ("mentor", "/missions/{mission}/rotations"): 3,
    ("mentor", "/missions/{mission}/roll/exports"): 3,
    ("mentor", "/handovers/"): 3,
    ("mentor", "/mentoring/"): 3,
    ("mentor", "/missions/{mission}/mentoring/{person}"): 10,
    ("mentor", "/missions/{mission}/mentoring/{person}/print"): 10,
    ("mentor", "/action-plans/{plan}"): 6,
    ("trainee", "/my-mentoring/"): 6,
    ("mentor", "/cohorts/{cohort}/joining"): 4,
    ("mentor", "/cohorts/{cohort}/close"): 4,
    ("mentor", "/studio/"): 2,
    ("mentor", "/studio/{draft}/"): 3,
    ("mentor", "/studio/{draft}/activities/greeting"): 8,
    ("mentor", "/studio/{draft}/questions"): 6,
    ("mentor", "/studio/{draft}/questions/reuse?q=which"): 6,
    ("mentor", "/studio/{draft}/questions/truth"): 5,
    ("mentor", "/studio/{draft}/review"): 6,
    ("admin", "/missions/{mission}/certificate-design"): 5,
    ("admin", "/missions/{mission}/certificate-design/preview.png"): 4,
    ("admin", "/missions/{mission}/certificate-partners"): 5,
    ("admin", "/people/"): 3,
    ("admin", "/audit/"): 2,
}


@committed
def _mentored(mission: Mission, trainee: User, mentor: User, times: int) -> UUID:
    """Notes and plans with comments; returns the id of a plan with several reviews."""
    day = clock.today()
    for number in range(times):
        text = f"Note {number}"
        note = mentoring.write_note(mission, trainee, day=day, competency="C1", text=text, shared=True, by=mentor.id)
        mentoring.comment(note, "Thank you.", by=trainee.id)
        agreed = mentoring.Agreed("Gap", "Action", "Evidence", mentor.id, day, day)
        plan = mentoring.open_plan(mission, trainee, agreed, by=mentor.id)
        mentoring.comment(plan, "I shall.", by=trainee.id)
    for _ in range(times):
        mentoring.review(plan, "Better.", due=day, owner_id=mentor.id, next_review=day, by=mentor.id)
    return plan.id


def measured(app: Flask, statements: list[str], crowd: int) -> dict[tuple[str, str], int]:
    """The statements of each page in a mission with ``crowd`` more trainees and a tenth as many more cohorts."""
    mission, version = a_mission(), a_published(with_practice())
    cohort = a_cohort(mission, version, capacity=1000)
    enrolment = an_enrolment(cohort)
    listening = an_enrolment(cohort)
    done(enrolment, "greeting", "asking")
    done(listening, "greeting", "asking")
    for _ in range(crowd):
        done(an_enrolment(cohort), "greeting", "asking")
    for number in range(crowd // 10):
        other = a_published(a_document(slug=f"other-{number}", code=f"OC{number:02}", title=words(f"Other {number}")))
        an_enrolment(a_cohort(mission, other), trainee_of(enrolment))
    training = a_session(cohort)
    for number in range(crowd // 10):
        a_session(cohort, number + 1)
    with transaction():
        training.check_in_until = training.ends_at
        attempt = assessment.begin(enrolment, "quiz")
        aloud = assessment.begin(listening, "quiz", given_by=enrolment.user_id)
        run = scenarios.begin(enrolment, "gate")
        thread = messages.ask(enrolment, "greeting", "Why?", by=enrolment.user_id)
        issuing = bulk.prepare(cohort, "completion", bulk.judged(cohort, "completion"), by=enrolment.user_id)
        for _ in range(crowd):
            messages.reply(thread, "Because.", by=enrolment.user_id)
            messages.announce(cohort, "Bring a pen.", by=enrolment.user_id)
    finished = an_enrolment(cohort)
    done(finished)
    with transaction():
        credential = certificates.issue(finished, by=finished.user_id)
        set_status(credential.place, suspended=True)
        for _ in range(crowd):
            set_status(new_place(), suspended=True)
    people = {"trainee": trainee_of(enrolment), "mentor": deployed(mission), "admin": a_person(Role.ADMIN)}
    plan_id = _mentored(mission, people["trainee"], people["mentor"], 1 + crowd)
    values = {
        "enrolment": enrolment.id,
        "attempt": attempt.id,
        "aloud": aloud.id,
        "run": run.id,
        "cohort": cohort.id,
        "mission": mission.id,
        "training": training.id,
        "credential": credential.id,
        "credential_code": credential.code,
        "person": enrolment.user_id,
        "plan": plan_id,
    }
    values |= {"thread": thread.id, "issuing": issuing.id}
    values["draft"] = a_draft(mission, version).id
    counts = {}
    for who, page in COSTS:
        browser: Browser = app.test_client()  # type: ignore[assignment]
        if who != "nobody":
            browser.become(people[who])
        path = page.format(**values)
        # The first request reads the course into the process; the second is what a page costs from then on.
        assert browser.get(path).status_code == 200, path
        statements.clear()
        browser.get(path)
        counts[(who, page)] = len(statements)
    return counts


@pytest.mark.parametrize("crowd", [0, 40])
def test_a_page_costs_the_same_statements_however_many_rows_there_are(
    app: Flask, statements: list[str], crowd: int
) -> None:
    assert measured(app, statements, crowd) == COSTS
