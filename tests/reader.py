"""The hands of a reader without a browser: pages from the test client, their forms filled in and sent as HTML says."""

from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.pages import Browser
from tests.player import plain


def words_of(found: Tag) -> str:
    return plain(found.get_text())


class Reader:
    """Somebody at the test client; fails at any page that is not served, and each page is checked as ever."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._path = "/"
        self._page = BeautifulSoup()
        self._chosen: MultiDict[str, str] = MultiDict()

    def open(self, path: str) -> None:
        self._shown(self._browser.get(path))

    def reload(self) -> None:
        self.open(self._path)

    def _shown(self, response: TestResponse) -> None:
        while response.status_code in (302, 303):
            response = self._browser.get(response.location)
        assert response.status_code == 200, f"{response.request.path}: {response.status_code}"
        self._path = response.request.path
        self._page = BeautifulSoup(response.text, "html.parser")
        self._chosen = MultiDict()

    @property
    def language(self) -> str:
        """The language that the page says it is in."""
        return str(self._page.html["lang"])

    def read(self, selector: str) -> list[str]:
        return [words_of(each) for each in self._page.select(selector)]

    def pick(self, label: str, *, begins: bool = False) -> None:
        for each in self._page.select("fieldset label"):
            found = words_of(each)
            if found == label or (begins and found.startswith(label)):
                field = each.input
                self._chosen.add(field["name"], field["value"])
                return
        raise AssertionError(f"nothing to pick is called '{label}'")

    def select(self, line: str, option: str) -> None:
        (label,) = [each for each in self._page.select(".question-line label") if words_of(each) == line]
        offered = self._page.find("select", id=label["for"])
        (value,) = [each["value"] for each in offered.find_all("option") if words_of(each) == option]
        self._chosen.add(offered["name"], value)

    def write(self, field: str, words: str) -> None:
        assert self._page.select(f"input[name={field}], textarea[name={field}]"), f"no field '{field}'"
        self._chosen.add(field, words)

    def press(self, button: str) -> None:
        pressed = next((each for each in self._page.select("main button") if words_of(each) == button), None)
        assert pressed is not None, f"no button '{button}' at {self._path}"
        form = pressed.find_parent("form")
        sent = MultiDict((each["name"], each.get("value", "")) for each in form.select("input[type=hidden]"))
        sent.update(self._chosen)
        if name := pressed.get("name"):
            sent.add(name, pressed.get("value", ""))
        address = urljoin(self._path, form.get("action") or "")
        self._shown(self._browser.post(address, data=sent))

    def follow(self, link: str) -> None:
        followed = next((each for each in self._page.select("main a[href]") if words_of(each) == link), None)
        assert followed is not None, f"no link '{link}' at {self._path}"
        self.open(urljoin(self._path, followed["href"]))
