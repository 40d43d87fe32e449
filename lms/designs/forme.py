"""A certificate laid out once, and copies of it in which only number, holder, address and credential differ.

Laying out a page costs a hundred times what setting a number into it costs. So pages that are equal but for that are
laid out together, with every letter that a number can have in the place of the number: the letters are then in the
fonts, and where and how they stand is known. (A forme is type locked up for printing.)
"""

import hashlib
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import pikepdf
import segno
from pikepdf import Array, Dictionary, Name, Stream, String

from lms.core import printing
from lms.designs import xmp
from lms.designs.face import RIGHT_TO_LEFT, Face, html

NUMBERS = "ABCDEFGHIJKLM-0123456789NOPQRSTUVWXYZ"
SAMPLES = {"holder": NUMBERS, "code": NUMBERS[::-1], "address": f"{NUMBERS.lower()}{NUMBERS}._~:/?#[]@!$&'()*+,;=%"}
TRACKING = {"holder": 30, "code": 60, "address": 0}  # in thousandths of the letter size
WIDEST = {"holder": 230, "code": 120, "address": 128}  # in mm
PX = 0.75  # of a point: what WeasyPrint counts in
MOST_FORMES = 24
ATTACHED = "credential.json"

_SHOWN = re.compile(
    rb"1 0 0 -1 (?P<x>[-.\d]+) (?P<y>[-.\d]+) Tm\n/(?P<font>\w+) (?P<size>[-.\d]+) Tf\n\[(?P<shown>[^\]]*)\] TJ"
)
_FIGURE = rb"/Figure\n<</MCID %d>>\nBDC\n(?P<drawn>.*?)\nEMC"


class LayoutError(RuntimeError):
    """A page that did not come out as it was meant; the message says how."""


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
        """The operators that draw the address as a QR code (ISO/IEC 18004, error correction M)."""
        code = segno.make(address, error="m", micro=False)
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
        late = {number: _stream(place.set(values[what])) for number, (what, place) in self.texts.items()}
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


def forme_of(face: Face, attached: bool) -> Forme:
    """The forme for this face: one of those that are kept, when all but numbers is equal.

    A holder who goes by a name is laid out, and shaped, as that name.
    """
    by_number = set(face.holder) <= set(NUMBERS)
    shared = replace(face, code="", verify_url="", holder="" if by_number else face.holder)
    return _kept(_Key(shared), face.size, attached) if by_number else _laid(shared, face.size, attached)


