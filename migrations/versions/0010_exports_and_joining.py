"""Rolls that leave the house by two people's word, and trainees who join with a code."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roll_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_roll_export_mission_id_mission")),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_roll_export_asked_by_user")),
        sa.ForeignKeyConstraint(["approved_by"], ["user.id"], name=op.f("fk_roll_export_approved_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_export")),
        sa.CheckConstraint("approved_by <> asked_by", name=op.f("ck_roll_export_two_people")),
    )
    op.create_index(op.f("ix_roll_export_mission_id"), "roll_export", ["mission_id"])
    op.create_table(
        "join_code",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_join_code_cohort_id_cohort")),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_join_code")),
        sa.UniqueConstraint("code", name=op.f("uq_join_code_code")),
    )
    op.create_table(
        "join_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.String(length=4), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_join_request_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_join_request_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
        sa.UniqueConstraint("cohort_id", "ticket", name=op.f("uq_join_request_cohort_id_ticket")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_join_request_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("join_request")
    op.drop_table("join_code")
    op.drop_table("roll_export")
