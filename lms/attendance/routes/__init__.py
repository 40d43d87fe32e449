"""The pages of sessions."""

from lms.attendance.routes import calendar, check_in, cohort, planning, sheet
from lms.attendance.routes.blueprint import bp

__all__ = ["bp", "calendar", "check_in", "cohort", "planning", "sheet"]
