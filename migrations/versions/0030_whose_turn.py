"""Work that waits for a mark and work that was given back are told apart, on record and in what is folded from it."""

from uuid import uuid5

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

statement = sa.table(
    "statement",
    sa.column("id", sa.Uuid()),
    sa.column("actor_id", sa.Uuid()),
    sa.column("verb", sa.String()),
    sa.column("registration", sa.Uuid()),
    sa.column("activity_id", sa.String()),
    sa.column("context", sa.JSON()),
    sa.column("occurred_at", sa.DateTime(timezone=True)),
    sa.column("stored_at", sa.DateTime(timezone=True)),
)
judgement = sa.table(
    "judgement",
    sa.column("id", sa.Uuid()),
    sa.column("hand_in_id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("by", sa.Uuid()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("statement_id", sa.Uuid()),
)
hand_in = sa.table(
    "hand_in",
    sa.column("id", sa.Uuid()),
    sa.column("user_id", sa.Uuid()),
    sa.column("enrolment_id", sa.Uuid()),
    sa.column("activity_id", sa.String()),
)
# Neither what is completed nor what somebody set by hand changes by this.
STATES = (
    "UPDATE activity_state SET status = '{}' WHERE status IN ('started', 'failed') AND overridden_at IS NULL AND {}"
)
WAITS = (
    "EXISTS (SELECT 1 FROM hand_in h WHERE h.enrolment_id = activity_state.registration "
    "AND h.activity_id = activity_state.activity_id AND h.marked_at IS NULL)"
)
RETURNED = (
    "(SELECT j.kind FROM judgement j JOIN hand_in h ON h.id = j.hand_in_id "
    "WHERE h.enrolment_id = activity_state.registration AND h.activity_id = activity_state.activity_id "
    "AND j.kind IN ('marked', 'regraded', 'given back') ORDER BY j.at DESC, j.id DESC LIMIT 1) = 'given back'"
)
# What was given back was a try.
TRIES = (
    "UPDATE activity_state SET attempts = attempts {} (SELECT count(*) FROM judgement j JOIN hand_in h "
    "ON h.id = j.hand_in_id WHERE h.enrolment_id = activity_state.registration "
    "AND h.activity_id = activity_state.activity_id AND j.kind = 'given back')"
)


def upgrade() -> None:
    connection = op.get_bind()
    given_back = sa.select(judgement, hand_in.c.user_id, hand_in.c.enrolment_id, hand_in.c.activity_id).join_from(
        judgement, hand_in, hand_in.c.id == judgement.c.hand_in_id
    )
    unknown = given_back.where(judgement.c.kind == "given back", judgement.c.statement_id.is_(None))
    for row in connection.execute(unknown).all():
        id = uuid5(row.id, "judged")
        connection.execute(
            statement.insert().values(
                id=id,
                actor_id=row.user_id,
                verb="returned",
                registration=row.enrolment_id,
                activity_id=row.activity_id,
                context={"hand_in": str(row.hand_in_id), "marked_by": str(row.by)},
                occurred_at=row.at,
                stored_at=row.at,
            )
        )
        connection.execute(judgement.update().where(judgement.c.id == row.id).values(statement_id=id))
    # First what waits: whatever was answered before, it is the mentor's turn.
    op.execute(STATES.format("handed in", WAITS))
    op.execute(STATES.format("given back", RETURNED))
    op.execute(TRIES.format("+"))


def downgrade() -> None:
    """The statements stay, as all of them do; an older fold passes over a verb that it does not know."""
    op.execute(TRIES.format("-"))
    op.execute(
        "UPDATE activity_state SET status = CASE WHEN attempts > 0 THEN 'failed' ELSE 'started' END "
        "WHERE status IN ('handed in', 'given back')"
    )
