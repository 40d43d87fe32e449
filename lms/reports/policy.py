"""The report at a course's end belongs to those who answer for it: whoever is deployed to the mission."""

from sqlalchemy import ColumnElement, select

from lms.accounts.models import User
from lms.cohorts.models import Cohort
from lms.cohorts.policy import of_deployed
from lms.core.policy import permission
from lms.reports.models import PrintedReport

permission("reports.see", Cohort)(of_deployed)


@permission("reports.read", PrintedReport)
def reads_printed(user: User) -> ColumnElement[bool] | bool:
    """Whoever may see it on the screen."""
    cohorts = of_deployed(user)
    return cohorts if isinstance(cohorts, bool) else PrintedReport.cohort_id.in_(select(Cohort.id).where(cohorts))
