"""Composing a forme: one page laid out with samples, taken apart, and locked up.

In the place of a number stands every letter that a number can have: the letters are then in the fonts, and where and
how they stand is known.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String

from lms.core import printing
from lms.core.words import direction_of
from lms.designs.face import Face, html
from lms.designs.forme import PX, Forme, Place, Square

NUMBERS = "ABCDEFGHIJKLM-0123456789NOPQRSTUVWXYZ"
SAMPLES = {"holder": NUMBERS, "code": NUMBERS[::-1], "address": f"{NUMBERS.lower()}{NUMBERS}._~:/?#[]@!$&'()*+,;=%"}
TRACKING = {"holder": 30, "code": 60, "address": 0}  # in thousandths of the letter size
WIDEST = {"holder": 230, "code": 120, "address": 128}  # in mm
MOST_FORMES = 24
ATTACHED = "credential.json"

_SHOWN = re.compile(
    rb"1 0 0 -1 (?P<x>[-.\d]+) (?P<y>[-.\d]+) Tm\n/(?P<font>\w+) (?P<size>[-.\d]+) Tf\n\[(?P<shown>[^\]]*)\] TJ"
)
_LINES = re.compile(rb"/(?P<font>\w+) [-.\d]+ Tf|\[(?P<shown>[^\]]*)\] TJ")
_FIGURE = rb"/Figure\n<</MCID %d>>\nBDC\n(?P<drawn>.*?)\nEMC"


class LayoutError(RuntimeError):
    """A page that did not come out as it was meant; the message says how."""


def forme_of(face: Face, attached: bool) -> Forme:
    """The forme for this face: one of those that are kept, when all but numbers is equal.

    A holder who goes by a name is laid out, and shaped, as that name.
    """
    by_number = set(face.holder) <= set(NUMBERS)
    shared = replace(
        face, code="", verify_url="", check_url="", holder_hash=b"", holder="" if by_number else face.holder
    )
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
        _check_letters(pdf, content)
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
    rtl = direction_of(face.languages[0]) == "rtl"
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


def _check_letters(pdf: pikepdf.Pdf, content: bytes) -> None:
    """Refuse what would be printed as boxes: for letters without a font Pango counts on behind the font's glyphs."""
    shown: dict[str, int] = {}
    font = ""
    for step in _LINES.finditer(content):
        font = step["font"].decode() if step["font"] else font
        shown[font] = max([shown.get(font, 0), *(int(code, 16) for code in _codes(step["shown"] or b""))])
    for font, last in shown.items():
        told = pdf.pages[0].Resources.Font[f"/{font}"].DescendantFonts[0].FontDescriptor
        file = told.get("/FontFile2") or told.get("/FontFile3")
        if last >= TTFont(io.BytesIO(file.read_bytes()), lazy=True)["maxp"].numGlyphs:
            raise LayoutError("no font of this machine has all its letters: install the fonts of its script")


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
    """The field of the signature."""
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), SigFlags=3)
    field = add_field(pdf, "Issuer", "Signature of the issuer")
    field.V = pdf.make_indirect(Dictionary(Type=Name.Sig))


def add_field(pdf: pikepdf.Pdf, name: str, words: str) -> pikepdf.Object:
    """An empty field for a signature: without a picture, and in the tags (ISO 14289-1, 7.18.4)."""
    page, root = pdf.pages[0], pdf.Root.StructTreeRoot
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(name),
            TU=String(words),
            Contents=String(words),
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
    pdf.Root.AcroForm.Fields.append(field)
    return field


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
