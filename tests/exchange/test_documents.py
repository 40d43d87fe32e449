"""Word documents and Common Cartridges as courses."""

import io
import zipfile
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lms.exchange import cartridge, word
from lms.exchange.gathering import NO_KIND, Finding
from lms.exchange.pages import Brought, Page, Questions
from lms.library.problems import CourseError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((60, 40), 80).save(out, "PNG")
    return out.getvalue()


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def heading(text: str, level: int = 1) -> str:
    style = f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>'
    return f"<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"


def paragraph(text: str, form: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{form}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(each)}</w:tc>' for each in cells)}</w:tr>"


TABLE = f"<w:tbl>{row('Right', 'Source')}{row('Life', 'ICCPR')}</w:tbl>"
DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="1" name="p" descr="A gate"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>'
    f'<a:blip xmlns:r="{R}" r:embed="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r></w:p>"
)


def a_docx(*blocks: str, **more: str | bytes) -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2)
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId9" Type="{R}/image" '
        'Target="media/image1.png"/></Relationships>',
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
        "word/media/image1.png": a_picture(),
        "word/document.xml": f"<w:document {W}><w:body>{''.join(blocks)}</w:body></w:document>",
    }
    return zipped(files | more)


def pages(brought: Brought) -> dict[str, str]:
    return {part.title: part.markdown for module in brought.modules for part in module.parts if isinstance(part, Page)}


def test_a_word_document_becomes_a_lesson_for_each_heading() -> None:
    made = a_docx(
        paragraph("Before it begins."),
        heading("The gate"),
        paragraph("Never in secret.", "<w:b/>"),
        heading("At night", 2),
        paragraph("Write it down."),
        heading("The register"),
        TABLE,
        DRAWING,
    )
    brought = word.read(made, "Custody")
    read = pages(brought)
    assert list(read) == ["Custody", "The gate", "The register"]
    assert "**Never in secret.**" in read["The gate"]
    assert "### At night" in read["The gate"]
    assert "| Right | Source |" in read["The register"]
    assert "![A gate](media/file-1." in read["The register"]
    assert Image.open(io.BytesIO(next(iter(brought.media.values())))).size == (60, 40)


def test_a_word_document_without_headings_is_one_lesson() -> None:
    assert pages(word.read(a_docx(paragraph("Only this.")), "Custody")) == {"Custody": "Only this."}


BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><w:document>&a;</w:document>'
CC = "http://www.imsglobal.org/xsd/imsccv1p3/imscp_v1p1"


def a_manifest(items: str, resources: str) -> str:
    return (
        f'<manifest xmlns="{CC}" identifier="m"><metadata><lom><general>'
        "<title><string>Patrol</string></title></general>"
        "</lom></metadata><organizations><organization><item identifier='root'>"
        f"<item><title>Week one</title>{items}</item></item></organization></organizations>"
        f"<resources>{resources}</resources></manifest>"
    )


def an_item(ref: str, title: str) -> str:
    return f'<item identifierref="{ref}"><title>{title}</title></item>'


def a_resource(id: str, kind: str, name: str) -> str:
    return f'<resource identifier="{id}" type="{kind}" href="{name}"><file href="{name}"/></resource>'


QTI_ITEM = """<item ident="{id}" title="{id}"><itemmetadata><qtimetadata><qtimetadatafield>
<fieldlabel>cc_profile</fieldlabel><fieldentry>{profile}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">&lt;p&gt;{prompt}&lt;/p&gt;</mattext></material>
{body}</presentation>
<resprocessing><respcondition><conditionvar><varequal respident="r">b</varequal></conditionvar>
<setvar varname="SCORE">100</setvar><displayfeedback linkrefid="right"/></respcondition></resprocessing>
<itemfeedback ident="right"><material><mattext>Yes.</mattext></material></itemfeedback></item>"""
LID = """<response_lid ident="r"><render_choice><response_label ident="a"><material><mattext>All</mattext></material>
</response_label><response_label ident="b"><material><mattext>Nobody</mattext></material></response_label>
</render_choice></response_lid>"""
QTI = (
    '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="q" title="Quiz"><section>'
    + QTI_ITEM.format(id="custody", profile="cc.multiple_choice.v0p1", prompt="Who may be held in secret?", body=LID)
    + QTI_ITEM.format(id="word", profile="cc.fib.v0p1", prompt="One letter?", body="")
    + QTI_ITEM.format(id="tell", profile="cc.essay.v0p1", prompt="Tell us", body="")
    + "</section></assessment></questestinterop>"
)


