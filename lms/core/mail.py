"""E-mail over SMTP: plain, short, and without anything private in what travels in the clear."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

# In seconds: a server that does not answer is asked again later.
PATIENCE = 20


@dataclass(frozen=True)
class Postbox:
    """Where mail is handed over, from ``smtp://user:password@host:587`` or ``smtps://…``, and who it is from.

    ``smtp`` goes over to TLS wherever the server offers it; a password never travels without.
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
        host, secure = place.hostname or "localhost", place.scheme == "smtps"
        opened = smtplib.SMTP_SSL if secure else smtplib.SMTP
        with opened(host, place.port or (465 if secure else 25), timeout=PATIENCE) as server:
            if not secure and server.has_extn("starttls"):
                server.starttls()
                secure = True
            if place.username:
                if not secure:
                    raise smtplib.SMTPNotSupportedError("the server offers no TLS, so it gets no password")
                server.login(unquote(place.username), unquote(place.password or ""))
            server.send_message(message)
