"""HTML to PDF: only what is handed in gets onto the page."""

import io
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

from lms.core import printing


def a_picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(written, "PNG")
    return written.getvalue()


def pictures(pdf: bytes) -> int:
    return sum(len(page.images) for page in PdfReader(io.BytesIO(pdf)).pages)


def page(address: str) -> str:
    return f'<html lang="en"><title>A page</title><img src="{address}" alt="A square">'


def test_a_picture_that_is_handed_in_is_shown_and_no_file_of_the_machine_is(tmp_path: Path) -> None:
    style, secret = tmp_path / "page.css", tmp_path / "secret.png"
    style.write_text("html { color: black }")
    secret.write_bytes(a_picture())
    handed_in = {"book:square.png": ("image/png", a_picture())}
    assert pictures(printing.pdf(page("book:square.png"), style, handed_in)) == 1
    assert pictures(printing.pdf(page(secret.as_uri()), style, handed_in)) == 0
    assert pictures(printing.pdf(page("book:other.png"), style, handed_in)) == 0
    assert pictures(printing.pdf(page("data:image/png;base64,iVBORw0KGgo="), style)) == 0
