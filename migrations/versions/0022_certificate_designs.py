"""How a mission's certificates look, who stands on them, and which file was kept of each."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_design",
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("design", sa.String(length=12), nullable=False),
        sa.Column("paper", sa.String(length=8), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("signatories", sa.JSON(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_certificate_design_mission_id_mission")),
        sa.PrimaryKeyConstraint("mission_id", name=op.f("pk_certificate_design")),
    )
    op.create_table(
        "certificate_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("partner", sa.String(length=12), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("mark", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("ends >= begins", name=op.f("ck_certificate_partner_dates_in_order")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_certificate_partner_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_partner")),
    )
    op.create_index(op.f("ix_certificate_partner_mission_id"), "certificate_partner", ["mission_id"])
    op.create_table(
        "kept_pdf",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_kept_pdf_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_kept_pdf")),
    )


def downgrade() -> None:
    op.drop_table("kept_pdf")
    op.drop_table("certificate_partner")
    op.drop_table("certificate_design")
