"""The first administrator of an empty database, and one who has lost the password."""

import re

from flask import Flask

from tests.builders import a_person
from tests.pages import Browser

NEW = "four quiet words here"


def link_of(app: Flask, username: str) -> str:
    result = app.test_cli_runner().invoke(args=["people", "admin", username])
    assert result.exit_code == 0, result.output
    found = re.search(r"http://localhost(/recover/\S+)", result.output)
    assert found is not None
    return found.group(1)


def test_the_first_administrator_comes_in_by_a_printed_link(app: Flask, browser: Browser) -> None:
    link = link_of(app, "Chief")
    assert browser.send(link, new_password=NEW, again=NEW).status_code == 302
    assert browser.send("/sign-in", username="chief", password=NEW).status_code == 302
    assert "Add a person" in browser.text("/people/")


def test_a_second_link_ends_the_first_and_makes_no_second_account(app: Flask, browser: Browser) -> None:
    first, second = link_of(app, "chief"), link_of(app, "chief")
    assert "ended" in browser.text(first, 410)
    assert browser.get(second).status_code == 200


def test_someone_with_another_role_is_not_made_administrator(app: Flask) -> None:
    person = a_person()
    result = app.test_cli_runner().invoke(args=["people", "admin", person.username])
    assert result.exit_code == 1
    assert "another role" in result.output
