"""Mentoring notes with their wordings, action plans with their steps, and comments."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

APPEND_ONLY = ("note_wording", "plan_entry", "mentoring_comment")


def upgrade() -> None:
    op.create_table(
        "mentoring_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("competency", sa.String(length=3), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", sa.Uuid(), nullable=True),
        sa.Column("struck_because", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_mentoring_note_mission_id_mission")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mentoring_note_user_id_user")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_mentoring_note_written_by_user")),
        sa.ForeignKeyConstraint(["struck_by"], ["user.id"], name=op.f("fk_mentoring_note_struck_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_note")),
    )
    op.create_index("ix_mentoring_note_person", "mentoring_note", ["user_id", "mission_id", "day"])
    op.create_table(
        "note_wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["note_id"], ["mentoring_note.id"], name=op.f("fk_note_wording_note_id_mentoring_note")
        ),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_note_wording_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_wording")),
    )
    op.create_index(op.f("ix_note_wording_note_id"), "note_wording", ["note_id"])
    op.create_table(
        "action_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("gap", sa.LargeBinary(), nullable=True),
        sa.Column("action", sa.LargeBinary(), nullable=True),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("next_review", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_action_plan_mission_id_mission")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_action_plan_user_id_user")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_action_plan_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
    )
    op.create_index("ix_action_plan_person", "action_plan", ["user_id", "mission_id"])
    op.create_index("ix_action_plan_mission", "action_plan", ["mission_id", "status", "due"])
    op.create_index(op.f("ix_action_plan_owner_id"), "action_plan", ["owner_id"])
    op.create_table(
        "plan_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["action_plan.id"], name=op.f("fk_plan_entry_plan_id_action_plan")),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_plan_entry_by_user")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_plan_entry_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_entry")),
    )
    op.create_index(op.f("ix_plan_entry_plan_id"), "plan_entry", ["plan_id"])
    op.create_table(
        "mentoring_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(note_id IS NULL) <> (plan_id IS NULL)", name=op.f("ck_mentoring_comment_on_one_thing")),
        sa.ForeignKeyConstraint(
            ["note_id"], ["mentoring_note.id"], name=op.f("fk_mentoring_comment_note_id_mentoring_note")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["action_plan.id"], name=op.f("fk_mentoring_comment_plan_id_action_plan")),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_mentoring_comment_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_comment")),
    )
    op.create_index(op.f("ix_mentoring_comment_note_id"), "mentoring_comment", ["note_id"])
    op.create_index(op.f("ix_mentoring_comment_plan_id"), "mentoring_comment", ["plan_id"])
    for table in APPEND_ONLY:
        _forbid_changes(table)


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in ("mentoring_comment", "plan_entry", "action_plan", "note_wording", "mentoring_note"):
        op.drop_table(table)
