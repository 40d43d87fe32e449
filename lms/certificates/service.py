"""Issuing and revoking certificates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit, clock, jobs
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import code
from lms.core.words import N_
from lms.credentials.service import new_place, set_status
from lms.library.activities import ClosingTest
from lms.library.document import CertificateRule
from lms.library.edition import edition
from lms.progress.outline import Outline
from lms.progress.queries import outline_of


def is_eligible(outline: Outline) -> bool:
    """Whether everything that the course requires is done, the final assessment or post-test among it."""
    finals = [row for row in outline.rows.values() if isinstance(row.activity, ClosingTest)]
    return outline.complete and bool(finals) and all(row.done for row in finals)


def issue(enrolment: Enrolment, *, by: UUID) -> Credential:
    """The enrolment's certificate: the one there is, or a new one if the course's rule is met."""
    # The lock makes two askers at once wait for each other: there is one certificate however often it is asked.
    session.refresh(enrolment, with_for_update=True)
    known = session.scalar(select(Credential).where(Credential.enrolment_id == enrolment.id))
    if known is not None:
        return known
    document, outline = edition(enrolment.course_version_id).document, outline_of(enrolment)
    rule = document.certificate
    if rule is None:
        raise DomainError(N_("This course gives no certificate."))
    if not is_eligible(outline):
        raise DomainError(
            N_("Not yet: %(done)s of %(total)s required activities are done."), done=outline.done, total=outline.total
        )
    place = new_place()
    finals = [row.score or 0 for row in outline.rows.values() if isinstance(row.activity, ClosingTest)]
    credential = Credential(
        code=_fresh_code(),
        enrolment_id=enrolment.id,
        user_id=enrolment.user_id,
        mission_id=session.get_one(Cohort, enrolment.cohort_id).mission_id,
        course_code=document.code,
        course_title=document.title,
        hours=document.hours,
        score=min(finals),
        issued_at=(now := clock.now()),
        expires_at=_months_after(now, rule),
        status_list=place.list,
        status_index=place.index,
    )
    session.add(credential)
    session.flush()
    jobs.enqueue("certificates.render", f"certificate {credential.id}", credential_id=str(credential.id))
    audit.record("certificates.issued", actor_id=by, object_id=credential.id)
    return credential


def _fresh_code() -> str:
    return "-".join(code(4) for _ in range(3))


def _months_after(instant: datetime, rule: CertificateRule) -> datetime | None:
    if rule.valid_months is None:
        return None
    years, month = divmod(instant.month - 1 + rule.valid_months, 12)
    # The 31st becomes the last day of a shorter month.
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
    set_status(credential.place, revoked=True)
    audit.record("certificates.revoked", actor_id=by, object_id=credential.id)


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


def find(typed: str) -> Credential | None:
    """The certificate with this code, however it is typed: small letters, without dashes, with spaces."""
    letters = "".join(each for each in typed.upper() if each.isalnum())
    if len(letters) != 12:
        return None
    return session.scalar(
        select(Credential).where(Credential.code == "-".join((letters[:4], letters[4:8], letters[8:])))
    )
