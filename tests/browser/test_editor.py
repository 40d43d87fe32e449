"""The lesson editor in a browser: it writes the server's Markdown, takes what is pasted, and loses nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import Role
from lms.core.db import session, transaction
from lms.demo import PASSWORD
from lms.missions import service as missions
from lms.missions.models import Mission
from tests.browser.conftest import ROOT, OpenPage, sign_in
from tests.browser.test_accessibility import violations
from tests.browser.test_studio import a_picture, add, begin
from tests.conftest import missing

pytestmark = pytest.mark.browser

GOLDEN = ROOT / "tests" / "editor" / "golden.md"
LESSONS = sorted((ROOT / "courses").glob("democratic-policing-foundations/en/*.md"))[:3]
SAVED = "Everything is saved."


@pytest.fixture(scope="module", autouse=True)
def author(inside: Flask) -> str:
    if not (ROOT / "static" / "built" / "editor.js").is_file():
        missing("The lesson editor", "build it (python3 run.py setup)")
    with inside.app_context(), transaction():
        mission = session.scalars(select(Mission)).first()
        assert mission is not None
        for name in ("editor-one", "editor-two"):
            accounts.create(name, Role.MENTOR, by=None, password=PASSWORD)
            missions.deploy(mission, name, mission.mandate_begins, mission.mandate_ends, by=None)
    return "editor-one"


@pytest.fixture(scope="module")
def lessons(author: str) -> Iterator[int]:
    """Numbers for lessons, so that each test has one of its own."""
    return iter(range(1, 100))


def a_lesson(page: Page, lessons: Iterator[int]) -> Page:
    """A course of one empty lesson, with the lesson open; refused styles and scripts are errors of the console."""
    title = f"Editor {next(lessons)}"
    root = begin(page, title)
    page.get_by_label("Title of a new module").fill("One")
    page.get_by_role("button", name="Add the module").click()
    add(page, root, "Lesson", "Written")
    expect(editor(page)).to_be_visible()
    return page


def editor(page: Page) -> Locator:
    return page.locator(".ProseMirror")


def markdown(page: Page) -> str:
    return page.locator("#text").input_value()


def press(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def as_markdown(page: Page, text: str) -> None:
    """Write as Markdown, then look at it as text."""
    page.get_by_role("button", name="Markdown", exact=True).click()
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Text", exact=True).click()


def paste(page: Page, html: str) -> None:
    editor(page).focus()
    page.evaluate(
        """(html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            document.querySelector(".ProseMirror").dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        html,
    )


@pytest.mark.parametrize("path", [GOLDEN, *LESSONS], ids=lambda path: path.stem)
def test_opening_changes_nothing_and_typing_changes_only_what_is_typed(
    author: str, lessons: Iterator[int], open_page: OpenPage, path: Path
) -> None:
    page, text = a_lesson(open_page(author), lessons), path.read_text().strip() + "\n"
    as_markdown(page, text)
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    page.reload()
    editor(page).focus()
    page.keyboard.press("ArrowDown")
    assert markdown(page) == text
    expect(page.locator("[data-save-state]")).to_have_text("")
    last = editor(page).locator(":scope > p").last
    last.click()
    page.keyboard.press("End")
    page.keyboard.type(" Typed.")
    typed = markdown(page)
    assert typed.replace(" Typed.", "") == text
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)


def test_every_tool_writes_the_servers_markdown(author: str, lessons: Iterator[int], open_page: OpenPage) -> None:
    page = a_lesson(open_page(author), lessons)
    editor(page).focus()
    press(page, "Heading of rank 2")
    page.keyboard.type("Greeting")
    page.keyboard.press("Enter")
    press(page, "Bold")
    expect(page.get_by_role("button", name="Bold", exact=True)).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("First")
    press(page, "Bold")
    page.keyboard.type(" greet. 5 * 3 [sic]")
    page.keyboard.press("Enter")
    press(page, "List of tasks")
    page.keyboard.type("Say who you are")
    page.keyboard.press("Enter")
    page.keyboard.type("Say why")
    page.get_by_role("button", name="Done or to do").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    press(page, "Table")
    page.keyboard.type("Say")
    page.keyboard.press("Tab")
    page.keyboard.type("Why | not")
    page.get_by_role("button", name="Take out the row").click()
    page.get_by_role("button", name="Column in the middle").click()
    assert markdown(page).startswith(
        "## Greeting\n\n**First** greet. 5 * 3 [sic]\n\n- [ ] Say who you are\n- [x] Say why\n\n| "
    )
    page.get_by_role("button", name="Take out the table").click()
    editor(page).locator(":scope > p").last.click()
    press(page, "Box")
    page.locator("#editor-boxes").get_by_role("button", name="What do you do?").click()
    expect(editor(page).locator(".callout-decide .callout-reveal")).to_be_visible()
    editor(page).locator(".callout-decide > input").fill("A man shouts")
    assert "> [!DECIDE] A man shouts\n> What the officer meets.\n>\n> > [!REVEAL]\n> > What follows" in markdown(page)
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    assert violations(page) == []


