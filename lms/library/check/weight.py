"""What a lesson weighs on a slow network, and in a reader's time."""

from collections.abc import Iterator

from markdown_it.token import Token

from lms.core import markup
from lms.core.words import N_, said
from lms.library.activities import Lesson
from lms.library.document import JOB_AID, CourseDocument
from lms.library.problems import Problem

# The text comes first; 40 KB of Markdown are some ten seconds at 35 kbit/s.
HEAVIEST_TEXT = 40_000
# Text and pictures together; sound and film are fetched only when somebody plays them.
HEAVIEST_LESSON = 500_000
# In words, on an A4 page that is read at arm's length.
LONGEST_JOB_AID = 320
# In words: a quarter of an hour with the practice, and enough to hold an example.
SHORTEST_LESSON, LONGEST_LESSON = 300, 700


def heavy_texts(document: CourseDocument) -> Iterator[Problem]:
    """Pages with too much to read at once."""
    for page, texts in document.markdown():
        for language, text in texts.items():
            size = len(text.encode())
            if size > HEAVIEST_TEXT:
                message = said(
                    N_("weighs %(size)s bytes of %(most)s: make two lessons of it"),
                    size=f"{size:,}",
                    most=f"{HEAVIEST_TEXT:,}",
                )
                yield Problem(f"{language}/{page}.md", message)


def heavy_pictures(document: CourseDocument) -> Iterator[Problem]:
    """Pages whose text and pictures together are too much for a phone on 2G."""
    for page, texts in document.markdown():
        for language, text in texts.items():
            named = {address.removeprefix("media/") for address, _ in markup.pictures(text)}
            shown = [file for name, file in document.media.items() if name in named and file.type.startswith("image/")]
            size = len(text.encode()) + sum(file.bytes for file in shown)
            if shown and size > HEAVIEST_LESSON:
                message = said(
                    N_("weighs %(size)s bytes with its pictures, of %(most)s: make the pictures smaller"),
                    size=f"{size:,}",
                    most=f"{HEAVIEST_LESSON:,}",
                )
                yield Problem(f"{language}/{page}.md", message, advice=True)


def long_job_aids(document: CourseDocument) -> Iterator[Problem]:
    """Job aids that do not fit on the one page that is carried."""
    for language, text in (document.job_aid or {}).items():
        words = len(text.split())
        if words > LONGEST_JOB_AID:
            message = said(
                N_("has %(count)s words, and %(most)s fit on its page: keep what is needed on the street"),
                count=words,
                most=LONGEST_JOB_AID,
            )
            yield Problem(f"{language}/{JOB_AID}.md", message, advice=True)


def lessons_of_odd_length(document: CourseDocument) -> Iterator[Problem]:
    """Lessons under 300 or over 700 words, language by language."""
    for activity in document.activities():
        if not isinstance(activity, Lesson):
            continue
        for language, body in activity.body.items():
            words = words_of(body)
            if words < SHORTEST_LESSON:
                message = N_("has %(count)s words, and %(least)s are the least: add an example, or join it to another")
                said_so = said(message, count=words, least=SHORTEST_LESSON)
            elif words > LONGEST_LESSON:
                message = N_("has %(count)s words, and %(most)s are the most: shorten it, or make two lessons of it")
                said_so = said(message, count=words, most=LONGEST_LESSON)
            else:
                continue
            yield Problem(f"{language}/{activity.id}.md", said_so, advice=True)


def words_of(text: str) -> int:
    """The words that a reader reads: what stands between spaces and holds a letter or a digit.

    Headings, tables and titles of callouts count; descriptions and captions of pictures and callouts of the law do not.
    """
    read: list[str] = []
    within_law = 0
    for token in markup.tokens(text):
        if token.type == "blockquote_open":
            if within_law or token.meta.get("kind") == "law":
                within_law += 1
            else:
                read.append(token.meta.get("title", ""))
        elif token.type == "blockquote_close" and within_law:
            within_law -= 1
        elif token.type in ("fence", "code_block") and not within_law:
            read.append(token.content)
        elif token.type == "inline" and not within_law:
            children = token.children or []
            read.append("".join(" " if each.type.endswith("break") else _text_of(each) for each in children))
    return sum(any(map(str.isalnum, word)) for word in " ".join(read).split())


def _text_of(token: Token) -> str:
    return token.content if token.type in ("text", "code_inline") else ""
