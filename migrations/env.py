"""Runs migrations over the connection that ``lms.core.schema`` hands in."""

from alembic import context

from lms.app import models_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models_metadata(),
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
