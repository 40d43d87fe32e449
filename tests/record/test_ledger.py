"""The ledger: added to and never changed, and every state follows from it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from lms.accounts.models import User
from lms.core import clock
from lms.core.db import session, transaction
from lms.record import service
from lms.record.models import ActivityState, Statement, Status, Verb
from tests.builders import an_enrolment, done, trainee_of
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def states() -> list[tuple[object, ...]]:
    session.rollback()
    columns = ActivityState.__table__.columns
    return sorted(tuple(row) for row in session.execute(select(*columns)))


def count() -> int:
    return session.scalar(select(func.count()).select_from(Statement)) or 0


def rebuild(app: Flask) -> str:
    answer = app.test_cli_runner().invoke(args=["record", "rebuild"])
    assert answer.exit_code == 0, answer.output
    session.rollback()
    return answer.output


def test_a_rebuild_from_nothing_gives_the_same_states(app: Flask) -> None:
    first, second = an_enrolment(), an_enrolment()
    done(first)
    done(second, "greeting")
    for score in (0.2, 0.9, 0.4):
        with transaction():
            verb = Verb.PASSED if score > 0.6 else Verb.FAILED
            service.append(verb, actor_id=second.user_id, registration=second.id, activity_id="quiz", score=score)
    before = states()
    assert len(before) == 6
    with transaction():
        session.execute(delete(ActivityState))
    assert states() == []
    assert rebuild(app) == "6 states folded.\n"
    assert states() == before


def test_a_rebuild_mends_states_that_the_ledger_does_not_know(app: Flask) -> None:
    enrolment = an_enrolment()
    done(enrolment, "greeting")
    before = states()
    with transaction():
        session.execute(update(ActivityState).values(status=Status.STARTED.value, score=0.5))
        session.add(
            ActivityState(
                registration=enrolment.id, activity_id="final", status="completed", attempts=1, started_at=clock.now()
            )
        )
    assert rebuild(app) == "1 states folded.\n"
    assert states() == before


def test_a_rebuild_of_an_empty_ledger_is_nothing(app: Flask) -> None:
    assert rebuild(app) == "0 states folded.\n"


def test_progress_on_the_page_follows_from_the_ledger_alone(app: Flask, sign_in: SignIn) -> None:
    enrolment = an_enrolment()
    done(enrolment, "greeting", "asking")
    trainee = sign_in(trainee_of(enrolment))
    assert "2 of 4" in trainee.text("/learn/")
    with transaction():
        session.execute(delete(ActivityState))
    assert "0 of 4" in trainee.text("/learn/")
    rebuild(app)
    assert "2 of 4" in trainee.text("/learn/")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE statement SET score = 1",
        "UPDATE statement SET verb = 'passed' WHERE verb = 'completed'",
        "DELETE FROM statement",
        "DELETE FROM statement WHERE activity_id = 'greeting'",
    ],
)
def test_statements_are_never_changed_or_deleted(app: Flask, statement: str) -> None:
    done(an_enrolment(), "greeting")
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session.execute(text(statement))
    kept = session.scalars(select(Statement)).one()
    assert (kept.verb, kept.score) == ("completed", None)


def test_the_same_lesson_done_twice_is_one_completion(sign_in: SignIn) -> None:
    enrolment = an_enrolment()
    trainee = sign_in(trainee_of(enrolment))
    for _ in range(3):
        trainee.send(f"/learn/{enrolment.id}/greeting/done")
    assert count() == 1
    assert "1 of 4" in trainee.text("/learn/")


def test_a_completion_keeps_its_first_day(app: Flask) -> None:
    enrolment = an_enrolment()
    first = clock.now() - timedelta(days=9)
    for at in (clock.now(), first, clock.now() - timedelta(days=1)):
        with transaction():
            service.append(
                Verb.COMPLETED,
                actor_id=enrolment.user_id,
                registration=enrolment.id,
                activity_id="greeting",
                occurred_at=at,
            )
    state = session.scalars(select(ActivityState)).one()
    assert (count(), state.completed_at, state.attempts) == (3, first, 0)


def test_a_failure_after_a_pass_takes_nothing_away(app: Flask) -> None:
    enrolment = an_enrolment()
    for verb, score in ((Verb.PASSED, 0.8), (Verb.FAILED, 0.1)):
        with transaction():
            service.append(verb, actor_id=enrolment.user_id, registration=enrolment.id, activity_id="quiz", score=score)
    state = session.scalars(select(ActivityState)).one()
    assert (state.status, state.score, state.attempts) == ("completed", 0.8, 2)


def test_a_statement_taken_back_stays_in_the_ledger_and_counts_no_more(app: Flask, sign_in: SignIn) -> None:
    enrolment = an_enrolment()
    done(enrolment, "greeting")
    with transaction():
        service.void(session.scalars(select(Statement)).one(), actor_id=enrolment.user_id)
    assert (count(), states()) == (2, [])
    assert "0 of 4" in sign_in(trainee_of(enrolment)).text("/learn/")
    assert rebuild(app) == "0 states folded.\n"


def test_a_statement_that_cannot_be_folded_in_leaves_nothing(app: Flask) -> None:
    enrolment = an_enrolment()

    def fail() -> None:
        service.append(Verb.COMPLETED, actor_id=enrolment.user_id, registration=enrolment.id, activity_id="greeting")
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction():
        fail()
    assert (count(), states()) == (0, [])
