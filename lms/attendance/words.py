"""Marks and times as pages say them."""

from flask_babel import format_time
from flask_babel import lazy_gettext as _l

from lms.attendance.models import TrainingSession
from lms.record.models import Status

MARK_NAMES = {
    Status.PRESENT: _l("Present"),
    Status.LATE: _l("Late"),
    Status.EXCUSED: _l("Excused"),
    Status.ABSENT: _l("Absent"),
}


def mark_name(mark: str) -> str:
    """A mark in the reader's language."""
    return str(MARK_NAMES[Status(mark)])


def wall_time(training: TrainingSession) -> str:
    """From when to when, on the clock of the place, whatever zone the reader is in."""
    begins, ends = (format_time(each, "short", rebase=False) for each in (training.begins, training.ends))
    return f"{begins} – {ends}"
