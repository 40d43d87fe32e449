"""Being told by e-mail, over a real SMTP server: confirmed first, once a day, and without a name or a title."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.core import jobs
from lms.core.db import session
from lms.core.mail import Postbox
from lms.core.settings import SettingsError, from_environment
from lms.messages.jobs import tell_who_waits
from lms.messages.models import Notice
from lms.missions.models import Mission
from tests.builders import a_cohort, a_mission, an_enrolment, deployed, trainee_of
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


class Mailbox:
    """What a mail server does with what it is handed: it keeps it, or turns it away."""

    def __init__(self) -> None:
        self.received: list[Message] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return "451 try again later"
        self.received.append(message_from_bytes(bytes(envelope.content or b""), policy=default))
        return "250 OK"


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    controller = served(box)
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{controller.port}")
    monkeypatch.setitem(app.config, "MAIL_FROM", "concord@example.org")
    yield box
    controller.stop()


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return a_cohort(a_mission())


@pytest.fixture
def place(cohort: Cohort) -> Enrolment:
    return an_enrolment(cohort)


def work() -> None:
    session.rollback()
    tell_who_waits()
    while jobs.work_one():
        pass


def words(message: Message) -> str:
    return str(message.get_content())  # type: ignore[attr-defined]


def give_and_confirm(browser: Browser, mailbox: Mailbox, address: str = "reader@example.org") -> None:
    browser.send("/account/messages", address=address)
    work()
    link = re.search(r"http://localhost(/account/messages/confirm/\S+)", words(mailbox.received.pop()))
    assert link
    assert "Confirm your address" in browser.get(link[1]).text
    assert browser.send(link[1]).status_code == 302


def test_what_waits_is_told_once_a_day_without_a_name_or_a_title(
    cohort: Cohort, place: Enrolment, mailbox: Mailbox, sign_in: SignIn, time: Clock
) -> None:
    trainee = sign_in(trainee_of(place))
    give_and_confirm(trainee, mailbox)
    mentor = sign_in(deployed(session.get_one(Mission, cohort.mission_id)))
    mentor.send(f"/cohorts/{cohort.id}/announce", words="Come to the yard at eight.")
    work()
    assert not mailbox.received, "not before a day has gone"
    time.forward(hours=25)
    work()
    (mail,) = mailbox.received
    assert mail["To"] == "reader@example.org"
    assert mail["Subject"] == "Something waits for you"
    assert "1 message waits for you" in words(mail)
    for secret in (
        "yard",
        cohort.title,
        "A course",
        "DP01",
        trainee_of(place).number or "-",
        trainee_of(place).username,
    ):
        assert secret not in mail.as_string()
    work()
    assert len(mailbox.received) == 1
    time.forward(hours=25)
    trainee = sign_in(trainee_of(place))
    trainee.send(f"{re.search(r'/messages/[0-9a-f-]{36}', trainee.get('/messages/').text)[0]}/open")
    work()
    assert len(mailbox.received) == 1, "who has read everything is left in peace"


def test_an_address_is_used_only_after_its_link_was_followed(
    place: Enrolment, mailbox: Mailbox, sign_in: SignIn, time: Clock
) -> None:
    trainee, other = sign_in(trainee_of(place)), sign_in(trainee_of(an_enrolment()))
    trainee.send("/account/messages", address="first@example.org")
    work()
    link = re.search(r"http://localhost(/account/messages/confirm/\S+)", words(mailbox.received[0]))[1]
    assert other.send(link).status_code == 422, "a link is for who asked for it"
    trainee.send("/account/messages", address="second@example.org")
    assert trainee.send(link).status_code == 422, "and for the address that it was sent to"
    work()
    assert [mail["To"] for mail in mailbox.received] == ["first@example.org", "second@example.org"]
    time.forward(hours=25)
    late = re.search(r"http://localhost(/account/messages/confirm/\S+)", words(mailbox.received[1]))[1]
    assert sign_in(trainee_of(place)).send(late).status_code == 422


def test_an_address_lies_sealed_and_is_forgotten_at_a_word(place: Enrolment, mailbox: Mailbox, sign_in: SignIn) -> None:
    trainee = sign_in(trainee_of(place))
    give_and_confirm(trainee, mailbox, "quiet@example.org")
    session.rollback()
    assert b"quiet" not in session.scalars(select(Notice)).one().address_sealed
    assert "quiet@example.org" in trainee.get("/account/messages").text
    trainee.send("/account/messages", stop="yes")
    session.rollback()
    assert session.scalars(select(Notice)).all() == []


def test_mail_that_is_turned_away_is_sent_later(
    place: Enrolment, mailbox: Mailbox, sign_in: SignIn, time: Clock
) -> None:
    mailbox.refuses = True
    sign_in(trainee_of(place)).send("/account/messages", address="reader@example.org")
    work()
    assert not mailbox.received
    mailbox.refuses = False
    time.forward(minutes=10)
    work()
    assert len(mailbox.received) == 1


def test_a_mail_server_that_was_away_for_days_gets_one_mail_for_all_of_them(
    cohort: Cohort, place: Enrolment, mailbox: Mailbox, sign_in: SignIn, time: Clock
) -> None:
    give_and_confirm(sign_in(trainee_of(place)), mailbox)
    mentor = sign_in(deployed(session.get_one(Mission, cohort.mission_id)))
    mentor.send(f"/cohorts/{cohort.id}/announce", words="Come to the yard at eight.")
    mailbox.refuses = True
    for _ in range(3):
        time.forward(hours=25)
        work()
    mailbox.refuses = False
    time.forward(hours=2)
    work()
    assert [mail["Subject"] for mail in mailbox.received] == ["Something waits for you"]


def test_without_a_mail_server_nothing_is_sent_and_the_page_says_so(place: Enrolment, sign_in: SignIn) -> None:
    trainee = sign_in(trainee_of(place))
    assert "Mail is not set up on this server" in trainee.get("/account/messages").text
    trainee.send("/account/messages", address="reader@example.org")
    work()


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "two@example.org,three@example.org", "x y@example.org"])
def test_what_is_no_address_is_refused(place: Enrolment, sign_in: SignIn, address: str) -> None:
    assert sign_in(trainee_of(place)).send("/account/messages", address=address).status_code == 422


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that this process trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "mail.pem"
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


def served(box: Mailbox, **options: Any) -> Controller:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    return controller


def signs_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"concord", b"p@ss word"))


def test_a_password_travels_over_tls_to_a_server_whose_certificate_is_right(tls: ssl.SSLContext) -> None:
    box = Mailbox()
    controller = served(box, tls_context=tls, authenticator=signs_in, auth_required=True)
    try:
        postbox = Postbox(f"smtp://concord:p%40ss%20word@127.0.0.1:{controller.port}", "concord@example.org")
        postbox.send("reader@example.org", "Something waits", "Words", id="one")
    finally:
        controller.stop()
    assert [mail["Message-ID"] for mail in box.received] == ["<one@example.org>"]


def test_a_server_with_another_certificate_gets_nothing(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nobody.pem"))
    box = Mailbox()
    controller = served(box, tls_context=tls, authenticator=signs_in)
    try:
        postbox = Postbox(f"smtp://concord:secret@127.0.0.1:{controller.port}", "concord@example.org")
        with pytest.raises(ssl.SSLCertVerificationError):
            postbox.send("reader@example.org", "Something waits", "Words", id="one")
    finally:
        controller.stop()
    assert box.received == []


def test_a_server_without_tls_gets_no_password(app: Flask) -> None:
    box = Mailbox()
    controller = served(box)
    try:
        postbox = Postbox(f"smtp://concord:secret@127.0.0.1:{controller.port}", "concord@example.org")
        with pytest.raises(smtplib.SMTPNotSupportedError):
            postbox.send("reader@example.org", "Something waits", "Words", id="one")
    finally:
        controller.stop()
    assert box.received == []


def test_a_wrong_address_of_the_mail_server_stops_the_start_and_repeats_no_password(tmp_path: object) -> None:
    with pytest.raises(SettingsError, match="LMS_SMTP_URL") as refused:
        from_environment({"LMS_DATA_DIR": str(tmp_path), "LMS_SMTP_URL": "mail.example.org:s3cret"})
    assert "s3cret" not in str(refused.value)


def test_what_a_person_left_out_or_never_wants_brings_no_mail_but_stays_in_the_inbox(
    cohort: Cohort, place: Enrolment, mailbox: Mailbox, sign_in: SignIn, time: Clock
) -> None:
    give_and_confirm(sign_in(trainee_of(place)), mailbox)
    mentor = sign_in(deployed(session.get_one(Mission, cohort.mission_id)))
    mentor.send(f"/cohorts/{cohort.id}/announce", words="Come to the yard at eight.")
    kinds = {"question": "y", "result": "y", "notice": "y"}

    def told_after(hours: int, **choice: str) -> bool:
        trainee = sign_in(trainee_of(place))
        assert trainee.send("/account/messages/choice", **choice).status_code == 302
        assert "Come to the yard" in trainee.text("/messages/")
        before = len(mailbox.received)
        time.forward(hours=hours)
        work()
        return len(mailbox.received) > before

    assert not told_after(25, every="1", **kinds)
    assert told_after(25, every="1", announcement="y")
    assert not told_after(24 * 6, every="7", announcement="y")
    assert told_after(25, every="7", announcement="y")
    assert not told_after(24 * 30, every="0", announcement="y", **kinds)
    page = sign_in(trainee_of(place)).get("/account/messages").text
    assert re.search(r'<option selected value="0">', page)
    assert sign_in(trainee_of(place)).send("/account/messages/choice", every="3").status_code == 422


def test_no_more_than_five_links_go_out_in_an_hour_for_one_person(
    place: Enrolment, mailbox: Mailbox, sign_in: SignIn, time: Clock
) -> None:
    trainee = sign_in(trainee_of(place))
    for number in range(5):
        assert trainee.send("/account/messages", address=f"stranger-{number}@example.org").status_code == 302
        time.forward(minutes=5)
    work()
    refused = trainee.send("/account/messages", address="stranger-6@example.org")
    assert refused.status_code == 422
    assert "You asked for several links in the last hour." in refused.text
    assert sign_in(trainee_of(an_enrolment())).send("/account/messages", address="me@example.org").status_code == 302
    work()
    assert len(mailbox.received) == 6
    time.forward(minutes=36)
    assert sign_in(trainee_of(place)).send("/account/messages", address="mine@example.org").status_code == 302
