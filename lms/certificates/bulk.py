"""Issuing for a whole cohort: tried dry, approved by a second person where the mission asks, then done in steps."""

import logging
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from lms.accounts.models import User
from lms.certificates import eligibility, separation, service
from lms.certificates.cases import Case, cases_of
from lms.certificates.models import Credential, Issuing, IssuingRow
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.words import N_
from lms.missions.models import Mission

log = logging.getLogger(__name__)

# Certificates in one transaction: others write in between, and what is lost by a cut is short.
STEP = 25
# How long a dry run that nobody went on with is kept.
UNUSED = timedelta(days=7)


def judged(cohort: Cohort, kind: str, numbers: str = "") -> list[Case]:
    """Who would get a certificate, and who lacks what; ``numbers`` names some trainees, else all are.

    It takes seconds for a thousand trainees: long for a turn to write.
    """
    wanted = {each.upper() for each in re.split(r"[\s,;]+", numbers) if each}
    cases = cases_of(Enrolment.cohort_id == cohort.id, kind)
    if wanted:
        known = {case.place.number.upper() for case in cases}
        if unknown := sorted(wanted - known):
            raise DomainError(
                N_("These are not in the cohort: %(numbers)s"), field="numbers", numbers=", ".join(unknown[:10])
            )
        cases = [case for case in cases if case.place.number.upper() in wanted]
    if not cases:
        raise DomainError(N_("The cohort has nobody in it, or its course gives no certificate of this kind."))
    return cases


def prepare(cohort: Cohort, kind: str, cases: Sequence[Case], *, by: UUID) -> Issuing:
    """Keep a dry run of what was judged."""
    made = Issuing(
        mission_id=cohort.mission_id,
        cohort_id=cohort.id,
        kind=kind,
        needs_two=session.get_one(Mission, cohort.mission_id).two_to_issue,
        asked_by=by,
    )
    session.add(made)
    session.flush()
    session.add_all(
        IssuingRow(
            issuing_id=made.id,
            place=place,
            enrolment_id=case.place.id,
            lacks=[lack.kept() for lack in case.lacks] or None,
            outcome="known" if case.held else None,
            credential_id=case.held.id if case.held else None,
        )
        for place, case in enumerate(cases, start=1)
    )
    session.flush()
    return made


def counts(issuing: Issuing) -> dict[str, int]:
    """How many would get one or got it (``ready``), ``known``, ``lacking``: together ``total``; and ``done``."""
    rows = session.execute(
        select(IssuingRow.outcome, IssuingRow.lacks.is_not(None).label("lacking"), func.count())
        .where(IssuingRow.issuing_id == issuing.id)
        .group_by(IssuingRow.outcome, "lacking")
    )
    found = {"ready": 0, "known": 0, "lacking": 0, "done": 0, "total": 0}
    for outcome, lacking, count in rows:
        found["total"] += count
        found["lacking" if lacking else "known" if outcome == "known" else "ready"] += count
        found["done"] += count if outcome == "issued" else 0
    return found


def go(issuing: Issuing, *, by: UUID) -> None:
    """Start it, or propose it to a second person where the mission asks for two; doing so twice is once."""
    if issuing.started_at is not None or issuing.proposed_at is not None:
        return
    if not counts(issuing)["ready"]:
        raise DomainError(N_("Nobody can receive one now. See below what is missing."))
    # The mission may ask for two people since the dry run.
    mission = session.get_one(Mission, issuing.mission_id, with_for_update={"read": True})
    issuing.needs_two = issuing.needs_two or mission.two_to_issue
    if not issuing.needs_two:
        _start(issuing, by=by)
        return
    issuing.proposed_by, issuing.proposed_at = by, clock.now()
    audit.record("certificates.proposed", actor_id=by, object_id=issuing.id, certificates=counts(issuing)["ready"])


def approve(issuing: Issuing, *, by: UUID) -> None:
    """Approve what somebody else proposed."""
    if issuing.proposed_at is None or issuing.refused_at is not None:
        raise DomainError(N_("There is nothing to approve."))
    if by in (issuing.asked_by, issuing.proposed_by):
        raise DomainError(N_("Somebody else must approve this."))
    if issuing.started_at is None:
        _start(issuing, by=by)
        audit.record("certificates.approved", actor_id=by, object_id=issuing.id, proposed_by=str(issuing.proposed_by))


def refuse(issuing: Issuing, because: str, *, by: UUID) -> None:
    """Refuse what somebody else proposed, with a reason that they read."""
    if issuing.proposed_at is None or issuing.started_at is not None:
        raise DomainError(N_("There is nothing to approve."))
    if by in (issuing.asked_by, issuing.proposed_by):
        raise DomainError(N_("Somebody else must approve this."))
    if issuing.refused_at is None:
        issuing.refused_by, issuing.refused_at, issuing.refused_because = by, clock.now(), because.strip()
        audit.record("certificates.not_approved", actor_id=by, object_id=issuing.id)


