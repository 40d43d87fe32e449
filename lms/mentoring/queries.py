"""Notes and plans as pages show them; each list costs the same few statements however long it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from lms.accounts.models import Role, User
from lms.cohorts.models import Cohort, Teaching
from lms.core import clock, policy
from lms.core.db import session
from lms.mentoring.models import ActionPlan, MentoringComment, MentoringNote, NoteWording, PlanEntry, PlanStatus
from lms.mentoring.policy import shared_with
from lms.missions.models import Deployment, Mission, RollEntry
from lms.missions.policy import missions_where_deployed

MOST = 50


@dataclass(frozen=True)
class Note:
    """A note with its wordings, oldest first as ``(at, text)``, and the person's comments as ``(at, text)``."""

    row: MentoringNote
    writer: str
    wordings: Sequence[Any]
    comments: Sequence[Any]

    @property
    def text(self) -> str | None:
        """The newest wording; ``None`` where the key is lost."""
        return self.wordings[-1].text if self.wordings else None


def is_mentored_in(mission_id: UUID, person: User) -> bool:
    """Whether the person stands on the mission's roll, or teaches in one of its cohorts."""
    if session.get(RollEntry, (mission_id, person.id)) is not None:
        return True
    teaches = select(Teaching.user_id).join(Cohort, Cohort.id == Teaching.cohort_id)
    return session.scalar(teaches.where(Teaching.user_id == person.id, Cohort.mission_id == mission_id)) is not None


def mentored_with(user: User, number: str) -> Sequence[Any]:
    """``(mission's id, person's id)`` of whoever has this number or username in the reader's missions."""
    wanted = number.strip()
    here = missions_where_deployed(user)
    named = or_(User.number == wanted.upper(), User.username == wanted.casefold())
    on_roll = select(RollEntry.mission_id, User.id).join(User, User.id == RollEntry.user_id)
    teaching = select(Cohort.mission_id, User.id).join(Teaching, Teaching.cohort_id == Cohort.id)
    teaching = teaching.join(User, User.id == Teaching.user_id)
    both = on_roll.where(named, RollEntry.mission_id.in_(here)).union(
        teaching.where(named, Cohort.mission_id.in_(here))
    )
    return session.execute(both).all()


def notes_on(
    user_id: UUID, reader: User, *, mission_id: UUID | None = None, competency: str = "", before: date | None = None
) -> list[Note]:
    """The notes on a person that the reader may see, newest first, at most ``MOST``; three statements.

    Mentors see those of the missions to which they are deployed today; the person, what was shared with them.
    """
    own = user_id == reader.id
    wanted = select(MentoringNote, User.username).join(User, User.id == MentoringNote.written_by)
    wanted = wanted.where(
        MentoringNote.user_id == user_id, shared_with(reader) if own else policy.where(reader, "notes.see")
    )
    if mission_id is not None:
        wanted = wanted.where(MentoringNote.mission_id == mission_id)
    if competency:
        wanted = wanted.where(MentoringNote.competency == competency)
    if before is not None:
        wanted = wanted.where(MentoringNote.day < before)
    rows = session.execute(wanted.order_by(MentoringNote.day.desc(), MentoringNote.id.desc()).limit(MOST)).all()
    return _whole(rows)


def _whole(rows: Sequence[Any]) -> list[Note]:
    ids = [note.id for note, _ in rows]
    if not ids:
        return []
    wordings: dict[UUID, list[Any]] = defaultdict(list)
    for each in session.execute(
        select(NoteWording.note_id, NoteWording.at, NoteWording.text)
        .where(NoteWording.note_id.in_(ids))
        .order_by(NoteWording.id)
    ):
        wordings[each.note_id].append(each)
    comments = _comments(MentoringComment.note_id.in_(ids))
    return [Note(note, writer, wordings[note.id], comments[note.id]) for note, writer in rows]


