"""Telling holders in time that a certificate ends, and what is to be done again."""

from datetime import datetime, timedelta

from babel import Locale
from babel.dates import format_date
from sqlalchemy import select

from lms.accounts.models import User
from lms.certificates.models import Credential
from lms.cohorts.models import Enrolment
from lms.core import clock
from lms.core.db import session
from lms.core.words import N_, catalogue, pick
from lms.library.awards import REMIND_DAYS, Rule
from lms.library.edition import edition
from lms.messages import service as messages

# In one transaction.
STEP = 100


def next_reminder(rule: Rule | None, ends: datetime | None, after: datetime) -> datetime | None:
    """The first reminder after an instant; none where the certificate does not end, or after the last one."""
    if ends is None:
        return None
    days = rule.renewal.remind_days if rule is not None and rule.renewal is not None else REMIND_DAYS
    return min((at for each in days if (at := ends - timedelta(days=each)) > after), default=None)


def remind() -> int:
    """Tell those whose time has come, each once for each reminder; returns how many there were."""
    now = clock.now()
    rows = session.execute(
        select(Credential, Enrolment, User.language)
        .join(Enrolment, Enrolment.id == Credential.enrolment_id)
        .join(User, User.id == Credential.user_id)
        .where(Credential.remind_at <= now)
        .order_by(Credential.remind_at)
        .limit(STEP)
        .with_for_update(of=Credential, skip_locked=True)
    ).all()
    for credential, enrolment, language in rows:
        rule = edition(enrolment.course_version_id).document.rule_of(credential.kind)
        credential.remind_at = next_reminder(rule, credential.expires_at, now)
        if credential.expires_at is not None and credential.expires_at > now and enrolment.left_at is None:
            messages.notify(enrolment, _words(credential, enrolment, rule, language or "en"))
    return len(rows)


def _words(credential: Credential, enrolment: Enrolment, rule: Rule | None, language: str) -> str:
    assert credential.expires_at is not None
    say, shown = catalogue(language).gettext, edition(enrolment.course_version_id)
    values = {
        "course": pick(credential.course_title, [language, "en"])[1],
        "code": credential.code,
        "date": format_date(credential.expires_at.date(), "long", locale=Locale.parse(language, sep="-")),
    }
    if rule is None or rule.renewal is None:
        return (
            say(
                N_(
                    "Your certificate for “%(course)s” (%(code)s) ends on %(date)s.\n\n"
                    "To renew it, take the course again. Ask your mentors for a place in a new class."
                )
            )
            % values
        )
    known = [shown.activities[id] for id in rule.renewal.activities if id in shown.activities]
    again = "\n".join(f"– {pick(each.title, [language, shown.document.source_language])[1]}" for each in known)
    return say(
        N_(
            "Your certificate for “%(course)s” (%(code)s) ends on %(date)s.\n\n"
            "To renew it, do this again:\n%(again)s\n\nAsk your mentors for a place in a new class."
        )
    ) % (values | {"again": again})
