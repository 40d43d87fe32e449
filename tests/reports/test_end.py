"""The report at a course's end: its numbers, what it holds back, what mentors add, and its paper."""

import io
import random
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from lms.accounts.models import User
from lms.assessment import service as assessment
from lms.attendance import service as attendance
from lms.certificates import service as certificates
from lms.cohorts import service as cohorts
from lms.cohorts.models import Cohort, Enrolment
from lms.core import jobs
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.missions.models import Mission, RollEntry
from lms.reports import facts, suppression
from lms.reports.models import Learnt, PrintedReport
from tests.builders import a_cohort, a_mission, a_published, a_session, an_enrolment, deployed, done, trainee_of
from tests.documents import with_pre_and_post
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission) -> Cohort:
    return a_cohort(mission, a_published(with_pre_and_post()), capacity=100)


def of_sex(enrolment: Enrolment, sex: str) -> None:
    cohort = session.get_one(Cohort, enrolment.cohort_id)
    with transaction():
        session.get_one(RollEntry, (cohort.mission_id, enrolment.user_id)).sex = sex


def a_class(cohort: Cohort, women: int, men: int) -> list[Enrolment]:
    places = [an_enrolment(cohort) for _ in range(women + men)]
    for place, sex in zip(places, "f" * women + "m" * men, strict=True):
        of_sex(place, sex)
    return places


def report(cohort: Cohort) -> facts.Facts:
    session.expire_all()
    return facts.of_cohort(session.get_one(Cohort, cohort.id))


def test_it_counts_what_became_of_whom(cohort: Cohort) -> None:
    places = a_class(cohort, 8, 12)
    for place in [*places[:7], *places[8:18]]:
        done(place)
    with transaction():
        by = places[0].user_id
        cohorts.end_enrolment(session.get_one(Enrolment, places[18].id), "duty", by=by)
        cohorts.end_enrolment(session.get_one(Enrolment, places[19].id), "mistake", by=by)
    found = report(cohort)
    assert (found.enrolled.total, found.completed.total, found.under_way) == (19, 17, 1)
    assert (found.left, found.left_in_all, found.mistakes) == ([("duty", 1)], 1, 1)
    assert (found.enrolled.women, found.enrolled.men) == (8, 11)
    # One woman of eight has not finished: she could be told from the line above.
    assert found.completed.hidden


def test_attendance_marks_and_gain(cohort: Cohort) -> None:
    places = a_class(cohort, 6, 6)
    training = a_session(cohort)
    for place in places:
        done(place, "before", score=0.4)
        done(place, "after", score=0.7)
        done(place, "quiz", score=0.9)
    with transaction():
        marks = dict(
            zip([each.id for each in places], ["present"] * 8 + ["late", "absent", "absent", "excused"], strict=True)
        )
        attendance.mark(training, marks, {}, via="paper", by=places[0].user_id)
    found = report(cohort)
    assert found.attendance == pytest.approx(9 / 11)
    assert found.gain is not None
    assert (found.gain.pairs, found.gain.gain) == (12, pytest.approx(0.5))
    assert found.marks.bins is not None
    assert sum(count for _, count, _ in found.marks.bins) == found.marks.count == 12
    assert found.marks.mean == pytest.approx(0.8)
    assert {name: count for name, count, _ in found.marks.bins}["80–89"] == 12
    assert found.mean_by_sex == (pytest.approx(0.8), pytest.approx(0.8))


def test_fewer_than_five_marks_have_no_distribution_and_no_mean(
    cohort: Cohort, sign_in: SignIn, mission: Mission
) -> None:
    for place in a_class(cohort, 2, 2):
        done(place, "quiz", score=0.9)
    found = report(cohort)
    assert (found.marks.mean, found.marks.bins, found.mean_by_sex) == (None, None, None)
    page = sign_in(deployed(mission)).text(f"/cohorts/{cohort.id}/report")
    assert "shows from five marks on" in page
    assert "held back" in page


def test_the_hardest_questions_come_first_and_their_words_stay_off_the_paper(
    cohort: Cohort, sign_in: SignIn, mission: Mission
) -> None:
    for place in a_class(cohort, 3, 3):
        done(place, "before", "greeting", "asking", score=None)
        with transaction():
            attempt = assessment.begin(session.get_one(Enrolment, place.id), "quiz")
            assessment.submit(attempt)
    hardest = report(cohort).hardest
    assert hardest
    assert {each.figures.facility for each in hardest} == {0.0}
    browser = sign_in(deployed(mission))
    page = browser.text(f"/cohorts/{cohort.id}/report")
    assert hardest[0].question.prompt["en"] in page
    paper = said(printed(browser, cohort)[0])
    assert hardest[0].question.id in paper
    assert hardest[0].question.prompt["en"] not in paper


