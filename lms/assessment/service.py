"""Taking a test: begin, answer, submit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from lms.assessment import paper, scoring
from lms.assessment.models import Attempt, Response
from lms.assessment.scoring import responses_of
from lms.cohorts.closing import check_open
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock
from lms.core.db import session, transaction, upsert
from lms.core.errors import DomainError
from lms.core.jobs import periodic
from lms.core.words import N_
from lms.library.activities import ClosingTest, PostTest, PreTest, Test
from lms.library.edition import edition
from lms.progress import recheck
from lms.progress.access import open_activity
from lms.progress.queries import states_of
from lms.record import service as record
from lms.record.models import Verb

# An answer sent in time may arrive late over a slow network.
GRACE = timedelta(seconds=15)


def attempts_allowed(test: Test, id: str) -> int | None:
    """How many attempts there are at what the record calls ``id``; ``None`` for as many as wanted."""
    return 1 if recheck.is_recheck(id) else test.attempts


def attempts_at(enrolment: Enrolment, activity_id: str) -> Sequence[Attempt]:
    """The attempts there were, first to last."""
    return session.scalars(
        select(Attempt)
        .where(Attempt.enrolment_id == enrolment.id, Attempt.activity_id == activity_id)
        .order_by(Attempt.number)
    ).all()


def begin(enrolment: Enrolment, activity_id: str) -> Attempt:
    """The open attempt, or a new one on a freshly drawn paper."""
    test = _open(enrolment, activity_id)
    earlier = attempts_at(enrolment, activity_id)
    if earlier and earlier[-1].submitted_at is None:
        if not is_over(earlier[-1]):
            return earlier[-1]
        submit(earlier[-1])
    if any(attempt.passed for attempt in earlier) and isinstance(test, ClosingTest):
        raise DomainError(N_("You have passed this assessment already."))
    allowed = attempts_allowed(test, activity_id)
    if allowed is not None and len(earlier) >= allowed:
        raise DomainError(N_("You have used all your attempts. Ask your mentor what to do next."))
    now = clock.now()
    attempt = Attempt(
        enrolment_id=enrolment.id,
        user_id=enrolment.user_id,
        course_version_id=enrolment.course_version_id,
        activity_id=activity_id,
        number=len(earlier) + 1,
        paper=paper.draw(edition(enrolment.course_version_id), test, _seen(enrolment, test, activity_id)),
        started_at=now,
        deadline=now + limit if (limit := time_for(enrolment, test)) else None,
    )
    session.add(attempt)
    session.flush()
    record.append(
        Verb.INITIALIZED,
        actor_id=enrolment.user_id,
        registration=enrolment.id,
        activity_id=activity_id,
        context=scoring.context_of(attempt),
    )
    return attempt


def _open(enrolment: Enrolment, activity_id: str) -> Test:
    """The test, when the trainee may take it now."""
    if recheck.is_recheck(activity_id):
        open_now = recheck.due(edition(enrolment.course_version_id), states_of(enrolment.id)[enrolment.id])
        test = next((each for each in open_now if recheck.recheck_of(each.id) == activity_id), None)
        if test is None:
            raise DomainError(N_("This is open from 75 to 120 days after the post-test was passed, once."))
        return test
    activity = open_activity(enrolment, activity_id).activity
    if not isinstance(activity, Test):
        raise DomainError(N_("This is a lesson, not a test."))
    return activity


def _seen(enrolment: Enrolment, test: Test, activity_id: str) -> Counter[str]:
    """How often the trainee met each question where that would blur the comparison.

    A post-test is compared with the pre-test, and a recheck with both.
    """
    if not isinstance(test, PostTest):
        return Counter()
    compared = [each.id for each in edition(enrolment.course_version_id).document.tests() if isinstance(each, PreTest)]
    if recheck.is_recheck(activity_id):
        compared.append(test.id)
    papers = session.scalars(
        select(Attempt.paper).where(Attempt.enrolment_id == enrolment.id, Attempt.activity_id.in_(compared))
    )
    return Counter(entry["question"] for met in papers for entry in met)


def time_for(enrolment: Enrolment, test: Test) -> timedelta | None:
    """How long this trainee has for the test, their extra time included; ``None`` for as long as they like."""
    if not test.time_limit:
        return None
    return timedelta(minutes=test.time_limit * (100 + enrolment.extra_time) / 100)


def is_over(attempt: Attempt) -> bool:
    """Whether the time for answering has run out, by this server's clock."""
    return attempt.deadline is not None and clock.now() > attempt.deadline + GRACE


def answer(attempt: Attempt, position: int, sent: Mapping[str, Sequence[str]], *, flagged: bool) -> bool:
    """Save the answer to the question at ``position``; saving again replaces it.

    Returns whether it was in time; after the deadline, what was saved before it is handed in instead.
    """
    if attempt.submitted_at is not None:
        raise DomainError(N_("This attempt is handed in already; its answers stay as they were."))
    check_open(session.get_one(Enrolment, attempt.enrolment_id).cohort_id, by=attempt.user_id)
    if is_over(attempt):
        submit(attempt)
        return False
    entry = attempt.paper[position - 1]
    question = edition(attempt.course_version_id).questions[entry["question"]]
    try:
        given = paper.read(question, entry["order"], sent)
    except paper.Unreadable:
        raise DomainError(N_("This answer could not be read. Choose one of those shown.")) from None
    saved = {"answer": given, "flagged": flagged, "saved_at": clock.now()}
    upsert(Response, {"attempt_id": attempt.id, "position": position, **saved})
    return True


def submit(attempt: Attempt) -> None:
    """Hand the attempt in and mark it; handing in twice is handing in once."""
    session.refresh(attempt, with_for_update=True)
    if attempt.submitted_at is not None:
        return
    check_open(session.get_one(Enrolment, attempt.enrolment_id).cohort_id, by=attempt.user_id)
    attempt.submitted_at = clock.now()
    scoring.settle(attempt, scoring.look_up(attempt))


@dataclass(frozen=True)
class Answered:
    """One line of the list before handing in: position, whether answered and flagged."""

    position: int
    answered: bool
    flagged: bool


def check_list(attempt: Attempt) -> list[Answered]:
    """Every question of the attempt, answered or not."""
    responses = responses_of(attempt)
    return [
        Answered(
            position,
            answered=(response := responses.get(position)) is not None and response.answer is not None,
            flagged=response is not None and response.flagged,
        )
        for position in range(1, len(attempt.paper) + 1)
    ]


@periodic
def submit_overdue() -> None:
    """Hand in the attempts whose time has run out, so that nobody waits for a result that never comes."""
    with transaction(write=False):
        overdue: Sequence[UUID] = session.scalars(
            select(Attempt.id)
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Attempt.submitted_at.is_(None), Attempt.deadline < clock.now() - GRACE, Cohort.closed_at.is_(None))
        ).all()
    for id in overdue:
        with transaction():
            submit(session.get_one(Attempt, id))
