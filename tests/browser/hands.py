"""The hands of a reader in Chromium, without waiting: every press loads a page."""

from playwright.sync_api import Locator, Page

from tests.player import plain


class Hands:
    """Somebody at a real browser; what they see and press is found by its words."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, path: str) -> None:
        self.page.goto(path)

    def reload(self) -> None:
        self.page.reload()

    def read(self, selector: str) -> list[str]:
        return [plain(words) for words in self.page.locator(selector).all_text_contents()]

    def pick(self, label: str, *, begins: bool = False) -> None:
        self._called("fieldset label", label, begins=begins).locator("input").check()

    def select(self, line: str, option: str) -> None:
        select = self._called(".question-line", line, begins=True).locator("select")
        place = [plain(words) for words in select.locator("option").all_text_contents()].index(option)
        select.select_option(index=place)

    def write(self, field: str, words: str) -> None:
        self.page.locator(f"input[name={field}], textarea[name={field}]").fill(words)

    def press(self, button: str) -> None:
        self._called("main button", button).click()

    def follow(self, link: str) -> None:
        self._called("main a[href]", link).click()

    def _called(self, selector: str, words: str, *, begins: bool = False) -> Locator:
        """The first of these whose words are, or begin with, ``words``."""
        found = self.read(selector)
        place = next((n for n, each in enumerate(found) if each == words or (begins and each.startswith(words))), None)
        assert place is not None, f"nothing is called '{words}' among {found} at {self.page.url}"
        return self.page.locator(selector).nth(place)
