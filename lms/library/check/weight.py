"""What a lesson weighs on a slow network."""

from collections.abc import Iterator

from lms.core import markup
from lms.core.words import N_, said
from lms.library.document import JOB_AID, CourseDocument
from lms.library.problems import Problem

# The text comes first; 40 KB of Markdown are some ten seconds at 35 kbit/s.
HEAVIEST_TEXT = 40_000
# Text and pictures together; sound and film are fetched only when somebody plays them.
HEAVIEST_LESSON = 500_000
# In words, on an A4 page that is read at arm's length.
LONGEST_JOB_AID = 320


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
