"""Scores that somebody set, and the weights of a cohort's marks."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APPEND_ONLY = ("grade_scheme", "grade_override")


def upgrade() -> None:
    op.add_column("activity_state", sa.Column("earned", sa.Double(), nullable=True))
    op.add_column("activity_state", sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE activity_state SET earned = score")
    op.create_table(
        "grade_scheme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_grade_scheme_by_user")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_grade_scheme_cohort_id_cohort")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_scheme")),
    )
    op.create_index(op.f("ix_grade_scheme_cohort_id"), "grade_scheme", ["cohort_id"])
    op.create_table(
        "grade_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_grade_override_by_user")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_grade_override_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_override")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_grade_override_statement_id")),
    )
    op.create_index("ix_grade_override_of", "grade_override", ["enrolment_id", "activity_id"])
    _forbid_changes()


def _forbid_changes() -> None:
    """What somebody set, and why, is added to and never changed."""
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def downgrade() -> None:
    op.drop_table("grade_override")
    op.drop_table("grade_scheme")
    op.drop_column("activity_state", "overridden_at")
    op.drop_column("activity_state", "earned")
