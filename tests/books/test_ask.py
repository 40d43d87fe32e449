"""A course is asked for as a book on its page, made once in the background, and fetched by who may have it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.books import service
from lms.books.models import Book
from lms.core import jobs
from lms.core.db import session, transaction
from tests.builders import a_draft, a_mission, a_person, a_published, deployed
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def work() -> None:
    while jobs.work_one():
        pass


def ask(browser: Browser, **fields: str) -> str:
    answer = browser.send("/courses/a-course/book", **({"language": "en", "kind": "epub"} | fields))
    assert answer.status_code == 302, answer.status_code
    return str(answer.headers["Location"])


def test_a_trainee_waits_for_a_book_and_then_has_it(app: Flask, sign_in: SignIn) -> None:
    a_published()
    trainee = sign_in(a_person())
    assert "Book for a phone" in trainee.get("/courses/a-course/").text
    address = ask(trainee)
    waiting = trainee.get(address).text
    assert "The book is being made" in waiting
    assert "data-wait" in waiting
    assert trainee.get(f"{address}/file").status_code == 302
    work()
    assert "The book is ready" in trainee.get(address).text
    book = trainee.get(f"{address}/file")
    assert book.mimetype == "application/epub+zip"
    assert book.data.startswith(b"PK")
    assert "filename=DP01-a-course-en.epub" in book.headers["Content-Disposition"]


def test_who_asks_for_the_same_book_gets_the_one_that_is_there(app: Flask, sign_in: SignIn) -> None:
    a_published()
    first, second = sign_in(a_person()), sign_in(a_person())
    address = ask(first)
    work()
    assert ask(second) == address
    assert "The book is ready" in second.get(address).text
    assert ask(second, language="fr") != address


def test_the_answers_are_for_who_teaches(app: Flask, sign_in: SignIn) -> None:
    a_published()
    mentor, trainee = sign_in(deployed(a_mission())), sign_in(a_person())
    assert "With answers" in mentor.get("/courses/a-course/").text
    assert "With answers" not in trainee.get("/courses/a-course/").text
    address = ask(mentor, answers="yes", kind="pdf")
    work()
    assert mentor.get(f"{address}/file").data.startswith(b"%PDF")
    assert trainee.get(address).status_code == 403
    assert trainee.get(f"{address}/file").status_code == 403
    assert trainee.send("/courses/a-course/book", language="en", kind="pdf", answers="yes").status_code == 403


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"kind": "exe"}, {"language": ""}])
def test_a_book_that_does_not_exist_is_not_made(app: Flask, sign_in: SignIn, wrong: dict[str, str]) -> None:
    a_published()
    fields = {"language": "en", "kind": "epub"} | wrong
    assert sign_in(a_person()).send("/courses/a-course/book", **fields).status_code == 400
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Book)) == 0


def test_a_missions_own_course_is_no_book_for_others(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    draft = a_draft(mission)
    mentor = sign_in(deployed(mission))
    answer = mentor.send(f"/studio/{draft.id}/book", language="en", kind="epub")
    work()
    address = answer.headers["Location"]
    assert mentor.get(f"{address}/file").status_code == 200
    assert sign_in(deployed(a_mission())).get(f"{address}/file").status_code == 403
    assert sign_in(a_person()).get(f"{address}/file").status_code == 403


def test_a_draft_is_printed_as_it_stood_when_it_was_asked_for(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    draft, author = a_draft(mission), sign_in(deployed(mission))
    assert "On paper, or as a book" in author.get(f"/studio/{draft.id}/preview").text
    first = author.send(f"/studio/{draft.id}/book", language="en", kind="epub").headers["Location"]
    page = author.get(f"/studio/{draft.id}/activities/greeting").text
    numbers = dict(re.findall(r'name="((?:activity|lesson)/[^"]+)" value="(\d+)"', page))
    fields = {**numbers, "title": "Greeting", "text": "Other words.", "minutes": "10"}
    author.send(f"/studio/{draft.id}/activities/greeting", **fields)
    second = author.send(f"/studio/{draft.id}/book", language="en", kind="epub").headers["Location"]
    assert first != second
    work()
    session.rollback()
    assert all(book.document is None and book.sha256 for book in session.scalars(select(Book)))


def test_an_unfinished_draft_says_what_to_do_instead_of_being_printed(app: Flask, sign_in: SignIn) -> None:
    mission = a_mission()
    author = sign_in(deployed(mission))
    author.send("/studio/new", mission=str(mission.id), title="Bare", code="LP01", source_language="en")
    (address,) = set(re.findall(r'href="(/studio/[0-9a-f-]{36}/)"', author.get("/studio/").text))
    answer = author.send(f"{address}book", language="en", kind="pdf")
    assert "Some things must be mended first" in author.get(answer.headers["Location"]).text


def test_a_book_that_cannot_be_made_says_so_and_is_tried_again(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_published()
    trainee = sign_in(a_person())
    address = ask(trainee)

    def broken(*_: object, **__: object) -> bytes:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setitem(service.FORMATS, "epub", broken)
        jobs.work_one()
    assert "The book could not be made" in trainee.get(address).text
    with transaction():
        session.query(jobs.Job).update({"due_at": jobs.clock.now()})
    work()
    assert "The book is ready" in trainee.get(address).text


def test_a_manager_sees_it_with_answers_too_but_an_administrator_does_not(app: Flask, sign_in: SignIn) -> None:
    a_published()
    manager = sign_in(deployed(a_mission(), Role.MANAGER))
    address = ask(manager, answers="yes")
    assert manager.get(address).status_code == 200
    assert sign_in(a_person(Role.ADMIN)).get(address).status_code == 403
