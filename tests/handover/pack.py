"""A handover that has begun, and what is in it."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from lms.accounts.models import User
from lms.cohorts.models import Cohort, CohortLead, Enrolment
from lms.core import clock
from lms.core.db import session
from lms.handover.models import HandoverItem
from lms.mentoring import service as mentoring
from lms.mentoring.models import ActionPlan, MentoringNote
from lms.missions.models import Deployment, Mission
from tests.builders import committed
from tests.pages import Browser

SignIn = Callable[[User], Browser]


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
