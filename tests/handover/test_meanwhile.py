"""What others do while a handover is under way: nothing is taken from them, and nothing that was written is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.attendance.models import TrainingSession
from lms.cohorts import closing
from lms.cohorts.models import Cohort
from lms.core import clock
from lms.core.db import session, transaction
from lms.handover.models import Handover, HandoverItem
from lms.mentoring import service as mentoring
from lms.mentoring.models import ActionPlan
from lms.missions.models import Deployment, Mission
from tests.builders import a_deployment, a_session, committed, deployed
from tests.conftest import Clock
from tests.handover.pack import SignIn, begun, deployment_of, item, lead_of, mentored
from tests.pages import Browser, Page


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
