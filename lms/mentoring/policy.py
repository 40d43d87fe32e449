"""Notes are for the mentors deployed to the mission, plans for its managers too; the person sees what is shared."""

from sqlalchemy import ColumnElement, and_, false

from lms.accounts.models import Role, User
from lms.core.policy import permission
from lms.mentoring.models import ActionPlan, MentoringNote
from lms.missions.models import Mission
from lms.missions.policy import is_staff, missions_where_deployed

MENTORED = (Role.TRAINEE, Role.INSTRUCTOR)


@permission("mentoring.list")
def lists_plans(user: User) -> bool:
    """Mentors and managers; each sees only what is of their missions."""
    return is_staff(user)


@permission("mentoring.own")
def has_own(user: User) -> bool:
    """Whoever may be mentored: trainees and local instructors."""
    return user.role in MENTORED


@permission("mentoring.keep", Mission)
def keeps(user: User) -> ColumnElement[bool]:
    """Mentors and managers deployed there."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else false()


@permission("notes.write", Mission)
def writes_note(user: User) -> ColumnElement[bool]:
    """Mentors deployed there."""
    return Mission.id.in_(missions_where_deployed(user)) if user.role == Role.MENTOR else false()


@permission("notes.see", MentoringNote)
def sees_note(user: User) -> ColumnElement[bool]:
    """Mentors deployed to the mission; a manager has the plans."""
    return MentoringNote.mission_id.in_(missions_where_deployed(user)) if user.role == Role.MENTOR else false()


@permission("notes.revise", MentoringNote)
def revises_note(user: User) -> ColumnElement[bool]:
    """Its writer, while deployed."""
    own: ColumnElement[bool] = MentoringNote.written_by == user.id
    return and_(
        own, MentoringNote.mission_id.in_(missions_where_deployed(user)) if user.role == Role.MENTOR else false()
    )


permission("notes.strike", MentoringNote)(sees_note)


def shared_with(user: User) -> ColumnElement[bool]:
    """The notes on this person that were shared with them."""
    return and_(MentoringNote.user_id == user.id, MentoringNote.shared_at.is_not(None))


permission("notes.comment", MentoringNote)(shared_with)


@permission("plans.see", ActionPlan)
def sees_plan(user: User) -> ColumnElement[bool]:
    """Mentors and managers deployed to the mission."""
    return ActionPlan.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else false()


permission("plans.change", ActionPlan)(sees_plan)


@permission("plans.comment", ActionPlan)
def comments_on_plan(user: User) -> ColumnElement[bool]:
    """Whom the plan is for."""
    return ActionPlan.user_id == user.id
