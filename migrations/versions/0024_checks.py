"""Certificates that hide, counts of checks, files that were served before; tries of any kind."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SERVED = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.add_column("credential", sa.Column("hidden_at", INSTANT, nullable=True))
    op.add_column("credential", sa.Column("checks", sa.Integer(), server_default="0", nullable=False))
    kept = _taken_out()
    _kept_pdf(sa.Column("replaced_at", INSTANT, nullable=True), key="sha256")
    op.create_index(op.f("ix_kept_pdf_credential_id"), "kept_pdf", ["credential_id"])
    op.create_index(
        "uq_kept_pdf_served",
        "kept_pdf",
        ["credential_id"],
        unique=True,
        sqlite_where=SERVED,
        postgresql_where=SERVED,
    )
    _put_back(kept)
    # It holds a quarter of an hour.
    op.drop_table("failed_sign_in")
    _counts("tries")


def downgrade() -> None:
    op.drop_table("tries")
    _counts("failed_sign_in")
    kept = _taken_out("replaced_at IS NULL")
    _kept_pdf(key="credential_id")
    _put_back(kept)
    with op.batch_alter_table("credential") as table:
        table.drop_column("checks")
        table.drop_column("hidden_at")


def _taken_out(which: str = "true") -> list[dict[str, Any]]:
    """The files that are served; the table goes, because its key changes."""
    rows = op.get_bind().execute(sa.select(_columns()).where(sa.text(which))).mappings()
    kept = [dict(row) for row in rows]
    op.drop_table("kept_pdf")
    return kept


def _put_back(kept: list[dict[str, Any]]) -> None:
    if kept:
        op.bulk_insert(_columns(), kept)


def _columns() -> sa.TableClause:
    return sa.table(
        "kept_pdf",
        sa.column("sha256", sa.String()),
        sa.column("credential_id", sa.Uuid()),
        sa.column("kept_at", INSTANT),
    )


def _kept_pdf(*more: sa.Column[Any], key: str) -> None:
    op.create_table(
        "kept_pdf",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_kept_pdf_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint(key, name=op.f("pk_kept_pdf")),
    )


def _counts(name: str) -> None:
    op.create_table(
        name,
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{name}")),
    )
