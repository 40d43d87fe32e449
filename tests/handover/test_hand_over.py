"""A mentor leaves and another takes over: item by item, with rights that move with the dates."""

from datetime import timedelta

from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.assessment import service as assessment
from lms.assignments import judging
from lms.assignments.models import HandIn
from lms.attendance.models import TrainingSession
from lms.cohorts.models import Cohort, CohortLead, Enrolment
from lms.core import clock
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.handover.models import Handover, HandoverItem
from lms.messages import service as messages
from lms.missions.models import Mission
from tests.builders import a_cohort, a_person, a_session, deployed
from tests.conftest import Clock
from tests.handover.pack import SignIn, begun, deployment_of, item, lead_of, mentored


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
