"""Who may have a book: who may see its course; the one with answers is for who teaches."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from lms.accounts.models import User
from lms.books.models import Book
from lms.core import policy
from lms.core.policy import permission
from lms.library.models import Course
from lms.missions.policy import is_staff, missions_where_deployed


@permission("books.answers")
def has_answers(user: User) -> bool:
    """Mentors and managers teach with the key, the guide and the observation checklist at hand."""
    return is_staff(user)


@permission("books.read", Book)
def reads(user: User) -> ColumnElement[bool]:
    """A course's book for who sees the course; a draft's for who is deployed to its mission."""
    staff = is_staff(user)
    published = Book.course_id.in_(select(Course.id).where(policy.where(user, "library.see")))
    drafted = Book.mission_id.in_(missions_where_deployed(user)) if staff else false()
    return or_(published if staff else and_(published, Book.answers.is_(False)), drafted)
