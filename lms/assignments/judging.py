"""Judging what was handed in: mark, give back, mark a second time, appeal, regrade; every step stays on the trail."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from sqlalchemy import select

from lms.assignments.models import HandIn, Judged, Judgement, SavedRemark
from lms.assignments.service import assignment_of
from lms.cohorts.closing import check_open
from lms.cohorts.models import Enrolment
from lms.core import audit, clock
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.percent import reached
from lms.core.words import N_
from lms.messages import service as messages
from lms.record import service as record
from lms.record.models import Statement, Verb

MOST_SAVED = 40
UNSEEN = N_("The trainee has handed in again; the new work stands below. Look at it, then save.")
DECIDED = N_("Somebody else has looked at the mark that you did not agree with. See what was decided.")


def mark(hand_in: HandIn, levels: Mapping[str, str], remark: str, *, by: UUID, seen: str | None = None) -> None:
    """Judge by the rubric: a level for each criterion, ``{criterion id: level id}``. A second click changes nothing.

    ``seen`` is the digest of the work that was looked at, where that was in an earlier transaction than this; other
    work than that is not judged.
    """
    _take_up(hand_in, by)
    if hand_in.marked_at is not None:
        if hand_in.levels == dict(levels):
            return
        raise DomainError(N_("Somebody has marked this already. The page shows how."))
    _check_seen(hand_in, seen)
    _settle(hand_in, levels, remark, Judged.MARKED, by=by)
    _inform(hand_in, N_("Your work is marked. See the mark and what was said of it."), by)


def _inform(hand_in: HandIn, message: str, by: UUID) -> None:
    messages.inform(session.get_one(Enrolment, hand_in.enrolment_id), hand_in.activity_id, message, by=by)


def _take_up(hand_in: HandIn, by: UUID) -> None:
    """One judgement at a time, and none in a cohort that is closed."""
    session.refresh(hand_in, with_for_update=True)
    check_open(session.get_one(Enrolment, hand_in.enrolment_id).cohort_id, by=by)


def _check_seen(hand_in: HandIn, seen: str | None) -> None:
    if seen not in (None, hand_in.digest):
        raise DomainError(UNSEEN)


def _earned(hand_in: HandIn, levels: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """``(levels of the rubric's criteria, points)``; refused while a criterion has none."""
    earned, chosen = 0, {}
    for criterion in assignment_of(hand_in).rubric:
        level = next((each for each in criterion.levels if each.id == levels.get(criterion.id)), None)
        if level is None:
            raise DomainError(N_("Choose a level for every criterion."))
        chosen[criterion.id] = level.id
        earned += level.points
    return chosen, earned


def _settle(
    hand_in: HandIn, levels: Mapping[str, str], remark: str, kind: Judged, *, by: UUID, reason: str = ""
) -> None:
    """Make this the mark that counts, on the record too."""
    chosen, earned = _earned(hand_in, levels)
    assignment = assignment_of(hand_in)
    hand_in.levels, hand_in.remark = chosen, remark.strip()
    hand_in.marked_by, hand_in.marked_at = by, clock.now()
    hand_in.score = earned / assignment.most_points()
    hand_in.passed = reached(hand_in.score, assignment.pass_mark)
    judgement = _note(hand_in, kind, by=by, reason=reason)
    judgement.levels, judgement.remark, judgement.score = chosen, hand_in.remark, hand_in.score
    _put_on_record(judgement, hand_in, Verb.PASSED if hand_in.passed else Verb.FAILED)


def _note(hand_in: HandIn, kind: Judged, *, by: UUID, reason: str = "") -> Judgement:
    judgement = Judgement(hand_in_id=hand_in.id, kind=kind, reason=reason.strip(), by=by)
    session.add(judgement)
    session.flush()
    return judgement


def _put_on_record(judgement: Judgement, hand_in: HandIn, verb: Verb) -> None:
    judgement.statement_id = uuid5(judgement.id, "judged")
    record.append(
        verb,
        id=judgement.statement_id,
        actor_id=hand_in.user_id,
        registration=hand_in.enrolment_id,
        activity_id=hand_in.activity_id,
        score=judgement.score,
        context={"hand_in": str(hand_in.id), "marked_by": str(judgement.by)},
    )


def give_back(hand_in: HandIn, remark: str, *, by: UUID, seen: str | None = None) -> None:
    """Give it back for another try: no mark, but what to do better. A second click changes nothing.

    ``seen`` is as in ``mark``.
    """
    _take_up(hand_in, by)
    if hand_in.marked_at is not None:
        if hand_in.given_back:
            return
        raise DomainError(N_("Somebody has marked this already. The page shows how."))
    _check_seen(hand_in, seen)
    if not remark.strip():
        raise DomainError(N_("Say to the trainee what to do better."))
    hand_in.remark, hand_in.marked_by, hand_in.marked_at = remark.strip(), by, clock.now()
    judgement = _note(hand_in, Judged.GIVEN_BACK, by=by)
    judgement.remark = hand_in.remark
    _put_on_record(judgement, hand_in, Verb.RETURNED)
    _inform(hand_in, N_("Your work is given back for another try. See what to do better."), by)


def regrade(hand_in: HandIn, levels: Mapping[str, str], remark: str, reason: str, *, by: UUID) -> None:
    """Put another mark in place of one that counts, with a reason; the earlier one stays on the trail.

    A second click changes nothing.
    """
    _take_up(hand_in, by)
    if _was_just_said(hand_in, levels, remark, reason, by):
        return
    if hand_in.score is None:
        raise DomainError(N_("There is no mark to change here."))
    if not reason.strip():
        raise DomainError(N_("Say why the mark changes. The reason stays on the trail."))
    _by_another(hand_in, by)
    record.void(session.get_one(Statement, _on_record(hand_in)), actor_id=by)
    _settle(hand_in, levels, remark, Judged.REGRADED, by=by, reason=reason)
    appealed = _decide(hand_in)
    _inform(hand_in, DECIDED if appealed else N_("Your mark has changed. See the new one."), by)
    audit.record("assignments.regraded", actor_id=by, object_id=hand_in.id)


def _was_just_said(hand_in: HandIn, levels: Mapping[str, str], remark: str, reason: str, by: UUID) -> bool:
    """Whether the newest judgement changed the mark to just this."""
    newest = session.scalars(
        select(Judgement)
        .where(Judgement.hand_in_id == hand_in.id)
        .order_by(Judgement.at.desc(), Judgement.id.desc())
        .limit(1)
    ).first()
    if newest is None or newest.kind != Judged.REGRADED or newest.by != by:
        return False
    return (newest.levels, newest.remark, newest.reason) == (dict(levels), remark.strip(), reason.strip())


def _on_record(hand_in: HandIn) -> UUID:
    """The statement of the mark that counts: that of the newest judgement which put one on record."""
    known = session.scalars(
        select(Judgement.statement_id)
        .where(Judgement.hand_in_id == hand_in.id, Judgement.statement_id.is_not(None))
        .order_by(Judgement.at.desc(), Judgement.id.desc())
        .limit(1)
    ).one()
    assert known is not None
    return known


def uphold(hand_in: HandIn, reason: str, *, by: UUID) -> None:
    """Leave the mark as it is after an appeal, with a reason that the trainee reads."""
    _take_up(hand_in, by)
    if hand_in.appealed_at is None or hand_in.decided_at is not None:
        raise DomainError(N_("There is no open appeal here."))
    if not reason.strip():
        raise DomainError(N_("Say why the mark stays. The trainee reads it."))
    _by_another(hand_in, by)
    _note(hand_in, Judged.UPHELD, by=by, reason=reason)
    _decide(hand_in)
    _inform(hand_in, DECIDED, by)
    audit.record("assignments.upheld", actor_id=by, object_id=hand_in.id)


def _by_another(hand_in: HandIn, by: UUID) -> None:
    if hand_in.appealed_at is not None and hand_in.decided_at is None and hand_in.marked_by == by:
        raise DomainError(N_("Somebody else than who marked it decides an appeal."))


def _decide(hand_in: HandIn) -> bool:
    """Close an open appeal; whether there was one."""
    if hand_in.appealed_at is None or hand_in.decided_at is not None:
        return False
    hand_in.decided_at = clock.now()
    return True


def appeal(hand_in: HandIn, words: str) -> None:
    """Ask for the mark to be looked at by somebody else; once for each hand-in."""
    _take_up(hand_in, hand_in.user_id)
    if hand_in.score is None:
        raise DomainError(N_("There is no mark to change here."))
    if hand_in.appealed_at is not None:
        raise DomainError(N_("You have asked for this already."))
    if not words.strip():
        raise DomainError(N_("Say what you do not agree with."))
    hand_in.appeal, hand_in.appealed_at = words.strip(), clock.now()


def mark_second(hand_in: HandIn, levels: Mapping[str, str], *, by: UUID, seen: str | None = None) -> None:
    """Judge what somebody else has marked, without seeing how; it changes nothing but shows how far both agree.

    ``seen`` is as in ``mark``.
    """
    _take_up(hand_in, by)
    own = session.scalars(select(Judgement.kind).where(Judgement.hand_in_id == hand_in.id, Judgement.by == by)).all()
    if Judged.SECOND in own:
        return
    if hand_in.score is None or hand_in.marked_by == by or own:
        raise DomainError(N_("A second mark is for what somebody else has marked."))
    _check_seen(hand_in, seen)
    chosen, earned = _earned(hand_in, levels)
    judgement = _note(hand_in, Judged.SECOND, by=by)
    judgement.levels, judgement.score = chosen, earned / assignment_of(hand_in).most_points()


def keep_remark(words: str, *, by: UUID) -> None:
    """Keep words for the next time; what is kept already stays once."""
    words = " ".join(words.split())[:300]
    kept = list(session.scalars(select(SavedRemark.words).where(SavedRemark.user_id == by)))
    if not words or words in kept:
        return
    if len(kept) >= MOST_SAVED:
        raise DomainError(N_("You have kept 40 remarks. Take one out first."))
    session.add(SavedRemark(user_id=by, words=words))
    session.flush()
