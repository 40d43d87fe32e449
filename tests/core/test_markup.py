"""Markdown from anyone, as HTML that can hurt nobody."""

import re
from html.parser import HTMLParser

import pytest

from lms.core import markup

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<form action=https://evil.example><input name=password></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<object data=evil.swf></object><embed src=evil.swf>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example)",
    "[x](file:///etc/passwd)",
    '[x](https://good.example "\\" onmouseover=alert(1) ")',
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "![x](https://tracker.example/pixel.png)",
    '![x" onerror="alert(1)](media/a.png)',
    "![x](../../lms.sqlite3)",
    "<javascript:alert(1)>",
    "> [!SCENARIO] <script>alert(1)</script>\n> text",
    "> [!<img src=x onerror=alert(1)>] title",
    "| a |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "`<script>alert(1)</script>`",
    "# <img src=x onerror=alert(1)>",
    "<!--><script>alert(1)</script-->",
    "> [!REVEAL] <script>alert(1)</script>\n> text",
    '![x](media/a.mp4)[" onload="alert(1)](media/a.vtt)',
    "![x](media/a.mp4)[x](https://evil.example/a.vtt)",
    "- [ ] <img src=x onerror=alert(1)>",
    "<p style=position:fixed;inset:0>over everything</p>",
]


def rendered(text: str) -> str:
    return markup.render(text, media_url=lambda name: f"/media/{name}", titles={}, table_label="Table")


class Seen(HTMLParser):
    """What a browser would make of HTML: its tags and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


ACTIVE = {"script", "iframe", "style", "svg", "math", "form", "input", "meta", "base", "object", "embed", "link"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_harmless(text: str) -> None:
    for html in (rendered(text), markup.inline(text)):
        seen = Seen(html)
        assert not seen.tags & ACTIVE
        for tag, name, value in seen.attributes:
            assert not name.startswith("on"), html
            assert name not in ("style", "srcdoc", "formaction"), html
            if name == "src":
                assert re.fullmatch(r"/media/[\w.]+", value), html
            if name == "href":
                assert re.match(r"(https?://|mailto:|#)", value), f"{tag}: {html}"


def test_tables_callouts_and_headings_are_made_for_reading() -> None:
    html = rendered("## The rule\n\n> [!SCENARIO] At the gate\n> A man waits.\n\n| A | B |\n| --- | --- |\n| 1 | 2 |")
    assert '<h2 id="s-the-rule">The rule</h2>' in html
    assert "callout-scenario" in html
    assert "At the gate" in html
    assert re.search(r'<th[^>]*scope="col"', html)
    assert 'tabindex="0"' in html, "a wide table can be scrolled with the keyboard"


@pytest.mark.parametrize(("name", "tag"), [("a.png", "img"), ("a.mp3", "audio"), ("a.mp4", "video")])
def test_media_becomes_a_picture_sound_or_film(name: str, tag: str) -> None:
    html = rendered(f"![What it shows](media/{name})")
    assert f"<{tag}" in html
    assert "What it shows" in html


def test_a_task_says_whether_it_is_done_in_a_sign_and_in_words() -> None:
    titles = {"todo": "To do", "done": "Done"}
    text = "- [ ] Say who you are\n- [x] Greet **first**\n- [](#a) no task\n"
    html = markup.render(text, media_url=lambda name: None, titles=titles, table_label="")
    assert '<li class="task"><span class="task-box" role="img" aria-label="To do">☐</span> Say who you are' in html
    assert 'aria-label="Done">☑</span> Greet <strong>first</strong>' in html
    assert html.count('class="task"') == 2


def test_what_happens_next_stays_folded_inside_the_situation() -> None:
    html = rendered(
        "> [!DECIDE] A man shouts\n> What do you say?\n>\n> > [!REVEAL] He calms down\n> > You gave time.\n"
    )
    assert '<div class="callout callout-decide" role="note"><p class="callout-title">A man shouts</p>' in html
    assert '<details class="callout callout-reveal"><summary>He calms down</summary><p>You gave time.</p>' in html
    assert html.index("What do you say?") < html.index("<details")
    assert html.rstrip().endswith("</details></div>")


def test_a_film_has_its_captions_and_a_sound_only_its_words() -> None:
    text = '![The gate](media/a.mp4 "At the gate") [English](media/a.vtt) [عربي](media/a-ar.vtt)\n'
    html = rendered(text)
    assert '<track kind="captions" src="/media/a.vtt" label="English" default' in html
    assert '<track kind="captions" src="/media/a-ar.vtt" label="عربي">' in html
    assert "<p>" not in html
    assert "<a " not in html
    assert markup.files(text) == ["media/a.mp4", "media/a.vtt", "media/a-ar.vtt"]
    assert "<track" not in rendered("![A voice](media/a.mp3)[English](media/a.vtt)")
