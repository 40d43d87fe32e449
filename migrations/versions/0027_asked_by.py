"""Who waits for a place with an account already."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("join_request") as table:
        table.add_column(sa.Column("asked_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_join_request_asked_by_user"), "user", ["asked_by"], ["id"])


def downgrade() -> None:
    # Let in without the column, who has an account would be led to a new password.
    op.execute(sa.text("DELETE FROM join_request WHERE asked_by IS NOT NULL"))
    with op.batch_alter_table("join_request") as table:
        table.drop_constraint(op.f("fk_join_request_asked_by_user"), type_="foreignkey")
        table.drop_column("asked_by")