def test_no_number_under_five_can_be_worked_out_from_what_is_shown() -> None:
    """Every way of splitting a class of up to 24: what is shown leaves no cell of one to four, also by subtraction."""
    chance = random.Random(11)
    for _ in range(20_000):
        enrolled = {"f": chance.randint(0, 9), "m": chance.randint(0, 9), None: chance.randint(0, 6)}
        counts = {sex: chance.randint(0, whole) for sex, whole in enrolled.items()}
        above, below = suppression.line(enrolled, enrolled), suppression.line(counts, enrolled)
        for cells, whole in ((above, enrolled), (below, enrolled)):
            groups = [each for each in whole.values() if each]
            if cells.hidden or len(groups) < 2:
                continue
            for part, of in zip((cells.women, cells.men, cells.unknown), enrolled.values(), strict=True):
                assert part is not None
                assert part == 0 or part >= suppression.FEWEST
                assert of == 0 or of >= suppression.FEWEST
                if cells is below:
                    assert of - part == 0 or of - part >= suppression.FEWEST


def test_six_women_in_a_class_of_thirty_with_certificates_for_two_are_held_back(cohort: Cohort) -> None:
    places = a_class(cohort, 6, 24)
    for place in [*places[:2], *places[6:]]:
        done(place)
    found = report(cohort)
    assert (found.enrolled.women, found.enrolled.men) == (6, 24)
    assert (found.completed.total, found.completed.women, found.completed.men) == (26, None, None)


def test_nobody_has_a_name_and_the_list_comes_only_when_asked_for(
    cohort: Cohort, sign_in: SignIn, mission: Mission
) -> None:
    place = a_class(cohort, 1, 1)[0]
    browser, number = sign_in(deployed(mission)), str(trainee_of(place).number)
    assert number not in browser.text(f"/cohorts/{cohort.id}/report")
    assert number in browser.text(f"/cohorts/{cohort.id}/report?list=1")


def test_what_was_learnt_is_kept_and_two_writers_do_not_lose_each_others_words(
    cohort: Cohort, sign_in: SignIn, mission: Mission
) -> None:
    one, other = sign_in(deployed(mission)), sign_in(deployed(mission))
    path = f"/cohorts/{cohort.id}/report"
    assert one.send(path, words="Begin with the custody register.", revision="0").status_code == 302
    assert "Begin with the custody register." in other.text(path)
    refused = other.send(path, words="More role play.", revision="0")
    assert refused.status_code == 422
    for words in ("More role play.", "Begin with the custody register.", "Somebody else has saved"):
        assert words in refused.text
    assert other.send(path, words="Both.", revision="1").status_code == 302
    assert session.get_one(Learnt, cohort.id).words == "Both."


def said(content: bytes) -> str:
    """The words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def printed(browser: Browser, cohort: Cohort, **fields: str) -> tuple[bytes, str]:
    """Asked for, waited for, fetched: the bytes, and the page that waits."""
    asked = browser.send(f"/cohorts/{cohort.id}/report/print", **fields)
    waits = browser.text(asked.headers["Location"])
    while jobs.work_one():
        pass
    assert asked.headers["Location"] + "/file" in browser.get(asked.headers["Location"]).text
    return browser.get(asked.headers["Location"] + "/file").data, waits


def test_the_paper_is_made_in_the_background_and_has_what_the_page_has(
    cohort: Cohort, sign_in: SignIn, mission: Mission
) -> None:
    places = a_class(cohort, 6, 6)
    for place in places:
        done(place, "before", score=0.4)
        done(place, "after", score=0.7)
    mentor, number = deployed(mission), str(trainee_of(places[0]).number)
    browser = sign_in(mentor)
    browser.send(f"/cohorts/{cohort.id}/report", words="Bring chalk.", revision="0")
    content, waits = printed(browser, cohort)
    assert "is being made" in waits
    pdf = PdfReader(io.BytesIO(content))
    text = said(content)
    assert (pdf.trailer["/Root"]["/Lang"], pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]) == ("en", True)
    assert str(pdf.metadata and pdf.metadata.title).endswith("Report at the course's end")
    for words in ("Bring chalk.", "12 matched pairs", "50% of what could still be gained", cohort.title):
        assert words in text
    assert number not in text
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "reports.printed")).all()
    assert [(each.actor_id, each.object_id, each.detail) for each in events] == [
        (mentor.id, cohort.id, {"listed": False})
    ]
    row = session.scalars(select(PrintedReport)).one()
    assert isinstance(row.id, UUID)
    # With the list it is another paper; asking again makes it anew.
    longer, _ = printed(browser, cohort, list="on")
    assert number in said(longer)


def test_the_paper_is_in_the_readers_language(cohort: Cohort, sign_in: SignIn, mission: Mission) -> None:
    a_class(cohort, 5, 5)
    browser = sign_in(deployed(mission))
    browser.send("/language", language="ar", next="/")
    content, _ = printed(browser, cohort)
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/Lang"] == "ar"


def test_a_revoked_certificate_is_not_counted(cohort: Cohort) -> None:
    place = an_enrolment(cohort)
    done(place, score=1.0)
    with transaction():
        credential = certificates.issue(session.get_one(Enrolment, place.id), by=place.user_id)
    assert report(cohort).certificates.total == 1
    with transaction():
        certificates.revoke(session.merge(credential), "A mistake", by=place.user_id)
    assert report(cohort).certificates.total == 0
