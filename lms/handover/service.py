"""Opening a handover, gathering what is open, and taking it on item by item."""

from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.attendance import service as attendance
from lms.attendance.models import TrainingSession
from lms.cohorts.models import Cohort, CohortLead
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.handover.matters import waiting_in
from lms.handover.models import Handover, HandoverItem
from lms.mentoring import service as mentoring
from lms.mentoring.models import ActionPlan, MentoringNote, PlanStatus
from lms.missions.models import Deployment

# What is open: ``{(kind, id): (title, count)}``.
Matters = dict[tuple[str, UUID], tuple[str, int | None]]


def open_for(leaving: Deployment, successor_id: UUID, *, by: UUID | None) -> Handover:
    """Begin the handover of a deployment to one that lasts longer, and gather what is open; it begins once."""
    known = session.scalar(select(Handover).where(Handover.leaving_id == leaving.id))
    if known is not None and known.successor_id != successor_id:
        raise DomainError(
            N_("This handover has begun with another successor. A manager can give what is open to somebody else."),
            field="successor",
        )
    if known is not None:
        gather(known)
        return known
    successor = _successor(leaving, successor_id)
    handover = Handover(mission_id=leaving.mission_id, leaving_id=leaving.id, successor_id=successor.id)
    session.add(handover)
    session.flush()
    gather(handover)
    audit.record("handovers.opened", actor_id=by, object_id=handover.id)
    return handover


def _successor(leaving: Deployment, id: UUID) -> Deployment:
    successor = session.get(Deployment, id)
    if successor is None or successor.mission_id != leaving.mission_id or successor.user_id == leaving.user_id:
        raise DomainError(N_("Choose a successor from the list."), field="successor")
    if successor.ends <= leaving.ends or successor.ends < clock.today():
        raise DomainError(N_("The successor leaves before or with this mentor. Choose another."), field="successor")
    return successor


def pass_on(handover: Handover, successor_id: UUID, *, by: UUID) -> None:
    """Give what is still open to another successor; what was accepted stays with who accepted it."""
    if handover.successor_id != successor_id:
        earlier = handover.successor_id
        handover.successor_id = _successor(session.get_one(Deployment, handover.leaving_id), successor_id).id
        audit.record(
            "handovers.passed_on",
            actor_id=by,
            object_id=handover.id,
            earlier=str(earlier),
            now=str(handover.successor_id),
        )
    gather(handover)


def gather(handover: Handover) -> None:
    """Bring the pack up to date with what is open now; what was accepted stays as it was.

    That is: cohorts that the leaving mentor or nobody answers for, what waits in them, the sessions that the mentor is
    still to hold, the mentor's open action plans, and, for each person, the mentor's notes on them.
    """
    leaver_id = session.get_one(Deployment, handover.leaving_id).user_id
    mission_id = handover.mission_id
    found = _cohorts(mission_id, leaver_id) | _sessions(mission_id, leaver_id) | _mentoring(mission_id, leaver_id)
    for item in session.scalars(select(HandoverItem).where(HandoverItem.handover_id == handover.id)):
        if item.object_id is None:
            continue
        now = found.pop((item.kind, item.object_id), None)
        if item.accepted_at is None and now is not None:
            item.title, item.count = now
        elif item.accepted_at is None:
            session.delete(item)
    for (kind, id), (title, count) in found.items():
        session.add(HandoverItem(handover_id=handover.id, kind=kind, object_id=id, title=title, count=count))
    session.flush()


def _cohorts(mission_id: UUID, leaver_id: UUID) -> Matters:
    """A cohort that has ended stays out, but not what waits in it."""
    cohorts = session.scalars(
        select(Cohort)
        .outerjoin(CohortLead, CohortLead.cohort_id == Cohort.id)
        .where(
            Cohort.mission_id == mission_id,
            CohortLead.user_id.is_(None) | (CohortLead.user_id == leaver_id),
        )
        .order_by(Cohort.begins, Cohort.title)
    ).all()
    found: Matters = {("cohort", cohort.id): (cohort.title, None) for cohort in cohorts if cohort.ends >= clock.today()}
    titles = {cohort.id: cohort.title for cohort in cohorts}
    for (kind, id), count in waiting_in(titles).items():
        # A test that is begun waits for its trainee.
        if kind != "tests":
            found[kind, id] = (titles[id], count)
    return found


def _sessions(mission_id: UUID, leaver_id: UUID) -> Matters:
    sessions = session.execute(
        select(TrainingSession, Cohort.title)
        .join(Cohort, Cohort.id == TrainingSession.cohort_id)
        .where(
            Cohort.mission_id == mission_id,
            Cohort.closed_at.is_(None),
            TrainingSession.trainer_id == leaver_id,
            TrainingSession.starts_at > clock.now(),
            TrainingSession.cancelled_at.is_(None),
        )
    )
    return {("session", each.id): (f"{each.day.isoformat()} · {each.topic or title}", None) for each, title in sessions}


def _mentoring(mission_id: UUID, leaver_id: UUID) -> Matters:
    """Numbers and counts alone: what plans and notes say stays sealed where it is."""
    plans = select(ActionPlan.id, User).join(User, User.id == ActionPlan.user_id)
    plans = plans.where(
        ActionPlan.mission_id == mission_id, ActionPlan.owner_id == leaver_id, ActionPlan.status == PlanStatus.OPEN
    )
    notes = select(func.count(MentoringNote.id), User).join(User, User.id == MentoringNote.user_id)
    notes = notes.where(
        MentoringNote.mission_id == mission_id,
        MentoringNote.written_by == leaver_id,
        MentoringNote.struck_at.is_(None),
    ).group_by(User.id)
    found: Matters = {("plan", id): (person.shown_as, None) for id, person in session.execute(plans)}
    return found | {("notes", person.id): (person.shown_as, count) for count, person in session.execute(notes)}


def add(handover: Handover, title: str, note: str, *, by: UUID) -> HandoverItem:
    """Something that the system does not know of: an agreed action, a contact, a key."""
    item = HandoverItem(handover_id=handover.id, kind="note", title=title.strip(), note=note.strip())
    session.add(item)
    session.flush()
    audit.record("handovers.item_added", actor_id=by, object_id=handover.id)
    return item


def write_note(item: HandoverItem, note: str) -> None:
    """What the successor should know of it; an accepted item is left as it was accepted."""
    if item.accepted_at is not None:
        raise DomainError(N_("Your successor has accepted this already. Add another item."))
    item.note, item.objection = note.strip(), ""


def accept(item: HandoverItem, *, by: UUID) -> None:
    """Take an item on; from now on the successor answers for the cohort, holds the session, or owns the plan.

    Twice is once.
    """
    if item.accepted_at is not None:
        return
    item.accepted_at, item.accepted_by, item.objection = clock.now(), by, ""
    if item.kind == "cohort" and item.object_id is not None:
        session.merge(CohortLead(cohort_id=item.object_id, user_id=by))
    elif item.kind == "session":
        attendance.hand_to(session.get_one(TrainingSession, item.object_id), by, by=by)
    elif item.kind == "plan":
        mentoring.move(session.get_one(ActionPlan, item.object_id), by, by=by)
    audit.record("handovers.accepted", actor_id=by, object_id=item.id)


def object_to(item: HandoverItem, objection: str, *, by: UUID) -> None:
    """Say what is missing before the item can be taken on."""
    if item.accepted_at is not None:
        raise DomainError(N_("You have accepted this already."))
    if not objection.strip():
        raise DomainError(N_("Say what you still need."))
    item.objection = objection.strip()
    audit.record("handovers.objected", actor_id=by, object_id=item.id)
