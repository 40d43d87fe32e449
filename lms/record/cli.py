"""The ledger on the command line."""

import click
from flask.cli import AppGroup

from lms.core.db import transaction
from lms.record import service

commands = AppGroup("record", help="The ledger of what happened.")


@commands.command()
def rebuild() -> None:
    """Fold every progress state anew from the ledger."""
    with transaction():
        count = service.rebuild()
    click.echo(f"{count} states folded.")
