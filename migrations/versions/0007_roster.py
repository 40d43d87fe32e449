"""Units of the host force, what the roll keeps of a trainee, and rolls that come as files."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=True),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_unit_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("mission_id", "region", "name", name=op.f("uq_unit_mission_id_region_name")),
    )
    with op.batch_alter_table("roll_entry") as table:
        table.add_column(sa.Column("sex", sa.String(length=1), nullable=True))
        table.add_column(sa.Column("rank", sa.String(length=12), nullable=True))
        table.add_column(sa.Column("unit_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("languages", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("literacy", sa.String(length=12), nullable=True))
        table.create_foreign_key(op.f("fk_roll_entry_unit_id_unit"), "unit", ["unit_id"], ["id"])
        table.create_index(op.f("ix_roll_entry_unit_id"), ["unit_id"])
    op.create_table(
        "roll_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_roll_import_mission_id_mission")),
        sa.ForeignKeyConstraint(["brought_by"], ["user.id"], name=op.f("fk_roll_import_brought_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_import")),
    )
    op.create_index(op.f("ix_roll_import_mission_id"), "roll_import", ["mission_id"])
    op.create_table(
        "roll_import_row",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("plan", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roll_import.id"], name=op.f("fk_roll_import_row_import_id_roll_import")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_roll_import_row_user_id_user")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_roll_import_row")),
    )


def downgrade() -> None:
    op.drop_table("roll_import_row")
    op.drop_table("roll_import")
    with op.batch_alter_table("roll_entry") as table:
        table.drop_index(op.f("ix_roll_entry_unit_id"))
        table.drop_constraint(op.f("fk_roll_entry_unit_id_unit"), type_="foreignkey")
        for name in ("sex", "rank", "unit_id", "languages", "literacy"):
            table.drop_column(name)
    op.drop_table("unit")
