"""Waivers that are taken back; how often and of what a person is told by e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waiver", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("waiver", sa.Column("taken_back_because", sa.String(300), nullable=True))
    op.add_column("message_notice", sa.Column("every", sa.Integer(), server_default="1", nullable=False))
    op.add_column("message_notice", sa.Column("leaves_out", sa.JSON(), server_default="[]", nullable=False))
    # For the rows that there are; PostgreSQL cannot compare a default of this type.
    with op.batch_alter_table("message_notice") as table:
        table.alter_column("leaves_out", existing_type=sa.JSON(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("message_notice") as table:
        table.drop_column("leaves_out")
        table.drop_column("every")
    with op.batch_alter_table("waiver") as table:
        table.drop_column("taken_back_because")
        table.drop_column("taken_back_at")
