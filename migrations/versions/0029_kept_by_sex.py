"""What the report of a closed cohort shows by sex."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of cohorts that are closed already a worker keeps the figures as the roll has them, within minutes.
    op.create_table(
        "kept_by_sex",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_kept_by_sex_cohort_id_cohort")),
        sa.PrimaryKeyConstraint("cohort_id", name=op.f("pk_kept_by_sex")),
    )


def downgrade() -> None:
    op.drop_table("kept_by_sex")
