"""Markdown through the lesson editor and out again: nothing lost, nothing that looks otherwise, nothing that drifts."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lms.core import markup
from tests.conftest import missing

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("golden.md")
LESSONS = sorted((ROOT / "courses").glob("*/*/*.md"))
# In bytes, as gzip makes it: the weight of the one bundle of the product, which authors alone fetch.
LARGEST_BUNDLE = 192_000


def through(*texts: str) -> list[dict[str, Any]]:
    """Each text as the editor writes it after opening it once and twice, and what it keeps as raw blocks."""
    if shutil.which("node") is None or not (ROOT / "editor" / "node_modules").is_dir():
        missing("The lesson editor", "build it (python3 run.py setup)")
    done = subprocess.run(
        ["node", "round-trip.mjs"],
        cwd=ROOT / "editor",
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def rendered(text: str) -> str:
    titles = {"todo": "To do", "done": "Done", "reveal": "See"}
    return markup.render(text, media_url=lambda name: f"/media/{name}", titles=titles, table_label="Table")


def test_every_lesson_and_the_golden_text_look_the_same_and_stay_the_same() -> None:
    files = [*LESSONS, GOLDEN]
    assert len(files) > 30
    texts = [path.read_text() for path in files]
    for path, text, told in zip(files, texts, through(*texts), strict=True):
        assert told["raw"] == [], path
        assert rendered(told["first"]) == rendered(text), path
        assert told["second"] == told["first"], path


KEPT = [
    "See [the law][1].\n\n[1]: https://example.org\n",
    "- one\n\n\n\n      indented under nothing\n",
    "> [!NOTE] Title *as typed*\n> - a list right under it\n",
    "| a |\n| --- |\n| b | c |\n",
    "1. one\n1. one\n\n<!-- -->\n",
    "Arabic, a mark before a comma: **غامق،**نص\n",
    "a*b*c **d**e ***f** g* _h_ __i__ `` `j` `` \\* \\\n\\[x]\n",
    "* * *\n\n___\n",
    "- [ ]\n- [x]  two blanks\n- [X] big\n",
    "![a\\]b](media/x.png 'it''s \"so\"')\n",
    "> quoted\nlazily\n",
    "> [!LAW]\n\n> [!LAW]\n\ntext\n",
    "    code\n\n        more\n",
    "````\n```\n````\n",
    "<b>no HTML</b> &amp; &copy; <https://example.org>\n",
    "a  \nb\\\nc\n",
    "## \n\n##### five ##\n",
    "- a\n- b\n\n\n- c\n\n  d\n",
    "-\n- \n-   x\n",
    "1) a\n2) b\n",
    "1. a\n1. b\n7. c\n",
    "+ a\n+ b\n- c\n",
    "![film](media/a.mp4)\n[English](media/a.vtt)\n",
    "![sound](media/a.mp3) [English](media/a.vtt)\n",
    "\u2028 odd \u00a0 blanks\u200f\n",
]


@pytest.mark.parametrize("text", KEPT)
def test_odd_text_is_understood_or_kept_word_for_word(text: str) -> None:
    (told,) = through(text)
    assert rendered(told["first"]) == rendered(text)
    assert told["second"] == told["first"]


PIECES = (
    *"*_`~[]()!<>&\\|#-+=.:1 \n",
    *("\n\n", "> ", "- ", "1. ", "[ ] ", "    ", "> [!NOTE] ", "| a | b |\n| - | - |\n", "word", "كلمة", "http://a.b"),
    *("![x](media/a.png)", "[y](media/a.vtt)", "![z](media/a.mp4)", "**", "```\n", "---\n"),
)


def test_whatever_is_typed_looks_the_same_and_stays_the_same() -> None:
    # As they are stored; one run of Node for all of them, and the same texts in every run.
    chance = Random(2026)
    texts = ["".join(chance.choices(PIECES, k=chance.randrange(1, 30))).strip() + "\n" for _ in range(4000)]
    for text, told in zip(texts, through(*texts), strict=True):
        assert rendered(told["first"]) == rendered(text), repr(text)
        assert told["second"] == told["first"], repr(text)


def test_the_bundle_stays_within_its_budget_and_names_no_place_of_this_machine() -> None:
    bundle = ROOT / "static" / "built" / "editor.js"
    if not bundle.is_file():
        missing("The lesson editor", "build it (python3 run.py setup)")
    content = bundle.read_bytes()
    assert len(gzip.compress(content, 9)) < LARGEST_BUNDLE
    assert str(ROOT).encode() not in content
    assert b"sourceMappingURL" not in content


@pytest.mark.parametrize("folder", ["editor", "tests/verifiers"])
def test_the_lockfile_names_no_registry(folder: str) -> None:
    assert '"resolved"' not in (ROOT / folder / "package-lock.json").read_text()


def test_the_parts_of_tiptap_are_of_one_version() -> None:
    packages = json.loads((ROOT / "editor" / "package.json").read_text())["dependencies"]
    assert len({version for name, version in packages.items() if name.startswith("@tiptap/")}) == 1
