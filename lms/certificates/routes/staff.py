"""A cohort's and a mission's certificates, taking one back, a trainee's transcript."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.accounts.models import User
from lms.certificates import forms, queries, service, words
from lms.certificates.models import Credential
from lms.certificates.routes.blueprint import bp
from lms.certificates.routes.own import transcript_of
from lms.cohorts.models import Cohort, Enrolment
from lms.core import audit
from lms.core.db import session, transaction
from lms.core.words import LANGUAGES
from lms.missions.models import Mission
from lms.web.guards import own_transactions, requires
from lms.web.language import reading_languages
from lms.web.pages import page


@bp.get("/cohorts/<uuid:cohort_id>/certificates")
@requires("cohorts.see", of="cohort")
def of_cohort(cohort: Cohort) -> Response:
    """The certificates of a cohort, each with a way to revoke it."""
    return page(
        "certificates/of_cohort.html",
        cohort=cohort,
        issued=queries.of_cohort(cohort),
        issuings=queries.issuings(cohort),
    )


@bp.route("/certificates/<uuid:credential_id>/revoke", methods=["GET", "POST"])
@requires("certificates.revoke", of="credential")
def revoke(credential: Credential) -> Response:
    """Take a certificate back, with a reason."""
    form = forms.RevokeForm()
    if form.validate_on_submit() and form.attempt(service.revoke, credential, form.because.data, by=current_user.id):
        flash(gettext("The certificate is revoked. Whoever checks it sees that."), "success")
        cohort_id = session.get_one(Enrolment, credential.enrolment_id).cohort_id
        return redirect(url_for(".of_cohort", cohort_id=cohort_id))
    return page("certificates/revoke.html", form=form, credential=credential)


@bp.get("/missions/<uuid:mission_id>/certificates")
@requires("certificates.of_mission", of="mission")
def of_mission(mission: Mission) -> Response:
    """What the mission issued by kind, what ends soon, and what waits for a second person."""
    return page(
        "certificates/of_mission.html",
        mission=mission,
        counts=queries.counts(mission),
        ending=queries.ending_soon(mission),
        waiting=queries.to_approve(mission),
        asker=session.get_one(User, mission.one_asked_by) if mission.one_asked_by else None,
        kinds=words.KINDS,
        languages=reading_languages("en"),
    )


@bp.post("/missions/<uuid:mission_id>/certificates/two-people")
@requires("certificates.rule_mission", of="mission")
def two_people(mission: Mission) -> Response:
    """Say whether one person proposes and another approves; two people take that away again."""
    service.want_two(mission, request.form.get("two") == "yes", by=current_user.id)
    flash(gettext("Saved."), "success")
    return redirect(url_for(".of_mission", mission_id=mission.id))


@bp.get("/enrolments/<uuid:enrolment_id>/transcript")
@requires("certificates.transcript", of="enrolment")
def transcript_page(enrolment: Enrolment) -> Response:
    """A trainee's certificates in this mission, and the transcript to print."""
    person, cohort = session.get_one(User, enrolment.user_id), session.get_one(Cohort, enrolment.cohort_id)
    return page(
        "certificates/transcript.html",
        enrolment=enrolment,
        person=person,
        cohort=cohort,
        issued=[row for row in queries.own(person.id) if row[0].mission_id == cohort.mission_id],
        printed_in=LANGUAGES,
        languages=reading_languages("en"),
    )


@bp.post("/enrolments/<uuid:enrolment_id>/transcript.pdf")
@own_transactions
@requires("certificates.transcript", of="enrolment")
def print_transcript(enrolment: Enrolment) -> Response:
    """What the trainee took in this mission, on paper; on record, because it leaves the house."""
    language = request.form.get("language", "")
    mission_id = session.get_one(Cohort, enrolment.cohort_id).mission_id
    person, by, id = session.get_one(User, enrolment.user_id), current_user.id, enrolment.id
    answer = transcript_of(person, language if language in LANGUAGES else "en", mission_id)
    with transaction():
        audit.record("certificates.transcript_printed", actor_id=by, object_id=id)
    return answer