def _comments(on: ColumnElement[bool]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for each in session.scalars(select(MentoringComment).where(on).order_by(MentoringComment.id)):
        found[each.note_id or each.plan_id].append(each)  # type: ignore[index]
    return found


def note(row: MentoringNote) -> Note:
    """One note, whole."""
    return _whole([(row, session.get_one(User, row.written_by).username)])[0]


@dataclass(frozen=True)
class Plan:
    """A plan with the names that lists show."""

    row: ActionPlan
    person: str
    owner: str
    mission: str
    comments: Sequence[Any] = ()

    @property
    def late(self) -> bool:
        """Whether it is open after its day."""
        return self.row.status == PlanStatus.OPEN and self.row.due < clock.today()

    @property
    def to_review(self) -> bool:
        """Whether the day to look at it again has come."""
        return self.row.status == PlanStatus.OPEN and self.row.next_review <= clock.today()


_person, _owner = aliased(User), aliased(User)


def _plans(*conditions: ColumnElement[bool]) -> list[Plan]:
    rows = session.execute(
        select(ActionPlan, _person, _owner.username, Mission.title)
        .join(_person, _person.id == ActionPlan.user_id)
        .join(_owner, _owner.id == ActionPlan.owner_id)
        .join(Mission, Mission.id == ActionPlan.mission_id)
        .where(*conditions)
        .order_by(_owner.username, ActionPlan.due, ActionPlan.id)
    )
    return [Plan(plan, person.shown_as, owner, mission) for plan, person, owner, mission in rows]


def open_plans(user: User, *, mission_id: UUID | None = None, owner_id: UUID | None = None) -> list[Plan]:
    """The open plans of the reader's missions by owner, the latest due first; one statement."""
    conditions = [policy.where(user, "plans.see"), ActionPlan.status == PlanStatus.OPEN]
    if mission_id is not None:
        conditions.append(ActionPlan.mission_id == mission_id)
    if owner_id is not None:
        conditions.append(ActionPlan.owner_id == owner_id)
    return _plans(*conditions)


def plans_for(user_id: UUID, *, mission_id: UUID | None = None) -> list[Plan]:
    """A person's plans with their comments, the open ones first, then by date; two statements."""
    conditions = [ActionPlan.user_id == user_id]
    if mission_id is not None:
        conditions.append(ActionPlan.mission_id == mission_id)
    plans = _plans(*conditions)
    comments = _comments(MentoringComment.plan_id.in_([each.row.id for each in plans])) if plans else {}
    plans.sort(key=lambda each: (each.row.status != PlanStatus.OPEN, each.row.due))
    return [Plan(each.row, each.person, each.owner, each.mission, comments.get(each.row.id, [])) for each in plans]


def plan(row: ActionPlan) -> Plan:
    """One plan with the names around it."""
    found = _plans(ActionPlan.id == row.id)[0]
    return Plan(row, found.person, found.owner, found.mission, _comments(MentoringComment.plan_id == row.id)[row.id])


def plans_by_id(ids: Iterable[UUID], reader: User) -> dict[UUID, Plan]:
    """Those of some plans that the reader may see; one statement."""
    wanted = list(ids)
    if not wanted or not policy.may(reader, "mentoring.list"):
        return {}
    return {each.row.id: each for each in _plans(ActionPlan.id.in_(wanted), policy.where(reader, "plans.see"))}


def entries(row: ActionPlan) -> Sequence[Any]:
    """The steps of a plan, newest first: ``(PlanEntry, by whom, owner from then on)``."""
    by = aliased(User)
    return session.execute(
        select(PlanEntry, by.username, _owner.username)
        .join(by, by.id == PlanEntry.by)
        .join(_owner, _owner.id == PlanEntry.owner_id)
        .where(PlanEntry.plan_id == row.id)
        .order_by(PlanEntry.id.desc())
    ).all()


def possible_owners(mission_id: UUID) -> Sequence[Any]:
    """``(id, username)`` of the mentors and managers who are deployed there today or later."""
    return session.execute(
        select(User.id, User.username)
        .join(Deployment, Deployment.user_id == User.id)
        .where(
            Deployment.mission_id == mission_id,
            Deployment.ends >= clock.today(),
            User.active,
            User.role.in_((Role.MENTOR, Role.MANAGER)),
        )
        .group_by(User.id, User.username)
        .order_by(User.username)
    ).all()
