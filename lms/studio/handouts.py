"""The observation checklist and the reading list as an author typed them."""

from lms.library.competencies import COMPETENCIES
from lms.studio.reading import Data, Typed, put, rows, text

MOST_OBSERVATIONS, MOST_READING = 20, 15


def lists(form: Typed, standing: Data, language: str, *, source: bool) -> Data:
    """What the course says of itself, with these two lists as typed."""
    data: Data = {**standing}
    put(data, "observations", _observations(form, data.get("observations", []), language, source), [])
    put(data, "reading", _reading(form, data.get("reading", []), language, source), [])
    return data


def _observations(form: Typed, before: list[Data], language: str, source: bool) -> list[Data]:
    typed = rows(form, before, "observations", ("text", "look_for"), language, source, most=MOST_OBSERVATIONS)
    if source:
        for place, row in typed:
            chosen = text(form, f"observations-{place}-competency")
            row["competency"] = chosen if chosen in COMPETENCIES else next(iter(COMPETENCIES))
            put(row, "critical", f"observations-{place}-critical" in form, False)
    return [row for _, row in typed]


def _reading(form: Typed, before: list[Data], language: str, source: bool) -> list[Data]:
    """Titles have no ids in the document; here each is known by its place."""
    known = [{**row, "id": f"{place}"} for place, row in enumerate(before)]
    typed = rows(form, known, "reading", ("title", "note"), language, source, most=MOST_READING)
    if source:
        for place, row in typed:
            put(row, "source", text(form, f"reading-{place}-source") or None)
    return [{name: value for name, value in row.items() if name != "id"} for _, row in typed]
