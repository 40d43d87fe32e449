"""A mentor who leaves, a cohort, and who comes after."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.accounts.models import Role, User
from lms.assignments import service as assignments
from lms.cohorts.models import Cohort
from lms.core import clock
from lms.core.db import transaction
from lms.missions.models import Mission
from tests.builders import a_cohort, a_deployment, a_mission, a_person, a_published, an_enrolment, deployed, done
from tests.documents import with_practice


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission, app: Flask) -> Cohort:
    """A cohort in which one report waits to be marked."""
    cohort = a_cohort(mission, a_published(with_practice()))
    enrolment = an_enrolment(cohort)
    done(enrolment, "greeting", "asking")
    with transaction():
        assignments.hand_in(enrolment, "report", "What happened", [], app.config["MEDIA"])
    return cohort


@pytest.fixture
def leaver(mission: Mission) -> User:
    return deployed(mission, ends=clock.today() + timedelta(days=10))


@pytest.fixture
def successor(mission: Mission) -> User:
    """Comes in a week, so that both are there for four days."""
    person = a_person(Role.MENTOR)
    a_deployment(mission, person, clock.today() + timedelta(days=7), clock.today() + timedelta(days=200))
    return person
