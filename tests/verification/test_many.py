"""Many certificates at once: numbers, lists and files; a line for each, and a limit that all workers share."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from lms.accounts.models import User
from lms.certificates import documents, service
from lms.certificates.models import Credential, KeptPdf
from lms.certificates.sealing import document_of
from lms.core import clock, db, jobs
from lms.core.db import session, transaction
from lms.core.ids import ALPHABET
from lms.credentials.here import issuer_here
from lms.verification import many
from tests.builders import an_enrolment, done
from tests.conftest import Clock
from tests.pages import Browser, Page

SignIn = Callable[[User], Browser]


def issued(count: int) -> list[Credential]:
    some = []
    for _ in range(count):
        enrolment = an_enrolment()
        done(enrolment)
        with transaction():
            some.append(service.issue(enrolment, by=enrolment.user_id))
    return some


@pytest.fixture
def credentials(app: Flask) -> list[Credential]:
    return issued(3)


def ask(browser: Browser, numbers: str = "", files: Sequence[tuple[str, bytes]] = (), **fields: str) -> TestResponse:
    sent: dict[str, Any] = {"csrf_token": browser.token(), "numbers": numbers, **fields}
    sent["files"] = [(io.BytesIO(content), name) for name, content in files]
    return browser.post("/verify/many", data=sent)


def words(answer: TestResponse) -> str:
    return " ".join(Page(answer.text).text.split())


def lines(browser: Browser, numbers: str = "", files: Sequence[tuple[str, bytes]] = ()) -> dict[str, str]:
    """What each number or file came to, out of the CSV."""
    answer = ask(browser, numbers, files, **{"as": "csv"})
    assert answer.mimetype == "text/csv", words(answer)
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    return {row["Given"]: row["Status"] for row in rows}


class TestNumbers:
    """Numbers, however they come."""

    def test_a_line_for_each_in_the_order_given_and_each_once(
        self, browser: Browser, credentials: list[Credential]
    ) -> None:
        one, two, three = credentials
        with transaction():
            service.revoke(session.get_one(Credential, two.id), "A mistake", by=two.user_id)
        typed = f"{three.code}\n{two.code.lower().replace('-', ' ')};{one.code}\n\nhttp://localhost/verify/{one.code}/"
        found = lines(browser, typed + "\n2222-2222-2222")
        assert list(found.items()) == [
            (three.code, "Valid"),
            (two.code, "Revoked"),
            (one.code, "Valid"),
            ("2222-2222-2222", "Unknown number"),
        ]

    def test_the_page_puts_what_is_not_valid_first_and_names_nobody(
        self, browser: Browser, credentials: list[Credential]
    ) -> None:
        numbers = "\n".join(each.code for each in credentials)
        answer = ask(browser, numbers + "\n7KQ2-M4XT-9PW0")
        page = words(answer)
        assert "Valid: 3 of 4." in page
        assert page.index("7KQ2-M4XT-9PW0") < page.index(credentials[0].code)
        for credential in credentials:
            holder = session.get_one(User, credential.user_id)
            for hidden in (holder.number, holder.username, str(holder.id)):
                assert str(hidden) not in answer.text

    def test_names_days_and_telephones_beside_the_numbers_are_passed_over(
        self, browser: Browser, credentials: list[Credential]
    ) -> None:
        typed = f"Name,Number,Born,Phone\nAmina Sar,{credentials[0].code},1990-02-03,+33 6 12 34 56 78"
        answer = ask(browser, typed)
        assert "Valid: 1 of 1. 7 cells held no number and were passed over." in words(answer)
        assert "Amina" not in answer.text

    def test_whole_addresses_and_several_in_a_cell_are_numbers_too(
        self, browser: Browser, credentials: list[Credential]
    ) -> None:
        one, two, three = (each.code for each in credentials)
        found = lines(browser, f"https://x.example/verify/{one}?lang=fr#top\n{two} {three}")
        assert found == dict.fromkeys((one, two, three), "Valid")

    def test_lists_come_as_files_too(self, browser: Browser, credentials: list[Credential]) -> None:
        one, two, three = (each.code for each in credentials)
        files = [
            ("list.csv", f'n,name\n"{one}","Amina"\n'.encode()),
            ("list.txt", f"\ufeff{two}\r\n".encode()),
            ("UNICODE.TXT", f"Numéro\t{three}".encode("utf-16")),
        ]
        assert lines(browser, files=files) == dict.fromkeys((one, two, three), "Valid")

    @pytest.mark.parametrize("name", ["list.xlsx", "LIST.XLS", "list.ods"])
    def test_a_spreadsheet_is_not_opened_and_pasting_its_column_is_the_mend(self, browser: Browser, name: str) -> None:
        answer = ask(browser, files=[(name, b"PK\x03\x04")])
        assert (answer.status_code, "Copy the column of numbers" in words(answer)) == (422, True)

    def test_a_hidden_one_is_not_found_among_them(self, browser: Browser, credentials: list[Credential]) -> None:
        with transaction():
            service.hide(session.get_one(Credential, credentials[0].id), True, by=credentials[0].user_id)
        assert lines(browser, credentials[0].code) == {credentials[0].code: "Unknown number"}

    def test_no_cell_becomes_a_formula(self, browser: Browser, credentials: list[Credential]) -> None:
        found = lines(browser, "=1A2B3C4D5E6F\n" + credentials[0].code)
        assert "'=1A2B3C4D5E6F" in found

    @pytest.mark.parametrize(
        ("numbers", "said"),
        [
            ("", "Paste numbers, or choose files."),
            ("nothing, of, use", "There is no certificate number in this."),
            (
                "\n".join(f"2222-2222-{''.join(each)}" for each in islice(product(ALPHABET, repeat=4), 1001)),
                "more than 1000 numbers",
            ),
            ("a,b," * 10_001, "more than 20000 cells"),
        ],
    )
    def test_what_cannot_be_checked_is_said_and_kept_in_the_form(
        self, browser: Browser, numbers: str, said: str
    ) -> None:
        answer = ask(browser, numbers)
        assert answer.status_code == 422
        assert said in words(answer)
        assert numbers.split("\n")[0] in answer.text

    def test_the_statements_do_not_grow_with_the_numbers(self, browser: Browser, credentials: list[Credential]) -> None:
        numbers = [each.code for each in credentials]

        def statements(some: list[str]) -> int:
            seen: list[str] = []

            def note(*args: Any) -> None:
                seen.append(args[2])

            event.listen(db.db.engine, "before_cursor_execute", note)
            ask(browser, "\n".join(some))
            event.remove(db.db.engine, "before_cursor_execute", note)
            return len(seen)

        assert statements(numbers) == statements(numbers[:2]) <= 12


class TestFiles:
    """Certificates as files."""

    def test_the_pdf_that_was_served_is_good_and_one_changed_byte_is_not(
        self, app: Flask, browser: Browser, credentials: list[Credential], sign_in: SignIn
    ) -> None:
        for _ in credentials:
            jobs.work_one()
        session.rollback()
        holder = sign_in(session.get_one(User, credentials[0].user_id))
        pdf = holder.get(f"/certificates/{credentials[0].id}.pdf").data
        changed = bytearray(pdf)
        changed[len(pdf) // 2] ^= 1
        found = lines(browser, files=[("one.pdf", pdf), ("two.pdf", bytes(changed)), ("three.pdf", pdf + b"\n")])
        assert found == {
            "one.pdf": "Valid",
            "two.pdf": "Do not rely on this",
            "three.pdf": "Do not rely on this",
        }
        alone = browser.post(
            "/verify/file", data={"csrf_token": browser.token(), "file": (io.BytesIO(pdf), "certificate.pdf")}
        )
        assert "This certificate is valid" in alone.text
        assert credentials[0].code in alone.text

    def test_a_revoked_ones_pdf_says_so(self, app: Flask, browser: Browser, credentials: list[Credential]) -> None:
        assert jobs.work_one()
        session.rollback()
        kept = session.scalars(select(KeptPdf)).one()
        pdf = documents.path_of(app.config["DATA_DIR"], kept.credential_id).read_bytes()
        with transaction():
            service.revoke(session.get_one(Credential, kept.credential_id), "A mistake", by=credentials[0].user_id)
        assert lines(browser, files=[("a.pdf", pdf)]) == {"a.pdf": "Revoked"}

    def test_what_was_handed_out_before_a_file_was_lost_and_printed_anew_stays_good(
        self, app: Flask, browser: Browser, credentials: list[Credential]
    ) -> None:
        assert jobs.work_one()
        session.rollback()
        kept = session.scalars(select(KeptPdf)).one()
        path = documents.path_of(app.config["DATA_DIR"], kept.credential_id)
        old = path.read_bytes()
        path.unlink()
        app.test_cli_runner().invoke(args=["certificates", "print"])
        new = path.read_bytes()
        assert new != old
        assert lines(browser, files=[("old.pdf", old), ("new.pdf", new)]) == {"old.pdf": "Valid", "new.pdf": "Valid"}

    def test_signed_texts_and_hostile_files_each_get_their_line(
        self, app: Flask, browser: Browser, credentials: list[Credential]
    ) -> None:
        with app.test_request_context():
            text = document_of(session.get_one(Credential, credentials[0].id), issuer_here())
        hostile = {
            "empty.json": b"",
            "deep.json": b"[" * 100_000,
            "zip.pdf": b"PK\x03\x04",
            "bomb.pdf": b"%PDF-1.7\n" + b"<<" * 50_000,
            "<b>.png": b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
            "forged.json": text.replace('"PT', '"PX').replace(str(clock.today().year), "2036").encode(),
        }
        found = lines(browser, files=[("good.json", text.encode()), *hostile.items()])
        assert found.pop("good.json") == "Valid"
        assert set(found.values()) == {"Do not rely on this"}
        assert len(found) == len(hostile)

    def test_a_list_without_end_and_too_many_files_are_said(self, browser: Browser) -> None:
        answer = ask(browser, files=[("list.csv", b"a,b," * 1_000_000)])
        assert (answer.status_code, "more than 20000 cells" in words(answer)) == (422, True)
        answer = ask(browser, files=[(f"{number}.pdf", b"%PDF") for number in range(101)])
        assert (answer.status_code, "more than 100 files" in words(answer)) == (422, True)

    def test_more_than_the_page_takes_is_refused_with_how_much_it_takes(self, browser: Browser) -> None:
        assert ask(browser, files=[("a.pdf", b"%PDF" + bytes(4_000_000))]).status_code == 200
        answer = ask(browser, files=[("a.pdf", b"%PDF" + bytes(13_000_000))])
        assert (answer.status_code, "at most 12 MB" in answer.text) == (413, True)
        alone = {"csrf_token": browser.token(), "file": (io.BytesIO(bytes(4_000_000)), "a.pdf")}
        assert browser.post("/verify/file", data=alone).status_code == 413


class TestThrottle:
    """Who asks for very many waits."""

    def test_an_address_waits_after_so_many_and_is_told_until_when(
        self, browser: Browser, credentials: list[Credential], time: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(many, "PER_ADDRESS", 4)
        numbers = "\n".join(each.code for each in credentials)
        assert ask(browser, numbers).status_code == 200
        assert ask(browser, numbers).status_code == 200
        answer = ask(browser, numbers)
        assert answer.status_code == 429
        assert "Too many were checked from here. You can go on at" in words(answer)
        assert credentials[0].code in answer.text
        time.forward(minutes=16)
        assert ask(browser, numbers).status_code == 200

    def test_who_waits_has_nothing_read_and_what_holds_no_number_counts_too(
        self, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(many, "PER_ADDRESS", 2)
        assert [ask(browser, "nothing of use").status_code for _ in range(2)] == [422, 422]
        monkeypatch.setattr(many, "cells_in", lambda text: pytest.fail("a cell was read"))
        assert ask(browser, "nothing of use", [("list.csv", b"a,b")]).status_code == 429

    def test_requests_at_one_time_do_not_pass_together(
        self, app: Flask, browser: Browser, credentials: list[Credential], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(many, "PER_ADDRESS", 4)
        another: Browser = app.test_client()  # type: ignore[assignment]
        another.token()
        numbers = "\n".join(each.code for each in credentials)
        plain, asked = many.cells_in, []

        def meanwhile(text: str) -> Iterator[str]:
            if not asked:
                asked.append(0)
                asked[0] = ask(another, numbers + "\n2222-2222-2222").status_code
            return plain(text)

        monkeypatch.setattr(many, "cells_in", meanwhile)
        assert (ask(browser, numbers).status_code, asked) == (429, [200])

    def test_single_files_count_among_them(self, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(many, "PER_ADDRESS", 2)
        said = [browser.send("/verify/file", text="{}") for _ in range(3)]
        assert [answer.status_code for answer in said] == [200, 200, 429]
        assert "You can go on at" in words(said[-1])

    def test_another_address_does_not_wait(
        self, browser: Browser, credentials: list[Credential], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(many, "PER_ADDRESS", 1)
        ask(browser, credentials[0].code)
        assert ask(browser, credentials[0].code).status_code == 429
        browser.environ_base["REMOTE_ADDR"] = "192.0.2.7"
        assert ask(browser, credentials[0].code).status_code == 200


def test_each_certificate_that_was_found_counts_one_check(
    browser: Browser, credentials: list[Credential], sign_in: SignIn
) -> None:
    ask(browser, f"{credentials[0].code}\n{credentials[1].code}")
    ask(browser, credentials[0].code)
    said = [sign_in(session.get_one(User, each.user_id)).text("/certificates/") for each in credentials]
    assert "Looked up 2 times" in said[0]
    assert "Looked up 1 time " in said[1]
    assert "Not looked up" in said[2]
