"""Opening missions, deploying people to them, and stating the law in force."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from lms.accounts.models import Role, User
from lms.core import audit, clock
from lms.core.dates import check_near
from lms.core.db import session
from lms.core.errors import DomainError
from lms.core.ids import new_id
from lms.core.words import N_
from lms.missions import desk, forces
from lms.missions.models import AssistanceRequest, Deployment, LocalLaw, Mission, RollEntry


def create(
    *,
    by: UUID | None,
    title: str,
    host_country: str,
    host_force: str,
    requested_by: str,
    mandate_begins: date,
    mandate_ends: date,
    languages: list[str],
    keeps_names: bool = False,
    request: AssistanceRequest | None = None,
    id: UUID | None = None,
) -> Mission:
    """Open a mission under a title of its own, where there is a request as the answer to it."""
    _check_mandate(title, mandate_begins, mandate_ends)
    _check_end(mandate_ends, "mandate_ends")
    mission = Mission(
        id=id or new_id(),
        title=title,
        host_country=host_country,
        requested_by=requested_by,
        mandate_begins=mandate_begins,
        mandate_ends=mandate_ends,
        languages=languages,
        keeps_names=keeps_names,
    )
    session.add(mission)
    session.flush()
    forces.add(mission, host_force, "police", by=by)
    if request is not None:
        desk.answer_with(request, mission)
    audit.record("missions.created", actor_id=by, object_id=mission.id)
    return mission


def change(
    mission: Mission,
    *,
    by: UUID,
    title: str,
    host_country: str,
    requested_by: str,
    mandate_begins: date,
    mandate_ends: date,
    languages: list[str],
    keeps_names: bool,
) -> None:
    """Say anew what was said when the mission was opened: a mandate is renewed, a title corrected.

    Deployments stay within the mandate, so they are changed before it becomes shorter.
    """
    _check_mandate(title, mandate_begins, mandate_ends, but=mission.id)
    if mandate_ends != mission.mandate_ends:
        _check_end(mandate_ends, "mandate_ends")
    first, last = session.execute(
        select(func.min(Deployment.begins), func.max(Deployment.ends)).where(Deployment.mission_id == mission.id)
    ).one()
    if first is not None and (first < mandate_begins or last > mandate_ends):
        raise DomainError(
            N_("People are deployed from %(first)s to %(last)s. Keep the mandate around that, or change them first."),
            field="mandate_begins" if first < mandate_begins else "mandate_ends",
            first=first.isoformat(),
            last=last.isoformat(),
        )
    told = {
        "title": title,
        "host_country": host_country,
        "requested_by": requested_by,
        "mandate_begins": mandate_begins,
        "mandate_ends": mandate_ends,
        "languages": languages,
        "keeps_names": keeps_names,
    }
    changed = [name for name, value in told.items() if getattr(mission, name) != value]
    for name in changed:
        setattr(mission, name, told[name])
    audit.record("missions.changed", actor_id=by, object_id=mission.id, changed=changed)


def _check_mandate(title: str, begins: date, ends: date, but: UUID | None = None) -> None:
    if ends < begins:
        raise DomainError(N_("The mandate ends before it begins. Change one of the dates."), field="mandate_ends")
    known = session.scalar(select(Mission.id).where(Mission.title == title))
    if known is not None and known != but:
        raise DomainError(N_("There is a mission with this title already. Choose another."), field="title")


def _check_end(day: date, field: str) -> None:
    """What ended long ago may still be entered."""
    check_near(max(day, clock.today()), field=field)


def deploy(
    mission: Mission, username: str, begins: date, ends: date, *, by: UUID | None, id: UUID | None = None
) -> Deployment:
    """Deploy a mentor or manager to the mission for dates within its mandate."""
    user = session.scalar(select(User).where(User.username == username.strip().casefold(), User.active))
    if user is None or user.role not in (Role.MENTOR, Role.MANAGER):
        raise DomainError(N_("There is no mentor or manager with this username."), field="username")
    _check_dates(mission, user.id, begins, ends)
    _check_end(ends, "ends")
    deployment = Deployment(id=id or new_id(), mission_id=mission.id, user_id=user.id, begins=begins, ends=ends)
    session.add(deployment)
    session.flush()
    audit.record("missions.deployed", actor_id=by, object_id=mission.id, person=str(user.id))
    return deployment


def _check_dates(mission: Mission, user_id: UUID, begins: date, ends: date, but: UUID | None = None) -> None:
    if ends < begins:
        raise DomainError(N_("The deployment ends before it begins. Change one of the dates."), field="ends")
    if begins < mission.mandate_begins or ends > mission.mandate_ends:
        raise DomainError(
            N_("The mandate runs from %(begins)s to %(ends)s. Choose dates within it."),
            field="begins",
            begins=mission.mandate_begins.isoformat(),
            ends=mission.mandate_ends.isoformat(),
        )
    overlapping = select(Deployment.id).where(
        Deployment.mission_id == mission.id,
        Deployment.user_id == user_id,
        Deployment.begins <= ends,
        Deployment.ends >= begins,
        Deployment.id != (but or UUID(int=0)),
    )
    if session.scalar(overlapping.limit(1)) is not None:
        raise DomainError(N_("This person is deployed here in those dates already."), field="username")


def move_deployment(deployment: Deployment, begins: date, ends: date, *, by: UUID) -> None:
    """Other dates for a deployment that has not ended; one that has begun keeps its first day."""
    today = clock.today()
    if deployment.ends < today:
        raise DomainError(N_("This deployment has ended. Enter a new one."))
    if begins != deployment.begins and min(begins, deployment.begins) <= today:
        raise DomainError(N_("It has begun, or would have: its first day stays."), field="begins")
    if ends < today:
        raise DomainError(N_("This day is over. Choose one to come."), field="ends")
    # Locked: its mandate could become shorter meanwhile.
    mission = session.get_one(Mission, deployment.mission_id, with_for_update=True)
    _check_dates(mission, deployment.user_id, begins, ends, but=deployment.id)
    if ends != deployment.ends:
        _check_end(ends, "ends")
    deployment.begins, deployment.ends = begins, ends
    audit.record("missions.deployment_moved", actor_id=by, object_id=mission.id, person=str(deployment.user_id))


def end_deployment(deployment: Deployment, *, by: UUID) -> None:
    """End a deployment today; its rights end with the day. One that has not begun is taken back."""
    today = clock.today()
    if deployment.begins > today:
        session.delete(deployment)
    else:
        deployment.ends = min(deployment.ends, today)
    audit.record(
        "missions.deployment_ended", actor_id=by, object_id=deployment.mission_id, person=str(deployment.user_id)
    )


def put_on_roll(mission_id: UUID, user_id: UUID) -> None:
    """Enter a trainee on the mission's nominal roll; entering twice is one entry."""
    if session.get(RollEntry, (mission_id, user_id)) is None:
        session.add(RollEntry(mission_id=mission_id, user_id=user_id))
        session.flush()


def state_law(
    mission: Mission,
    course_slug: str,
    lesson_id: str,
    language: str,
    *,
    text: str,
    checked_by: str,
    checked_on: date,
    by: UUID,
) -> None:
    """Say what the law in force is on a lesson's matter; saying it again replaces it."""
    if checked_on > clock.today():
        raise DomainError(N_("The check is dated in the future. Give the day it was done."), field="checked_on")
    law = session.scalar(
        select(LocalLaw).where(
            LocalLaw.mission_id == mission.id,
            LocalLaw.course_slug == course_slug,
            LocalLaw.lesson_id == lesson_id,
            LocalLaw.language == language,
        )
    )
    if law is None:
        law = LocalLaw(mission_id=mission.id, course_slug=course_slug, lesson_id=lesson_id, language=language)
        session.add(law)
    law.text, law.checked_by, law.checked_on = text, checked_by, checked_on
    audit.record("missions.law_stated", actor_id=by, object_id=mission.id, course=course_slug, lesson=lesson_id)
