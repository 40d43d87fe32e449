"""The studio: drafts, their parts, history, files and comments; courses of a mission's own; what a version changes."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mission_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("source_language", sa.String(length=8), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_draft_created_by_user")),
        sa.ForeignKeyConstraint(["mission_id"], ["mission.id"], name=op.f("fk_draft_mission_id_mission")),
        sa.ForeignKeyConstraint(["origin_id"], ["course_version.id"], name=op.f("fk_draft_origin_id_course_version")),
        sa.ForeignKeyConstraint(["submitted_by"], ["user.id"], name=op.f("fk_draft_submitted_by_user")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_draft_version_id_course_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("slug", name=op.f("uq_draft_slug")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_mission_id"), ["mission_id"], unique=False)

    op.create_table(
        "draft_asset",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user.id"], name=op.f("fk_draft_asset_added_by_user")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_asset_draft_id_draft")),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_draft_asset")),
    )
    with op.batch_alter_table("draft_asset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_asset_sha256"), ["sha256"], unique=False)

    op.create_table(
        "draft_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.String(length=64), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_comment_draft_id_draft")),
        sa.ForeignKeyConstraint(["written_by"], ["user.id"], name=op.f("fk_draft_comment_written_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comment")),
    )
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.create_index("ix_draft_comment_draft", ["draft_id", "written_at"], unique=False)

    op.create_table(
        "draft_part",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_part_draft_id_draft")),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_draft_part_saved_by_user")),
        sa.PrimaryKeyConstraint("draft_id", "key", name=op.f("pk_draft_part")),
    )
    op.create_table(
        "draft_translated",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_translated_draft_id_draft")),
        sa.PrimaryKeyConstraint("draft_id", "key", "language", name=op.f("pk_draft_translated")),
    )
    op.create_table(
        "draft_revision",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("typed", sa.Boolean(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id", "key"],
            ["draft_part.draft_id", "draft_part.key"],
            name=op.f("fk_draft_revision_draft_id_key_draft_part"),
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["user.id"], name=op.f("fk_draft_revision_saved_by_user")),
        sa.PrimaryKeyConstraint("draft_id", "key", "number", name=op.f("pk_draft_revision")),
    )
    op.create_table(
        "course_media",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_media_course_id_course")),
        sa.PrimaryKeyConstraint("sha256", "course_id", name=op.f("pk_course_media")),
    )
    _note_media()
    op.add_column("course_version", sa.Column("changes", sa.String(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        # SQLite adds a column with its reference in place; a copy of the table would break those who refer to it.
        op.execute(
            "ALTER TABLE course ADD COLUMN mission_id CHAR(32) "
            "CONSTRAINT fk_course_mission_id_mission REFERENCES mission (id)"
        )
        return
    op.add_column("course", sa.Column("mission_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_course_mission_id_mission"), "course", "mission", ["mission_id"], ["id"])


def _note_media() -> None:
    """Which course shows which file, from the documents of the versions that there are."""
    connection = op.get_bind()
    version = sa.table("course_version", sa.column("course_id", sa.Uuid()), sa.column("document", sa.String()))
    media = sa.table("course_media", sa.column("sha256", sa.String()), sa.column("course_id", sa.Uuid()))
    found = {
        (file["sha256"], row.course_id)
        for row in connection.execute(sa.select(version.c.course_id, version.c.document))
        for file in json.loads(row.document).get("media", {}).values()
    }
    if found:
        connection.execute(media.insert(), [{"sha256": each, "course_id": course} for each, course in sorted(found)])


def downgrade() -> None:
    op.drop_table("course_media")
    op.drop_column("course_version", "changes")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_course_mission_id_mission"), "course", type_="foreignkey")
    op.drop_column("course", "mission_id")
    op.drop_table("draft_revision")
    op.drop_table("draft_translated")
    op.drop_table("draft_part")
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_draft_comment_draft")

    op.drop_table("draft_comment")
    with op.batch_alter_table("draft_asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_asset_sha256"))

    op.drop_table("draft_asset")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_mission_id"))

    op.drop_table("draft")
