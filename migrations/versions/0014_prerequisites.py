"""What a cohort asks for beyond its course, and what is waived for one trainee."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("prerequisites", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "waiver",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("course_slug", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_waiver_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_waiver_by_user")),
        sa.PrimaryKeyConstraint("enrolment_id", "course_slug", name=op.f("pk_waiver")),
    )


def downgrade() -> None:
    op.drop_table("waiver")
    op.drop_column("cohort", "prerequisites")
