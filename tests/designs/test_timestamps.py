"""PAdES B-LTA: with a timestamp service, over HTTP."""

import asyncio
import io
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from asn1crypto import keys, tsp, x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from outloud import check
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper, TimestampRequestError
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.core import clock
from lms.core.keys import ring
from lms.core.settings import SettingsError, from_environment
from lms.designs import press
from tests.certificates.test_pdf import a_face, shop


def a_timestamper() -> DummyTimeStamper:
    """A timestamp authority with a certificate of its own (RFC 3161, 2.3)."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Timestamps of the tests")])
    now = clock.now()
    certificate = (
        pyca.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(pyca.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(pyca.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(private, SHA256())
    )
    loaded = x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        loaded, keys.PrivateKeyInfo.load(der), certs_to_embed=SimpleCertificateStore.from_certs([loaded])
    )


@pytest.fixture
def service() -> Iterator[tuple[str, x509.Certificate, list[int]]]:
    """A timestamp service on this machine: ``(address, its certificate, lengths of the answers)``."""
    stamper, answers = a_timestamper(), []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = asyncio.run(stamper.async_request_tsa_response(asked)).dump()
            answers.append(len(answer))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", stamper.tsa_cert, answers
        server.shutdown()


def pem_of(certificate: x509.Certificate, folder: Path) -> str:
    path = folder / "timestamps.pem"
    path.write_text(ssl.DER_cert_to_PEM_cert(certificate.dump()))
    return str(path)


def test_the_time_is_proven_and_stays_so(service: tuple[str, x509.Certificate, list[int]], tmp_path: Path) -> None:
    address, authority, answers = service
    pdf = press.printed(a_face(), "{}", press.Shop(shop().data, "Concord", (address, pem_of(authority, tmp_path))))
    assert len(answers) >= 2, "one for the signature, one for the whole document"
    root = ring(shop().data).pdf.current.certificates[-1].public_bytes(Encoding.DER)
    reader = PdfFileReader(io.BytesIO(pdf))
    assert [each.sig_object["/Type"] for each in reader.embedded_signatures] == ["/Sig", "/DocTimeStamp"]
    trust = {"trust_roots": [x509.Certificate.load(root), authority], "revocation_mode": "soft-fail"}
    signature, stamp = reader.embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(**trust), ValidationContext(**trust))
    assert status.bottom_line, status.pretty_print_details()
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    assert validate_pdf_timestamp(stamp, ValidationContext(**trust)).trusted
    assert len(DocumentSecurityStore.read_dss(reader).certs) >= 2, "what checks it is inside"
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    result = check(str(path))
    assert (result.errors, result.warnings) == (0, 0), [str(each) for each in result.findings]


def test_a_service_that_does_not_answer_leaves_no_file(tmp_path: Path) -> None:
    order = press.Order(a_face(), None, tmp_path / "certificate.pdf")
    with pytest.raises(TimestampRequestError):
        press.keep(
            order,
            press.Shop(shop().data, "Concord", ("http://127.0.0.1:9/", pem_of(a_timestamper().tsa_cert, tmp_path))),
        )
    assert not order.path.exists()


def test_an_address_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LMS_TIMESTAMP_URL"):
        from_environment({"LMS_DATA_DIR": str(tmp_path), "LMS_TIMESTAMP_URL": "timestamps.example.org"})
    with pytest.raises(SettingsError, match="LMS_TIMESTAMP_ROOTS"):
        from_environment({"LMS_DATA_DIR": str(tmp_path), "LMS_TIMESTAMP_URL": "https://timestamps.example.org"})
