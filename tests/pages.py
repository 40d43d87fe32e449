"""A browser for tests that looks at every page it gets, as a careful reviewer would."""

from contextvars import Context
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from lms.accounts.models import User
from lms.core import clock, db

TOKEN = "a" * 40


class Page(HTMLParser):
    """What a page has, read from its HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._title = False
        self.title = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._title = tag == "title"

    def handle_data(self, data: str) -> None:
        if self._title:
            self.title += data
            self._title = False
        self.text += data + " "

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.tags if each == tag]

    def problems(self) -> list[str]:
        """What a reviewer would send back."""
        found = []
        if len(self.all("h1")) != 1:
            found.append(f"{len(self.all('h1'))} h1 on the page")
        html = self.all("html")[0]
        if not html.get("lang") or html.get("dir") not in ("ltr", "rtl"):
            found.append("no language or direction")
        if not self.title.strip():
            found.append("no title")
        ids = [attributes["id"] for _, attributes in self.tags if attributes.get("id")]
        found += [f"the id {id} stands twice" for id in {id for id in ids if ids.count(id) > 1}]
        labelled = {attributes.get("for") for attributes in self.all("label")}
        inside = _inside_labels(self.tags)
        for position, (tag, attributes) in enumerate(self.tags):
            if tag not in ("input", "select", "textarea") or attributes.get("type") in ("hidden", "submit"):
                continue
            named = attributes.get("id") in labelled or attributes.get("aria-label") or position in inside
            if not named:
                found.append(f"no label for {attributes.get('name')}")
        found += ["a picture without alt" for attributes in self.all("img") if "alt" not in attributes]
        for tag, attributes in self.tags:
            found += [f"{name} on {tag}" for name in attributes if name == "style" or name.startswith("on")]
        for attributes in self.all("form"):
            if (attributes.get("method") or "get").lower() == "post" and "csrf_token" not in self._fields():
                found.append("a form without its token")
        return found

    def _fields(self) -> set[str | None]:
        return {attributes.get("name") for attributes in self.all("input")}


def _inside_labels(tags: list[tuple[str, dict[str, str | None]]]) -> set[int]:
    """Positions of the controls that directly follow their label's start."""
    return {place for place in range(1, len(tags)) if tags[place - 1][0] == "label"}


class Browser(FlaskClient):
    """Flask's test client, whose pages are checked and whose forms carry their token."""

    def become(self, person: User) -> None:
        """Sign in without typing."""
        with self.session_transaction() as session:
            session.clear()
            session["_user_id"] = person.get_id()
            session["_fresh"] = True
            session["seen"] = int(clock.now().timestamp())
            session["shared"] = False
            session["csrf_token"] = TOKEN

    def token(self) -> str:
        """The CSRF token that a form on any page would carry."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", TOKEN)
        secret = self.application.config["SECRET_KEY"]
        signed: str = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(raw)
        return signed

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Press a form's button."""
        return self.post(path, data={"csrf_token": self.token(), **fields})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # A context of its own: the test's open one would lend its `g`, and so its person, to the request.
        response = Context().run(super().open, *args, **kwargs)
        # The test looks at the database as it is after the request.
        db.session.rollback()
        if response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 304, 308):
            page = Page(response.text)
            problems = page.problems()
            assert not problems, f"{response.request.path}: {'; '.join(problems)}"
        return response

    def text(self, path: str, status: int = 200) -> str:
        """The words of a page."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}"
        return " ".join(Page(response.text).text.split())
