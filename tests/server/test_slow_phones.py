"""Phones that take their time: whoever reads slowly keeps nobody else waiting."""

import socket
from hashlib import sha256
from pathlib import Path

import pytest

from lms.core.db import transaction
from lms.library import service
from tests.builders import PASSWORD, a_person
from tests.documents import a_document
from tests.server import kill
from tests.server.serving import Server, Visitor

pytestmark = pytest.mark.server

# More than the buffers of a connection hold, so that the server cannot be rid of it before the phone reads.
FILM = b"\x1a\x45\xdf\xa3" + bytes(30_000_000)


def test_phones_that_stop_reading_half_way_leave_the_server_free(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lms.sqlite3'}"
    app, _ = kill.prepare(database, tmp_path)
    name = sha256(FILM).hexdigest()
    with app.app_context():
        a_person(username="slow", password=PASSWORD)
        file = {"sha256": name, "type": "video/webm", "bytes": len(FILM)}
        with transaction():
            service.publish(a_document(media={"a.webm": file}), lambda _: FILM, app.config["MEDIA"], by=None)
    server, phones = Server(database, tmp_path), []
    server.start()
    try:
        visitor = Visitor(server.port)
        visitor.sign_in("slow", PASSWORD)
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        for _ in range(4):
            phone = socket.create_connection(("127.0.0.1", server.port), timeout=20)
            phone.sendall(f"GET /media/{name}.webm HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode())
            assert phone.recv(12) == b"HTTP/1.1 200"
            phones.append(phone)
        for _ in range(10):
            assert Visitor(server.port).get("/sign-in")[0] == 200
    finally:
        for phone in phones:
            phone.close()
        server.kill()
