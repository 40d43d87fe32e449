"""Who proposed certificates, who asked that one person be enough; certificates that could not be printed."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TWO = (
    "NOT needs_two OR ((started_by IS NULL OR (proposed_by IS NOT NULL AND started_by <> proposed_by "
    "AND started_by <> asked_by)) AND (refused_by IS NULL OR (refused_by <> proposed_by AND refused_by <> asked_by)))"
)
TWO_BEFORE = "NOT needs_two OR started_by IS NULL OR started_by <> asked_by"


def upgrade() -> None:
    with op.batch_alter_table("issuing") as table:
        table.drop_constraint(op.f("ck_issuing_two_people"), type_="check")
        table.add_column(sa.Column("proposed_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_issuing_proposed_by_user"), "user", ["proposed_by"], ["id"])
    _fill()
    with op.batch_alter_table("issuing") as table:
        table.create_check_constraint(op.f("ck_issuing_two_people"), TWO)
    with op.batch_alter_table("mission") as table:
        table.add_column(sa.Column("one_asked_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_mission_one_asked_by_user"), "user", ["one_asked_by"], ["id"])
    op.create_table(
        "unprinted",
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_unprinted_credential_id_credential")
        ),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_unprinted")),
    )


def _fill() -> None:
    """The audit trail knows who proposed; where that one approved too, only who made the dry run can be named."""
    op.execute(
        "UPDATE issuing SET proposed_by = COALESCE((SELECT e.actor_id FROM audit_event e "
        "WHERE e.action = 'certificates.proposed' AND e.object_id = issuing.id "
        "AND e.actor_id <> COALESCE(issuing.started_by, issuing.refused_by, issuing.mission_id) "
        "ORDER BY e.at LIMIT 1), asked_by) WHERE proposed_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("unprinted")
    with op.batch_alter_table("mission") as table:
        table.drop_constraint(op.f("fk_mission_one_asked_by_user"), type_="foreignkey")
        table.drop_column("one_asked_by")
    with op.batch_alter_table("issuing") as table:
        table.drop_constraint(op.f("ck_issuing_two_people"), type_="check")
        table.drop_constraint(op.f("fk_issuing_proposed_by_user"), type_="foreignkey")
        table.drop_column("proposed_by")
        table.create_check_constraint(op.f("ck_issuing_two_people"), TWO_BEFORE)
