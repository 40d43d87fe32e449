"""Courses on the command line."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.core.db import transaction
from lms.library import check, folder, service, table
from lms.library.folder import CourseError

commands = AppGroup("courses", help="Check and publish course folders.")

COURSES = Path(__file__).parents[2] / "courses"


def _folders(chosen: tuple[Path, ...]) -> list[Path]:
    return list(chosen) or sorted(path.parent for path in COURSES.glob("*/course.yaml"))


@commands.command("check")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
def check_folders(folders: tuple[Path, ...]) -> None:
    """Say what is wrong with course folders, and where; all of courses/ by default."""
    bad = 0
    for path in _folders(folders):
        try:
            problems = check.problems(folder.read(path))
        except CourseError as error:
            problems = error.problems
        for problem in problems:
            click.echo(f"{path.name}/{problem}")
        click.echo(f"{path.name}: {'good' if not problems else f'{len(problems)} problems'}")
        bad += bool(problems)
    if bad:
        raise click.ClickException(f"{bad} of the courses need mending.")


@commands.command("table")
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
def print_table(folders: tuple[Path, ...]) -> None:
    """Print the table of courses/README.md."""
    click.echo(table.markdown(_folders(folders)), nl=False)


@commands.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
def publish(folders: tuple[Path, ...]) -> None:
    """Publish course folders as their newest version; what did not change stays; one bad course stops all."""
    documents = []
    for path in _folders(folders):
        try:
            document = folder.read(path)
            problems = check.problems(document)
        except CourseError as error:
            problems = error.problems
        if problems:
            for problem in problems:
                click.echo(f"{path.name}/{problem}")
            raise click.ClickException(f"{path.name} has problems; nothing was published.")
        documents.append((path, document))
    with transaction():
        for path, document in documents:
            version, new = service.publish(document, folder.media_of(path), current_app.config["MEDIA"], by=None)
            click.echo(f"{path.name}: version {version.number}{'' if new else ' (unchanged)'}")
