"""Inviting trainees to take the post-test once more, when the months after it have passed."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from babel import Locale
from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import aliased

from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session
from lms.core.words import N_, catalogue, pick
from lms.library.activities import PostTest
from lms.library.edition import Edition, edition
from lms.messages import service
from lms.messages.models import Kind, Thread
from lms.progress.recheck import CLOSES, OPENS, recheck_of
from lms.record.models import ActivityState, Status

# In one transaction.
STEP = 100


def invite() -> int:
    """Tell those whose window is open, each once for each recheck, in closed cohorts too; returns how many."""
    count = 0
    for version_id in session.scalars(select(Enrolment.course_version_id).distinct()).all():
        shown = edition(version_id)
        count += sum(
            _invite_to(shown, version_id, each) for each in shown.document.tests() if isinstance(each, PostTest)
        )
    return count


def _invite_to(shown: Edition, version_id: UUID, test: PostTest) -> int:
    now, id, again = clock.now(), recheck_of(test.id), aliased(ActivityState)
    taken = select(again.registration).where(
        again.registration == Enrolment.id, again.activity_id == id, again.status == Status.COMPLETED
    )
    told = select(Thread.id).where(
        Thread.begun_by == Enrolment.user_id,
        Thread.cohort_id == Enrolment.cohort_id,
        Thread.kind == Kind.NOTICE,
        Thread.activity_id == id,
    )
    rows = session.execute(
        select(Enrolment, User.language, ActivityState.completed_at)
        .join(ActivityState, (ActivityState.registration == Enrolment.id) & (ActivityState.activity_id == test.id))
        .join(User, User.id == Enrolment.user_id)
        .where(
            Enrolment.course_version_id == version_id,
            Enrolment.left_at.is_(None),
            User.active,
            ActivityState.completed_at.between(now - CLOSES, now - OPENS),
            ~taken.exists(),
            ~told.exists(),
        )
        .limit(STEP)
        .with_for_update(of=Enrolment, skip_locked=True)
    ).all()
    for enrolment, language, passed_at in rows:
        assert passed_at is not None
        words = _words(shown, test, passed_at, language or "en")
        # Named by what it is about: two workers at one moment cannot tell it twice.
        service.notify(enrolment, words, id=uuid5(enrolment.id, f"invited, {id}"), activity_id=id)
    return len(rows)


def _words(shown: Edition, test: PostTest, passed_at: datetime, language: str) -> str:
    languages = [language, shown.document.source_language]
    # The window ends in the middle of a day; the one before is whole everywhere.
    last = (passed_at + CLOSES).date() - timedelta(days=1)
    return catalogue(language).gettext(
        N_(
            "Three months later: what stayed? Take “%(test)s” of “%(course)s” once more, by %(day)s. "
            "You find it under “My learning”. Nothing depends on the result."
        )
    ) % {
        "test": pick(test.title, languages)[1],
        "course": pick(shown.document.title, languages)[1],
        "day": format_date(last, "long", locale=Locale.parse(language, sep="-")),
    }
