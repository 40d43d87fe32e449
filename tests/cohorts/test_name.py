"""A trainee's real name: optional, encrypted, on certificates only."""

from collections.abc import Callable

from flask import Flask

from lms.accounts.models import User
from lms.core.db import session
from lms.core.vault import vault_of
from tests.builders import a_cohort, a_mission, an_enrolment, deployed, trainee_of
from tests.pages import Browser

SignIn = Callable[[User], Browser]
NAME = "Amina Sarr"


def test_a_name_is_kept_encrypted_and_never_shown(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission(keeps_names=True)
    enrolment = an_enrolment(a_cohort(mission))
    mentor = sign_in(deployed(mission))
    assert "Real name" in mentor.text(f"/enrolments/{enrolment.id}")
    assert mentor.send(f"/enrolments/{enrolment.id}/name", name=f"  {NAME} ").status_code == 302
    sealed = trainee_of(enrolment).name_sealed
    assert sealed is not None
    assert NAME.encode() not in sealed
    assert vault_of(app.config["DATA_DIR"]).open(sealed) == NAME
    for page in (f"/enrolments/{enrolment.id}", f"/enrolments/{enrolment.id}/name", f"/cohorts/{enrolment.cohort_id}"):
        assert NAME not in mentor.get(page).text
    assert "kept" in mentor.text(f"/enrolments/{enrolment.id}/name")


def test_an_empty_name_takes_it_away(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission(keeps_names=True)
    enrolment = an_enrolment(a_cohort(mission))
    mentor = sign_in(deployed(mission))
    mentor.send(f"/enrolments/{enrolment.id}/name", name=NAME)
    mentor.send(f"/enrolments/{enrolment.id}/name", name="  ")
    session.expire_all()
    assert trainee_of(enrolment).name_sealed is None


def test_a_mission_without_names_takes_none(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    enrolment = an_enrolment(a_cohort(mission))
    mentor = sign_in(deployed(mission))
    assert "Real name" not in mentor.text(f"/enrolments/{enrolment.id}")
    refused = mentor.send(f"/enrolments/{enrolment.id}/name", name=NAME)
    assert refused.status_code == 422
    assert "keeps no names" in refused.text
    assert trainee_of(enrolment).name_sealed is None
