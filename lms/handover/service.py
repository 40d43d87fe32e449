"""Opening a handover, gathering what is open, and taking it on item by item."""

from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import User
from lms.attendance import service as attendance
from lms.attendance.models import TrainingSession
from lms.cohorts import service as cohorts
from lms.cohorts.closing import check_open
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

# Of these, whoever leads the cohort answers for.
OF_COHORT = ("cohort", "marking", "appeals", "answers", "questions")

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
    """Bring the pack up to date with what is open now; what was accepted stays as it was, and what was written too.

    Open are: cohorts that the leaving mentor or nobody answers for, what waits in them, the sessions that the mentor is
    still to hold, the mentor's open action plans, and, for each person, the mentor's notes on them.
    """
    leaver_id = session.get_one(Deployment, handover.leaving_id).user_id
    mission_id = handover.mission_id
    found = _cohorts(mission_id, leaver_id) | _sessions(mission_id, leaver_id) | _mentoring(mission_id, leaver_id)
    items = select(HandoverItem).where(HandoverItem.handover_id == handover.id)
    for item in session.scalars(items.with_for_update()):
        if item.object_id is None:
            continue
        now = found.pop((item.kind, item.object_id), None)
        if item.accepted_at is None and now is not None:
            item.title, item.count = now
        elif item.accepted_at is None:
            _drop(item)
    for (kind, id), (title, count) in found.items():
        session.add(HandoverItem(handover_id=handover.id, kind=kind, object_id=id, title=title, count=count))
    session.flush()


def _drop(item: HandoverItem) -> None:
    """Take out what is no longer open; where somebody wrote about it, that stays as a note."""
    if item.note or item.objection:
        item.kind, item.object_id, item.count = "note", None, None
    else:
        session.delete(item)


def _cohorts(mission_id: UUID, leaver_id: UUID) -> Matters:
    """A cohort that has ended stays out, but not what waits in it; of a closed one, everything stays out."""
    cohorts = session.scalars(
        select(Cohort)
        .outerjoin(CohortLead, CohortLead.cohort_id == Cohort.id)
        .where(
            Cohort.mission_id == mission_id,
            Cohort.closed_at.is_(None),
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


def write_note(item: HandoverItem, note: str, seen: str | None = None) -> bool:
    """What the successor should know of it; an accepted item is left as it was accepted.

    It answers what the successor misses, unless that is something else than what the writer has ``seen``: then that
    stays, and the answer is ``False``.
    """
    if item.accepted_at is not None:
        raise DomainError(N_("Your successor has accepted this already. Add another item."))
    item.note = note.strip()
    if seen is not None and seen.split() != item.objection.split():
        return False
    item.objection = ""
    return True


def accept(item: HandoverItem, *, by: UUID) -> None:
    """Take an item on; from now on the successor answers for the cohort, holds the session, or owns the plan.

    Twice is once. What somebody else was given since the pack was made is not taken from them.
    """
    if item.accepted_at is not None:
        return
    _check_still_the_leavers(item, by)
    item.accepted_at, item.accepted_by, item.objection = clock.now(), by, ""
    if item.kind == "cohort" and item.object_id is not None:
        cohorts.set_lead(session.get_one(Cohort, item.object_id), by, by=by)
    elif item.kind == "session":
        attendance.hand_to(session.get_one(TrainingSession, item.object_id), by, by=by)
    elif item.kind == "plan":
        mentoring.move(session.get_one(ActionPlan, item.object_id), by, by=by)
    audit.record("handovers.accepted", actor_id=by, object_id=item.id)


def _check_still_the_leavers(item: HandoverItem, successor_id: UUID) -> None:
    handover = session.get_one(Handover, item.handover_id)
    leaver_id = session.get_one(Deployment, handover.leaving_id).user_id
    holder_id = _holder(item)
    if item.kind in OF_COHORT and item.object_id is not None:
        check_open(item.object_id, by=successor_id)
    if holder_id not in (None, leaver_id, successor_id):
        raise DomainError(
            N_(
                "%(person)s answers for this now, and nothing is taken from them. If it is to be yours, let them or a"
                " manager give it to you; if not, let a manager bring the pack up to date."
            ),
            person=session.get_one(User, holder_id).username,
        )


def _holder(item: HandoverItem) -> UUID | None:
    """Who answers today for what the item is about, if anybody does; who gives it away waits until the commit."""
    if item.kind in OF_COHORT and item.object_id is not None:
        session.get_one(Cohort, item.object_id, with_for_update=True)
        return session.scalar(select(CohortLead.user_id).where(CohortLead.cohort_id == item.object_id))
    if item.kind == "session":
        return session.get_one(TrainingSession, item.object_id, with_for_update=True).trainer_id
    if item.kind == "plan":
        return session.get_one(ActionPlan, item.object_id, with_for_update=True).owner_id
    return None


def object_to(item: HandoverItem, objection: str, *, by: UUID) -> None:
    """Say what is missing before the item can be taken on."""
    if item.accepted_at is not None:
        raise DomainError(N_("You have accepted this already."))
    if not objection.strip():
        raise DomainError(N_("Say what you still need."), field="objection")
    item.objection = objection.strip()
    audit.record("handovers.objected", actor_id=by, object_id=item.id)
