"""The certificate as a document: what it says to people, to a screen reader, to an archive and to a verifier."""

import io
import json
import os
import re
import subprocess
import zlib
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from outloud import check
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lms.core.keys import ring
from lms.designs import composing, press, preview
from lms.designs.face import DESIGNS, PAPERS
from tests.certificates.test_pdf import a_face, read, shop, the_pdf

DOCUMENT = json.dumps({"type": ["VerifiableCredential"], "name": {"ar": "شهادة"}}, ensure_ascii=False)
LONGEST = "Jean-Baptiste Emmanuel Desrosiers-Lafontaine de Saint-Hilaire"


def written(pdf: bytes, folder: Path, *options: str) -> str:
    """The page's text, as poppler reads it."""
    path = folder / "certificate.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, text=True, check=True).stdout


@cache
def bilingual() -> bytes:
    face = a_face(languages=("ar", "en"), partners=("gac", "rcmp"), signatories=(("", "Head of mission"),))
    return the_pdf(face, DOCUMENT)


def validated(pdf: bytes) -> Any:
    """What pyHanko says of the one signature, when it trusts this installation's root and nobody else."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    root = ring(shop().data).pdf.current.certificates[-1]
    trust = ValidationContext(trust_roots=[x509.Certificate.load(root.public_bytes(Encoding.DER))])
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, trust)


def square_of(pdf: bytes) -> list[float]:
    """Where the QR code is, as the tags say."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        figures = [
            each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        return [float(each) for each in figures[-1].A.BBox]


class TestForArchivesAndScreenReaders:
    """PDF/A-3a and PDF/UA-1."""

    def test_one_packet_claims_both_and_describes_what_pdf_a_does_not_know(self) -> None:
        with pikepdf.open(io.BytesIO(bilingual())) as pdf:
            packet = pdf.Root.Metadata.read_bytes().decode()
            assert packet.count("<?xpacket begin") == packet.count("<rdf:RDF") == 1
            assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
            assert "<pdfuaid:part>1</pdfuaid:part>" in packet
            assert "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/" in packet
            assert (
                sum(each.get("/Type") == "/Metadata" for each in pdf.objects if isinstance(each, pikepdf.Stream)) == 1
            )
            assert str(pdf.docinfo.Title) in packet
            assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle

    @pytest.mark.parametrize("design", DESIGNS)
    def test_outloud_finds_no_error(self, design: str, tmp_path: Path) -> None:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(the_pdf(a_face(design=design, languages=("en", "fr", "ar")), DOCUMENT))
        result = check(str(path))
        assert (result.errors, result.warnings) == (0, 0), [str(each) for each in result.findings]

    def test_each_block_says_its_language_and_each_picture_what_it_shows(self) -> None:
        with pikepdf.open(io.BytesIO(bilingual())) as pdf:
            assert pdf.Root.Lang == "ar"
            elements = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each]
            sections = [str(each.Lang) for each in elements if each.S == "/Sect"]
            assert sections == ["ar", "ar", "en", "ar", "en", "ar", "en"]
            assert [str(each.Alt) for each in elements if each.S == "/Figure"] == [a_face().verify_url]
            kinds = {str(each.S) for each in elements}
            assert {"/Document", "/H1", "/P", "/Figure", "/Form", "/Link"} <= kinds

    def test_all_that_is_drawn_is_tagged_or_an_artifact(self) -> None:
        with pikepdf.open(io.BytesIO(bilingual())) as pdf:
            depth = 0
            for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
                if str(operator) in ("Tj", "TJ", "f", "S", "B", "Do", "sh", "f*"):
                    assert depth > 0, (operands, operator)
            assert depth == 0


class TestCredentialInside:
    """The attachment."""

    def test_it_is_the_credential_to_the_byte(self) -> None:
        reader, _ = read(bilingual())
        assert reader.attachments["credential.json"] == [DOCUMENT.encode()]
        with pikepdf.open(io.BytesIO(bilingual())) as pdf:
            [file] = pdf.Root.AF
            assert file.AFRelationship == "/Data"
            assert file.EF.F.Subtype == "/application/ld+json"
            assert file.EF.F.Params.Size == len(DOCUMENT.encode())

    def test_a_certificate_without_one_has_no_attachment(self) -> None:
        with pikepdf.open(io.BytesIO(the_pdf(a_face()))) as pdf:
            assert "/AF" not in pdf.Root


