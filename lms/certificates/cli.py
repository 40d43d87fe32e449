"""Certificates on the command line."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms.certificates.jobs import NotAllPrinted, print_missing
from lms.certificates.models import Credential
from lms.core.db import session, transaction

commands = AppGroup("certificates", help="The files of certificates.")


@commands.command("print")
def print_certificates() -> None:
    """Make the PDFs that are missing or damaged, for example after a restore without them."""
    with transaction(write=False):
        ids = session.scalars(select(Credential.id).order_by(Credential.id)).all()
    try:
        click.echo(f"{print_missing(ids)} of {len(ids)} certificates were printed.")
    except NotAllPrinted as error:
        click.echo(f"{error.printed} of {len(ids)} certificates were printed.")
        raise click.ClickException(f"{error.failed} could not be printed; the log says why.") from None
