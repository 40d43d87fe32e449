"""Courses as books, on the command line."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app

from lms.books.service import FORMATS
from lms.core.files import write_whole
from lms.library import folder
from lms.library.cli import commands
from lms.library.document import CourseDocument
from lms.library.edition import edition
from lms.library.queries import newest_version_of


@commands.command("book")
@click.argument("course", metavar="SLUG_OR_FOLDER")
@click.argument("output", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--language", help="The book's language; the course's source language by default.")
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), help="By the ending of OUTPUT when left out.")
@click.option("--answers", is_flag=True, help="With the key and the feedback, for mentors.")
def write_book(course: str, output: Path, language: str | None, kind: str | None, answers: bool) -> None:
    """Write a course as a book: the newest published version of a course, or a course folder."""
    kind = kind or output.suffix.removeprefix(".")
    if kind not in FORMATS:
        raise click.UsageError(f"Name a format with --format, or let the file end in .{' or .'.join(FORMATS)}.")
    document, media = _course(course)
    language = language or document.source_language
    if language not in document.languages:
        known = ", ".join(document.languages)
        raise click.UsageError(f"The course is not written in '{language}': choose one of {known}.")
    book = FORMATS[kind](document, language, media, answers=answers)
    try:
        write_whole(output, book)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"{output}: {document.code} in {language}{', with answers' if answers else ''}")


def _course(named: str) -> tuple[CourseDocument, Callable[[str], bytes]]:
    """A course's document, and what gives a media file's bytes by its name."""
    path = Path(named)
    if (path / folder.COURSE).exists():
        try:
            return folder.read(path), folder.media_of(path)
        except folder.CourseError as error:
            for problem in error.problems:
                click.echo(f"{path.name}/{problem}")
            raise click.ClickException(f"{path.name} has problems; no book was written.") from None
    version_id = newest_version_of(named, None)
    if version_id is None:
        raise click.ClickException(f"'{named}' is neither a published course nor a course folder.")
    document, store = edition(version_id).document, current_app.config["MEDIA"]
    return document, store.reader(document)


__all__ = ["commands"]