class _Key:
    """A face that can be asked for in a cache, though its titles are a mapping."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._told = (replace(face, course_title={}), tuple(sorted(face.course_title.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._told == other._told

    def __hash__(self) -> int:
        told = self._told[0]
        return hash((told.course_code, told.issued_on, told.languages, told.design, told.paper, self._told[1]))


@lru_cache(maxsize=MOST_FORMES)
def _kept(key: _Key, size: str, attached: bool) -> Forme:
    return _laid(key.face, size, attached)


def _laid(face: Face, size: str, attached: bool) -> Forme:
    late = {what: sample for what, sample in SAMPLES.items() if what != "holder" or not face.holder}
    shown = replace(face, holder=face.holder or SAMPLES["holder"], code=SAMPLES["code"], verify_url=SAMPLES["address"])
    page, style, files = html(shown, size, late="holder" in late)
    files["qr:"] = ("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    with pikepdf.open(io.BytesIO(printing.pdf(page, style, files, variant="pdf/a-3a"))) as pdf:
        if len(pdf.pages) != 1:
            raise LayoutError(f"the certificate came out on {len(pdf.pages)} pages")
        languages = re.findall(r"<section [^>]*?lang=\"([^\"]+)\"", page)
        figure, square = _tags(pdf, languages)
        content = pdf.pages[0].Contents.read_bytes()
        cuts = [_place(pdf, content, what, sample, face) for what, sample in late.items()]
        cuts.append(_drawing(content, int(figure.K[0]), square))
        lates = _split(pdf, content, sorted(cuts, key=lambda cut: cut.begin))
        _fields(pdf)
        if attached:
            _attach(pdf)
        return _locked(pdf, lates)


def _tags(pdf: pikepdf.Pdf, languages: Sequence[str]) -> tuple[Any, Square]:
    """Give each section its language and each picture its place in the page's own measure; find the QR code's."""
    height = float(pdf.pages[0].mediabox[3])
    sections = iter(languages)
    found: tuple[Any, Square] | None = None

    def visit(element: Any) -> None:
        nonlocal found
        kind = element.get("/S")
        if kind == Name.Sect:
            element.Lang = String(next(sections))
        if kind == Name.Figure:
            x1, y1, x2, y2 = (float(each) for each in element.A.BBox)
            element.A.BBox = Array([x1 * PX, height - y2 * PX, x2 * PX, height - y1 * PX])
            if str(element.get("/Alt", "")) == SAMPLES["address"]:
                found = element, Square(x1, y1, x2 - x1)
        for child in element.get("/K", ()):
            if isinstance(child, pikepdf.Object) and child._type_name == "dictionary":
                visit(child)

    for top in pdf.Root.StructTreeRoot.K:
        visit(top)
    if found is None or next(sections, None) is not None:
        raise LayoutError("the tags of the certificate are not those of its page")
    return found


@dataclass(frozen=True)
class _Cut:
    begin: int
    end: int
    what: str
    late: Place | Square


def _place(pdf: pikepdf.Pdf, content: bytes, what: str, sample: str, face: Face) -> _Cut:
    """Where the sample stands in the page's content."""
    for shown in _SHOWN.finditer(content):
        font = pdf.pages[0].Resources.Font[f"/{shown['font'].decode()}"]
        letters = _letters(font.ToUnicode.read_bytes())
        codes = _codes(shown["shown"])
        if "".join(letters.get(code, "") for code in codes) == sample:
            break
    else:
        raise LayoutError(f"the certificate has no place for its {what}")
    widths = _widths(font.DescendantFonts[0].W)
    glyphs = {letter: (code, widths[int(code, 16)]) for letter, code in zip(sample, codes, strict=True)}
    size = float(shown["size"])
    rtl = face.languages[0].split("-")[0] in RIGHT_TO_LEFT
    ends = ("right", "left") if rtl else ("left", "right")
    align = ends[1] if what != "holder" else ends[0] if face.design == "band" else "center"
    place = Place(
        x=float(shown["x"]),
        y=float(shown["y"]),
        font=shown["font"].decode(),
        size=size,
        align=align,
        width=_length(shown["shown"], widths) * size / 1000,
        tracking=TRACKING[what],
        widest=WIDEST[what] / 25.4 * 96,
        glyphs=glyphs,
    )
    return _Cut(*shown.span(), what, place)


def _drawing(content: bytes, mark: int, square: Square) -> _Cut:
    drawn = re.search(_FIGURE % mark, content, re.DOTALL)
    if drawn is None:
        raise LayoutError("the certificate has no place for its QR code")
    return _Cut(*drawn.span("drawn"), "address", square)


def _codes(shown: bytes) -> list[str]:
    return re.findall("[0-9a-f]{4}", "".join(re.findall("<([0-9a-f]*)>", shown.decode())))


def _letters(cmap: bytes) -> dict[str, str]:
    pairs = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]+)>", cmap.split(b"endcodespacerange")[1])
    return {code.decode(): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _widths(table: Any) -> dict[int, int]:
    """Widths by glyph, out of a composite font's table ``[first [width …] …]`` (ISO 32000-1, 9.7.4.3)."""
    entries = list(table)
    return {
        int(first) + place: int(width)
        for first, row in zip(entries[::2], entries[1::2], strict=True)
        for place, width in enumerate(row)
    }


def _length(shown: bytes, widths: Mapping[int, int]) -> float:
    """How long a shown line is, in thousandths of its size: widths, less what the numbers between take back."""
    glyphs = sum(widths[int(code, 16)] for code in _codes(shown))
    return glyphs - sum(float(each) for each in re.findall(rb">(-?[.\d]+)", shown))


def _split(pdf: pikepdf.Pdf, content: bytes, cuts: Sequence[_Cut]) -> list[tuple[str, Place | Square] | None]:
    """Cut the page's content at its late places; returns what belongs into each part, ``None`` where it stays."""
    parts, lates, begin = [], [], 0
    for cut in cuts:
        parts += [content[begin : cut.begin], b" "]
        lates += [None, (cut.what, cut.late)]
        begin = cut.end
    parts.append(content[begin:])
    pdf.pages[0].Contents = Array([pdf.make_indirect(Stream(pdf, part)) for part in parts])
    return [*lates, None]


def _fields(pdf: pikepdf.Pdf) -> None:
    """The field of the signature: without a picture, and in the tags (ISO 14289-1, 7.18.4)."""
    page, root = pdf.pages[0], pdf.Root.StructTreeRoot
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String("Issuer"),
            TU=String("Signature of the issuer"),
            Contents=String("Signature of the issuer"),
            Rect=Array([0, 0, 0, 0]),
            F=132,  # printed, locked
            P=page.obj,
        )
    )
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=root.K[0],
            Pg=page.obj,
            Lang=String("en"),
            K=Array([Dictionary(Type=Name.OBJR, Obj=field, Pg=page.obj)]),
        )
    )
    root.K[0].K.append(element)
    field.StructParent = len(root.ParentTree.Nums) // 2
    root.ParentTree.Nums.extend([field.StructParent, element])
    root.ParentTreeNextKey = field.StructParent + 1
    page.Annots.append(field)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    field.V = pdf.make_indirect(Dictionary(Type=Name.Sig))


