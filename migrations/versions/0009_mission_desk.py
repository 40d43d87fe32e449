"""Requests for assistance, and a mission's terms of reference."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assistance_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_kind", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("host_country", sa.String(length=80), nullable=False),
        sa.Column("host_force", sa.String(length=120), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("assessed_by", sa.String(length=12), nullable=True),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=12), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_assistance_request_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance_request")),
        sa.UniqueConstraint("mission_id", name=op.f("uq_assistance_request_mission_id")),
    )
    op.add_column("mission", sa.Column("terms_sha256", sa.String(length=64), nullable=True))
    op.add_column("mission", sa.Column("terms_kept_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("mission", "terms_kept_on")
    op.drop_column("mission", "terms_sha256")
    op.drop_table("assistance_request")
