"""Who waits for a place with an account already; who accepted what was handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("join_request") as table:
        table.add_column(sa.Column("asked_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_join_request_asked_by_user"), "user", ["asked_by"], ["id"])
    with op.batch_alter_table("handover_item") as table:
        table.add_column(sa.Column("accepted_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_handover_item_accepted_by_user"), "user", ["accepted_by"], ["id"])
    op.execute(
        sa.text(
            "UPDATE handover_item SET accepted_by = (SELECT deployment.user_id FROM handover"
            " JOIN deployment ON deployment.id = handover.successor_id WHERE handover.id = handover_item.handover_id)"
            " WHERE accepted_at IS NOT NULL"
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("handover_item") as table:
        table.drop_constraint(op.f("fk_handover_item_accepted_by_user"), type_="foreignkey")
        table.drop_column("accepted_by")
    # Let in without the column, who has an account would be led to a new password.
    op.execute(sa.text("DELETE FROM join_request WHERE asked_by IS NOT NULL"))
    with op.batch_alter_table("join_request") as table:
        table.drop_constraint(op.f("fk_join_request_asked_by_user"), type_="foreignkey")
        table.drop_column("asked_by")
