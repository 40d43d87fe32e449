"""The certificate as a document: one page that prints anywhere and says what was earned."""

import io
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from pyhanko.sign.timestamps import TimestampRequestError
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from sqlalchemy import select

from lms.accounts import service as accounts
from lms.accounts.models import User
from lms.certificates import documents, service
from lms.certificates import jobs as printing
from lms.certificates.models import Credential, KeptPdf
from lms.cohorts.models import Enrolment
from lms.core import jobs
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.designs import press
from lms.designs.composing import LayoutError
from lms.designs.face import Face
from lms.missions.models import Mission
from tests.builders import an_enrolment, done, trainee_of
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


def a_face(**changes: Any) -> Face:
    values: dict[str, Any] = {
        "code": "7KQ2-M4XT-9PWA",
        "holder": "PS-7KQ2M",
        "course_code": "DP01",
        "course_title": {
            "en": "Democratic policing foundations",
            "fr": "Les fondements de la police démocratique",
            "ar": "أسس الشرطة الديمقراطية",
        },
        "hours": 16,
        "issued_on": date(2026, 11, 1),
        "expires_on": None,
        "mission": "Port-Salin policing assistance",
        "host_force": "Port-Salin National Police",
        "issuer": "Concord",
        "verify_url": "https://concord.example/verify/7KQ2-M4XT-9PWA",
        "languages": ("en", "fr"),
    }
    return Face(**(values | changes))


@cache
def shop() -> press.Shop:
    return press.Shop(Path(tempfile.mkdtemp(prefix="concord-keys-")), "Concord")


def the_pdf(face: Face, document: str | None = None) -> bytes:
    return press.printed(face, document, shop())


def read(pdf: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(pdf))
    return reader, " ".join(reader.pages[0].extract_text().split())


def fonts(reader: PdfReader) -> Iterator[DictionaryObject]:
    """The descriptors of every font on the page, those inside composite fonts too."""
    resources: Any = reader.pages[0]["/Resources"]
    for reference in resources["/Font"].values():
        font = reference.get_object()
        for each in font.get("/DescendantFonts", [font]):
            yield each.get_object()["/FontDescriptor"].get_object()


def test_it_is_one_landscape_page_of_a4_in_both_languages_with_its_fonts_inside() -> None:
    reader, text = read(the_pdf(a_face()))
    assert len(reader.pages) == 1
    assert float(reader.pages[0].mediabox.width) == pytest.approx(841.9, abs=1)
    assert float(reader.pages[0].mediabox.height) == pytest.approx(595.3, abs=1)
    for words in ("Democratic policing foundations", "fondements de la police", "PS-7KQ2M", "7KQ2-M4XT-9PWA"):
        assert words in text
    descriptors = list(fonts(reader))
    assert descriptors
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each) for each in descriptors)


def test_the_square_code_leads_to_the_public_page() -> None:
    picture = pypdfium2.PdfDocument(the_pdf(a_face()))[0].render(scale=3).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)] == [
        a_face().verify_url
    ]


def test_arabic_is_set_from_right_to_left_with_a_font_that_has_it() -> None:
    reader, _ = read(the_pdf(a_face(holder="أمينة سار", languages=("ar", "en"))))
    assert len(reader.pages) == 1
    assert any("Arab" in str(each["/FontName"]) or "Naskh" in str(each["/FontName"]) for each in fonts(reader))


@pytest.mark.parametrize(
    "holder", ["<script>alert(1)</script>", '<img src="file:///etc/passwd">', "A" * 120, "&amp; {{ 7*7 }}"]
)
def test_what_a_holder_is_called_is_only_ever_text(holder: str) -> None:
    reader, text = read(the_pdf(a_face(holder=holder)))
    assert len(reader.pages) == 1
    assert "root:" not in text
    assert holder[:12].replace(" ", "") in text.replace(" ", "")


def test_a_name_that_no_font_here_can_write_is_not_printed_as_boxes() -> None:
    """The last private letter of Unicode is in no font, on no machine."""
    with pytest.raises(LayoutError, match="install the fonts"):
        the_pdf(a_face(holder="Amina \U0010fffd"))
    assert "አማን" in read(the_pdf(a_face(holder="አማን")))[1]


