"""Host forces of a mission, their posts, and units that belong to one."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_mission = sa.table("mission", sa.column("id", sa.Uuid()), sa.column("host_force", sa.String()))
_force = sa.table(
    "host_force",
    sa.column("id", sa.Uuid()),
    sa.column("mission_id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("kind", sa.String()),
)
_unit = sa.table("unit", sa.column("mission_id", sa.Uuid()), sa.column("force_id", sa.Uuid()))


def _new_id() -> UUID:
    """A version 7 UUID, so that a force entered later sorts after it."""
    noise = int.from_bytes(os.urandom(10), "big")
    moment = int(time.time() * 1000)
    return UUID(int=moment << 80 | 0x7 << 76 | (noise >> 68 & 0xFFF) << 64 | 0b10 << 62 | noise & ((1 << 62) - 1))


def upgrade() -> None:
    op.create_table(
        "host_force",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_host_force_mission_id_mission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host_force")),
        sa.UniqueConstraint("mission_id", "name", name=op.f("uq_host_force_mission_id_name")),
    )
    op.create_table(
        "establishment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("force_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.CheckConstraint("women IS NULL OR women <= posts", name=op.f("ck_establishment_women_among_posts")),
        sa.ForeignKeyConstraint(["force_id"], ["host_force.id"], name=op.f("fk_establishment_force_id_host_force")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_establishment")),
        sa.UniqueConstraint("force_id", "day", name=op.f("uq_establishment_force_id_day")),
    )
    op.add_column("unit", sa.Column("force_id", sa.Uuid(), nullable=True))
    connection = op.get_bind()
    for id, name in connection.execute(sa.select(_mission.c.id, _mission.c.host_force)).all():
        force_id = _new_id()
        connection.execute(sa.insert(_force).values(id=force_id, mission_id=id, name=name, kind="police"))
        connection.execute(sa.update(_unit).where(_unit.c.mission_id == id).values(force_id=force_id))
    with _units_alone(), op.batch_alter_table("unit") as table:
        table.alter_column("force_id", existing_type=sa.Uuid(), nullable=False)
        table.create_foreign_key(op.f("fk_unit_force_id_host_force"), "host_force", ["force_id"], ["id"])
        table.create_index(op.f("ix_unit_force_id"), ["force_id"])
    op.drop_column("mission", "host_force")


@contextmanager
def _units_alone() -> Iterator[None]:
    """SQLite makes the table anew, which it refuses while the roll points to its rows: that is laid aside meanwhile."""
    op.execute("CREATE TEMPORARY TABLE laid_aside AS SELECT mission_id, user_id, unit_id FROM roll_entry")
    op.execute("UPDATE roll_entry SET unit_id = NULL")
    yield
    op.execute(
        "UPDATE roll_entry SET unit_id = (SELECT unit_id FROM laid_aside "
        "WHERE laid_aside.mission_id = roll_entry.mission_id AND laid_aside.user_id = roll_entry.user_id)"
    )
    op.execute("DROP TABLE laid_aside")


def downgrade() -> None:
    op.add_column("mission", sa.Column("host_force", sa.String(length=120), server_default="", nullable=False))
    op.execute(
        "UPDATE mission SET host_force = COALESCE((SELECT MIN(name) FROM host_force WHERE mission_id = mission.id), '')"
    )
    with _units_alone(), op.batch_alter_table("unit") as table:
        table.drop_index(op.f("ix_unit_force_id"))
        table.drop_constraint(op.f("fk_unit_force_id_host_force"), type_="foreignkey")
        table.drop_column("force_id")
    op.drop_table("establishment")
    op.drop_table("host_force")
