"""HTML to PDF, tagged (PDF/UA-1, or PDF/A-3a) and with its fonts inside, one document at a time."""

import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader

from lms.core.words import catalogue, direction_of

# WeasyPrint does not promise to be safe in threads, and shares its fonts between documents here.
_printing = threading.Lock()

TEMPLATES = Path(__file__).parents[2] / "templates"

NOTHING: Mapping[str, tuple[str, bytes]] = MappingProxyType({})


def page(template: str, language: str, **values: Any) -> str:
    """A page to print in a language of the interface, which is seldom the reader's, and in its direction."""
    return environment(language).get_template(template).render(lang=language, dir=direction_of(language), **values)


@cache
def environment(language: str) -> Environment:
    """Where templates of papers are found and speak the language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return made


def pdf(
    html: str, stylesheet: Path, files: Mapping[str, tuple[str, bytes]] = NOTHING, variant: str = "pdf/ua-1"
) -> bytes:
    """The PDF of a page; equal pages give equal bytes.

    ``files`` are ``(media type, content)`` by address. Nothing else is fetched, whatever the page asks for.
    ``variant`` is one of WeasyPrint's.
    """
    from weasyprint import HTML

    with _printing:
        style, fonts = _style(stylesheet)
        document = HTML(string=html, url_fetcher=_fetcher(files))
        written: bytes = document.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_variant=variant,
            presentational_hints=True,  # lists that begin with another number than 1
        )
    return written


@cache
def _style(stylesheet: Path) -> tuple[Any, Any]:
    """The stylesheet and its fonts, read once for each process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return CSS(filename=stylesheet, font_config=fonts), fonts


def _fetcher(files: Mapping[str, tuple[str, bytes]]) -> Any:
    """What gives WeasyPrint the files that were handed in, and leaves out whatever else is asked for."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class HandedIn(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:
            if url not in files:
                raise ValueError("it was not handed in")
            kind, content = files[url]
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return HandedIn()
