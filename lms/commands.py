"""The whole product on the command line: its database, its worker, its demonstration."""

import signal
import threading

import click
from flask import current_app
from flask.cli import AppGroup

from lms import demo
from lms.core import db, jobs, schema
from lms.core.keys import PURPOSES, ring

database = AppGroup("database", help="The database's shape.")
work = AppGroup("jobs", help="Background work.")
keys = AppGroup("keys", help="What this installation signs with.")


@database.command()
def upgrade() -> None:
    """Apply the migrations that the database lacks."""
    schema.upgrade(db.db.engine)


@work.command("work")
def work_forever() -> None:
    """Do background work until stopped."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    jobs.work_forever(app.app_context, stop)


@keys.command("list")
def list_keys() -> None:
    """Say which keys there are, the oldest of each purpose first."""
    known = ring(current_app.config["DATA_DIR"])
    for purpose in PURPOSES:
        for pair in getattr(known, purpose).all:
            click.echo(f"{purpose:<12} {pair.id}  made {pair.made_at:%Y-%m-%d %H:%M} UTC")


@keys.command("rotate")
@click.argument("purpose", type=click.Choice(PURPOSES))
def rotate_key(purpose: str) -> None:
    """Add a key, which signs from now on; the older ones stay, and what they signed stays good."""
    pair = ring(current_app.config["DATA_DIR"], current_app.config["SITE_NAME"]).rotate(purpose)
    click.echo(f"{pair.id} signs {purpose} from now on. Put a copy of {current_app.config['DATA_DIR'] / 'keys'} away.")
    if purpose == "sessions":
        click.echo("Servers that run take it up when they are started again.")


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing, instead of refusing, where there are people already.")
def load_demo(if_empty: bool) -> None:
    """Fill an empty database with a fictional mission, its people and a course."""
    try:
        demo.load(current_app.config["DATA_DIR"], current_app.config["MEDIA"])
    except demo.NotEmpty as error:
        if not if_empty:
            raise click.ClickException(str(error)) from None


commands = (database, work, keys, load_demo)