def test_a_file_is_uploaded_described_and_shown_from_inside_the_text(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    editor(page).focus()
    press(page, "Picture, sound or film")
    dialog = page.locator("dialog[open]")
    dialog.locator("[name=file]").set_input_files({"name": "gate.png", "mimeType": "image/png", "buffer": a_picture()})
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog.locator("[data-list] img")).to_have_count(1)
    dialog.get_by_role("button", name="Put it into the text").click()
    expect(dialog.locator(".error")).to_have_text("Say what it shows, or mark it as decoration.")
    assert violations(page) == []
    dialog.get_by_label("What it shows").fill("The gate")
    dialog.get_by_label("Words below it").fill("At night")
    dialog.get_by_role("button", name="Put it into the text").click()
    assert markdown(page) == '![The gate](media/gate.png "At night")\n'
    expect(editor(page).locator("img")).to_have_js_property("complete", True)
    expect(page.locator("[data-weight-pictures]")).not_to_have_text("0")
    press(page, "Picture, sound or film")
    captions = b"WEBVTT\n\n00:01.000 --> 00:02.000\nGood evening\n"
    for name, content in (("walk.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(99)), ("walk.vtt", captions)):
        dialog.locator("[name=file]").set_input_files({"name": name, "mimeType": "video/mp4", "buffer": content})
        dialog.get_by_role("button", name="Upload").click()
        expect(dialog.locator("[name=file]")).to_have_value("")
    dialog.get_by_label("walk.mp4").check()
    dialog.get_by_label("What it shows").fill("A walk")
    dialog.get_by_label("Captions (a .vtt file)").select_option(index=1)
    dialog.get_by_label("Language of the captions").fill("English")
    dialog.get_by_role("button", name="Put it into the text").click()
    assert "![A walk](media/walk.mp4) [English](media/walk" in markdown(page)
    assert "> [!TRANSCRIPT]" in markdown(page)


def test_an_article_is_cited_and_its_instrument_becomes_a_source(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    editor(page).focus()
    page.keyboard.type("Say why: ")
    press(page, "Cite an instrument")
    page.get_by_role("searchbox").fill("reasons arrest")
    expect(page.locator("dialog[open] [data-cites]:visible")).to_have_count(1)
    page.get_by_label("ICCPR 9(2)").check()
    with page.expect_response("**/sources"):
        page.get_by_role("button", name="Put it into the text").last.click()
    assert markdown(page) == "Say why: ICCPR 9(2)\n"
    page.goto(re.sub(r"activities/.*", "instruments?q=iccpr", page.url))
    expect(page.get_by_role("row", name="ICCPR International")).to_contain_text("yes")
    page.go_back()
    press(page, "The law in force here")
    expect(page.locator("#law")).to_be_focused()


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0cm}</style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=EN-CA><!--StartFragment-->
<h1 style='mso-pagination:widow-orphan'><a name="_Toc1"></a><span lang=EN-CA>The first minute<o:p></o:p></span></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span style='font-family:"Arial"'>Greet</span></b>
 first. <i>Then</i> say <span style='font-weight:bold'>why</span>. See
 <a href="https://example.org/law">the law</a><a href="#_msocom_1"><span class=MsoCommentReference>[A1]</span></a>.
 <st1:place w:st="on">Kabul</st1:place><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>One<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o<span>&nbsp;&nbsp;</span></span><![endif]>Deep</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>Two</p>
<p class=MsoNormal>Then in order:</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>Stop</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>2.<span>&nbsp;</span></span><![endif]>Look</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr><td width=100 style='border:solid'><p
class=MsoNormal><b>Say</b></p></td><td><p class=MsoNormal>Why</p></td></tr>
<tr><td><p class=MsoNormal>Your name</p><p class=MsoNormal>and number</p></td><td><p class=MsoNormal>Trust</p></td></tr>
</table>
<p class=MsoNormal><img width=200 src="file:///C:/Users/someone/image001.png"><v:shape id="x"/></p>
<div style='mso-element:comment-list'><div style='mso-element:comment'>
<p class=MsoCommentText>Secret remark</p></div></div>
<p dir=RTL class=MsoNormal><span lang=AR-SA>السلام <b>عليكم</b></span></p>
<!--EndFragment--></body></html>"""

FROM_WORD = """\
## The first minute

**Greet** first. *Then* say **why**. See [the law](https://example.org/law). Kabul

- One
  - Deep
- Two

Then in order:

1. Stop
2. Look

| **Say** | Why |
| --- | --- |
| Your name and number | Trust |

السلام **عليكم**
"""

PAGE = """<b style="font-weight:normal" id="docs-internal-guid-1"><h3>A page</h3><p onclick="alert(1)">Words
<a href="javascript:alert(1)">bad</a> <em style="color:red">good</em></p><script>alert(1)</script>
<ul><li><p>One</p></li><li>Two<ol><li>Deep</li></ol></li></ul><img src="https://tracker.example/x.png">
<iframe src="https://evil.example"></iframe><blockquote><p>Said</p></blockquote></b>"""


def test_what_comes_from_word_keeps_its_structure_and_nothing_else(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    paste(page, WORD)
    assert markdown(page) == FROM_WORD
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)


def test_what_comes_from_a_web_page_keeps_its_structure_and_nothing_that_runs_or_fetches(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    paste(page, PAGE)
    assert markdown(page) == "### A page\n\nWords bad *good*\n\n- One\n- Two\n  1. Deep\n\n> Said\n"


def test_a_text_that_no_server_took_is_offered_again_after_the_tab_was_killed(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    address = page.url
    page.route("**/activities/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    editor(page).focus()
    page.keyboard.type("Typed in the dark.")
    expect(page.locator("[data-save-state]")).to_contain_text("Not saved: there is no answer.")
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_text("On this device is a text that was not saved")).to_be_visible()
    expect(editor(again)).to_have_text("")
    again.get_by_role("button", name="Bring it back").click()
    expect(editor(again)).to_have_text("Typed in the dark.")
    expect(again.locator("[data-save-state]")).to_have_text(SAVED)
    again.reload()
    expect(again.get_by_text("On this device is a text that was not saved")).to_be_hidden()
    assert again.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('unsaved-'))") == []


def test_a_text_is_shown_to_nobody_else_on_the_device_and_goes_when_its_author_signs_out(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    address = page.url
    page.route("**/activities/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    editor(page).focus()
    page.keyboard.type("For my eyes.")
    expect(page.locator("[data-save-state]")).to_contain_text("Not saved: there is no answer.")
    page.close(run_before_unload=False)
    page.context.clear_cookies()
    other = page.context.new_page()
    sign_in(other, "editor-two")
    other.goto(address)
    expect(other.get_by_text("On this device is a text that was not saved")).to_be_hidden()
    other.context.clear_cookies()
    sign_in(other, author)
    other.goto(address)
    expect(other.get_by_text("On this device is a text that was not saved")).to_be_visible()
    other.on("dialog", lambda dialog: dialog.accept())
    other.locator(".account form button").click()
    other.wait_for_url("**/sign-in*")
    assert other.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('unsaved-'))") == []


def test_a_session_that_ended_takes_nothing_of_the_text_with_it(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    page.context.clear_cookies()
    editor(page).focus()
    page.keyboard.type("Typed after lunch.")
    expect(page.locator("[data-save-state]")).to_contain_text("Not saved: you are signed out.")
    sign_in(page.context.new_page(), author)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-save-state]")).to_have_text(SAVED)
    page.reload()
    expect(editor(page)).to_have_text("Typed after lunch.")


def test_the_toolbar_is_one_stop_and_its_arrows_follow_the_reading_direction(
    author: str, lessons: Iterator[int], open_page: OpenPage
) -> None:
    page = a_lesson(open_page(author), lessons)
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    editor(page).focus()
    page.keyboard.press("Alt+F10")
    expect(undo).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(redo).to_be_focused()
    page.keyboard.press("Tab")
    expect(editor(page)).to_be_focused()
    page.locator("button[name=language][value=ar]").click()
    page.locator("html[lang=ar]").wait_for(state="attached")
    tools = page.get_by_role("toolbar").get_by_role("button")
    tools.nth(0).focus()
    page.keyboard.press("ArrowLeft")
    expect(tools.nth(1)).to_be_focused()
    small = tools.evaluate_all("all => all.filter((b) => b.checkVisibility() && b.getBoundingClientRect().height < 44)")
    assert small == []
    assert violations(page) == []


def test_the_weight_is_counted_while_one_types(author: str, lessons: Iterator[int], open_page: OpenPage) -> None:
    page = a_lesson(open_page(author), lessons)
    page.get_by_role("button", name="Markdown", exact=True).click()
    page.locator("#text").fill("ح" * 21_000)
    expect(page.locator("[data-weight-text]")).to_have_text("42 KB")
    expect(page.get_by_text("Too long for a slow network")).to_be_visible()
    page.locator("#text").fill("Short.")
    expect(page.get_by_text("Too long for a slow network")).to_be_hidden()
