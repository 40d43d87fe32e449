"""Indexes from which a large cohort's progress is read."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_statement_latest", "statement", ["registration", "occurred_at", "verb"])
    op.create_index("ix_activity_state_status", "activity_state", ["registration", "status", "activity_id"])


def downgrade() -> None:
    op.drop_index("ix_activity_state_status", table_name="activity_state")
    op.drop_index("ix_statement_latest", table_name="statement")
