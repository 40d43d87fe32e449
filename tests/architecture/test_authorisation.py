"""Every route, asked by every kind of person: who is let in, and that nobody else is."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.accounts.models import Role, User
from lms.assessment import service as assessment
from lms.assessment.models import AnswerDecision, Attempt
from lms.assignments import service as assignments
from lms.assignments.models import HandIn
from lms.attendance.models import TrainingSession
from lms.books import service as books
from lms.books.models import Book
from lms.certificates import bulk
from lms.certificates import service as certificates
from lms.certificates.models import Credential, Issuing
from lms.cohorts import joining
from lms.cohorts.models import Cohort, Enrolment, JoinRequest, Waiting
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.designs.models import CertificatePartner
from lms.handover import service as handovers
from lms.handover.models import Handover, HandoverItem
from lms.mentoring import service as mentoring
from lms.mentoring.models import ActionPlan, MentoringNote
from lms.messages import service as messages
from lms.messages.models import Post, Thread
from lms.missions import desk
from lms.missions.models import AssistanceRequest, Deployment, Mission, Unit
from lms.reports import service as reports
from lms.reports.models import PrintedReport
from lms.roster import exporting, importing
from lms.roster import service as roster
from lms.roster.models import RollExport, RollImport
from lms.scenarios import service as scenarios
from lms.scenarios.models import Run
from lms.studio.models import Draft
from tests.architecture.matrix import MATRIX
from tests.builders import (
    a_certificate_partner,
    a_cohort,
    a_deployment,
    a_draft,
    a_mission,
    a_person,
    a_published,
    a_session,
    an_enrolment,
    an_instructor,
    deployed,
    done,
    someone_waiting,
    trainee_of,
)
from tests.documents import with_practice
from tests.pages import Browser

# What ends something in the world would change the answers to the rest; their own tests let the right people do it.
ENDING = frozenset(
    {
        "accounts.sign_out_everywhere",
        "accounts.close_person",
        "missions.end_deployment",
        "designs.remove_partner",
        "roster.remove_unit",
        "cohorts.end",
        "cohorts.close",
        "cohorts.give_place",
        "cohorts.stop_waiting",
        "assessment.submit",
        "assessment.aloud_submit",
        "assessment.aloud_leave",
    }
)


# The activity that the pages of a blueprint are about, where it is not a lesson.
ACTIVITIES = {"assessment": "quiz", "scenarios": "gate", "assignments": "report", "grades": "quiz"}


@dataclass
class World:
    """One mission with everything in it, and all kinds of people around it."""

    people: dict[str, User | None]
    mission: Mission
    deployment: Deployment
    partner: CertificatePartner
    cohort: Cohort
    enrolment: Enrolment
    attempt: Attempt
    aloud: Attempt
    run: Run
    hand_in: HandIn
    decision: AnswerDecision
    credential: Credential
    issuing: Issuing
    draft: Draft
    unit: Unit
    join_request: JoinRequest
    roll_export: RollExport
    asked: AssistanceRequest
    handover: Handover
    handover_item: HandoverItem
    roll_import: RollImport
    book: Book
    thread: Thread
    post: Post
    waiting: Waiting
    training: TrainingSession
    note: MentoringNote
    plan: ActionPlan
    report: PrintedReport

    def values(self, endpoint: str) -> dict[str, object]:
        stranger = self.people["other trainee"]
        assert stranger is not None
        return {
            "name": "css/app.css" if endpoint == "static" else "0" * 64 + ".png",
            "token": "no-such-token",
            "person_id": stranger.id,
            "slug": "a-course",
            "mission_id": self.mission.id,
            "deployment_id": self.deployment.id,
            "certificate_partner_id": self.partner.id,
            "cohort_id": self.cohort.id,
            "enrolment_id": self.enrolment.id,
            "activity_id": ACTIVITIES.get(endpoint.partition(".")[0], "greeting"),
            "lesson_id": "greeting",
            "tag": "en",
            "attempt_id": self.aloud.id if endpoint.startswith("assessment.aloud") else self.attempt.id,
            "run_id": self.run.id,
            "hand_in_id": self.hand_in.id,
            "place": 1,
            "position": 1,
            "handout": "guide",
            "credential_id": self.credential.id,
            "code": self.credential.code,
            "issuing_id": self.issuing.id,
            "draft_id": self.draft.id,
            "unit_id": self.unit.id,
            "join_request_id": self.join_request.id,
            "roll_export_id": self.roll_export.id,
            "assistance_request_id": self.asked.id,
            "handover_id": self.handover.id,
            "handover_item_id": self.handover_item.id,
            "roll_import_id": self.roll_import.id,
            "book_id": self.book.id,
            "thread_id": self.thread.id,
            "post_id": self.post.id,
            "waiting_id": self.waiting.id,
            "training_id": self.training.id,
            "mentoring_note_id": self.note.id,
            "action_plan_id": self.plan.id,
            "host_force_id": self.unit.force_id,
            "printed_report_id": self.report.id,
            "question_id": "truth",
            "comment_id": uuid4(),
            "printing": uuid4(),
            "key": "outline",
            "number": self.credential.status_list,
            "purpose": "revocation",
            "answer_decision_id": self.decision.id,
        }


@pytest.fixture
def world(app: Flask) -> World:
    mission, elsewhere = a_mission(), a_mission()
    cohort = a_cohort(mission, a_published(with_practice()))
    enrolment = an_enrolment(cohort)
    done(enrolment, "greeting", "asking")
    with transaction():
        attempt = assessment.begin(enrolment, "quiz")
        run = scenarios.begin(enrolment, "gate")
        hand_in = assignments.hand_in(enrolment, "report", "What happened", [], app.config["MEDIA"])
    finished = an_enrolment(a_cohort(mission, cohort.course_version_id), trainee_of(enrolment))
    done(finished, score=1.0)
    with transaction():
        credential = certificates.issue(finished, by=finished.user_id)
    with transaction():
        book = books.ask_for_draft(with_practice(), mission.id, "en", "epub", answers=True)
        thread = messages.ask(enrolment, "greeting", "Why so early?", by=enrolment.user_id)
        post = messages.reply(thread, "Because it is.", by=enrolment.user_id)
    listening = an_enrolment(cohort)
    done(listening, "greeting", "asking")
    past = a_person(Role.MENTOR)
    today = mission.mandate_begins
    a_deployment(mission, past, today, today)
    spare = a_person(Role.MENTOR)
    mentor = deployed(mission)
    leaving, follows = (
        session.scalars(select(Deployment).where(Deployment.user_id == mentor.id)).one(),
        a_person(Role.MENTOR),
    )
    successor = a_deployment(mission, follows, leaving.ends, leaving.ends + timedelta(days=90))
    with transaction():
        holder, day = trainee_of(enrolment), clock.today()
        note = mentoring.write_note(mission, holder, day=day, competency=None, text="Good.", shared=True, by=mentor.id)
        agreed = mentoring.Agreed("Gap", "Action", "Evidence", mentor.id, day, day)
        plan = mentoring.open_plan(mission, holder, agreed, by=mentor.id)
        aloud = assessment.begin(listening, "quiz", given_by=mentor.id)
        handover = handovers.open_for(leaving, successor.id, by=mentor.id)
        handover_item = handovers.add(handover, "The key", "", by=mentor.id)
        asked = desk.receive(
            asked_by_kind="un",
            asked_by="UN",
            host_country="Port-Salin",
            host_force="Police",
            need="Help",
            received_on=clock.today(),
            by=None,
        )
        issuing = bulk.prepare(cohort, "completion", bulk.judged(cohort, "completion"), by=mentor.id)
        decision = AnswerDecision(
            mission_id=mission.id,
            course_version_id=cohort.course_version_id,
            question_id="text",
            question="0" * 64,
            answer="respect",
            typed="Respect",
            share=1.0,
            decided_by=mentor.id,
        )
        session.add(decision)
        report = reports.ask_to_print(cohort, "en", listed=True, by=mentor.id)
        roll_export = exporting.ask(mission, "csv", "Test", by=mentor.id)
        joining.ask(joining.open_code(cohort, by=mentor.id).code)
        join_request = joining.queue(cohort)[0]
        unit = roster.add_unit(mission, "North", "Station 1", None, None, by=None)
        vault = vault_of(app.config["DATA_DIR"])
        roll_import = importing.bring(mission, b"sex,unit\nf,Station 1\n", vault=vault, by=mentor.id)
    return World(
        people={
            "nobody": None,
            "trainee": trainee_of(enrolment),
            "other trainee": a_person(),
            "mentor": mentor,
            "mentor elsewhere": deployed(elsewhere),
            "past mentor": past,
            "manager": deployed(mission, Role.MANAGER),
            "instructor": an_instructor(cohort),
            "admin": a_person(Role.ADMIN),
        },
        mission=mission,
        deployment=a_deployment(mission, spare),
        partner=a_certificate_partner(mission),
        cohort=cohort,
        enrolment=enrolment,
        attempt=attempt,
        aloud=aloud,
        run=run,
        hand_in=hand_in,
        decision=decision,
        credential=credential,
        issuing=issuing,
        draft=a_draft(mission, cohort.course_version_id),
        unit=unit,
        join_request=join_request,
        roll_export=roll_export,
        asked=asked,
        handover=handover,
        handover_item=handover_item,
        roll_import=roll_import,
        book=book,
        thread=thread,
        post=post,
        waiting=someone_waiting(cohort),
        training=a_session(cohort),
        note=note,
        plan=plan,
        report=report,
    )


def _let_in(endpoint: str, answer: TestResponse) -> bool:
    """Not refused and not sent to sign in; what is missing or badly filled in was let in."""
    sent_to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
    return answer.status_code not in (401, 403) and (
        not sent_to_sign_in or endpoint in ("accounts.home", "accounts.sign_out")
    )


def test_every_route_lets_in_whom_it_should_and_nobody_else(app: Flask, world: World) -> None:
    wrong = []
    for rule in app.url_map.iter_rules():
        for person, user in world.people.items():
            for method, allowed in zip(("GET", "POST"), MATRIX[rule.endpoint], strict=True):
                if allowed is None:
                    assert method not in (rule.methods or ())
                    continue
                browser: Browser = app.test_client()  # type: ignore[assignment]
                if user is not None:
                    browser.become(user)
                with app.test_request_context():
                    path = app.url_for(
                        rule.endpoint,
                        **{
                            name: value for name, value in world.values(rule.endpoint).items() if name in rule.arguments
                        },
                    )
                if method == "POST" and rule.endpoint in ENDING and person in allowed:
                    continue
                answer = browser.get(path) if method == "GET" else browser.send(path)
                assert answer.status_code < 500, f"{method} {path} as {person}: {answer.status_code}"
                if _let_in(rule.endpoint, answer) != (person in allowed):
                    wrong.append(f"{method} {rule.endpoint} as {person}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_the_matrix_names_every_route_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(MATRIX)


def test_a_row_that_does_not_exist_is_not_found_for_everyone_who_is_signed_in(app: Flask, world: World) -> None:
    mentor = world.people["mentor"]
    assert mentor is not None
    browser: Browser = app.test_client()  # type: ignore[assignment]
    browser.become(mentor)
    for path in (f"/cohorts/{uuid4()}", f"/missions/{uuid4()}", f"/enrolments/{uuid4()}", f"/learn/{uuid4()}/"):
        assert browser.get(path).status_code == 404


def test_anothers_data_is_refused_even_where_the_id_is_known(app: Flask, world: World) -> None:
    stranger = world.people["other trainee"]
    assert stranger is not None
    browser: Browser = app.test_client()  # type: ignore[assignment]
    browser.become(stranger)
    for path in (
        f"/learn/{world.enrolment.id}/",
        f"/learn/{world.enrolment.id}/greeting",
        f"/attempts/{world.attempt.id}/1",
        f"/scenarios/{world.run.id}",
        f"/hand-ins/{world.hand_in.id}/files/1",
        f"/attempts/{world.attempt.id}/result",
        f"/certificates/{world.credential.id}.pdf",
    ):
        assert browser.get(path).status_code == 403, path
