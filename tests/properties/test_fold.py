"""The fold: order and duplicates do not matter, and a rebuild gives the same rows."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from lms.core.db import session, transaction
from lms.record import service
from lms.record.fold import fold
from lms.record.models import MARKS, ActivityState, Statement, Status, Verb
from tests.builders import an_enrolment, done

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def statements(draw: st.DrawFn) -> list[Statement]:
    """Of one activity: a course's or a session's, never both."""
    attended = draw(st.booleans())
    verbs = [each for each in Verb if each is Verb.VOIDED or (each is Verb.ATTENDED) == attended]
    made: list[Statement] = []
    for place in range(draw(st.integers(0, 8))):
        verb = draw(st.sampled_from(verbs))
        context = {}
        if verb is Verb.VOIDED and made:
            context = {"statement": str(draw(st.sampled_from(made)).id)}
        if verb is Verb.ATTENDED:
            context = {"mark": draw(st.sampled_from(MARKS))}
        if verb in (Verb.INITIALIZED, Verb.PASSED, Verb.FAILED, Verb.RETURNED) and draw(st.booleans()):
            context = {"hand_in": draw(st.sampled_from("12"))}
        if verb is Verb.SCORED:
            context = {"status": draw(st.sampled_from((Status.COMPLETED, Status.FAILED)))}
        made.append(
            Statement(
                id=UUID(int=place + 1),
                verb=verb.value,
                score=draw(st.none() | st.floats(0, 1)),
                context=context,
                occurred_at=BEGUN + timedelta(minutes=draw(st.integers(0, 1000))),
            )
        )
    return made


@given(statements(), st.randoms())
def test_order_and_duplicates_do_not_matter(ledger: list[Statement], chance: Random) -> None:
    mixed = ledger + chance.sample(ledger, len(ledger) // 2)
    chance.shuffle(mixed)
    assert fold(mixed) == fold(ledger)


@given(statements())
def test_completed_means_that_some_valid_statement_says_so(ledger: list[Statement]) -> None:
    voided = {each.context.get("statement") for each in ledger if each.verb == Verb.VOIDED}
    valid = [each for each in ledger if str(each.id) not in voided]
    set_by_somebody = [each for each in valid if each.verb == Verb.SCORED]
    if set_by_somebody:
        latest = max(set_by_somebody, key=lambda each: (each.occurred_at, each.id))
        says_so = latest.context["status"] == Status.COMPLETED
    else:
        says_so = any(each.verb in (Verb.COMPLETED, Verb.PASSED) for each in valid)
    folded = fold(ledger)
    assert (folded is not None and folded.status is Status.COMPLETED) == says_so


@given(statements())
def test_what_is_handed_in_waits_until_its_own_answer(ledger: list[Statement]) -> None:
    folded = fold([each for each in ledger if each.verb != Verb.SCORED])
    voided = {each.context.get("statement") for each in ledger if each.verb == Verb.VOIDED}
    valid = [each for each in ledger if str(each.id) not in voided]
    handed_in = {each.context["hand_in"] for each in valid if each.verb == Verb.INITIALIZED and each.context}
    answers = [each for each in valid if each.verb in (Verb.PASSED, Verb.FAILED, Verb.RETURNED)]
    waits = bool(handed_in - {each.context.get("hand_in") for each in answers})
    completed = folded is not None and folded.status is Status.COMPLETED
    assert (folded is not None and folded.status is Status.HANDED_IN) == (waits and not completed)


@given(statements())
def test_what_was_earned_is_told_whatever_somebody_set(ledger: list[Statement]) -> None:
    without = fold([each for each in ledger if each.verb != Verb.SCORED])
    folded = fold(ledger)
    assert (folded.earned if folded else None) == (without.earned if without else None)
    if folded is not None and folded.overridden_at is None:
        assert folded.score == folded.earned


def _rows() -> list[tuple[object, ...]]:
    columns = ActivityState.__table__.columns
    return sorted(tuple(row) for row in session.execute(select(*columns)))


def test_a_rebuild_gives_the_same_rows(app: Flask) -> None:
    first, second = an_enrolment(), an_enrolment()
    done(first, "greeting", "asking")
    done(second, "greeting")
    done(second, "quiz", score=0.8)
    before = _rows()
    with transaction():
        session.execute(ActivityState.__table__.update().values(status="wrong", attempts=99))  # type: ignore[attr-defined]
    answer = app.test_cli_runner().invoke(args=["record", "rebuild"])
    assert "4 states folded" in answer.output
    session.rollback()
    assert _rows() == before


def test_a_known_id_adds_nothing_and_a_voided_statement_counts_no_more(app: Flask) -> None:
    enrolment = an_enrolment()
    id = UUID(int=7)
    for _ in range(2):
        with transaction():
            service.append(
                Verb.COMPLETED,
                id=id,
                actor_id=enrolment.user_id,
                registration=enrolment.id,
                activity_id="greeting",
            )
    statement = session.scalars(select(Statement)).one()
    with transaction():
        service.void(statement, actor_id=enrolment.user_id)
    assert _rows() == []
