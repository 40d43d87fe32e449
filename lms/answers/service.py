"""Deciding on a short answer once for all equal ones, and taking that back."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from babel.numbers import format_percent
from sqlalchemy import select

from lms.accounts.models import User
from lms.assessment import scoring
from lms.assessment.models import AnswerDecision, Attempt, UnmatchedAnswer
from lms.cohorts.closing import correcting
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.percent import whole
from lms.core.words import N_, catalogue, pick
from lms.library.edition import edition
from lms.messages import service as messages
from lms.missions.models import Mission
from lms.progress.recheck import activity_of

# What an answer may be worth, as a share of the question's points.
SHARES = {"full": 1.0, "half": 0.5, "none": 0.0}


def decide(mission: Mission, question: str, answer: str, worth: str, *, by: UUID) -> AnswerDecision:
    """Say what an answer is worth; it counts for all equal ones of the mission, now and later.

    Deciding the same once more changes nothing but what was left out before, as in a cohort that was closed.
    """
    if worth not in SHARES:
        raise DomainError(N_("Choose whether the answer counts."))
    open_cohorts = _take_turn(mission.id, by)
    equal = _equal(mission.id, question, answer)
    if not equal:
        raise DomainError(N_("Nobody waits for this answer to be marked any more."))
    decision = session.scalar(
        select(AnswerDecision).where(
            AnswerDecision.mission_id == mission.id,
            AnswerDecision.question == question,
            AnswerDecision.answer == answer,
            AnswerDecision.taken_back_at.is_(None),
        )
    )
    if decision is not None and decision.share != SHARES[worth]:
        raise DomainError(N_("Somebody has decided otherwise on this answer meanwhile. Take that back first."))
    if decision is None:
        decision = AnswerDecision(
            mission_id=mission.id,
            course_version_id=equal[0].course_version_id,
            question_id=equal[0].question_id,
            question=question,
            answer=answer,
            typed=equal[0].typed,
            share=SHARES[worth],
            decided_by=by,
        )
        session.add(decision)
        session.flush()
    concerned = [each for each in equal if each.decision_id is None and each.cohort_id in open_cohorts]
    for each in concerned:
        each.decision_id = decision.id
    changed = _mark_again(concerned, scoring.Again(decision.id, by), taken_back=False)
    audit.record("answers.decided", actor_id=by, object_id=decision.id, share=decision.share, changed=changed)
    return decision


def take_back(decision: AnswerDecision, *, by: UUID) -> None:
    """Let the key alone count again; the decision stays on the trail, and the answers wait once more."""
    open_cohorts = _take_turn(decision.mission_id, by)
    session.refresh(decision, with_for_update=True)
    if decision.taken_back_at is not None:
        return
    decision.taken_back_at, decision.taken_back_by = clock.now(), by
    rows = session.scalars(select(UnmatchedAnswer).where(UnmatchedAnswer.decision_id == decision.id)).all()
    concerned = [each for each in rows if each.cohort_id in open_cohorts]
    for each in concerned:
        each.decision_id = None
    again = scoring.Again(uuid5(decision.id, "taken back"), by)
    changed = _mark_again(concerned, again, taken_back=True)
    audit.record("answers.taken_back", actor_id=by, object_id=decision.id, share=decision.share, changed=changed)


def _take_turn(mission_id: UUID, by: UUID) -> set[UUID]:
    """The mission's cohorts in which something may change; who is just handing in there is waited for.

    So no answer slips through between being looked up and being decided on.
    """
    cohorts = session.scalars(
        select(Cohort).where(Cohort.mission_id == mission_id).order_by(Cohort.id).with_for_update()
    ).all()
    return {each.id for each in cohorts if each.closed_at is None or correcting(each.id, by) is not None}


def _equal(mission_id: UUID, question: str, answer: str) -> Sequence[UnmatchedAnswer]:
    return session.scalars(
        select(UnmatchedAnswer)
        .where(
            UnmatchedAnswer.mission_id == mission_id,
            UnmatchedAnswer.question == question,
            UnmatchedAnswer.answer == answer,
        )
        .order_by(UnmatchedAnswer.given_at, UnmatchedAnswer.attempt_id)
    ).all()


def _mark_again(concerned: Sequence[UnmatchedAnswer], again: scoring.Again, *, taken_back: bool) -> int:
    """Mark these attempts once more and tell their trainees; returns for how many the score changed."""
    session.flush()
    changed = 0
    for attempt_id in dict.fromkeys(each.attempt_id for each in concerned):
        attempt = session.get_one(Attempt, attempt_id, with_for_update=True)
        if scoring.settle(attempt, scoring.decisions_on(attempt), again):
            changed += 1
            _tell(attempt, again.by, taken_back=taken_back)
    return changed


def _tell(attempt: Attempt, by: UUID, *, taken_back: bool) -> None:
    """Write the new score into the trainee's inbox, in the trainee's language."""
    enrolment, trainee = session.get_one(Enrolment, attempt.enrolment_id), session.get_one(User, attempt.user_id)
    if enrolment.left_at is not None:
        return
    language = trainee.language or enrolment.language or "en"
    source = edition(attempt.course_version_id).document.source_language
    said = catalogue(language).gettext
    lines = [
        said(N_("The mark of an answer in “%(test)s” was taken back, and a mentor looks at it again."))
        if taken_back
        else said(N_("A mentor has looked at an answer in “%(test)s” that was not in the key, and it counts.")),
        said(N_("Your score is now %(percent)s.")),
    ]
    if attempt.passed:
        lines.append(said(N_("You have passed.")))
    elif attempt.passed is False and taken_back:
        lines.append(said(N_("With this, the test is not passed.")))
    locale = language if language in ("en", "fr", "ar") else "en"
    values = {
        "test": pick(scoring.test_of(attempt).title, [enrolment.language or language, language, source])[1],
        "percent": format_percent(whole(attempt.score or 0) / 100, locale=locale),
    }
    words = "\n".join(line % values for line in lines)
    messages.tell(enrolment, activity_of(attempt.activity_id), words, by=by)
