"""The trail of marks, appeals, and kept remarks."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("hand_in", sa.Column("appeal", sa.Text(), nullable=True))
    op.add_column("hand_in", sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("hand_in", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "judgement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hand_in_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("levels", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_judgement_by_user")),
        sa.ForeignKeyConstraint(["hand_in_id"], ["hand_in.id"], name=op.f("fk_judgement_hand_in_id_hand_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    op.create_index(op.f("ix_judgement_hand_in_id"), "judgement", ["hand_in_id"])
    op.create_table(
        "saved_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_remark_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_remark")),
        sa.UniqueConstraint("user_id", "words", name=op.f("uq_saved_remark_user_id_words")),
    )


def downgrade() -> None:
    op.drop_table("saved_remark")
    op.drop_table("judgement")
    op.drop_column("hand_in", "decided_at")
    op.drop_column("hand_in", "appealed_at")
    op.drop_column("hand_in", "appeal")
