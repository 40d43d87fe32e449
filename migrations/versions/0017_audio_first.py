"""Sound first for who reads with difficulty, as the rolls say today."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

user = sa.table("user", sa.column("id", sa.Uuid()), sa.column("audio_first", sa.Boolean()))
roll_entry = sa.table("roll_entry", sa.column("user_id", sa.Uuid()), sa.column("literacy", sa.String()))


def upgrade() -> None:
    op.add_column("user", sa.Column("audio_first", sa.Boolean(), server_default=sa.false(), nullable=False))
    needed = sa.select(roll_entry.c.user_id).where(roll_entry.c.literacy.in_(["help", "audio"]))
    op.execute(user.update().where(user.c.id.in_(needed)).values(audio_first=True))


def downgrade() -> None:
    op.drop_column("user", "audio_first")
