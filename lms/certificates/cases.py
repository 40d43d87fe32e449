"""Where trainees stand with every certificate of their courses: what there is, what follows, what is missing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from lms.accounts.models import Role, User
from lms.certificates import eligibility
from lms.certificates.eligibility import Known, Lack
from lms.certificates.models import Attestation, Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session
from lms.grades.marks import Mark, Scheme, mark
from lms.grades.models import GradeScheme
from lms.library.awards import OBSERVED, Rule
from lms.library.edition import Edition, edition
from lms.library.models import CourseVersion
from lms.missions.models import Deployment
from lms.progress.outline import Outline, outline
from lms.record.fold import fold
from lms.record.models import ActivityState, Statement, Status


@dataclass(frozen=True)
class Case:
    """One kind of certificate for one trainee in one place.

    ``known`` is what was issued for this place last; ``renews`` what the next one would follow. With no ``lacks`` the
    next one is earned; with ``settled`` there is none to come, and a lack says that ``known`` was revoked.
    """

    place: Any
    edition: Edition
    outline: Outline
    rule: Rule
    mark: Mark
    known: Credential | None
    renews: Credential | None
    settled: bool
    lacks: tuple[Lack, ...]
    level: int | None

    @property
    def earned(self) -> bool:
        """Whether a certificate can be issued now."""
        return not self.settled and not self.lacks

    @property
    def held(self) -> Credential | None:
        """The certificate to hand over that there is already; none where it was revoked or is to be renewed."""
        return self.known if self.settled and not self.lacks else None


def cases_of(scope: ColumnElement[bool], kind: str | None = None) -> list[Case]:
    """The cases of the places in ``scope``, a condition on ``Enrolment``, by number and kind.

    At most seven statements however many places they are.
    """
    places = _places(scope)
    editions = {place.course_version_id: edition(place.course_version_id) for place in places}
    asked = [
        (place, rule)
        for place in places
        for rule in editions[place.course_version_id].document.rules()
        if kind in (None, rule.kind)
    ]
    if not asked:
        return []
    ids = select(Enrolment.id).where(scope)
    facts = _Facts(
        states=_states(ids),
        schemes=_schemes(scope) if any(_is_marked(rule) for _, rule in asked) else {},
        chains=_chains(scope),
        seen=_seen(ids) if any(rule.kind in OBSERVED for _, rule in asked) else {},
        assessors=_assessors(scope) if any(rule.kind in OBSERVED for _, rule in asked) else {},
        ledger={},
    )
    facts.ledger.update(_ledger(asked, facts))
    return [_case(place, rule, editions[place.course_version_id], facts) for place, rule in asked]


def _is_marked(rule: Rule) -> bool:
    return rule.final_mark is not None or rule.attendance is not None


@dataclass(frozen=True)
class _Facts:
    states: dict[UUID, dict[str, Any]]
    schemes: dict[UUID, Scheme]
    chains: dict[tuple[UUID, UUID, str], list[Credential]]
    seen: dict[UUID, list[Attestation]]
    assessors: dict[UUID, int]
    ledger: dict[UUID, dict[str, list[Any]]]


def _places(scope: ColumnElement[bool]) -> Sequence[Any]:
    return session.execute(
        select(
            Enrolment.id,
            Enrolment.user_id,
            Enrolment.course_version_id,
            Enrolment.enrolled_at,
            CourseVersion.course_id,
            Cohort.id.label("cohort_id"),
            Cohort.title.label("cohort"),
            Cohort.mission_id,
            Cohort.closed_at,
            func.coalesce(User.number, User.username).label("number"),
        )
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.course_version_id)
        .join(User, User.id == Enrolment.user_id)
        .where(scope, Enrolment.left_at.is_(None))
        .order_by("number", Enrolment.enrolled_at.desc())
    ).all()


def _states(ids: Any) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    columns = ActivityState.__table__.columns
    for row in session.execute(select(*columns).where(ActivityState.registration.in_(ids))):
        found[row.registration][row.activity_id] = row
    return found


def _schemes(scope: ColumnElement[bool]) -> dict[UUID, Scheme]:
    rows = session.execute(
        select(GradeScheme.cohort_id, GradeScheme.weights, GradeScheme.pass_mark)
        .where(GradeScheme.cohort_id.in_(select(Enrolment.cohort_id).where(scope)))
        .order_by(GradeScheme.at, GradeScheme.id)
    )
    return {row.cohort_id: Scheme(row.weights, row.pass_mark) for row in rows}


def _chains(scope: ColumnElement[bool]) -> dict[tuple[UUID, UUID, str], list[Credential]]:
    """The certificates of these people by person, course and kind, oldest first."""
    found: dict[tuple[UUID, UUID, str], list[Credential]] = defaultdict(list)
    rows = session.execute(
        select(Credential, CourseVersion.course_id)
        .join(Enrolment, Enrolment.id == Credential.enrolment_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.course_version_id)
        .where(Credential.user_id.in_(select(Enrolment.user_id).where(scope)))
        .order_by(Credential.issued_at, Credential.id)
    )
    for credential, course_id in rows:
        found[(credential.user_id, course_id, credential.kind)].append(credential)
    return found


def _seen(ids: Any) -> dict[UUID, list[Attestation]]:
    found: dict[UUID, list[Attestation]] = defaultdict(list)
    for each in session.scalars(
        select(Attestation).where(Attestation.enrolment_id.in_(ids)).order_by(Attestation.at, Attestation.id)
    ):
        found[each.enrolment_id].append(each)
    return found


def _assessors(scope: ColumnElement[bool]) -> dict[UUID, int]:
    """How many mentors and managers each mission has today."""
    today = clock.today()
    missions = select(Cohort.mission_id).where(Cohort.id.in_(select(Enrolment.cohort_id).where(scope)))
    rows = session.execute(
        select(Deployment.mission_id, func.count(Deployment.user_id.distinct()))
        .join(User, User.id == Deployment.user_id)
        .where(Deployment.mission_id.in_(missions), Deployment.begins <= today, Deployment.ends >= today)
        .where(User.role.in_((Role.MENTOR, Role.MANAGER)))
        .group_by(Deployment.mission_id)
    )
    return {row[0]: row[1] for row in rows}


def _newest_here(place: Any, chain: Sequence[Credential]) -> Credential | None:
    return next((each for each in reversed(chain) if each.enrolment_id == place.id), None)


def _followed(place: Any, rule: Rule, chain: Sequence[Credential]) -> Credential | None:
    """The certificate that the next one in this place would follow: the last of the chain, where it ends."""
    last = chain[-1] if chain else None
    if last is None or last.revoked_at is not None or last.expires_at is None:
        return None
    if last.enrolment_id == place.id:
        opens = eligibility.renewal_opens(last, rule)
        return last if opens is not None and opens <= clock.now() else None
    return last if place.enrolled_at > last.issued_at else None


def _ledger(asked: Sequence[Any], facts: _Facts) -> dict[UUID, dict[str, list[Any]]]:
    """The statements of places in which a certificate is being renewed; none costs no SQL."""
    renewing: set[UUID] = set()
    for place, rule in asked:
        chain = facts.chains.get((place.user_id, place.course_id, rule.kind), [])
        followed = _followed(place, rule, chain)
        if followed is not None and followed.enrolment_id == place.id:
            renewing.add(place.id)
    found: dict[UUID, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    if renewing:
        for row in session.scalars(select(Statement).where(Statement.registration.in_(renewing))):
            found[row.registration][row.activity_id].append(row)
    return found


def _again(place: Any, rule: Rule, followed: Credential, facts: _Facts) -> frozenset[str]:
    """What was done again: in a place taken since, whatever is done there; in the same one, since the renewal opened.

    In the same place the state tells of the first time only, so the ledger is asked.
    """
    if followed.enrolment_id != place.id:
        states = facts.states.get(place.id, {})
        return frozenset(id for id, each in states.items() if each.status == Status.COMPLETED)
    opens, done = eligibility.renewal_opens(followed, rule), set()
    assert opens is not None
    for id, statements in facts.ledger.get(place.id, {}).items():
        folded = fold([each for each in statements if each.occurred_at >= opens])
        if folded is not None and folded.status == Status.COMPLETED:
            done.add(id)
    return frozenset(done)


def _case(place: Any, rule: Rule, shown: Edition, facts: _Facts) -> Case:
    chain = facts.chains.get((place.user_id, place.course_id, rule.kind), [])
    states = facts.states.get(place.id, {})
    here, followed = _newest_here(place, chain), _followed(place, rule, chain)
    settled = here is not None and followed is not here
    scheme = facts.schemes.get(place.cohort_id, Scheme())
    known = Known(
        edition=shown,
        states=states,
        mark=mark(scheme, shown, states, closed=place.closed_at is not None),
        seen=facts.seen.get(place.id, []),
        assessors=facts.assessors.get(place.mission_id, 0),
        again=_again(place, rule, followed, facts) if followed else frozenset(),
    )
    since, missing = None, []
    if followed is not None and not settled:
        since = followed.issued_at if followed.enrolment_id != place.id else eligibility.renewal_opens(followed, rule)
        missing = eligibility.lacks_again(rule, known, since or followed.issued_at)
    elif not settled:
        missing = eligibility.lacks(rule, known)
    elif here is not None and here.revoked_at is not None:
        missing = [eligibility.REVOKED]
    if not settled and chain and chain[-1].suspended_at is not None:
        missing = [eligibility.SUSPENDED, *missing]
    return Case(
        place=place,
        edition=shown,
        outline=outline(shown, states),
        rule=rule,
        mark=known.mark,
        known=here,
        renews=followed,
        settled=settled,
        lacks=tuple(missing),
        level=eligibility.level_of(known, since) if rule.kind in OBSERVED and not missing else None,
    )
