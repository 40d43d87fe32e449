"""A mentor leaves and another takes over: item by item, with rights that move with the dates."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.assessment import service as assessment
from lms.assignments import judging
from lms.assignments import service as assignments
from lms.assignments.models import HandIn
from lms.attendance.models import TrainingSession
from lms.cohorts import closing
from lms.cohorts.models import Cohort, CohortLead, Enrolment
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.handover.models import Handover, HandoverItem
from lms.mentoring import service as mentoring
from lms.mentoring.models import ActionPlan, MentoringNote
from lms.messages import service as messages
from lms.missions.models import Deployment, Mission
from tests.builders import (
    a_cohort,
    a_deployment,
    a_mission,
    a_person,
    a_published,
    a_session,
    an_enrolment,
    committed,
    deployed,
    done,
    with_practice,
)
from tests.conftest import Clock
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission()


@pytest.fixture
def cohort(mission: Mission, app: Flask) -> Cohort:
    """A cohort in which one report waits to be marked."""
    cohort = a_cohort(mission, a_published(with_practice()))
    enrolment = an_enrolment(cohort)
    done(enrolment, "greeting", "asking")
    with transaction():
        assignments.hand_in(enrolment, "report", "What happened", [], app.config["MEDIA"])
    return cohort


@pytest.fixture
def leaver(mission: Mission) -> User:
    return deployed(mission, ends=clock.today() + timedelta(days=10))


@pytest.fixture
def successor(mission: Mission) -> User:
    """Comes in a week, so that both are there for four days."""
    person = a_person(Role.MENTOR)
    a_deployment(mission, person, clock.today() + timedelta(days=7), clock.today() + timedelta(days=200))
    return person


def deployment_of(person: User) -> Deployment:
    return session.scalars(select(Deployment).where(Deployment.user_id == person.id)).one()


def begun(browser: Browser, leaver: User, successor: User) -> str:
    """Begin the handover; returns its address."""
    path = f"/deployments/{deployment_of(leaver).id}/handover"
    answer = browser.send(path, successor=str(deployment_of(successor).id))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def item(kind: str) -> HandoverItem:
    return session.scalars(select(HandoverItem).where(HandoverItem.kind == kind)).one()


def lead_of(cohort: Cohort) -> object:
    return session.scalar(select(CohortLead.user_id).where(CohortLead.cohort_id == cohort.id))


@committed
def mentored(mission: Mission, cohort: Cohort, leaver: User) -> tuple[ActionPlan, MentoringNote]:
    """A plan of the leaving mentor's and a note, on the trainee of the cohort."""
    trainee = session.scalars(select(User).join(Enrolment, Enrolment.user_id == User.id)).one()
    later = clock.today() + timedelta(days=60)
    agreed = mentoring.Agreed("Gaps in the register", "Fill it in at once", "A full week", leaver.id, later, later)
    plan = mentoring.open_plan(mission, trainee, agreed, by=leaver.id)
    today = clock.today()
    note = mentoring.write_note(
        mission, trainee, day=today, competency="C5", text="Asks first.", shared=False, by=leaver.id
    )
    return plan, note