def _start(issuing: Issuing, *, by: UUID) -> None:
    ready = session.scalars(
        select(IssuingRow.enrolment_id).where(
            IssuingRow.issuing_id == issuing.id, IssuingRow.outcome.is_(None), IssuingRow.lacks.is_(None)
        )
    ).all()
    if separation.all_in_one(by, ready):
        raise DomainError(
            N_("You wrote this course and judged these trainees. Somebody else must issue their certificates.")
        )
    issuing.started_by, issuing.started_at = by, clock.now()
    audit.record("certificates.issuing_started", actor_id=by, object_id=issuing.id, certificates=len(ready))
    jobs.enqueue("certificates.issue", f"issuing {issuing.id}", issuing_id=str(issuing.id))


def take_step(issuing: Issuing) -> bool:
    """Issue the next certificates; whether there are more. What was issued is never issued again.

    Each trainee is judged anew: what was taken back since the dry run is not certified.
    """
    assert issuing.started_by is not None
    rows = session.scalars(
        select(IssuingRow)
        .where(IssuingRow.issuing_id == issuing.id, IssuingRow.outcome.is_(None), IssuingRow.lacks.is_(None))
        .order_by(IssuingRow.place)
        .limit(STEP)
        .with_for_update()
    ).all()
    if not rows:
        if issuing.done_at is None:
            issuing.done_at = clock.now()
            audit.record("certificates.issuing_done", actor_id=issuing.started_by, object_id=issuing.id)
        return False
    ids = [row.enrolment_id for row in rows]
    # Places before holders, as whoever issues for one place locks them.
    places = select(Enrolment.user_id).where(Enrolment.id.in_(ids)).order_by(Enrolment.id)
    service.lock_holders(list(session.scalars(places.with_for_update(key_share=True))))
    cases = {case.place.id: case for case in cases_of(Enrolment.id.in_(ids), issuing.kind)}
    for row in rows:
        case = cases.get(row.enrolment_id)
        if case is not None and case.earned:
            _award(row, case, by=issuing.started_by)
        elif case is not None and case.held is not None:
            row.outcome, row.credential_id = "known", case.held.id
        else:
            row.outcome, row.lacks = "refused", [lack.kept() for lack in case.lacks] if case else []
    session.flush()
    if issued := [str(row.credential_id) for row in rows if row.outcome == "issued"]:
        jobs.enqueue("certificates.print", f"print {issued[0]}", credential_ids=issued)
    return True


def _award(row: IssuingRow, case: Case, *, by: UUID) -> None:
    """Issue one; one that cannot be made is named, and does not keep the others from theirs."""
    try:
        with session.begin_nested():
            row.outcome, row.credential_id = "issued", service.award(case, by=by).id
    except OperationalError:
        # The database's trouble, not this certificate's: the whole step is taken again.
        raise
    except Exception:
        log.exception("the certificate of enrolment %s could not be made", row.enrolment_id)
        row.outcome, row.credential_id, row.lacks = "failed", None, [eligibility.FAILED.kept()]


def people(issuing: Issuing) -> list[UUID]:
    """Who tried it dry, proposed it, and began or refused it."""
    taking_part = (issuing.asked_by, issuing.proposed_by, issuing.started_by, issuing.refused_by)
    return list({id: None for id in taking_part if id is not None})


def lines(issuing: Issuing, *, lacking: bool, most: int | None = None) -> Sequence[Any]:
    """``(IssuingRow, trainee's number, certificate's number, when it was revoked)`` in order.

    ``lacking``: those who lack something, else the others.
    """
    return session.execute(
        select(IssuingRow, func.coalesce(User.number, User.username), Credential.code, Credential.revoked_at)
        .join(Enrolment, Enrolment.id == IssuingRow.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(Credential, Credential.id == IssuingRow.credential_id)
        .where(
            IssuingRow.issuing_id == issuing.id,
            IssuingRow.lacks.is_not(None) if lacking else IssuingRow.lacks.is_(None),
        )
        .order_by(IssuingRow.place)
        .limit(most)
    ).all()


def to_hand_over(issuing_id: UUID) -> Sequence[Any]:
    """What is handed over, on paper and in the archive, in order: what was issued or known, and not revoked since.

    ``(id, code, issued_at, holder's number or None, shown_as)``.
    """
    return session.execute(
        select(
            Credential.id,
            Credential.code,
            Credential.issued_at,
            User.number,
            func.coalesce(User.number, User.username).label("shown_as"),
        )
        .join(IssuingRow, IssuingRow.credential_id == Credential.id)
        .join(User, User.id == Credential.user_id)
        .where(IssuingRow.issuing_id == issuing_id, IssuingRow.lacks.is_(None), Credential.revoked_at.is_(None))
        .order_by(IssuingRow.place)
    ).all()


def forget_unused() -> None:
    """Drop dry runs that nobody went on with within a week."""
    old = session.scalars(
        select(Issuing.id)
        .where(Issuing.asked_at < clock.now() - UNUSED, Issuing.proposed_at.is_(None), Issuing.started_at.is_(None))
        .limit(50)
        .with_for_update(skip_locked=True)
    ).all()
    if old:
        session.execute(delete(IssuingRow).where(IssuingRow.issuing_id.in_(old)))
        session.execute(delete(Issuing).where(Issuing.id.in_(old)))
