"""Opening a handover, gathering what is open, and taking it on item by item."""

from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.assignments.models import HandIn
from lms.cohorts.models import Cohort, CohortLead, Enrolment
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.handover.models import Handover, HandoverItem
from lms.mentoring import service as mentoring
from lms.mentoring.models import ActionPlan, MentoringNote, PlanStatus
from lms.missions.models import Deployment

# What is open: ``{(kind, id): (title, count)}``.
Matters = dict[tuple[str, UUID], tuple[str, int | None]]


def open_for(leaving: Deployment, successor_id: UUID, *, by: UUID | None) -> Handover:
    """Begin the handover of a deployment to one that lasts longer, and gather what is open; it begins once."""
    known = session.scalar(select(Handover).where(Handover.leaving_id == leaving.id))
    if known is not None:
        return known
    successor = session.get(Deployment, successor_id)
    if successor is None or successor.mission_id != leaving.mission_id or successor.user_id == leaving.user_id:
        raise DomainError(N_("Choose a successor from the list."), field="successor")
    if successor.ends <= leaving.ends:
        raise DomainError(N_("The successor leaves before or with this mentor. Choose another."), field="successor")
    handover = Handover(mission_id=leaving.mission_id, leaving_id=leaving.id, successor_id=successor.id)
    session.add(handover)
    session.flush()
    gather(handover)
    audit.record("handovers.opened", actor_id=by, object_id=handover.id)
    return handover


def gather(handover: Handover) -> None:
    """Bring the pack up to date with what is open now; what was accepted stays as it was.

    That is: cohorts that the leaving mentor or nobody answers for, what waits to be marked in them, the mentor's open
    action plans, and, for each person, the mentor's notes on them.
    """
    leaver_id = session.get_one(Deployment, handover.leaving_id).user_id
    found = _cohorts(handover.mission_id, leaver_id) | _mentoring(handover.mission_id, leaver_id)
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
    waiting = dict(
        session.execute(
            select(Enrolment.cohort_id, func.count())
            .join(HandIn, HandIn.enrolment_id == Enrolment.id)
            .where(HandIn.marked_at.is_(None), Enrolment.left_at.is_(None))
            .group_by(Enrolment.cohort_id)
        ).all()
    )
    cohorts = session.scalars(
        select(Cohort)
        .outerjoin(CohortLead, CohortLead.cohort_id == Cohort.id)
        .where(
            Cohort.mission_id == mission_id,
            CohortLead.user_id.is_(None) | (CohortLead.user_id == leaver_id),
        )
        .order_by(Cohort.begins, Cohort.title)
    ).all()
    found: Matters = {}
    for cohort in cohorts:
        if cohort.ends >= clock.today():
            found["cohort", cohort.id] = (cohort.title, None)
        if waiting.get(cohort.id):
            found["marking", cohort.id] = (cohort.title, waiting[cohort.id])
    return found


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
    """Take an item on; from now on the successor answers for the cohort, or owns the plan. Twice is once."""
    if item.accepted_at is not None:
        return
    item.accepted_at, item.objection = clock.now(), ""
    if item.kind == "cohort" and item.object_id is not None:
        session.merge(CohortLead(cohort_id=item.object_id, user_id=by))
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
