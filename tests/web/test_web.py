"""What every answer has in common: health, errors in words, headers, languages, and that looking changes nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from lms.accounts.models import Role, User
from lms.app import create_app
from lms.core import db
from lms.core.db import session
from tests.builders import a_cohort, a_mission, a_person, an_enrolment, deployed, trainee_of
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def test_health_says_alive_and_ready(browser: Browser) -> None:
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 200


def test_a_database_behind_its_migrations_is_not_ready_and_the_process_is_alive(browser: Browser) -> None:
    with db.db.engine.begin() as connection:
        kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        assert browser.get("/readyz").status_code == 503
        assert browser.get("/healthz").status_code == 200
    finally:
        with db.db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})


def test_a_database_that_cannot_be_reached_is_not_ready_and_the_process_is_alive(tmp_path: Path) -> None:
    nowhere = {"LMS_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none", "LMS_DATA_DIR": str(tmp_path)}
    client = create_app(nowhere).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "the database does not answer"})
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing-here", 404, "There is no such page"),
        ("/cohorts/not-a-uuid", 404, "There is no such page"),
        ("/sign-out", 405, "This page does not do that"),
    ],
)
def test_errors_are_pages_in_words(browser: Browser, path: str, status: int, words: str) -> None:
    assert words in browser.text(path, status)


def test_what_is_too_large_is_refused_before_it_is_read(browser: Browser) -> None:
    answer = browser.send("/sign-in", username="x" * (3 * 1024 * 1024), password="y")
    assert answer.status_code == 413
    assert "at most 2 MB" in answer.text


def test_another_trainees_course_is_forbidden_and_an_unknown_one_not_found(app: Flask, sign_in: SignIn) -> None:
    mine, theirs = an_enrolment(), an_enrolment()
    trainee = sign_in(trainee_of(mine))
    assert trainee.get(f"/learn/{theirs.id}/").status_code == 403
    assert trainee.get("/learn/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_pages_let_in_no_foreign_script_and_stay_out_of_shared_caches(browser: Browser) -> None:
    answer = browser.get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'self'" in policy or "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_stylesheet_is_kept_for_good_under_a_name_that_follows_its_content(browser: Browser) -> None:
    found = re.search(r'href="(/static/[^"]+\.css[^"]*)"', browser.get("/sign-in").text)
    assert found is not None
    answer = browser.get(found.group(1), headers={"Accept-Encoding": "br"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < 8000
    for outside in ("/static/../run.py", "/static/%2e%2e/run.py", "/static/no-such.css"):
        assert browser.get(outside).status_code == 404


@pytest.mark.parametrize(("tag", "direction", "words"), [("fr", "ltr", "Se connecter"), ("ar", "rtl", "تسجيل الدخول")])
def test_the_page_is_in_the_language_that_was_picked(browser: Browser, tag: str, direction: str, words: str) -> None:
    assert browser.send("/language", language=tag, next="/sign-in").headers["Location"] == "/sign-in"
    page = browser.get("/sign-in").text
    assert f'<html lang="{tag}" dir="{direction}">' in page
    assert words in page


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\r\n/evil.example",
        "javascript:alert('evil')",
    ],
)
def test_the_language_switch_leads_nowhere_else(browser: Browser, elsewhere: str) -> None:
    answer = browser.send("/language", language="fr", next=elsewhere)
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]


def test_a_browser_that_asks_for_french_gets_french(browser: Browser) -> None:
    page = browser.get("/sign-in", headers={"Accept-Language": "fr-CA,fr;q=0.9"}).text
    assert '<html lang="fr"' in page


def test_looking_at_any_page_writes_nothing(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    cohort = a_cohort(mission)
    enrolment = an_enrolment(cohort)
    trainee, mentor = sign_in(trainee_of(enrolment)), sign_in(deployed(mission))
    admin = sign_in(a_person(Role.ADMIN))

    def rows() -> dict[str, int]:
        tables = db.Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    before = rows()
    for path in (
        "/learn/",
        f"/learn/{enrolment.id}/",
        f"/learn/{enrolment.id}/greeting",
        "/certificates/",
        "/account/",
    ):
        assert trainee.get(path).status_code == 200
    for path in ("/cohorts/", f"/cohorts/{cohort.id}", f"/enrolments/{enrolment.id}", f"/missions/{mission.id}"):
        assert mentor.get(path).status_code == 200
    for path in ("/people/", "/audit/", "/missions/"):
        assert admin.get(path).status_code == 200
    assert rows() == before
