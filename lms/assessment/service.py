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


def begin(enrolment: Enrolment, activity_id: str, *, given_by: UUID | None = None) -> Attempt:
    """The open attempt, or a new one on a freshly drawn paper.

    ``given_by`` gives it aloud and records the answers. The same rules hold, but for the time: how long reading aloud
    takes says nothing of the trainee, so there is no deadline.
    """
    test = _open(enrolment, activity_id, by=given_by)
    earlier = attempts_at(enrolment, activity_id)
    if earlier and earlier[-1].submitted_at is None:
        if not is_over(earlier[-1]):
            return _go_on(earlier[-1], given_by)
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
        deadline=now + limit if (limit := time_for(enrolment, test)) and given_by is None else None,
        given_by=given_by,
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


def _go_on(attempt: Attempt, given_by: UUID | None) -> Attempt:
    """The attempt that is open, for who goes on with it; an attempt has one way of being answered."""
    # A trainee who answers at this moment is waited for.
    session.refresh(attempt, with_for_update=True)
    if given_by is None and attempt.given_by is not None:
        raise DomainError(N_("Your mentor is giving you this test aloud. You answer there, not here."))
    if given_by is not None and attempt.given_by is None:
        if is_begun(attempt):
            raise DomainError(
                N_("The trainee has answered a part of this test on a screen. It has to be handed in there.")
            )
        attempt.deadline = None
    attempt.given_by = given_by
    return attempt


def is_begun(attempt: Attempt) -> bool:
    """Whether anything is answered."""
    wanted = select(Response.position).where(Response.attempt_id == attempt.id, Response.answer.is_not(None)).limit(1)
    return session.scalar(wanted) is not None


def leave_to_trainee(attempt: Attempt) -> None:
    """Stop giving a test aloud of which nothing is answered yet; from now on the trainee's own time counts."""
    if attempt.given_by is None or attempt.submitted_at is not None:
        return
    if is_begun(attempt):
        raise DomainError(N_("Some of it is answered already. Go on, or hand it in as it is."))
    enrolment = session.get_one(Enrolment, attempt.enrolment_id)
    limit = time_for(enrolment, scoring.test_of(attempt))
    attempt.deadline = clock.now() + limit if limit else None
    attempt.given_by = None


def _open(enrolment: Enrolment, activity_id: str, *, by: UUID | None) -> Test:
    """The test, when the trainee may take it now."""
    if recheck.is_recheck(activity_id):
        open_now = recheck.due(edition(enrolment.course_version_id), states_of(enrolment.id)[enrolment.id])
        test = next((each for each in open_now if recheck.recheck_of(each.id) == activity_id), None)
        if test is None:
            raise DomainError(N_("This is open from 75 to 120 days after the post-test was passed, once."))
        return test
    activity = open_activity(enrolment, activity_id, by=by).activity
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


def answer(
    attempt: Attempt, position: int, sent: Mapping[str, Sequence[str]], *, flagged: bool, given_by: UUID | None = None
) -> bool:
    """Save the answer to the question at ``position``; saving again replaces it.

    ``given_by`` records what the trainee says where the test is given aloud.
    Returns whether it was in time; after the deadline, what was saved before it is handed in instead.
    """
    if attempt.submitted_at is not None:
        raise DomainError(N_("This attempt is handed in already; its answers stay as they were."))
    _check_hand(attempt, given_by)
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


def _check_hand(attempt: Attempt, given_by: UUID | None) -> None:
    """Refuse who has not got the attempt in hand, and any change in a closed cohort but what stayed months later."""
    if not recheck.is_recheck(attempt.activity_id):
        check_open(session.get_one(Enrolment, attempt.enrolment_id).cohort_id, by=given_by or attempt.user_id)
    if (attempt.given_by is None) != (given_by is None):
        raise DomainError(N_("This test is being given aloud. Only who gives it records the answers."))


def submit(attempt: Attempt, *, given_by: UUID | None = None) -> None:
    """Hand the attempt in and mark it; handing in twice is handing in once.

    Who hands in what was given aloud answers for it: the record names them.
    """
    session.refresh(attempt, with_for_update=True)
    if attempt.submitted_at is not None:
        return
    _check_hand(attempt, given_by)
    attempt.given_by = given_by
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
            .where(
                Attempt.submitted_at.is_(None),
                Attempt.deadline < clock.now() - GRACE,
                Cohort.closed_at.is_(None) | Attempt.activity_id.endswith(recheck.MARK, autoescape=True),
            )
        ).all()
    for id in overdue:
        with transaction():
            submit(session.get_one(Attempt, id))
