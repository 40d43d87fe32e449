"""A certificate laid out once, and copies of it in which only number, holder, address and credential differ.

Laying out a page costs a hundred times what setting a number into it costs, so it is done once for all pages that are
equal but for that. (A forme is type locked up for printing; ``composing.py`` makes it.)
"""

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import segno
from pikepdf import Dictionary, String
from segno import consts

from lms.designs import xmp
from lms.designs.face import Face

PX = 0.75  # of a point: what WeasyPrint counts in


@dataclass(frozen=True)
class Place:
    """Where a line of text stands and how it is set: ``glyphs`` are codes and widths by letter, in 1/1000."""

    x: float
    y: float
    font: str
    size: float
    align: str
    width: float
    tracking: int
    widest: float
    glyphs: Mapping[str, tuple[str, int]]

    def extent(self, text: str) -> tuple[float, float, float]:
        """``(left end, right end, letter size)`` of the text here, smaller where it would be too wide."""
        wide = (sum(self.glyphs[each][1] for each in text) + self.tracking * (len(text) - 1)) / 1000
        size = min(self.size, self.widest / wide)
        spare = self.width - wide * size
        x = self.x + {"left": 0.0, "center": spare / 2, "right": spare}[self.align]
        return x, x + wide * size, size

    def set(self, text: str) -> bytes:
        """The operators that show the text here."""
        x, _, size = self.extent(text)
        between = f"> {-self.tracking} <" if self.tracking else ""
        shown = between.join(self.glyphs[each][0] for each in text)
        return f"1 0 0 -1 {x:.3f} {self.y:.3f} Tm /{self.font} {size:.3f} Tf [<{shown}>] TJ".encode()


@dataclass(frozen=True)
class Square:
    """Where the QR code is drawn, in px from the top left corner."""

    x: float
    y: float
    side: float

    def set(self, address: str) -> bytes:
        """The operators that draw the address as a QR code (ISO/IEC 18004, error correction M).

        What stands behind its number sign is set in the smaller alphabet of capital letters and digits.
        """
        page, sign, payload = address.partition("#")
        parts = [(page + sign, consts.MODE_BYTE)] + ([(payload, consts.MODE_ALPHANUMERIC)] if payload else [])
        code = segno.make(parts, error="m", micro=False)  # type: ignore[arg-type]  # its hints know no parts
        modules = code.symbol_size(border=0)[0]
        scale = self.side / modules
        drawn = [f"q 1 0 0 1 {self.x:.3f} {self.y:.3f} cm {scale:.5f} 0 0 {scale:.5f} 0 0 cm 0.07 0.2 0.29 rg"]
        for y, row in enumerate(code.matrix):
            # Neighbours are drawn as one, so that no hairline shows between them.
            drawn += [f"{run.start()} {y} {len(run[0])} 1 re" for run in re.finditer(rb"\x01+", bytes(row))]
        return "\n".join([*drawn, "f Q"]).encode()


@dataclass(frozen=True)
class Forme:
    """The objects that all copies share, and what has to be made for each.

    ``shared`` is the beginning of each file, ``offsets`` where its objects are in it, by number.
    """

    shared: bytes
    offsets: Mapping[int, int]
    texts: Mapping[int, tuple[str, Place | Square]]
    figure: tuple[int, bytes, bytes]
    link: tuple[int, bytes, Place, float]
    field: tuple[int, bytes]
    numbers: Mapping[str, int]
    root: int
    size: int

    def copy(self, face: Face, document: str | None, made_at: datetime, room: int | None) -> tuple[bytearray, int]:
        """``(file, place)``: a copy for this face with the credential's document attached.

        ``room`` bytes are kept for a signature, whose hexadecimal digits begin at ``place`` behind a ``<``; with
        ``None`` the file has an empty field for it.
        """
        values = {"holder": face.holder, "code": face.code, "address": face.verify_url}
        told = face.check_url or face.verify_url
        late = {
            number: _stream(place.set(told if isinstance(place, Square) else values[what]))
            for number, (what, place) in self.texts.items()
        }
        late[self.figure[0]] = self.figure[1] + String(face.verify_url).unparse() + self.figure[2]
        late[self.link[0]] = self._link(face.verify_url)
        if document is not None:
            late[self.numbers["file"]] = _attachment(document.encode(), made_at)
        stamp = _pdf_time(made_at)
        late[self.numbers["info"]] = Dictionary(
            Title=String(face.title),
            Author=String(face.issuer),
            Producer=String(xmp.PRODUCER),
            CreationDate=String(stamp),
            ModDate=String(stamp),
        ).unparse()
        packet = xmp.packet(face.title, face.issuer, face.languages[0], made_at)
        late[self.numbers["xmp"]] = _stream(packet, b"/Type /Metadata /Subtype /XML", packed=False)
        signed = b"/V %d 0 R >>" % self.numbers["signature"] if room else b">>"
        late[self.field[0]] = self.field[1].removesuffix(b">>") + signed
        if room:
            late[self.numbers["signature"]] = _signature(room, stamp)
        else:
            late.pop(self.numbers["signature"], None)
        return self._written(late, room)

    def _link(self, address: str) -> bytes:
        """The link over the address (ISO 14289-1, 7.18.5)."""
        _, about, place, height = self.link
        left, right, size = place.extent(address)
        top, bottom = height - (place.y - 0.9 * size) * PX, height - (place.y + 0.3 * size) * PX
        said = String(address).unparse()
        return about.removesuffix(b">>") + b"/Rect [%.2f %.2f %.2f %.2f] /Contents %b /A << /S /URI /URI %b >> >>" % (
            *(left * PX, bottom, right * PX, top),
            *(said, said),
        )

    def _written(self, late: Mapping[int, bytes], room: int | None) -> tuple[bytearray, int]:
        out, offsets = bytearray(self.shared), dict(self.offsets)
        for number, content in late.items():
            offsets[number] = len(out)
            out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % self.size
        for number in range(1, self.size):
            out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00000 f \n"
        id = hashlib.sha256(bytes(out[len(self.shared) :])).hexdigest()[:32].encode()
        out += b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%b> <%b>] >>\nstartxref\n%d\n%%%%EOF\n" % (
            *(self.size, self.root, self.numbers["info"]),
            *(id, id, start),
        )
        if not room:
            return out, 0
        place = out.index(b"/Contents <", offsets[self.numbers["signature"]]) + len(b"/Contents <")
        behind = place + 2 * room + 1
        filled = b"[0 %d %d %d]" % (place - 1, behind, len(out) - behind)
        at = out.index(b"[", offsets[self.numbers["signature"]])
        out[at : at + 50] = filled.ljust(50)
        return out, place


def _stream(content: bytes, about: bytes = b"", packed: bool = True) -> bytes:
    if packed:
        content, about = zlib.compress(content), about + b" /Filter /FlateDecode"
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (about, len(content), content)


def _attachment(content: bytes, made_at: datetime) -> bytes:
    check = hashlib.md5(content, usedforsecurity=False).hexdigest().encode()
    about = b"/Type /EmbeddedFile /Subtype /application#2fld+json /Params << /Size %d /CheckSum <%b> /ModDate %b >>" % (
        *(len(content), check),
        String(_pdf_time(made_at)).unparse(),
    )
    return _stream(content, about)


def _signature(room: int, stamp: str) -> bytes:
    """A signature that is to be filled in (ISO 32000-1, 12.8; ETSI EN 319 142-1)."""
    return (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M %b\n/ByteRange %b\n/Contents <%b> >>"
        % (String(stamp).unparse(), b"[".ljust(50), b"0" * 2 * room)
    )


def _pdf_time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
