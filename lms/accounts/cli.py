"""People on the command line: how the first administrator gets in, and the last one back."""

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from lms.accounts import service
from lms.accounts.models import Role
from lms.core.db import transaction
from lms.core.errors import DomainError

commands = AppGroup("people", help="Accounts.")


@commands.command("admin")
@click.argument("username")
def make_admin(username: str) -> None:
    """Print a one-time link for an administrator, whose account is made if there is none of this name."""
    try:
        with transaction():
            user = service.find(username) or service.create(username, Role.ADMIN, by=None)
            if user.role != Role.ADMIN.value:
                raise DomainError("This account has another role. Choose another username.")
            token = service.make_link(user, user.id)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    with current_app.test_request_context():
        click.echo(f"{current_app.config['BASE_URL']}{url_for('accounts.recover', token=token)}")
    click.echo("Open it once within 24 hours and set a password.")
