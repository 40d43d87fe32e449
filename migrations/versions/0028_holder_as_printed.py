"""Whom a certificate was printed for, as a fingerprint that names nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("credential", sa.Column("printed_for", sa.String(64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("credential") as table:
        table.drop_column("printed_for")
