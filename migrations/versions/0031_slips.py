"""Which sign-in slips were printed at once, so that they can be printed again."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slip",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("printing", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_slip_user_id_user")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_slip_mission_id_mission")),
        sa.ForeignKeyConstraint(["made_by"], ["user.id"], name=op.f("fk_slip_made_by_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_slip")),
    )
    op.create_index("ix_slip_printing", "slip", ["mission_id", "made_by"])


def downgrade() -> None:
    op.drop_table("slip")
