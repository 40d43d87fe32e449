"""What an attempt is worth: the sum over its paper, and the statement that puts it on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID, uuid5

from sqlalchemy import select, tuple_

from lms.assessment import marking
from lms.assessment.models import AnswerDecision, Attempt, Response, UnmatchedAnswer
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.core.percent import reached
from lms.library.activities import GradedTest, PostTest, Test
from lms.library.edition import Edition, edition
from lms.progress import recheck
from lms.record import service as record
from lms.record.models import Statement, Verb

# As the database keeps an answer that is compared: one presentation form may stand for eighteen letters.
LONGEST_ANSWER = 200


def test_of(attempt: Attempt) -> Test:
    """The test that an attempt is at."""
    test = test_at(edition(attempt.course_version_id), attempt.activity_id)
    assert test is not None
    return test


def test_at(shown: Edition, id: str) -> Test | None:
    """The test that the record calls ``id``: of the course, or a post-test's recheck."""
    activity = shown.activities.get(recheck.activity_of(id))
    wanted = PostTest if recheck.is_recheck(id) else Test
    return activity if isinstance(activity, wanted) else None


def responses_of(attempt: Attempt) -> dict[int, Response]:
    """What was answered so far, by position."""
    rows = session.scalars(select(Response).where(Response.attempt_id == attempt.id))
    return {row.position: row for row in rows}


def look_up(attempt: Attempt) -> dict[int, AnswerDecision]:
    """Note the short answers that the key does not know; returns, by position, what markers decided on equal ones."""
    shown, noted = edition(attempt.course_version_id), []
    for position, response in sorted(responses_of(attempt).items()):
        question = shown.questions[attempt.paper[position - 1]["question"]]
        if isinstance(response.answer, str) and marking.is_unknown(question, response.answer):
            noted.append(
                UnmatchedAnswer(
                    attempt_id=attempt.id,
                    position=position,
                    course_version_id=attempt.course_version_id,
                    question_id=question.id,
                    question=marking.fingerprint(question),
                    answer=marking.normal(response.answer)[:LONGEST_ANSWER],
                    typed=response.answer,
                )
            )
    if not noted:
        return {}
    cohort = session.scalars(
        select(Cohort).join(Enrolment, Enrolment.cohort_id == Cohort.id).where(Enrolment.id == attempt.enrolment_id)
    ).one()
    for each in noted:
        each.mission_id, each.cohort_id = cohort.mission_id, cohort.id
    decided = _in_force(cohort.mission_id, noted)
    for each in noted:
        decision = decided.get((each.question, each.answer))
        each.decision_id = decision.id if decision else None
    session.add_all(noted)
    return {each.position: decided[each.question, each.answer] for each in noted if each.decision_id}


def _in_force(mission_id: UUID, wanted: list[UnmatchedAnswer]) -> dict[tuple[str, str], AnswerDecision]:
    rows = session.scalars(
        select(AnswerDecision).where(
            AnswerDecision.mission_id == mission_id,
            AnswerDecision.taken_back_at.is_(None),
            tuple_(AnswerDecision.question, AnswerDecision.answer).in_(
                [(each.question, each.answer) for each in wanted]
            ),
        )
    )
    return {(row.question, row.answer): row for row in rows}


def decisions_on(attempt: Attempt) -> dict[int, AnswerDecision]:
    """What markers decided on answers of this attempt, by position."""
    rows = session.execute(
        select(UnmatchedAnswer.position, AnswerDecision)
        .join(AnswerDecision, AnswerDecision.id == UnmatchedAnswer.decision_id)
        .where(UnmatchedAnswer.attempt_id == attempt.id)
    )
    return {row.position: row.AnswerDecision for row in rows}


def waiting_in(attempt: Attempt) -> set[int]:
    """The positions of the answers that a marker still has to look at."""
    return set(
        session.scalars(
            select(UnmatchedAnswer.position).where(
                UnmatchedAnswer.attempt_id == attempt.id, UnmatchedAnswer.decision_id.is_(None)
            )
        )
    )


@dataclass(frozen=True)
class Again:
    """Why an attempt is marked once more: the act, by its id, and whose it is."""

    because: UUID
    by: UUID


def settle(attempt: Attempt, decided: Mapping[int, AnswerDecision], again: Again | None = None) -> bool:
    """Mark an attempt that is handed in, by the key and by what was ``decided``, and put it on record.

    Marked once more, the statement made before is taken back for another one, which like the first says when the work
    was done. Returns whether the score is another than before.
    """
    earned, possible = _add_up(attempt, decided)
    before, attempt.score = attempt.score, float(earned / possible)
    if before == attempt.score:
        return False
    test = test_of(attempt)
    # What only measures, before the course and long after it, is neither passed nor failed.
    if isinstance(test, GradedTest) and not recheck.is_recheck(attempt.activity_id):
        attempt.passed = reached(attempt.score, test.pass_mark)
    context = context_of(attempt)
    if again is not None:
        _take_back(attempt, again.by)
        context |= {"marked_by": str(again.by)}
    record.append(
        {True: Verb.PASSED, False: Verb.FAILED, None: Verb.COMPLETED}[attempt.passed],
        id=uuid5(attempt.id, f"marked again, {again.because}" if again else "submitted"),
        actor_id=attempt.user_id,
        registration=attempt.enrolment_id,
        activity_id=attempt.activity_id,
        score=attempt.score,
        context=context,
        occurred_at=attempt.submitted_at,
    )
    return True


def _add_up(attempt: Attempt, decided: Mapping[int, AnswerDecision]) -> tuple[Fraction, int]:
    """``(points earned, points that there are)``; each response learns its share."""
    shown, test, responses = edition(attempt.course_version_id), test_of(attempt), responses_of(attempt)
    earned, possible = Fraction(0), 0
    for position, entry in enumerate(attempt.paper, start=1):
        question = shown.questions[entry["question"]]
        possible += question.points
        response = responses.get(position)
        if response is None:
            continue
        if position in decided:
            marked = Fraction(decided[position].share)
        else:
            marked = marking.mark(question, response.answer)
        if test.negative_marking:
            marked -= marking.penalty(question, response.answer)
        response.share = float(marked)
        earned += marked * question.points
    return max(earned, Fraction(0)), possible


def context_of(attempt: Attempt) -> dict[str, str]:
    """What a statement says of the attempt that it is about: which it is, and who gave it aloud, if somebody did."""
    aloud = {"via": "oral", "by": str(attempt.given_by)} if attempt.given_by else {}
    return {"attempt": str(attempt.id), **aloud}


def _take_back(attempt: Attempt, by: UUID) -> None:
    """Void the statements that say what this attempt was worth until now."""
    rows = session.scalars(
        select(Statement).where(
            Statement.registration == attempt.enrolment_id,
            Statement.activity_id == attempt.activity_id,
            Statement.verb.in_([Verb.PASSED, Verb.FAILED, Verb.COMPLETED, Verb.VOIDED]),
        )
    ).all()
    voided = {row.context.get("statement") for row in rows if row.verb == Verb.VOIDED}
    for row in rows:
        if row.verb != Verb.VOIDED and row.context.get("attempt") == str(attempt.id) and str(row.id) not in voided:
            record.void(row, actor_id=by)