class TestSignature:
    """PAdES B-B."""

    def test_pyhanko_trusts_it_with_the_installations_root_and_it_covers_the_file(self) -> None:
        status = validated(bilingual())
        assert status.bottom_line, status.pretty_print_details()
        assert status.coverage.name == "ENTIRE_FILE"
        assert status.md_algorithm == "sha256"

    def test_poppler_finds_it_valid(self, tmp_path: Path) -> None:
        path = tmp_path / "certificate.pdf"
        path.write_bytes(bilingual())
        said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
        assert "Signature Type: ETSI.CAdES.detached" in said
        assert "Signature is Valid" in said
        assert "Total document signed" in said

    def test_a_changed_byte_anywhere_is_refused(self) -> None:
        pdf = bilingual()
        start, end = (int(each) for each in re.search(rb"/ByteRange \[0 (\d+) (\d+)", pdf).groups())  # type: ignore[union-attr]
        for place in (20, len(pdf) // 4, start - 100, end + 20, pdf.index(b"/Title"), len(pdf) - 40):
            changed = bytearray(pdf)
            changed[place] ^= 1
            try:
                status = validated(bytes(changed))
            except Exception:
                continue
            assert not (status.bottom_line and status.intact), place

    def test_signatures_of_every_length_fit(self) -> None:
        for number in range(12):
            assert validated(the_pdf(a_face(holder=f"PS-{number:05}"))).bottom_line


class TestWhatIsSet:
    """Letters."""

    def test_copies_of_one_forme_say_each_their_own(self, tmp_path: Path) -> None:
        first, second = (
            replace(a_face(), holder=holder, code=code, verify_url=f"https://concord.example/verify/{code}")
            for holder, code in (("PS-7KQ2M", "7KQ2-M4XT-9PWA"), ("PS-W3HNB", "W3HN-BZ6V-J8YC"))
        )
        before = composing._kept.cache_info().misses
        texts = [written(the_pdf(face), tmp_path) for face in (first, second)]
        assert composing._kept.cache_info().misses <= before + 1
        for text, own, other in ((texts[0], first, second), (texts[1], second, first)):
            for each in (own.holder, own.code, own.verify_url):
                assert each in text
            for each in (other.holder, other.code):
                assert each not in text
        pictures = [pypdfium2.PdfDocument(the_pdf(face))[0].render(scale=1).to_pil() for face in (first, second)]
        assert pictures[0] != pictures[1]

    def test_a_copy_looks_as_if_it_had_been_laid_out_by_itself(self) -> None:
        """The number that is set into the sample's place stands where layout would put it."""
        late = pypdfium2.PdfDocument(the_pdf(a_face(holder="PS-7KQ2M")))[0]
        middle = late.get_width() / 2
        page = late.get_textpage()
        search = page.search("PS-7KQ2M")
        index, count = search.get_next()  # type: ignore[misc]
        boxes = [page.get_charbox(each) for each in range(index, index + count)]
        assert (boxes[0][0] + boxes[-1][2]) / 2 == pytest.approx(middle, abs=2)

    def test_no_letter_of_the_samples_is_left(self, tmp_path: Path) -> None:
        assert "XYZ" not in written(the_pdf(a_face()), tmp_path)

    def test_arabic_is_shaped_and_reads_from_right_to_left(self, tmp_path: Path) -> None:
        pdf = the_pdf(a_face(holder="أمينة ساروبي", languages=("ar", "fr"), design="band"))
        text = written(pdf, tmp_path)
        for words in ("أمينة ساروبي", "أسس الشرطة الديمقراطية"):
            assert words in text or words[::-1] in text
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            maps = [font.ToUnicode.read_bytes() for font in opened.pages[0].Resources.Font.values()]
        # Joined letters have glyphs of their own: one letter is drawn by more than one of them.
        letters = [text for each in maps for text in re.findall(rb"<[0-9a-f]{4}> <(06[0-9a-f]{2})>", each)]
        assert len(letters) > len(set(letters))

    @pytest.mark.parametrize("paper", PAPERS)
    @pytest.mark.parametrize("design", DESIGNS)
    def test_the_longest_and_the_shortest_name_fit_on_one_page(self, design: str, paper: str, tmp_path: Path) -> None:
        everything = {
            "course_title": preview.TITLE,
            "languages": ("en", "fr", "ar"),
            "kind": "competence",
            "level": 3,
            "expires_on": a_face().issued_on,
            "renews": "7KQ2-M4XT-9PWA",
            "partners": ("gac", "ps", "rcmp"),
            "signatories": (("Marie-Claire Desrosiers", "Head of the police component"), ("", "Director")),
        }
        for holder in ("Al", LONGEST, "W" * 60):
            pdf = the_pdf(a_face(holder=holder, design=design, paper=paper, **everything))
            document = pypdfium2.PdfDocument(pdf)
            assert len(document) == 1
            page = document[0]
            width, height = (each / 25.4 * 72 for each in PAPERS[paper])
            assert (page.get_width(), page.get_height()) == pytest.approx((width, height), abs=0.5)
            text = page.get_textpage()
            boxes = [text.get_charbox(each) for each in range(text.count_chars())]
            assert min(box[0] for box in boxes) > 0
            assert max(box[2] for box in boxes) < width
            x1, y1, x2, y2 = square_of(pdf)
            assert not [box for box in boxes if box[2] > x1 and box[0] < x2 and box[3] > y1 and box[1] < y2]
            assert holder.replace(" ", "") in re.sub(r"\s", "", text.get_text_bounded())

    def test_partners_bear_the_names_of_the_day_of_issue(self, tmp_path: Path) -> None:
        for year, name in ((2014, "Foreign Affairs, Trade and Development Canada"), (2026, "Global Affairs Canada")):
            issued = a_face().issued_on.replace(year=year)
            text = " ".join(written(the_pdf(a_face(partners=("gac",), issued_on=issued)), tmp_path).split())
            assert name in text


class TestManyAtOnce:
    """The press."""

    def test_what_is_there_is_left_alone_and_what_is_missing_is_made(self, tmp_path: Path) -> None:
        orders = [press.Order(a_face(holder=f"PS-{each:05}"), DOCUMENT, tmp_path / f"{each}.pdf") for each in range(6)]
        there = press.keep(orders[2], shop())
        done = dict(press.keep_all(orders, shop()))
        assert sorted(done) == list(range(6))
        assert done[2] == there
        assert len(set(done.values())) == 6
        assert dict(press.keep_all(orders, shop())) == done
        assert [path.name for path in tmp_path.iterdir() if path.suffix != ".pdf"] == []

    def test_a_process_that_is_killed_is_replaced(self, tmp_path: Path) -> None:
        orders = [press.Order(a_face(holder=f"PS-{each:05}"), None, tmp_path / f"{each}.pdf") for each in range(40)]
        done = {}
        for place, digest in press.keep_all(orders, shop()):
            if not done:
                for process in press._pool()._processes.values():
                    process.kill()
            done[place] = digest
        assert sorted(done) == list(range(40))
        assert all(order.path.read_bytes().startswith(b"%PDF") for order in orders)

    def test_what_cannot_be_printed_stops_no_other_even_if_it_kills_its_process(self, tmp_path: Path) -> None:
        orders = [press.Order(a_face(holder=f"PS-{each:05}"), None, tmp_path / f"{each}.pdf") for each in range(6)]
        orders[1].path.mkdir()
        deadly: Any = Deadly()
        orders[3] = press.Order(deadly, None, tmp_path / "3.pdf")
        done = dict(press.keep_all(orders, shop()))
        assert sorted(done) == list(range(6))
        failed = {place: type(outcome) for place, outcome in done.items() if not isinstance(outcome, str)}
        assert failed == {1: IsADirectoryError, 3: BrokenProcessPool}


class Deadly:
    """Ends the process that unpacks it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (1,)


def test_streams_are_whole() -> None:
    """Lengths are those of what stands there: a strict reader finds every stream."""
    with pikepdf.open(io.BytesIO(bilingual())) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert all(zlib.crc32(each.read_raw_bytes()) for each in pdf.objects if isinstance(each, pikepdf.Stream))
