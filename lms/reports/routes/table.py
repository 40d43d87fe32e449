"""The cohort table and its files, at the address of the cohort: trainees by activities, with their final marks."""

from flask import Response, request
from flask_babel import gettext
from flask_login import current_user

from lms.cohorts import queries as cohorts
from lms.cohorts.models import Cohort
from lms.core import audit
from lms.grades import queries as grades
from lms.grades import ranking
from lms.library.edition import edition
from lms.progress import gain, moving, queries, standing, table
from lms.progress.export import cohort_csv
from lms.progress.routes import bp
from lms.progress.standing import Standing
from lms.progress.workbook import cohort_xlsx
from lms.roster.words import LITERACY
from lms.web.guards import requires
from lms.web.language import current_direction, reading_languages
from lms.web.pages import download, page


def finals(cohort: Cohort, some: list[Standing] | None) -> table.Finals:
    """The final marks so far of some of the cohort's trainees, or of all."""
    if some is None:
        return ranking.finals_of_cohort(cohort)
    marks = grades.marks_of(cohort, some, grades.scheme_of(cohort.id))
    return {id: mark.final for id, mark in marks.items()}


@bp.get("/cohorts/<uuid:cohort_id>")
@requires("cohorts.see", of="cohort")
def cohort(cohort: Cohort) -> Response:
    """Trainees by activities."""
    shown = edition(cohort.course_version_id)
    choice = table.Choice.read(request.args, shown.document.modules)
    modules = [each for each in shown.document.modules if choice.module in (None, each.id)]
    return page(
        "progress/cohort.html",
        cohort=cohort,
        edition=shown,
        modules=modules,
        languages=reading_languages(shown.document.source_language),
        choice=choice,
        table=table.of_cohort(cohort, choice, finals),
        teachers=cohorts.teachers(cohort),
        newer=moving.newest_id(cohort) is not None,
        gain=gain.of_cohort(cohort),
        needing_help=queries.needing_help(cohort),
        literacy=LITERACY,
    )


CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/cohorts/<uuid:cohort_id>/export")
@requires("cohorts.export", of="cohort")
def export(cohort: Cohort) -> Response:
    """The whole cohort's progress as CSV, or with its marks as XLSX; on record, because it leaves the house."""
    shown = edition(cohort.course_version_id)
    languages = reading_languages(shown.document.source_language)
    stands = standing.of_cohort(cohort)
    rows = table.rows_of(cohort, stands)
    kind = "xlsx" if request.form.get("format") == "xlsx" else "csv"
    content: str | bytes
    if kind == "xlsx":
        marks, right_to_left = grades.marks_of_cohort(cohort), current_direction() == "rtl"
        content = cohort_xlsx(shown, stands, rows, marks, languages, _words(), right_to_left=right_to_left)
    else:
        content = cohort_csv(shown, stands, rows, languages)
    audit.record("progress.exported", actor_id=current_user.id, object_id=cohort.id, trainees=len(stands))
    return download(content, f"cohort-progress.{kind}", XLSX if kind == "xlsx" else CSV)


def _words() -> dict[str, str]:
    """The words of a workbook that are ours."""
    return {
        "progress": gettext("Progress"),
        "marks": gettext("Marks"),
        "number": gettext("Number"),
        "done": gettext("Done"),
        "required": gettext("Required"),
        "final": gettext("Final mark"),
        "passed": gettext("Passed"),
        "yes": gettext("yes"),
        "no": gettext("no"),
        "failed": gettext("not passed yet"),
        "started": gettext("started"),
        "waits": gettext("waits for a mark"),
        "returned": gettext("given back"),
        "todo": gettext("not started"),
        "locked": gettext("not open yet"),
        "none": gettext("not in this trainee's version of the course"),
        "aloud": gettext("given aloud"),
    }
