"""A trainee's page with everything, at the address of the enrolment."""

from flask import Response
from flask_login import current_user

from lms.cohorts.models import Enrolment
from lms.grades.marks import FINAL
from lms.library.edition import edition
from lms.progress.recheck import activity_of
from lms.progress.routes import bp
from lms.reports import whole
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/enrolments/<uuid:enrolment_id>")
@requires("enrolments.see", of="enrolment")
def trainee(enrolment: Enrolment) -> Response:
    """Progress, marks, tries, hand-ins, attendance, certificates and what happened."""
    shown = edition(enrolment.course_version_id)
    return page(
        "reports/trainee.html",
        enrolment=enrolment,
        edition=shown,
        languages=reading_languages(shown.document.source_language),
        activity_of=activity_of,
        FINAL=FINAL,
        **vars(whole.of(enrolment, current_user._get_current_object())),
    )