def a_cartridge(**more: str | bytes) -> bytes:
    items = "".join(an_item(*each) for each in (("p", "A page"), ("l", "A link"), ("q", "A quiz"), ("t", "A tool")))
    resources = (
        a_resource("p", "webcontent", "pages/a.html")
        + a_resource("l", "imswl_xmlv1p3", "link.xml")
        + a_resource("q", "imsqti_xmlv1p2/imscc_xmlv1p3/assessment", "quiz.xml")
        + a_resource("t", "imsbasiclti_xmlv1p3", "tool.xml")
    )
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": a_manifest(items, resources),
        "pages/a.html": '<html><body><h1>Stop</h1><p onclick="x()">Say <em>why</em>.</p><script>alert(1)</script>'
        '<img src="../img/gate.png" alt="A gate"></body></html>',
        "img/gate.png": a_picture(),
        "link.xml": '<webLink><title>UN</title><url href="https://example.org/a (b)"/></webLink>',
        "quiz.xml": QTI,
        "tool.xml": "<tool/>",
    }
    return zipped(files | more)


def test_a_cartridge_becomes_pages_links_and_quizzes() -> None:
    brought = cartridge.read(a_cartridge(), "en")
    assert (brought.title, [module.title for module in brought.modules]) == ("Patrol", ["Week one"])
    read = pages(brought)
    assert read["A page"].startswith("## Stop")
    assert "Say *why*." in read["A page"]
    assert "![A gate](media/file-1." in read["A page"]
    assert "alert" not in read["A page"]
    assert read["A link"] == "[A link](https://example.org/a%20%28b%29)"
    (quiz,) = [part for part in brought.modules[0].parts if isinstance(part, Questions)]
    custody, written = quiz.questions
    assert [option.get("correct", False) for option in custody["options"]] == [False, True]
    assert custody["options"][1]["feedback"] == {"en": "Yes."}
    assert written["accepted"] == {"en": ["b"]}


def test_what_a_cartridge_brings_in_vain_is_told_with_the_reason() -> None:
    findings = cartridge.read(a_cartridge(), "en").findings
    assert Finding("A tool", cartridge.NO_TOOL) in findings
    assert Finding("A quiz: tell", NO_KIND) in findings


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        (word, b"not a zip"),
        (word, a_docx()[:-40]),
        (word, zipped({"a.txt": "no document"})),
        (word, a_docx(**{"word/document.xml": BOMB})),
        (word, a_docx()),
        (word, zipped({"word/document.xml": "0" * 30_000_000})),
        (cartridge, zipped({"a.txt": "no manifest"})),
        (cartridge, zipped({"imsmanifest.xml": BOMB})),
        (cartridge, zipped({"../imsmanifest.xml": "<manifest/>"})),
        (cartridge, zipped({"imsmanifest.xml": "<manifest/>"})),
    ],
)
def test_a_file_that_is_none_says_the_mend(reader: ModuleType, content: bytes) -> None:
    with pytest.raises(CourseError) as refused:
        reader.read(content, "en")
    assert ":" in refused.value.problems[0].message


@settings(max_examples=60)
@given(st.sampled_from([a_docx(heading("A"), TABLE), a_cartridge()]), st.integers(0, 3000), st.binary(max_size=20))
def test_no_damaged_file_breaks_a_reader(whole: bytes, at: int, put: bytes) -> None:
    damaged = whole[:at] + put + whole[at + len(put) :]
    for reader in (word, cartridge):
        try:
            reader.read(damaged, "en")
        except CourseError:
            continue


@settings(max_examples=60)
@given(st.text(st.sampled_from('<>/="w:pt ')), st.text(st.sampled_from('<item> title="/&;')))
def test_no_xml_inside_breaks_a_reader(body: str, item: str) -> None:
    for reader, content in (
        (word, a_docx(body)),
        (cartridge, a_cartridge(**{"imsmanifest.xml": a_manifest(item, "")})),
        (cartridge, a_cartridge(**{"quiz.xml": f"<a>{item}</a>"})),
    ):
        try:
            reader.read(content, "en")
        except CourseError:
            continue
