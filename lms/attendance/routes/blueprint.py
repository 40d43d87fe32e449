"""The blueprint that the pages of sessions share."""

from flask import Blueprint

from lms.attendance.words import mark_name, wall_time

bp = Blueprint("attendance", __name__)
bp.add_app_template_global(mark_name)
bp.add_app_template_global(wall_time)
