"""E-mail over SMTP: plain, short, and without anything private in what travels in the clear."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import SplitResult, unquote, urlsplit

# In seconds: a server that does not answer is asked again later.
PATIENCE = 20
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Postbox:
    """Where mail is handed over, from ``smtp://user:password@host:587`` or ``smtps://…``, and who it is from.

    ``smtp`` goes over to TLS wherever the server offers it, and within one machine only for a password, which never
    travels without. Certificates are checked.
    """

    url: str
    sender: str

    def send(self, to: str, subject: str, body: str, *, id: str) -> None:
        """Hand one message over; equal ``id`` twice is one message to readers that tell doubles."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = f"<{id}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body)
        place = urlsplit(self.url)
        with _opened(place) as server:
            if place.username:
                server.login(unquote(place.username), unquote(place.password or ""))
            server.send_message(message)


def _opened(place: SplitResult) -> smtplib.SMTP:
    """A connection that is fit for what will travel over it."""
    host, context = place.hostname or "localhost", ssl.create_default_context()
    if place.scheme == "smtps":
        return smtplib.SMTP_SSL(host, place.port or 465, timeout=PATIENCE, context=context)
    server = smtplib.SMTP(host, place.port or 25, timeout=PATIENCE)
    try:
        # What the server offers is known only after it was greeted.
        server.ehlo_or_helo_if_needed()
        if place.username and not server.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, so it gets no password")
        if server.has_extn("starttls") and (place.username or host not in LOOPBACK):
            server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server
