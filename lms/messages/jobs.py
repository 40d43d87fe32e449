"""Mail that tells that something waits, and not what, of whom or in which course."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select

from lms.accounts.models import User
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.jobs import enqueue, job, periodic
from lms.core.mail import Postbox
from lms.core.words import N_, catalogue
from lms.messages import inviting, notices, queries
from lms.messages.models import Notice


def _postbox() -> Postbox | None:
    config = current_app.config
    return Postbox(config["SMTP_URL"], config["MAIL_FROM"]) if config["SMTP_URL"] else None


@job("messages.confirm")
def send_link(user_id: str) -> None:
    """Send the link with which an address is confirmed."""
    config, postbox = current_app.config, _postbox()
    with transaction(write=False):
        notice = session.get(Notice, UUID(user_id))
        if postbox is None or notice is None or notice.confirmed_at is not None:
            return
        words = catalogue(session.get_one(User, notice.user_id).language or "en")
        to, code = notices.address_of(notice, config["DATA_DIR"]), notices.code_for(notice, config["SIGNING_KEYS"])
    body = words.gettext(
        N_(
            "Somebody gave this address at %(site)s to be told of messages there. If it was you, open this page "
            "within a day, signed in, and confirm it:\n\n%(address)s\n\nIf it was not you, do nothing."
        )
    ) % {"site": config["SITE_NAME"], "address": f"{config['BASE_URL']}/account/messages/confirm/{code}"}
    subject = words.gettext(N_("Confirm your address"))
    postbox.send(to, subject, body, id=f"confirm-{notices.code_for(notice, config['SIGNING_KEYS'])[-27:]}")


def _minute(instant: datetime) -> str:
    return f"{instant:%Y%m%d%H%M}"


@job("messages.digest")
def send_digest(user_id: str, day: str) -> None:
    """Tell one person how much waits for them, if anything still does."""
    config, postbox = current_app.config, _postbox()
    with transaction(write=False):
        notice, person = session.get(Notice, UUID(user_id)), session.get(User, UUID(user_id))
        if postbox is None or notice is None or notice.confirmed_at is None or person is None or not person.active:
            return
        if day != _minute(notice.told_at):
            # The mail server was away for so long that another such mail has been asked for.
            return
        count, to = queries.unread(person, notice.leaves_out), notices.address_of(notice, config["DATA_DIR"])
        words = catalogue(person.language or "en")
    if not count:
        return
    body = words.ngettext(
        "%(count)s message waits for you.\n\nRead it here: %(address)s\n\nNo more than one such mail comes in a day.",
        "%(count)s messages wait for you.\n\nRead them here: %(address)s\n\nNo more than one such mail comes in a day.",
        count,
    ) % {"count": count, "address": f"{config['BASE_URL']}/messages/"}
    subject = words.gettext(N_("Something waits for you"))
    postbox.send(to, subject, body, id=f"digest-{notice.user_id.hex}-{day}")


def _is_due(days: int, now: datetime) -> ColumnElement[bool]:
    return and_(Notice.every == days, Notice.told_at <= now - timedelta(days=days))


@periodic
def tell_who_waits() -> None:
    """As often as each person chose, once a day at most, ask for the mail that tells how much waits."""
    if not current_app.config["SMTP_URL"]:
        return
    with transaction():
        now = clock.now()
        due = session.scalars(
            select(Notice)
            .where(Notice.confirmed_at.is_not(None), or_(*(_is_due(days, now) for days in notices.OFTEN if days)))
            .limit(200)
            .with_for_update(skip_locked=True)
        )
        for notice in due:
            notice.told_at = now
            day = _minute(now)
            enqueue("messages.digest", f"digest/{notice.user_id}/{day}", user_id=str(notice.user_id), day=day)


@periodic
def invite_again() -> None:
    """Tell those whose post-test lies three months back that they may take it once more."""
    with transaction():
        inviting.invite()
