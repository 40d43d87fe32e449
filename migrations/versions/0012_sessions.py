"""A cohort's dates, queue, instructors and closing; sessions, spot counts and calendar addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("schedule", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("cohort", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("enrolment", sa.Column("left_because", sa.String(length=16), nullable=True))
    op.add_column("enrolment", sa.Column("extension_days", sa.Integer(), server_default="0", nullable=False))
    op.add_column("enrolment", sa.Column("extra_time", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "waiting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_waiting_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_waiting_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("cohort_id", "user_id", name=op.f("uq_waiting_cohort_id_user_id")),
    )
    op.create_table(
        "teaching",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_teaching_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_teaching_user_id_user")),
        sa.PrimaryKeyConstraint("cohort_id", "user_id", name=op.f("pk_teaching")),
    )
    op.create_index(op.f("ix_teaching_user_id"), "teaching", ["user_id"])
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_correction_by_user")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_correction_cohort_id_cohort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_cohort_id"), "correction", ["cohort_id"])
    op.create_table(
        "training_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("venue", sa.String(length=120), nullable=False),
        sa.Column("venue_code", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=True),
        sa.Column("code_key", sa.String(length=32), nullable=False),
        sa.Column("check_in_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_training_session_times_in_order")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_training_session_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["trainer_id"], ["user.id"], name=op.f("fk_training_session_trainer_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    op.create_index("ix_training_session_cohort_start", "training_session", ["cohort_id", "starts_at"])
    op.create_table(
        "spot_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted_by", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["counted_by"], ["user.id"], name=op.f("fk_spot_count_counted_by_user")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_session.id"], name=op.f("fk_spot_count_session_id_training_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_count")),
    )
    op.create_index(op.f("ix_spot_count_session_id"), "spot_count", ["session_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )


def downgrade() -> None:
    for table in ("calendar_feed", "spot_count", "training_session", "correction", "teaching", "waiting"):
        op.drop_table(table)
    for column in ("extra_time", "extension_days", "left_because"):
        op.drop_column("enrolment", column)
    for column in ("closed_at", "schedule"):
        op.drop_column("cohort", column)