def _attach(pdf: pikepdf.Pdf) -> None:
    """A place for the credential among the attachments (ISO 19005-3, 6.8)."""
    file = pdf.make_indirect(Stream(pdf, b" "))
    about = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(ATTACHED),
            UF=String(ATTACHED),
            Desc=String("The credential, as Open Badges 3.0"),
            AFRelationship=Name.Data,
            EF=Dictionary(F=file, UF=file),
        )
    )
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(ATTACHED), about])))
    pdf.Root.AF = Array([about])


def _locked(pdf: pikepdf.Pdf, lates: Sequence[tuple[str, Place | Square] | None]) -> Forme:
    """Write the shared objects one after the other, and note those that each copy makes anew."""
    pdf.docinfo.Title = String("")
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, b" "))
    saved = io.BytesIO()
    pdf.save(saved, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    with pikepdf.open(saved) as last:
        field = last.Root.AcroForm.Fields[0]
        numbers = {"info": last.docinfo, "xmp": last.Root.Metadata, "signature": field.V}
        if "/AF" in last.Root:
            numbers["file"] = last.Root.AF[0].EF.F
        parts = zip(last.pages[0].Contents, lates, strict=True)
        texts = {part.objgen[0]: late for part, late in parts if late is not None}
        figure = next(each for each in last.objects if _is_qr(each))
        link = next(each for each in last.pages[0].Annots if each.Subtype == Name.Link)
        for each in ("/Rect", "/A", "/Contents"):
            if each in link:
                del link[each]
        [address] = [place for what, place in filter(None, lates) if what == "address" and isinstance(place, Place)]
        before, after = figure.unparse(resolved=True).split(String(SAMPLES["address"]).unparse())
        later = (
            {each.objgen[0] for each in numbers.values()}
            | set(texts)
            | {each.objgen[0] for each in (field, figure, link)}
        )
        shared, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
        for each in last.objects:
            if each.objgen[0] not in later:
                offsets[each.objgen[0]] = len(shared)
                shared += b"%d 0 obj\n%b\nendobj\n" % (each.objgen[0], _object(each))
        del field.V
        return Forme(
            shared=bytes(shared),
            offsets=offsets,
            texts=texts,
            figure=(figure.objgen[0], before, after),
            link=(link.objgen[0], link.unparse(resolved=True), address, float(last.pages[0].mediabox[3])),
            field=(field.objgen[0], field.unparse(resolved=True)),
            numbers={what: each.objgen[0] for what, each in numbers.items()},
            root=last.Root.objgen[0],
            size=len(last.objects) + 1,
        )


def _is_qr(each: Any) -> bool:
    return each._type_name == "dictionary" and str(each.get("/Alt", "")) == SAMPLES["address"]


def _object(each: Any) -> bytes:
    if not isinstance(each, Stream):
        return bytes(each.unparse(resolved=True))
    about, content = each.stream_dict.unparse(resolved=True), each.read_raw_bytes()
    return b"%b\nstream\n%b\nendstream" % (about, content)


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
