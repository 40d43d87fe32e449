"""What a lesson weighs on a slow network."""

from collections.abc import Iterator

from lms.core import markup
from lms.library.document import CourseDocument
from lms.library.problems import Problem

# The text comes first; 40 KB of Markdown are some ten seconds at 35 kbit/s.
HEAVIEST_TEXT = 40_000
# Text and pictures together; sound and film are fetched only when somebody plays them.
HEAVIEST_LESSON = 500_000


def heavy_texts(document: CourseDocument) -> Iterator[Problem]:
    """Pages with too much to read at once."""
    for page, texts in document.markdown():
        for language, text in texts.items():
            size = len(text.encode())
            if size > HEAVIEST_TEXT:
                message = f"weighs {size:,} bytes of {HEAVIEST_TEXT:,}: make two lessons of it"
                yield Problem(f"{language}/{page}.md", message)


def heavy_pictures(document: CourseDocument) -> Iterator[Problem]:
    """Pages whose text and pictures together are too much for a phone on 2G."""
    for page, texts in document.markdown():
        for language, text in texts.items():
            named = {address.removeprefix("media/") for address, _ in markup.pictures(text)}
            shown = [file for name, file in document.media.items() if name in named and file.type.startswith("image/")]
            size = len(text.encode()) + sum(file.bytes for file in shown)
            if shown and size > HEAVIEST_LESSON:
                message = f"weighs {size:,} bytes with its pictures, of {HEAVIEST_LESSON:,}: make the pictures smaller"
                yield Problem(f"{language}/{page}.md", message, advice=True)