class TestKept:
    """Made once, kept, and made again after a failure."""

    @pytest.fixture
    def enrolment(self, app: Flask) -> Enrolment:
        enrolment = an_enrolment()
        done(enrolment)
        return enrolment

    @pytest.fixture
    def credential(self, enrolment: Enrolment) -> Credential:
        with transaction():
            return service.issue(enrolment, by=enrolment.user_id)

    def test_the_job_makes_it_and_the_download_serves_what_is_kept(
        self, sign_in: SignIn, enrolment: Enrolment, credential: Credential, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert jobs.work_one()
        monkeypatch.setattr(press, "printed", lambda *_: pytest.fail("it was made a second time"))
        answer = sign_in(trainee_of(enrolment)).get(f"/certificates/{credential.id}.pdf")
        assert answer.data.startswith(b"%PDF")
        assert credential.code in answer.headers["Content-Disposition"]
        assert str(trainee_of(enrolment).number) in read(answer.data)[1]

    def test_asked_for_before_the_job_has_run_it_is_made_at_once(
        self, app: Flask, sign_in: SignIn, enrolment: Enrolment, credential: Credential
    ) -> None:
        assert sign_in(trainee_of(enrolment)).get(f"/certificates/{credential.id}.pdf").data.startswith(b"%PDF")
        assert documents.path_of(app.config["DATA_DIR"], credential.id).exists()

    def test_a_failure_keeps_the_award_and_is_tried_again(
        self,
        sign_in: SignIn,
        enrolment: Enrolment,
        credential: Credential,
        monkeypatch: pytest.MonkeyPatch,
        time: Clock,
    ) -> None:
        def broken(*_: object) -> bytes:
            raise OSError("no fonts")

        with monkeypatch.context() as patch:
            patch.setattr(press, "printed", broken)
            assert jobs.work_one()
            trainee = sign_in(trainee_of(enrolment))
            assert trainee.get(f"/certificates/{credential.id}.pdf").status_code == 503
        assert credential.code in trainee.text("/certificates/")
        assert not jobs.work_one(), "it waits before it tries again"
        time.forward(minutes=5)
        assert jobs.work_one()
        job = session.query(jobs.Job).one()
        session.refresh(job)
        assert (job.done_at is not None, job.tries) == (True, 2)

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (TimestampRequestError("no answer"), "Printing waits for the timestamp service"),
            (OSError("no fonts"), "The PDF could not be made."),
        ],
    )
    def test_the_holder_reads_why_there_is_no_file_and_that_the_certificate_is_valid(
        self,
        sign_in: SignIn,
        enrolment: Enrolment,
        credential: Credential,
        monkeypatch: pytest.MonkeyPatch,
        error: Exception,
        words: str,
    ) -> None:
        def broken(*_: object) -> bytes:
            raise error

        monkeypatch.setattr(press, "printed", broken)
        answer = sign_in(trainee_of(enrolment)).get(f"/certificates/{credential.id}.pdf")
        assert answer.status_code == 503
        assert words in answer.text
        assert "its number can be checked now" in answer.text
        assert f"/verify/{credential.code}" in answer.text

    def test_another_trainee_may_not_have_it(self, sign_in: SignIn, credential: Credential) -> None:
        stranger = sign_in(trainee_of(an_enrolment()))
        assert stranger.get(f"/certificates/{credential.id}.pdf").status_code == 403

    def test_what_was_handed_out_before_the_job_ran_is_known_at_once_and_stays(
        self, app: Flask, sign_in: SignIn, browser: Browser, enrolment: Enrolment, credential: Credential
    ) -> None:
        first = sign_in(trainee_of(enrolment)).get(f"/certificates/{credential.id}.pdf").data
        assert "This certificate is valid" in shown(browser, first)
        assert jobs.work_one()
        assert session.scalars(select(KeptPdf.sha256)).one() == sha256(first).hexdigest()
        assert sign_in(trainee_of(enrolment)).get(f"/certificates/{credential.id}.pdf").data == first

    def test_what_was_printed_among_many_stays_on_record_when_the_server_gets_another_name(
        self, app: Flask, browser: Browser, credential: Credential, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        printing.print_many([str(credential.id)])
        pdf = documents.path_of(app.config["DATA_DIR"], credential.id).read_bytes()
        (text,) = read(pdf)[0].attachments["credential.json"]
        monkeypatch.setitem(app.config, "SITE_NAME", "Concord of Port-Salin")
        assert "This certificate is valid" in shown(browser, text)

    def test_the_credential_that_is_served_is_inside(
        self, app: Flask, sign_in: SignIn, enrolment: Enrolment, credential: Credential
    ) -> None:
        assert jobs.work_one()
        pdf = sign_in(trainee_of(enrolment)).get(f"/certificates/{credential.id}.pdf").data
        session.refresh(credential, ["document"])
        assert read(pdf)[0].attachments["credential.json"] == [str(credential.document).encode()]

    @pytest.mark.parametrize("damage", ["changed", "gone"])
    def test_a_damaged_file_is_never_handed_out_and_a_command_prints_it_again(
        self, app: Flask, sign_in: SignIn, enrolment: Enrolment, credential: Credential, damage: str
    ) -> None:
        assert jobs.work_one()
        path = documents.path_of(app.config["DATA_DIR"], credential.id)
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-1] + b"?")
        trainee = sign_in(trainee_of(enrolment))
        assert trainee.get(f"/certificates/{credential.id}.pdf").status_code == 503
        said = app.test_cli_runner().invoke(args=["certificates", "print"]).output
        assert said == "1 of 1 certificates were printed.\n"
        assert trainee.get(f"/certificates/{credential.id}.pdf").data.startswith(b"%PDF")
        assert "0 of 1" in app.test_cli_runner().invoke(args=["certificates", "print"]).output

    def test_a_lost_file_is_not_made_again_for_another_name(
        self, app: Flask, sign_in: SignIn, enrolment: Enrolment, credential: Credential
    ) -> None:
        trainee, vault = trainee_of(enrolment), vault_of(app.config["DATA_DIR"])
        with transaction():
            session.get_one(Mission, credential.mission_id).keeps_names = True
            accounts.keep_name(trainee, "Amina Sar", vault=vault, by=trainee.id)
        assert jobs.work_one()
        documents.path_of(app.config["DATA_DIR"], credential.id).unlink()
        with transaction():
            accounts.keep_name(trainee, "Samira Sar", vault=vault, by=trainee.id)
        said = app.test_cli_runner().invoke(args=["certificates", "print"])
        assert (said.exit_code, "1 could not be printed" in said.output) == (1, True)
        assert sign_in(trainee).get(f"/certificates/{credential.id}.pdf").status_code == 503
        with transaction():
            accounts.keep_name(trainee, "Amina Sar", vault=vault, by=trainee.id)
        assert app.test_cli_runner().invoke(args=["certificates", "print"]).exit_code == 0
        assert "Amina Sar" in read(sign_in(trainee).get(f"/certificates/{credential.id}.pdf").data)[1]

    def test_a_name_that_is_corrected_before_anything_was_printed_is_the_one_on_paper(
        self, app: Flask, sign_in: SignIn, enrolment: Enrolment, credential: Credential, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trainee, vault = trainee_of(enrolment), vault_of(app.config["DATA_DIR"])
        with transaction():
            session.get_one(Mission, credential.mission_id).keeps_names = True
            accounts.keep_name(trainee, "Amina Sra", vault=vault, by=trainee.id)
        with monkeypatch.context() as patch:
            patch.setattr(press, "printed", lambda *_: 1 / 0)
            assert sign_in(trainee).get(f"/certificates/{credential.id}.pdf").status_code == 503
        with transaction():
            accounts.keep_name(trainee, "Amina Sar", vault=vault, by=trainee.id)
        assert "Amina Sar" in read(sign_in(trainee).get(f"/certificates/{credential.id}.pdf").data)[1]

    def test_many_are_printed_by_one_job_and_those_that_are_there_stay(self, app: Flask) -> None:
        issued = three()
        assert jobs.work_one()
        first = {path.name: path.read_bytes() for path in (app.config["DATA_DIR"] / "certificates").glob("*.pdf")}
        printing.print_many([str(each) for each in issued])
        assert len(session.scalars(select(KeptPdf)).all()) == 3
        for name, content in first.items():
            assert (app.config["DATA_DIR"] / "certificates" / name).read_bytes() == content
        noted = {each.credential_id: each.sha256 for each in session.scalars(select(KeptPdf))}
        for id in issued:
            assert documents.is_whole(documents.path_of(app.config["DATA_DIR"], id), noted[id])

    def test_one_that_cannot_be_printed_stops_no_other_and_the_command_says_so(self, app: Flask) -> None:
        issued = three()
        in_the_way = documents.path_of(app.config["DATA_DIR"], issued[0])
        in_the_way.mkdir(parents=True)
        said = app.test_cli_runner().invoke(args=["certificates", "print"])
        assert "2 of 3 certificates were printed." in said.output
        assert "1 could not be printed" in said.output
        assert said.exit_code == 1
        assert set(session.scalars(select(KeptPdf.credential_id))) == set(issued[1:])
        in_the_way.rmdir()
        assert "1 of 3" in app.test_cli_runner().invoke(args=["certificates", "print"]).output

    def test_what_is_printed_is_noted_while_the_rest_is_printed(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def cut_short(orders: list[press.Order], shop: press.Shop) -> Iterator[tuple[int, str]]:
            yield 0, press.keep(orders[0], shop)
            yield 1, press.keep(orders[1], shop)
            raise KeyboardInterrupt

        monkeypatch.setattr(press, "keep_all", cut_short)
        monkeypatch.setattr(printing, "NOTED_AT_ONCE", 1)
        with pytest.raises(KeyboardInterrupt):
            printing.print_missing(three())
        assert len(session.scalars(select(KeptPdf)).all()) == 2


def shown(browser: Browser, content: bytes) -> str:
    """What the checking page says of a file."""
    typed = {"csrf_token": browser.token(), "file": (io.BytesIO(content), "file")}
    return browser.post("/verify/file", data=typed).text


def three() -> list[UUID]:
    """Certificates that were issued and not printed."""
    issued = []
    for _ in range(3):
        enrolment = an_enrolment()
        done(enrolment)
        with transaction():
            issued.append(service.issue(enrolment, by=enrolment.user_id).id)
    return issued
