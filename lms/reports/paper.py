"""The report at a course's end as a PDF."""

from pathlib import Path

from flask import render_template
from markupsafe import Markup

from lms.core import printing
from lms.core.words import direction_of
from lms.reports.facts import Facts
from lms.web.language import speaking

STYLES = Path(__file__).parents[2] / "templates" / "pdf"


def pdf(facts: Facts, learnt: str, language: str, *, listed: bool) -> bytes:
    """The bytes, in this language and its direction; touches no database."""
    with speaking(language):
        html = render_template(
            "pdf/report.html",
            facts=facts,
            learnt=learnt,
            listed=listed,
            language=language,
            rtl=direction_of(language) == "rtl",
            languages=[language, facts.shown.document.source_language],
            drawing=_drawing(),
        )
    return printing.pdf(html, STYLES / "report.css")


def _drawing() -> Markup:
    """The stylesheet that a drawing on paper carries, ours and no one else's."""
    css = (STYLES / "report_drawing.css").read_text()
    return Markup(f"<style>{css}</style>")  # noqa: S704 - a file of ours
