"""Credentials: their signed text, their places in the status lists, suspension."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    entries = op.create_table(
        "status_entry",
        sa.Column("list", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.CheckConstraint('"index" >= 0 AND "index" < 131072', name=op.f("ck_status_entry_index_in_list")),
        sa.PrimaryKeyConstraint("list", "index", name=op.f("pk_status_entry")),
    )
    for column in (
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("status_list", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("status_index", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_because", sa.String(length=300), nullable=True),
    ):
        op.add_column("credential", column)
    _place_those_there_are(entries)
    op.create_index("uq_credential_status_place", "credential", ["status_list", "status_index"], unique=True)


def _place_those_there_are(entries: sa.Table) -> None:
    """Give each certificate that was issued before a place by chance; half a list at most."""
    connection = op.get_bind()
    columns = ("id", "status_list", "status_index", "revoked_at")
    credential = sa.table("credential", *map(sa.column, columns))
    rows = connection.execute(sa.select(credential.c.id, credential.c.revoked_at)).all()
    places = secrets.SystemRandom().sample(range(131_072 * (1 + len(rows) // 65_536)), len(rows))
    for (id, revoked_at), place in zip(rows, places, strict=True):
        number, index = place // 131_072 + 1, place % 131_072
        connection.execute(
            sa.update(credential).where(credential.c.id == id).values(status_list=number, status_index=index)
        )
        connection.execute(
            entries.insert().values(list=number, index=index, revoked=revoked_at is not None, suspended=False)
        )


def downgrade() -> None:
    op.drop_index("uq_credential_status_place", "credential")
    for column in ("suspended_because", "suspended_at", "status_index", "status_list", "document"):
        op.drop_column("credential", column)
    op.drop_table("status_entry")
