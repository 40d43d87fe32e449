"""Signing PDFs: PAdES B-B by itself, B-LTA where a timestamp service is set (ETSI EN 319 142-1)."""

import asyncio
import hashlib
import io
from functools import cached_property
from typing import Any

import pikepdf
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.core.keys import Pair
from lms.designs.composing import add_field

FIELD, TIME_FIELD = "Issuer", "Time"
LONGEST = 72  # bytes that an ECDSA signature on P-256 takes at most
TIMESTAMP_SECONDS = 20

_DIGEST, _FILLER = hashlib.sha256(b"the place of a digest").digest(), b"\xa5"


def _with_time_field(file: bytes) -> bytes:
    """The file with a field for the proof of the time, in the tags; pyHanko's own would not be."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(file)) as pdf:
        widget = add_field(pdf, TIME_FIELD, "Proof of the time")
        # Apart, so that filling the field in leaves what the tags point to as it was signed.
        field = pdf.make_indirect(pikepdf.Dictionary(FT=widget.FT, T=widget.T, TU=widget.TU, Kids=[widget]))
        del widget.FT, widget.T, widget.TU
        widget.Parent = field
        pdf.Root.AcroForm.Fields[-1] = field
        pdf.save(out)
    return out.getvalue()


class KeySigner(Signer):  # type: ignore[misc]
    """pyHanko's signer over a key of the ring."""

    def __init__(self, pair: Pair[ec.EllipticCurvePrivateKey]) -> None:
        chain = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in pair.certificates]
        super().__init__(signing_cert=chain[0], cert_registry=SimpleCertificateStore.from_certs(chain))
        self.root, self.pair = chain[-1], pair

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature of ``data``; a dry run's is as long as the longest."""
        return bytes(LONGEST) if dry_run else self.pair.private.sign(data, ec.ECDSA(SHA256()))


class _Model(KeySigner):
    """Signs with filler of a given length, and keeps what it was to sign."""

    def __init__(self, pair: Pair[ec.EllipticCurvePrivateKey], length: int) -> None:
        super().__init__(pair)
        self.filler, self.asked = _FILLER * length, b""

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        self.asked = data
        return self.filler


class Seal:
    """Signs many documents with one key.

    pyHanko takes most of its time to encode what is equal in all signatures but for digest and signature. So it makes
    one for each length that a signature can have, and both are put into that.
    """

    def __init__(self, pair: Pair[ec.EllipticCurvePrivateKey]) -> None:
        self.signer = KeySigner(pair)
        self._models: dict[int, tuple[bytes, bytes]] = {}

    @cached_property
    def room(self) -> int:
        """How many bytes the longest signature takes, its certificates with it."""
        return len(self._model(LONGEST)[0])

    def sign(self, file: bytearray, place: int) -> bytes:
        """Fill in the signature whose digits begin at ``place`` (B-B): it covers all of the file but itself."""
        end = place + 2 * self.room + 1
        digest = hashlib.sha256(file[: place - 1])
        digest.update(memoryview(file)[end:])
        asked = self._model(LONGEST)[1].replace(_DIGEST, digest.digest())
        signature = self.signer.pair.private.sign(asked, ec.ECDSA(SHA256()))
        cms, filler = self._model(len(signature))[0], _FILLER * len(signature)
        digits = cms.replace(_DIGEST, digest.digest()).replace(filler, signature).hex().encode()
        file[place : place + len(digits)] = digits
        return bytes(file)

    def sign_for_long(self, file: bytes, timestamps: str, roots: str) -> bytes:
        """Sign the empty field of a file, with proof of the time from the service at an address (B-LTA).

        ``roots`` is the file with the certificates that the service is trusted by, as PEM.
        Raises what pyHanko raises when the service does not answer.
        """
        about = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=True,
            use_pades_lta=True,
            timestamp_field_name=TIME_FIELD,
            validation_context=ValidationContext(
                trust_roots=[self.signer.root, *load_certs_from_pemder([roots])],
                allow_fetching=True,
                revocation_mode="soft-fail",
            ),
        )
        signing = PdfSigner(about, self.signer, timestamper=HTTPTimeStamper(timestamps, timeout=TIMESTAMP_SECONDS))
        out = io.BytesIO()
        signing.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(_with_time_field(file))), output=out)
        return out.getvalue()

    def _model(self, length: int) -> tuple[bytes, bytes]:
        """``(signature container, what it signs)`` with the sample digest, and filler of this length."""
        if length not in self._models:
            model = _Model(self.signer.pair, length)
            made: Any = asyncio.run(model.async_sign(_DIGEST, "sha256", use_pades=True))
            self._models[length] = made.dump(), model.asked
        return self._models[length]
