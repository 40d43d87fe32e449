"""Saying what one saw of a trainee at work."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.certificates import attesting, cases, forms, words
from lms.certificates.routes.blueprint import bp
from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import session
from lms.library.awards import OBSERVED
from lms.library.edition import edition
from lms.web.guards import requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.route("/enrolments/<uuid:enrolment_id>/seen", methods=["GET", "POST"])
@requires("certificates.attest", of="enrolment")
def attest(enrolment: Enrolment) -> Response:
    """What was seen so far, and a form for one more day."""
    form, document = forms.AttestForm(), edition(enrolment.course_version_id).document
    levels = {item.id: value for item in document.observations if (value := _level(item.id)) is not None}
    if form.validate_on_submit() and form.attempt(
        attesting.attest, enrolment, form.observed_on.data, levels, taught=form.taught.data, by=current_user.id
    ):
        flash(gettext("It is on record."), "success")
        return redirect(url_for(".attest", enrolment_id=enrolment.id))
    return page(
        "certificates/attest.html",
        form=form,
        enrolment=enrolment,
        number=session.get_one(User, enrolment.user_id).shown_as,
        cohort=session.get_one(Cohort, enrolment.cohort_id),
        document=document,
        items=document.observations,
        levels=words.LEVELS,
        cases=[each for each in cases.cases_of(Enrolment.id == enrolment.id) if each.rule.kind in OBSERVED],
        attested=attesting.attested(enrolment),
        languages=reading_languages(document.source_language),
    )


def _level(item_id: str) -> int | None:
    return request.form.get(f"level-{item_id}", type=int)
