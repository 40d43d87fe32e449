"""Decisions on short answers that the key does not know, and attempts given aloud."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

GIVEN_BY = "fk_attempt_given_by_user"
IN_FORCE = sa.text("taken_back_at IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # In place: a table that others refer to cannot be made anew while their rows are there.
        reference = f"CONSTRAINT {GIVEN_BY} REFERENCES user (id)"
        op.execute(f"ALTER TABLE attempt ADD COLUMN given_by CHAR(32) {reference}")
    else:
        op.add_column("attempt", sa.Column("given_by", sa.Uuid(), nullable=True))
        op.create_foreign_key(GIVEN_BY, "attempt", "user", ["given_by"], ["id"])
    op.add_column("activity_state", sa.Column("aloud", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "answer_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("course_version_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.String(length=200), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_answer_decision_mission_id_mission")),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_answer_decision_course_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_answer_decision_decided_by_user")),
        sa.ForeignKeyConstraint(["taken_back_by"], ["user.id"], name=op.f("fk_answer_decision_taken_back_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_decision")),
    )
    op.create_index(
        "ix_answer_decision_in_force",
        "answer_decision",
        ["mission_id", "question", "answer"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_table(
        "unmatched_answer",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("course_version_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.String(length=200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_unmatched_answer_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_unmatched_answer_mission_id_mission")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_unmatched_answer_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_unmatched_answer_course_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["answer_decision.id"], name=op.f("fk_unmatched_answer_decision_id_answer_decision")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_unmatched_answer")),
    )
    op.create_index("ix_unmatched_answer_equal", "unmatched_answer", ["mission_id", "question", "answer"])
    op.create_index(op.f("ix_unmatched_answer_decision_id"), "unmatched_answer", ["decision_id"])


def downgrade() -> None:
    op.drop_table("unmatched_answer")
    op.drop_table("answer_decision")
    op.drop_column("activity_state", "aloud")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(GIVEN_BY, "attempt", type_="foreignkey")
    op.drop_column("attempt", "given_by")
