"""Printing reports in the background, and keeping what closed cohorts came to."""

from uuid import UUID

from flask import current_app

from lms.cohorts.models import Cohort
from lms.core.db import session, transaction
from lms.core.jobs import job, periodic
from lms.reports import by_sex, facts, paper, service
from lms.reports.models import PrintedReport

# Closed cohorts in one go: after an update there may be years of them.
AT_ONCE = 20


@periodic
def keep_figures() -> None:
    """Keep the figures by sex of closed cohorts anew, where a correction or a certificate has changed them."""
    with transaction(write=False):
        ids = by_sex.to_keep(AT_ONCE)
    for id in ids:
        with transaction():
            by_sex.keep(session.get_one(Cohort, id, with_for_update=True))


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
