"""Printing reports in the background."""

from uuid import UUID

from flask import current_app

from lms.cohorts.models import Cohort
from lms.core.db import session, transaction
from lms.core.jobs import job
from lms.reports import facts, paper, service
from lms.reports.models import PrintedReport


@job("reports.print")
def print_report(report_id: str) -> None:
    """Print a report; who waits for one that cannot be printed is told so, and asking again tries again."""
    store, id = current_app.config["MEDIA"], UUID(report_id)
    try:
        with transaction(write=False):
            printed = session.get_one(PrintedReport, id)
            if printed.sha256 is not None:
                return
            cohort = session.get_one(Cohort, printed.cohort_id)
            words, _ = service.learnt(cohort)
            content = paper.pdf(facts.of_cohort(cohort), words, printed.language, listed=printed.listed)
        with transaction():
            service.keep_printed(session.get_one(PrintedReport, id), content, store)
    except Exception:
        with transaction():
            session.get_one(PrintedReport, id).failed = True
        raise
