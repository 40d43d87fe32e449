"""Issuing and revoking certificates."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.accounts.models import User
from lms.certificates import reminding
from lms.certificates.cases import Case, cases_of
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import ALPHABET, code
from lms.core.words import N_
from lms.credentials.names import DIGITS
from lms.credentials.service import new_place, set_status
from lms.missions.models import Mission

_NUMBER = re.compile(rf"[{ALPHABET}]{{12}}")
# As it is printed, among other words or in an address.
_FOUR, _DASH = f"([{ALPHABET}]{{4}})", "[-\u2010-\u2015]?"
_AMONG = re.compile(f"(?<![0-9A-Z]){_DASH.join([_FOUR] * 3)}(?![0-9A-Z])")


def issue(enrolment: Enrolment, *, by: UUID, kind: str = "completion") -> Credential:
    """The certificate of this kind that there is, or a new one if the course's rule is met; it may be a renewal.

    Where the mission wants two people, nobody gets one by asking: see ``bulk``.
    """
    lock_holders([enrolment.user_id])
    case = next(iter(cases_of(Enrolment.id == enrolment.id, kind)), None)
    if case is None:
        raise DomainError(N_("This course gives no certificate."))
    if case.known is not None and not case.earned:
        return case.known
    if case.lacks:
        raise _refusal(case)
    mission_id = session.scalar(select(Cohort.mission_id).where(Cohort.id == enrolment.cohort_id))
    if session.get_one(Mission, mission_id).two_to_issue:
        raise DomainError(
            N_("You have earned it. In this mission one person proposes a certificate and another approves it.")
        )
    credential = award(case, by=by)
    jobs.enqueue("certificates.render", f"certificate {credential.id}", credential_id=str(credential.id))
    return credential


def lock_holders(user_ids: list[UUID]) -> None:
    """Let two who issue for the same person wait for each other: each certificate is issued once."""
    session.execute(select(User.id).where(User.id.in_(user_ids)).order_by(User.id).with_for_update())


def _refusal(case: Case) -> DomainError:
    outline = case.outline
    if case.rule.activities is None and not outline.complete and case.renews is None:
        words = N_("Not yet: %(done)s of %(total)s required activities are done.")
        return DomainError(words, done=outline.done, total=outline.total)
    return DomainError(N_("Not yet. Your certificates’ page says what is missing."))


def award(case: Case, *, by: UUID) -> Credential:
    """Issue what a case has earned; whoever calls has locked the holder, asked who may, and has it printed."""
    document, now, place = case.edition.document, clock.now(), new_place()
    credential = Credential(
        code="-".join(code(4) for _ in range(3)),
        kind=case.rule.kind,
        level=case.level,
        renews_id=case.renews.id if case.renews else None,
        enrolment_id=case.place.id,
        user_id=case.place.user_id,
        mission_id=case.place.mission_id,
        course_code=document.code,
        course_title=document.title,
        hours=case.rule.hours or document.hours,
        score=case.mark.final,
        issued_at=now,
        expires_at=(ends := months_after(now, case.rule.valid_months)),
        remind_at=reminding.next_reminder(case.rule, ends, now),
        status_list=place.list,
        status_index=place.index,
    )
    if case.renews is not None:
        case.renews.remind_at = None
    session.add(credential)
    session.flush()
    audit.record("certificates.issued", actor_id=by, object_id=credential.id)
    return credential


def months_after(instant: datetime, months: int | None) -> datetime | None:
    """The end of the day so many months later, the last one of a shorter month, in UTC; never for ``None``.

    A certificate says its last day, and is valid through it.
    """
    if months is None:
        return None
    instant = instant.replace(hour=23, minute=59, second=59, microsecond=0)
    years, month = divmod(instant.month - 1 + months, 12)
    for day in (instant.day, 30, 29, 28):
        try:
            return instant.replace(year=instant.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def revoke(credential: Credential, because: str, *, by: UUID) -> None:
    """Take a certificate back, for a reason that its holder and staff can read; it is not given again."""
    if credential.revoked_at is not None:
        raise DomainError(N_("This certificate is revoked already."))
    credential.revoked_at, credential.revoked_by, credential.revoked_because = clock.now(), by, because
    credential.remind_at = None
    set_status(credential.place, revoked=True)
    audit.record("certificates.revoked", actor_id=by, object_id=credential.id)


def want_two(mission: Mission, two: bool, *, by: UUID) -> None:
    """Say whether one person proposes certificates and another approves them; what is begun goes on as it began.

    Two take the rule away: who asks for it, and somebody else who wants the same. Wanting it kept drops the asking.
    """
    asked_by, mission.one_asked_by = mission.one_asked_by, None
    if two and not mission.two_to_issue:
        mission.two_to_issue = True
        audit.record("certificates.two_people", actor_id=by, object_id=mission.id)
    elif not two and mission.two_to_issue and asked_by in (None, by):
        mission.one_asked_by = by
        audit.record("certificates.one_person_asked", actor_id=by, object_id=mission.id)
    elif not two and mission.two_to_issue:
        mission.two_to_issue = False
        audit.record("certificates.one_person", actor_id=by, object_id=mission.id, asked_by=str(asked_by))


def suspend(credential: Credential, because: str, *, by: UUID) -> None:
    """Set a certificate aside while something is looked into, for a reason that its holder and staff can read."""
    if credential.revoked_at is not None:
        raise DomainError(N_("This certificate is revoked already."))
    if credential.suspended_at is not None:
        raise DomainError(N_("This certificate is suspended already."))
    credential.suspended_at, credential.suspended_because = clock.now(), because
    set_status(credential.place, suspended=True)
    audit.record("certificates.suspended", actor_id=by, object_id=credential.id)


def lift(credential: Credential, *, by: UUID) -> None:
    """Put a suspended certificate in force again; one that is not suspended stays as it is."""
    if credential.suspended_at is None:
        return
    credential.suspended_at = credential.suspended_because = None
    set_status(credential.place, suspended=False)
    audit.record("certificates.lifted", actor_id=by, object_id=credential.id)


def hide(credential: Credential, hidden: bool, *, by: UUID) -> None:
    """Say whether strangers find it by its number; doing it again changes nothing."""
    if hidden != (credential.hidden_at is not None):
        credential.hidden_at = clock.now() if hidden else None
        audit.record("certificates.hidden" if hidden else "certificates.shown", actor_id=by, object_id=credential.id)


def numbers_in(typed: str) -> list[str]:
    """The numbers in this, as they are printed: one by itself, however it was typed, or those among other words."""
    said = typed.upper().translate(DIGITS)
    letters = "".join(each for each in said if each.isalnum())
    if _NUMBER.fullmatch(letters):
        return ["-".join((letters[:4], letters[4:8], letters[8:]))]
    return ["-".join(found.groups()) for found in _AMONG.finditer(said)]


def number_in(typed: str) -> str | None:
    """The first of them."""
    return next(iter(numbers_in(typed)), None)


def find(typed: str) -> Credential | None:
    """The certificate with this number, however it is typed: small letters, without dashes, with spaces."""
    number = number_in(typed)
    return session.scalar(select(Credential).where(Credential.code == number)) if number else None
