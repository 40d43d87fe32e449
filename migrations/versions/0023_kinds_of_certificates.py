"""Kinds of certificates, renewals, attestations, two people, issuing many at once."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mission", sa.Column("two_to_issue", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("credential") as table:
        table.add_column(sa.Column("kind", sa.String(length=12), server_default="completion", nullable=False))
        table.add_column(sa.Column("level", sa.Integer(), nullable=True))
        table.add_column(sa.Column("renews_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_constraint("uq_credential_enrolment_id", type_="unique")
        table.create_foreign_key(op.f("fk_credential_renews_id_credential"), "credential", ["renews_id"], ["id"])
        table.create_unique_constraint(op.f("uq_credential_renews_id"), ["renews_id"])
    op.drop_index("ix_credential_mission_id", "credential")
    op.create_index("ix_credential_mission_end", "credential", ["mission_id", "expires_at"])
    op.create_index(op.f("ix_credential_enrolment_id"), "credential", ["enrolment_id"])
    first = sa.text("renews_id IS NULL")
    op.create_index(
        "uq_credential_first",
        "credential",
        ["enrolment_id", "kind"],
        unique=True,
        sqlite_where=first,
        postgresql_where=first,
    )
    op.create_index(op.f("ix_credential_remind_at"), "credential", ["remind_at"])
    _remind_those_that_end()
    _attestations()
    _issuings()


def _remind_those_that_end() -> None:
    """Certificates that were issued before are reminded of 60 days before their end."""
    instant = sa.DateTime(timezone=True)
    credential = sa.table(
        "credential", sa.column("id", sa.Uuid()), sa.column("expires_at", instant), sa.column("remind_at", instant)
    )
    ends = sa.select(credential.c.id, credential.c.expires_at).where(credential.c.expires_at.is_not(None))
    for id, expires_at in op.get_bind().execute(ends).all():
        before = expires_at - timedelta(days=60)
        op.execute(credential.update().where(credential.c.id == id).values(remind_at=before))


def _attestations() -> None:
    op.create_table(
        "attestation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("taught", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_attestation_by_user")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_attestation_enrolment_id_enrolment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attestation")),
    )
    op.create_index(op.f("ix_attestation_enrolment_id"), "attestation", ["enrolment_id"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER attestation_no_{act.lower()} BEFORE {act} ON attestation "
                "BEGIN SELECT RAISE(ABORT, 'attestation is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER attestation_append_only BEFORE UPDATE OR DELETE ON attestation "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _issuings() -> None:
    instants = ("proposed_at", "started_at", "refused_at", "done_at", "packing_at", "archive_until")
    op.create_table(
        "issuing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("needs_two", sa.Boolean(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("refused_by", sa.Uuid(), nullable=True),
        sa.Column("refused_because", sa.String(length=300), nullable=True),
        sa.Column("packed", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in instants),
        sa.CheckConstraint(
            "NOT needs_two OR started_by IS NULL OR started_by <> asked_by", name=op.f("ck_issuing_two_people")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_issuing_asked_by_user")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_issuing_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_issuing_mission_id_mission")),
        sa.ForeignKeyConstraint(["refused_by"], ["user.id"], name=op.f("fk_issuing_refused_by_user")),
        sa.ForeignKeyConstraint(["started_by"], ["user.id"], name=op.f("fk_issuing_started_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing")),
    )
    op.create_index(op.f("ix_issuing_cohort_id"), "issuing", ["cohort_id"])
    op.create_index("ix_issuing_mission", "issuing", ["mission_id", "asked_at"])
    op.create_table(
        "issuing_row",
        sa.Column("issuing_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("lacks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["credential.id"], name=op.f("fk_issuing_row_credential_id_credential")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_issuing_row_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["issuing_id"], ["issuing.id"], name=op.f("fk_issuing_row_issuing_id_issuing")),
        sa.PrimaryKeyConstraint("issuing_id", "place", name=op.f("pk_issuing_row")),
        sa.UniqueConstraint("issuing_id", "enrolment_id", name=op.f("uq_issuing_row_issuing_id_enrolment_id")),
    )


def downgrade() -> None:
    for table_name in ("issuing_row", "issuing", "attestation"):
        op.drop_table(table_name)
    for index in (
        "uq_credential_first",
        "ix_credential_enrolment_id",
        "ix_credential_mission_end",
        "ix_credential_remind_at",
    ):
        op.drop_index(index, "credential")
    op.create_index(op.f("ix_credential_mission_id"), "credential", ["mission_id"])
    with op.batch_alter_table("credential") as table:
        table.drop_constraint("fk_credential_renews_id_credential", type_="foreignkey")
        table.drop_constraint("uq_credential_renews_id", type_="unique")
        for column in ("remind_at", "renews_id", "level", "kind"):
            table.drop_column(column)
        table.create_unique_constraint(op.f("uq_credential_enrolment_id"), ["enrolment_id"])
    op.drop_column("mission", "two_to_issue")
