"""The marks by which a cohort is put in order are those that everybody sees."""

import random

import pytest
from flask import Flask

from lms.attendance import service as attendance
from lms.cohorts import closing
from lms.cohorts.models import Cohort
from lms.core.db import session, transaction
from lms.grades import service
from lms.grades.queries import ATTENDANCE, FINAL, marks_of_cohort
from lms.grades.ranking import finals_of_cohort
from lms.record.models import MARKS
from tests.builders import a_cohort, a_mission, a_published, a_session, an_enrolment, deployed, done
from tests.documents import a_document, with_practice


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_the_database_folds_what_python_folds(app: Flask, weighted: bool, closed: bool) -> None:
    chance, mission = random.Random(5), a_mission()
    cohort, by = a_cohort(mission, a_published(with_practice()), capacity=60), deployed(mission).id
    other = a_published(a_document(slug="other", code="OT01"))
    places = [an_enrolment(cohort) for _ in range(20)]
    trainings = [a_session(cohort), a_session(cohort, -1)]
    for place in places:
        for id in chance.sample(["greeting", "quiz", "gate", "report", "final"], chance.randint(0, 5)):
            done(place, id, score=None if id == "greeting" else round(chance.random(), 2))
    with transaction():
        if weighted:
            service.set_scheme(cohort, {"quiz": 30, "final": 50, "report": 0, ATTENDANCE: 20}, 60, by=by)
        for training in trainings:
            sheet = {place.id: chance.choice(MARKS).value for place in chance.sample(places, 15)}
            attendance.mark(training, sheet, {}, via="paper", by=by)
        places[0].course_version_id = other
        session.add(places[0])
        service.override(places[1], FINAL, 42, "An appeal", by=by)
        if closed:
            closing.close(session.get_one(Cohort, cohort.id), by=by)
    cohort = session.get_one(Cohort, cohort.id)
    expected = {id: mark.final for id, mark in marks_of_cohort(cohort).items()}
    assert finals_of_cohort(cohort) == pytest.approx(expected, nan_ok=False)
    assert len([each for each in expected.values() if each is not None]) > 10
