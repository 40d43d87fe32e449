"""A decision counts for a whole mission, so who is deployed there makes it; it shows the key, so no trainee sees it."""

from sqlalchemy import ColumnElement

from lms.accounts.models import User
from lms.assessment.models import AnswerDecision
from lms.core.policy import permission
from lms.missions.models import Mission
from lms.missions.policy import is_staff, missions_where_deployed


@permission("answers.list")
def lists_answers(user: User) -> bool:
    """Mentors and managers; each sees only what trainees of their missions answered."""
    return is_staff(user)


@permission("answers.decide", Mission)
def decides(user: User) -> ColumnElement[bool] | bool:
    """Mentors and managers deployed to the mission."""
    return Mission.id.in_(missions_where_deployed(user)) if is_staff(user) else False


@permission("answers.take_back", AnswerDecision)
def takes_back(user: User) -> ColumnElement[bool] | bool:
    """The same: what one decides, another may correct."""
    return AnswerDecision.mission_id.in_(missions_where_deployed(user)) if is_staff(user) else False