def test_rights_move_from_one_mentor_to_the_other_with_the_dates(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    plan, note = mentored(mission, cohort, leaver)
    hand_in = session.scalars(select(HandIn)).one()
    matters = (
        f"/cohorts/{cohort.id}",
        f"/marking/{hand_in.id}",
        f"/action-plans/{plan.id}",
        f"/missions/{mission.id}/mentoring/{note.user_id}",
    )

    def opens(person: User) -> list[bool]:
        """Which of the cohort, the marking, the plan and the notes the person may open today."""
        theirs = sign_in(session.get_one(User, person.id))
        return [theirs.get(path).status_code == 200 for path in matters]

    address = begun(sign_in(leaver), leaver, successor)
    answers = {kind: f"/handover-items/{item(kind).id}/answer" for kind in ("cohort", "marking", "plan", "notes")}
    # Before the successor's first day
    assert (opens(leaver), opens(successor)) == ([True] * 4, [False] * 4)
    assert sign_in(successor).get(address).status_code == 403
    assert sign_in(successor).send(answers["plan"], answer="accept").status_code == 403
    # On it
    time.forward(days=7)
    assert (opens(leaver), opens(successor)) == ([True] * 4, [True] * 4)
    theirs = sign_in(successor)
    pack = theirs.text(address)
    assert "Fill it in at once" in pack
    assert "1 note on this person" in pack
    for kind in ("cohort", "marking", "plan"):
        assert theirs.send(answers[kind], answer="accept").status_code == 302
    session.expire_all()
    assert lead_of(cohort) == plan.owner_id == successor.id
    assert f"Owner: {successor.username}" in theirs.text(matters[2])
    assert "Asks first." in theirs.text(matters[3])
    # After the leaver's last day
    time.forward(days=4)
    assert (opens(leaver), opens(successor)) == ([False] * 4, [True] * 4)
    assert sign_in(leaver).get(address).status_code == 403
    assert sign_in(leaver).send(f"{address}/items", title="Too late").status_code == 403
    manager = sign_in(deployed(mission, Role.MANAGER))
    assert "Left open" in manager.text("/handovers/")
    left = manager.text(address)
    assert left.count("Accepted") == 3
    assert "Asks first." not in left


def test_only_what_is_open_and_the_leavers_own_is_handed_over_of_mentoring(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    mentored(mission, cohort, deployed(mission))
    plan, note = mentored(mission, cohort, leaver)
    theirs = sign_in(leaver)
    address = begun(theirs, leaver, successor)
    assert (item("plan").object_id, item("notes").count) == (plan.id, 1)
    theirs.send(f"/action-plans/{plan.id}/end", status="done", text="A full week.")
    theirs.send(f"/mentoring-notes/{note.id}/strike", reason="A mistake.")
    theirs.send(f"{address}/gather")
    assert {each.kind for each in session.scalars(select(HandoverItem))} == {"cohort", "marking"}


def test_an_administrator_sees_that_a_plan_is_handed_over_and_not_what_it_says(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    mentored(mission, cohort, leaver)
    address = begun(sign_in(leaver), leaver, successor)
    page = sign_in(a_person(Role.ADMIN)).text(address)
    assert "Action plan" in page
    assert "Fill it in at once" not in page


def test_the_pack_holds_what_is_open_and_what_the_leaver_adds(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    theirs = sign_in(leaver)
    assert "Prepare the handover" in theirs.text("/handovers/")
    address = begun(theirs, leaver, successor)
    theirs.send(f"{address}/items", title="Radio key", note="With the duty officer.")
    theirs.send(f"/handover-items/{item('cohort').id}/note", note="Meets on Mondays.")
    page = theirs.text(address)
    for words in (cohort.title, "1 waits to be marked", "Radio key", "With the duty officer.", "Meets on Mondays."):
        assert words in page
    assert "Days together 4" in page


def test_a_cohort_that_another_mentor_answers_for_stays_out(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    with transaction():
        session.add(CohortLead(cohort_id=cohort.id, user_id=deployed_id(mission)))
    begun(sign_in(leaver), leaver, successor)
    assert session.scalars(select(HandoverItem)).all() == []


def deployed_id(mission: Mission) -> object:
    session.add(person := User(username="third-mentor", role=Role.MENTOR.value))
    session.flush()
    return person.id


def test_what_the_successor_misses_is_seen_by_the_leaver_and_the_manager(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    answer = f"/handover-items/{item('marking').id}/answer"
    sign_in(successor).send(answer, answer="object", objection="The rubric in French")
    for person in (leaver, deployed(mission, Role.MANAGER)):
        assert "The rubric in French" in sign_in(person).text(address)
    sign_in(leaver).send(f"/handover-items/{item('marking').id}/note", note="It is in the course.")
    session.expire_all()
    assert item("marking").objection == ""


def test_the_manager_sees_what_was_left_open_at_the_departure(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    manager = deployed(mission, Role.MANAGER)
    assert "Left open" not in sign_in(manager).text("/handovers/")
    time.forward(days=11)
    assert "Left open" in sign_in(manager).text("/handovers/")
    assert "Not everything was accepted before the departure" in sign_in(manager).text(address)


def test_an_accepted_item_stays_as_it_was_accepted(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    for _ in range(2):
        sign_in(successor).send(f"/handover-items/{item('marking').id}/answer", answer="accept")
    sign_in(leaver).send(f"/handover-items/{item('marking').id}/note", note="Changed afterwards")
    sign_in(leaver).send(f"{address}/gather")
    session.expire_all()
    assert (item("marking").note, item("marking").count) == ("", 1)
    assert "Items accepted" in sign_in(leaver).get(address).text


def test_bringing_up_to_date_takes_new_cohorts_in_and_keeps_notes(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    theirs = sign_in(leaver)
    address = begun(theirs, leaver, successor)
    theirs.send(f"/handover-items/{item('cohort').id}/note", note="Meets on Mondays.")
    new = a_cohort(mission, cohort.course_version_id)
    theirs.send(f"{address}/gather")
    page = theirs.text(address)
    assert new.title in page
    assert "Meets on Mondays." in page


def test_a_successor_who_leaves_no_later_cannot_be_chosen(
    mission: Mission, cohort: Cohort, leaver: User, sign_in: SignIn
) -> None:
    short = deployed(mission, ends=clock.today() + timedelta(days=10))
    path = f"/deployments/{deployment_of(leaver).id}/handover"
    assert sign_in(leaver).send(path, successor=str(deployment_of(short).id)).status_code == 422
    assert "Nobody stays longer" in sign_in(leaver).text(path)
    assert session.scalars(select(Handover)).all() == []


def test_taking_back_the_successors_deployment_takes_back_the_handover(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    begun(sign_in(leaver), leaver, successor)
    sign_in(deployed(mission, Role.MANAGER)).send(f"/deployments/{deployment_of(successor).id}/end")
    assert session.scalars(select(Handover)).all() == []
    assert session.scalars(select(HandoverItem)).all() == []


def test_what_waits_in_the_cohort_and_the_leavers_sessions_are_in_the_pack(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    mine = a_session(cohort, 9, trainer_id=leaver.id)
    a_session(cohort, 9)
    enrolment = session.scalars(select(Enrolment)).one()
    with transaction():
        messages.ask(enrolment, "greeting", "Why twice?", by=enrolment.user_id)
        judging.mark(session.scalars(select(HandIn)).one(), {"facts": "none", "words": "none"}, "", by=leaver.id)
        judging.appeal(session.scalars(select(HandIn)).one(), "Look again.")
        attempt = assessment.begin(enrolment, "quiz")
        position = next(at for at, each in enumerate(attempt.paper, 1) if each["question"] == "text")
        assessment.answer(attempt, position, {"answer": ["honour"]}, flagged=False)
        assessment.submit(attempt)
    address = begun(sign_in(leaver), leaver, successor)
    pack = sign_in(leaver).text(address)
    for words in (
        "1 mark that its trainee does not agree with",
        "1 question without an answer",
        "1 short answer that the key does not know",
        "Session to be held",
    ):
        assert pack.count(words) == 1, words
    time.forward(days=7)
    sign_in(successor).send(f"/handover-items/{item('session').id}/answer", answer="accept")
    session.expire_all()
    training = session.get_one(TrainingSession, mine.id)
    assert (training.trainer_id, training.revision) == (successor.id, 1)


def test_a_manager_gives_what_is_open_to_another_successor(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    sign_in(successor).send(f"/handover-items/{item('marking').id}/answer", answer="accept")
    other = deployed(mission, ends=clock.today() + timedelta(days=200))
    again = sign_in(leaver).send(
        f"/deployments/{deployment_of(leaver).id}/handover", successor=str(deployment_of(other).id)
    )
    assert again.status_code == 422
    assert "A manager can give what is open to somebody else" in again.text
    assert sign_in(leaver).send(f"{address}/successor", successor=str(deployment_of(other).id)).status_code == 403
    manager = sign_in(deployed(mission, Role.MANAGER))
    assert "Another successor" in manager.text(address)
    assert manager.send(f"{address}/successor", successor=str(deployment_of(other).id)).status_code == 302
    page = sign_in(other).text(address)
    assert f"Accepted {successor.username}" in page
    sign_in(other).send(f"/handover-items/{item('cohort').id}/answer", answer="accept")
    session.expire_all()
    assert (item("marking").accepted_by, item("cohort").accepted_by) == (successor.id, other.id)
    assert lead_of(cohort) == other.id
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "handovers.passed_on")).one()
    assert event.detail["now"] == str(deployment_of(other).id)
    # Who took a part of it on still reads it, and answers for nothing else.
    assert sign_in(successor).get(address).status_code == 200
    assert sign_in(successor).send(f"/handover-items/{item('cohort').id}/answer", answer="accept").status_code == 403


@pytest.fixture
def third(mission: Mission) -> User:
    """A mentor who has no part in the handover."""
    return deployed(mission, ends=clock.today() + timedelta(days=300))


def answered(browser: Browser, kind: str, **fields: str) -> str:
    """The successor's answer to an item of this kind; the words of the page that it leads to."""
    of = item(kind)
    answer = browser.send(f"/handover-items/{of.id}/answer", **fields)
    assert answer.status_code == 302, answer.text
    session.expire_all()
    return browser.text(f"/handovers/{of.handover_id}")


@pytest.mark.parametrize("kind", ["cohort", "marking", "appeals", "answers", "questions"])
def test_a_cohort_that_somebody_else_was_given_meanwhile_stays_theirs(
    mission: Mission,
    cohort: Cohort,
    leaver: User,
    successor: User,
    third: User,
    sign_in: SignIn,
    time: Clock,
    kind: str,
) -> None:
    begun(sign_in(leaver), leaver, successor)
    if kind not in ("cohort", "marking"):
        with transaction():
            handover = session.scalars(select(Handover)).one()
            more = HandoverItem(handover_id=handover.id, kind=kind, object_id=cohort.id, title=cohort.title, count=1)
            session.add(more)
    manager = deployed(mission, Role.MANAGER)
    assert sign_in(manager).send(f"/cohorts/{cohort.id}/lead", person=str(third.id)).status_code == 302
    time.forward(days=7)
    theirs = sign_in(successor)
    page = answered(theirs, kind, answer="accept")
    assert f"{third.username} answers for this now" in page
    assert "You have taken it on" not in page
    assert (lead_of(cohort), item(kind).accepted_at) == (third.id, None)
    # When the cohort is the successor's after all, what waits in it is taken on.
    assert sign_in(manager).send(f"/cohorts/{cohort.id}/lead", person=str(successor.id)).status_code == 302
    assert "You have taken it on" in answered(theirs, kind, answer="accept")


def test_a_session_and_a_plan_that_somebody_else_was_given_meanwhile_stay_theirs(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, third: User, sign_in: SignIn, time: Clock
) -> None:
    mine, freed = a_session(cohort, 9, trainer_id=leaver.id, topic="Mine"), a_session(cohort, 8, trainer_id=leaver.id)
    plan, _ = mentored(mission, cohort, leaver)
    begun(sign_in(leaver), leaver, successor)
    with transaction():
        session.get_one(TrainingSession, mine.id).trainer_id = third.id
        session.get_one(TrainingSession, freed.id).trainer_id = None
        mentoring.move(session.get_one(ActionPlan, plan.id), third.id, by=third.id)
    time.forward(days=7)
    theirs = sign_in(successor)
    for each in session.scalars(select(HandoverItem).where(HandoverItem.kind.in_(("session", "plan")))).all():
        theirs.send(f"/handover-items/{each.id}/answer", answer="accept")
    session.expire_all()
    assert (session.get_one(TrainingSession, mine.id).trainer_id, plan.owner_id) == (third.id, third.id)
    assert session.get_one(TrainingSession, freed.id).trainer_id == successor.id
    taken = session.scalars(select(HandoverItem.object_id).where(HandoverItem.accepted_at.is_not(None))).all()
    assert taken == [freed.id]


def test_a_manager_brings_the_pack_up_to_date_and_nothing_that_was_written_goes(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, third: User, sign_in: SignIn, time: Clock
) -> None:
    address, theirs = begun(sign_in(leaver), leaver, successor), sign_in(leaver)
    theirs.send(f"/handover-items/{item('cohort').id}/note", note="Meets on Mondays.")
    manager = deployed(mission, Role.MANAGER)
    sign_in(manager).send(f"/cohorts/{cohort.id}/lead", person=str(third.id))
    assert "Bring up to date" in sign_in(manager).text(address)
    assert sign_in(manager).send(f"{address}/gather").status_code == 302
    session.expire_all()
    kept = session.scalars(select(HandoverItem)).one()
    assert (kept.kind, kept.object_id, kept.title, kept.note) == ("note", None, cohort.title, "Meets on Mondays.")
    time.forward(days=7)
    assert "You have taken it on" in answered(sign_in(successor), "note", answer="accept")
    assert lead_of(cohort) == third.id


@committed
def closed(cohort: Cohort, by: User) -> None:
    closing.close(session.get_one(Cohort, cohort.id), by=by.id)


def test_a_closed_cohort_stays_out_of_the_pack(cohort: Cohort, leaver: User, successor: User, sign_in: SignIn) -> None:
    closed(cohort, leaver)
    begun(sign_in(leaver), leaver, successor)
    assert session.scalars(select(HandoverItem)).all() == []


@pytest.mark.parametrize("kind", ["cohort", "marking"])
def test_a_cohort_that_was_closed_meanwhile_is_not_taken_on(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock, kind: str
) -> None:
    begun(sign_in(leaver), leaver, successor)
    closed(cohort, leaver)
    time.forward(days=7)
    assert "This cohort is closed" in answered(sign_in(successor), kind, answer="accept")
    assert (lead_of(cohort), item(kind).accepted_at) == (None, None)


@pytest.mark.parametrize("how", ["item", "note", "objection", "accepted"])
def test_what_was_written_for_a_successor_is_not_lost_with_their_deployment(
    mission: Mission, cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, how: str
) -> None:
    address, theirs = begun(sign_in(leaver), leaver, successor), sign_in(leaver)
    with transaction():
        of = session.get_one(HandoverItem, item("cohort").id)
        if how == "accepted":
            of.accepted_at, of.accepted_by = clock.now(), successor.id
        elif how != "item":
            setattr(of, how, "Meets on Mondays.")
    if how == "item":
        theirs.send(f"{address}/items", title="Key of the armoury")
    posting, manager = deployment_of(successor).id, sign_in(deployed(mission, Role.MANAGER))
    refused = manager.send(f"/deployments/{posting}/end")
    assert refused.status_code == 422
    assert f"{leaver.username} hands over to {successor.username}" in refused.text
    assert f'href="{address}/successor"' in refused.text
    other = deployed(mission, ends=clock.today() + timedelta(days=200))
    manager.send(f"{address}/successor", successor=str(deployment_of(other).id))
    assert manager.send(f"/deployments/{posting}/end").status_code == 302
    session.expire_all()
    assert session.get(Deployment, posting) is None
    assert session.scalar(select(Handover.successor_id)) == deployment_of(other).id
    assert len(session.scalars(select(HandoverItem)).all()) == (3 if how == "item" else 2)


def test_the_deployment_of_who_wrote_a_handover_is_not_taken_back_either(
    mission: Mission, leaver: User, successor: User, sign_in: SignIn
) -> None:
    """A mentor may prepare the handover of a second stay, which has not begun."""
    again = a_deployment(mission, leaver, clock.today() + timedelta(days=20), clock.today() + timedelta(days=40))
    theirs, manager = sign_in(leaver), sign_in(deployed(mission, Role.MANAGER))
    path = f"/deployments/{again.id}/handover"
    address = theirs.send(path, successor=str(deployment_of(successor).id)).headers["Location"]
    theirs.send(f"{address}/items", title="Key of the armoury")
    refused = manager.send(f"/deployments/{again.id}/end")
    assert refused.status_code == 422
    assert "Change its dates instead" in refused.text
    assert session.get(Deployment, again.id, populate_existing=True) is not None


LONG = "x" * 4001


def test_a_note_that_is_too_long_is_refused_whole_and_stays_in_its_field(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn
) -> None:
    address, theirs = begun(sign_in(leaver), leaver, successor), sign_in(leaver)
    path = f"/handover-items/{item('cohort').id}/note"
    refused = theirs.send(path, note=LONG)
    assert refused.status_code == 422
    assert LONG in refused.text
    assert "is saved" not in refused.text
    fields = {each.get("id"): each for each in Page(refused.text).all("textarea")}
    wrong = fields[f"note-{item('cohort').id}"]
    assert (wrong.get("maxlength"), wrong.get("aria-invalid")) == ("4000", "true")
    assert f'href="#note-{item("cohort").id}"' in refused.text
    assert fields[f"note-{item('marking').id}"].get("aria-invalid") is None
    # A browser counts a line's end as one character, and sends two.
    assert theirs.send(path, note="x\r\n" * 2000).status_code == 302
    session.expire_all()
    assert item("cohort").note.count("x") == 2000
    assert theirs.send(f"{address}/items", title="Radio", note="x\r\n" * 2000).status_code == 302


def test_a_note_on_what_is_accepted_meanwhile_goes_on_as_another_item(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    answered(sign_in(successor), "cohort", answer="accept")
    refused = sign_in(leaver).send(f"/handover-items/{item('cohort').id}/note", note="Meets on Mondays.")
    assert refused.status_code == 422
    assert "Add another item" in refused.text
    assert "Meets on Mondays." in refused.text
    titles = [each.get("value") for each in Page(refused.text).all("input") if each.get("name") == "title"]
    assert titles == [cohort.title]


def test_what_is_missing_is_refused_whole_when_it_is_too_long_or_empty(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    theirs, path = sign_in(successor), f"/handover-items/{item('cohort').id}/answer"
    for typed in (LONG, " "):
        refused = theirs.send(path, answer="object", objection=typed)
        assert refused.status_code == 422
        assert typed in refused.text
        field = next(each for each in Page(refused.text).all("textarea") if each.get("aria-invalid"))
        assert (field.get("id"), field.get("maxlength")) == (f"objection-{item('cohort').id}", "4000")
    session.expire_all()
    assert item("cohort").objection == ""


def test_a_note_saved_on_an_older_page_leaves_the_successors_newer_words(
    cohort: Cohort, leaver: User, successor: User, sign_in: SignIn, time: Clock
) -> None:
    address = begun(sign_in(leaver), leaver, successor)
    time.forward(days=7)
    theirs, path = sign_in(leaver), f"/handover-items/{item('cohort').id}/note"
    before = next(each for each in Page(theirs.get(address).text).all("input") if each.get("name") == "seen")
    answered(sign_in(successor), "cohort", answer="object", objection="The keys\r\nof the hall")
    theirs.send(path, note="Meets on Mondays.", seen=before.get("value") or "")
    session.expire_all()
    assert (item("cohort").note, item("cohort").objection) == ("Meets on Mondays.", "The keys\nof the hall")
    page = theirs.text(address)
    assert "said meanwhile what is missing" in page
    theirs.send(path, note="Keys with the duty officer.", seen="The keys\r\nof the hall")
    session.expire_all()
    assert item("cohort").objection == ""
