"""Writing notes, agreeing plans, and what the person says to them."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from lms.accounts.models import User
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.library.competencies import COMPETENCIES
from lms.mentoring.models import ActionPlan, MentoringComment, MentoringNote, NoteWording, PlanEntry, PlanStatus
from lms.mentoring.queries import is_mentored_in, possible_owners
from lms.missions.models import Mission

REVIEWED_EVERY = timedelta(days=30)


def write_note(
    mission: Mission,
    person: User,
    *,
    day: date,
    competency: str | None,
    text: str,
    shared: bool,
    by: UUID,
    id: UUID | None = None,
) -> MentoringNote:
    """A new note on somebody of the mission; ``shared`` lets them read it at once."""
    if not is_mentored_in(mission.id, person):
        raise DomainError(N_("Nobody of this mission has this number."))
    # A mentor east of Greenwich is in tomorrow already.
    if day > clock.today() + timedelta(days=1):
        raise DomainError(N_("This day is in the future. Give the day it was done."), field="day")
    if competency and competency not in COMPETENCIES:
        raise DomainError(N_("Choose a competency from the list."), field="competency")
    note = MentoringNote(
        id=id or new_id(),
        mission_id=mission.id,
        user_id=person.id,
        written_by=by,
        day=day,
        competency=competency or None,
    )
    session.add(note)
    session.flush()
    _word(note, text, by)
    audit.record("notes.written", actor_id=by, object_id=note.id, person=str(person.id))
    if shared:
        share(note, by=by)
    return note


def _word(note: MentoringNote, text: str, by: UUID) -> None:
    if not text.strip():
        raise DomainError(N_("Write what you saw."), field="text")
    session.add(NoteWording(note_id=note.id, by=by, text=text.strip()))
    session.flush()


def revise(note: MentoringNote, text: str, *, by: UUID) -> None:
    """Another wording; the earlier ones stay. Saying the same again changes nothing."""
    _check_not_struck(note)
    newest = select(NoteWording).where(NoteWording.note_id == note.id).order_by(NoteWording.id.desc()).limit(1)
    if session.scalars(newest).one().text != text.strip():
        _word(note, text, by)
        audit.record("notes.revised", actor_id=by, object_id=note.id)


def share(note: MentoringNote, *, by: UUID) -> None:
    """Let the person read the note; what was read cannot be taken back, so this stays."""
    _check_not_struck(note)
    if note.shared_at is None:
        note.shared_at = clock.now()
        audit.record("notes.shared", actor_id=by, object_id=note.id)


def strike(note: MentoringNote, reason: str, *, by: UUID) -> None:
    """Strike the note out: it holds no longer, and stays readable with the reason. Once is enough."""
    if not reason.strip():
        raise DomainError(N_("Say why the note is struck out."), field="reason")
    if note.struck_at is None:
        note.struck_at, note.struck_by, note.struck_because = clock.now(), by, reason.strip()
        audit.record("notes.struck", actor_id=by, object_id=note.id)


def _check_not_struck(note: MentoringNote) -> None:
    if note.struck_at is not None:
        raise DomainError(N_("This note is struck out."))


@dataclass(frozen=True)
class Agreed:
    """What a plan says when it is agreed."""

    gap: str
    action: str
    evidence: str
    owner_id: UUID
    due: date
    next_review: date


def open_plan(mission: Mission, person: User, agreed: Agreed, *, by: UUID, id: UUID | None = None) -> ActionPlan:
    """Agree a plan with somebody of the mission."""
    if not is_mentored_in(mission.id, person):
        raise DomainError(N_("Nobody of this mission has this number."))
    _check_ahead(agreed.due, "due")
    _check_ahead(agreed.next_review, "next_review")
    _check_owner(mission.id, agreed.owner_id)
    plan = ActionPlan(id=id or new_id(), mission_id=mission.id, user_id=person.id, **vars(agreed))
    session.add(plan)
    session.flush()
    _enter(plan, "opened", None, by)
    audit.record("plans.opened", actor_id=by, object_id=plan.id, person=str(person.id))
    return plan


def _check_ahead(day: date, field: str) -> None:
    if day < clock.today():
        raise DomainError(N_("This day is over. Choose one to come."), field=field)


def _check_owner(mission_id: UUID, owner_id: UUID) -> None:
    if owner_id not in {id for id, _ in possible_owners(mission_id)}:
        raise DomainError(N_("Choose an owner from the list."), field="owner")


def _enter(plan: ActionPlan, kind: str, text: str | None, by: UUID, id: UUID | None = None) -> None:
    dated = {"due": plan.due, "owner_id": plan.owner_id}
    session.add(PlanEntry(id=id or new_id(), plan_id=plan.id, kind=kind, by=by, text=text, **dated))
    session.flush()


def review(
    plan: ActionPlan, text: str, *, due: date, owner_id: UUID, next_review: date, by: UUID, id: UUID | None = None
) -> None:
    """Note what the review with the person showed, with the dates and the owner from now on."""
    _check_open(plan)
    if not text.strip():
        raise DomainError(N_("Say what the review showed."), field="text")
    _check_ahead(next_review, "next_review")
    if due != plan.due:
        _check_ahead(due, "due")
    if owner_id != plan.owner_id:
        _check_owner(plan.mission_id, owner_id)
    plan.due, plan.owner_id, plan.next_review = due, owner_id, next_review
    _enter(plan, "reviewed", text.strip(), by, id)
    audit.record("plans.reviewed", actor_id=by, object_id=plan.id)


def move(plan: ActionPlan, to: UUID, *, by: UUID) -> None:
    """Give the plan to another owner, from today; ended plans stay with who ended them."""
    if plan.status == PlanStatus.OPEN and plan.owner_id != to:
        plan.owner_id = to
        _enter(plan, "moved", None, by)
        audit.record("plans.moved", actor_id=by, object_id=plan.id, owner=str(to))


def end(plan: ActionPlan, status: str, text: str, *, by: UUID) -> None:
    """The plan is done, with the evidence, or dropped, with the reason."""
    _check_open(plan)
    if status not in (PlanStatus.DONE, PlanStatus.DROPPED):
        raise DomainError(N_("Choose one of the two."), field="status")
    if not text.strip():
        raise DomainError(N_("Say what shows that it is done, or why it is dropped."), field="text")
    plan.status = PlanStatus(status).value
    _enter(plan, plan.status, text.strip(), by)
    audit.record(f"plans.{plan.status}", actor_id=by, object_id=plan.id)


def _check_open(plan: ActionPlan) -> None:
    if plan.status != PlanStatus.OPEN:
        raise DomainError(N_("This plan has ended."))


def comment(on: MentoringNote | ActionPlan, text: str, *, by: UUID, id: UUID | None = None) -> None:
    """What the person says to a note or a plan about them."""
    if not text.strip():
        raise DomainError(N_("Write what you want to say."), field="text")
    thing = {"note_id": on.id} if isinstance(on, MentoringNote) else {"plan_id": on.id}
    session.add(MentoringComment(id=id or new_id(), **thing, by=by, text=text.strip()))
    audit.record("mentoring.commented", actor_id=by, object_id=on.id)
