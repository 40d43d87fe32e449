"""Notes on a person: sealed, for the mentors of the mission, and for the person where they are shared."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from lms.accounts.models import Role, User
from lms.core import clock
from lms.core.db import session, transaction
from lms.mentoring.models import MentoringNote
from lms.mentoring.queries import notes_on
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, a_person, an_enrolment, an_instructor, deployed, trainee_of
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def mentor(mission: Mission) -> User:
    return deployed(mission)


@pytest.fixture
def trainee(mission: Mission) -> User:
    return trainee_of(an_enrolment(a_cohort(mission)))


def page_of(mission: Mission, person: User) -> str:
    return f"/missions/{mission.id}/mentoring/{person.id}"


def written(browser: Browser, mission: Mission, person: User, text: str, **more: str) -> MentoringNote:
    """Write a note by the form; returns it."""
    fields = {"day": clock.today().isoformat(), "text": text, "competency": "", **more}
    answer = browser.send(f"{page_of(mission, person)}/notes", **fields)
    assert answer.status_code == 302, answer.text
    return session.scalars(select(MentoringNote).order_by(MentoringNote.id.desc()).limit(1)).one()


def test_a_note_is_read_by_the_missions_mentors_and_by_nobody_else_until_it_is_shared(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    note = written(sign_in(mentor), mission, trainee, "Explained the reason of the arrest.", competency="C3")
    colleague = sign_in(deployed(mission))
    page = colleague.text(page_of(mission, trainee))
    assert "Explained the reason of the arrest." in page
    assert "C3 Communication and de-escalation" in page
    manager = sign_in(deployed(mission, Role.MANAGER))
    assert "Explained" not in manager.text(page_of(mission, trainee))
    assert sign_in(deployed(a_mission())).get(page_of(mission, trainee)).status_code == 403
    assert "Explained" not in sign_in(trainee).text("/my-mentoring/")
    assert colleague.send(f"/mentoring-notes/{note.id}/share").status_code == 403
    sign_in(mentor).send(f"/mentoring-notes/{note.id}/share")
    assert "Explained the reason of the arrest." in sign_in(trainee).text("/my-mentoring/")
    assert "Explained" not in sign_in(a_person()).text("/my-mentoring/")


def test_what_a_note_says_cannot_be_read_in_the_database(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    note = written(sign_in(mentor), mission, trainee, "Lost his temper twice.")
    sign_in(mentor).send(f"/mentoring-notes/{note.id}/strike", reason="It was somebody else.")
    stored = session.execute(text("SELECT text FROM note_wording")).scalars().all()
    stored += session.execute(text("SELECT struck_because FROM mentoring_note")).scalars().all()
    assert len(stored) == 2
    assert not any(b"temper" in bytes(each) or b"somebody" in bytes(each) for each in stored)


def test_rewording_keeps_the_earlier_wording_and_is_the_writers_alone(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    note = written(sign_in(mentor), mission, trainee, "Came late.")
    path = f"/mentoring-notes/{note.id}"
    assert sign_in(deployed(mission)).send(path, text="Never late.").status_code == 403
    theirs = sign_in(mentor)
    assert theirs.send(path, text="x" * 2001).status_code == 422
    for _ in range(2):
        assert theirs.send(path, text="Came late, for a reason.").status_code == 302
    page = theirs.text(page_of(mission, trainee))
    for words in ("Came late, for a reason.", "Came late.", "1 earlier wording"):
        assert words in page
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        session.execute(text("DELETE FROM note_wording"))


def test_a_note_is_never_deleted_but_struck_out_with_a_reason(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    theirs = sign_in(mentor)
    note = written(theirs, mission, trainee, "Left the register open.", shared="y")
    colleague, path = sign_in(deployed(mission)), f"/mentoring-notes/{note.id}/strike"
    assert colleague.send(path, reason=" ").status_code == 422
    assert colleague.send(path, reason="It was another person.").status_code == 302
    for browser, page in ((theirs, page_of(mission, trainee)), (sign_in(trainee), "/my-mentoring/")):
        assert "<del>" in browser.get(page).text
        assert "It was another person." in browser.text(page)
    assert theirs.send(f"/mentoring-notes/{note.id}", text="Once more").status_code == 422
    assert "Left the register" not in theirs.text(f"{page_of(mission, trainee)}/print")


def test_the_person_comments_on_what_is_shared_and_the_mentors_see_it(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    theirs, own = sign_in(mentor), sign_in(trainee)
    note = written(theirs, mission, trainee, "Listened well.")
    path = f"/mentoring-notes/{note.id}/comment"
    assert own.send(path, text="Thank you").status_code == 403
    theirs.send(f"/mentoring-notes/{note.id}/share")
    answer = own.send(path, text=" ")
    assert answer.status_code == 422
    assert "Write what you want to say." in answer.text
    assert own.send(path, text="The radio helped.").status_code == 302
    assert "The radio helped." in theirs.text(page_of(mission, trainee))
    assert sign_in(a_person()).send(path, text="Me too").status_code == 403


def test_notes_are_filtered_by_competency_and_listed_by_day_newest_first(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    theirs = sign_in(mentor)
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    written(theirs, mission, trainee, "Of today", competency="C5")
    written(theirs, mission, trainee, "Of yesterday", competency="C3", day=yesterday)
    page = theirs.text(page_of(mission, trainee))
    assert page.index("Of today") < page.index("Of yesterday")
    page = theirs.text(f"{page_of(mission, trainee)}?competency=C3")
    assert "Of today" not in page
    assert "Of yesterday" in page


def test_a_note_is_not_dated_in_the_future_and_what_was_typed_is_kept(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    later = (clock.today() + timedelta(days=2)).isoformat()
    answer = sign_in(mentor).send(f"{page_of(mission, trainee)}/notes", day=later, text="Typed in a car", competency="")
    assert answer.status_code == 422
    assert "in the future" in answer.text
    assert "Typed in a car" in answer.text


def test_rights_over_notes_end_with_the_deployment(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn, time: Clock
) -> None:
    note = written(sign_in(mentor), mission, trainee, "Good.")
    assert [each.text for each in notes_on(trainee.id, mentor)] == ["Good."]
    time.forward(days=31)
    assert notes_on(trainee.id, mentor) == []
    later = sign_in(session.get_one(User, mentor.id))
    assert later.get(page_of(mission, trainee)).status_code == 403
    assert later.get(f"/mentoring-notes/{note.id}").status_code == 403


def test_notes_on_gives_each_reader_what_they_may_see(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    theirs = sign_in(mentor)
    written(theirs, mission, trainee, "Kept")
    written(theirs, mission, trainee, "Shared", shared="y")
    assert [each.text for each in notes_on(trainee.id, mentor)] == ["Shared", "Kept"]
    assert [each.text for each in notes_on(trainee.id, trainee)] == ["Shared"]
    for other in (a_person(), deployed(mission, Role.MANAGER), a_person(Role.ADMIN), deployed(a_mission())):
        assert notes_on(trainee.id, other) == []


def test_a_number_leads_to_the_person_trainee_or_local_instructor(
    mission: Mission, mentor: User, trainee: User, sign_in: SignIn
) -> None:
    theirs, instructor = sign_in(mentor), an_instructor(a_cohort(mission))
    elsewhere = trainee_of(an_enrolment())
    for person in (trainee, instructor):
        answer = theirs.get(f"/mentoring/?number={person.shown_as}")
        assert answer.headers["Location"] == page_of(mission, person)
        assert theirs.get(page_of(mission, person)).status_code == 200
    assert "Nobody of your missions has this number." in theirs.text(f"/mentoring/?number={elsewhere.shown_as}")
    assert theirs.get(page_of(mission, elsewhere)).status_code == 404
