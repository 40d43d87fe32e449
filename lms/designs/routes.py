"""The mission's certificate settings, their preview, and the certificates of the keys that sign PDFs."""

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core import clock
from lms.core.db import session, start_writing, transaction
from lms.core.keys import ring
from lms.designs import forms, preview, service
from lms.designs.face import DESIGNS, PAPERS
from lms.designs.models import CertificateDesign, CertificatePartner
from lms.missions import partners
from lms.missions.models import Mission
from lms.web.guards import own_transactions, public, requires, takes_files
from lms.web.language import NAMES
from lms.web.pages import page

bp = Blueprint("designs", __name__)


@bp.route("/missions/<uuid:mission_id>/certificate-design", methods=["GET", "POST"])
@takes_files
@own_transactions
@requires("designs.choose", of="mission")
def design(mission: Mission) -> Response:
    """Choose design, paper, languages, who signs, and the mission's mark."""
    with transaction(write=False):
        chosen = service.design_of(mission)
        form = forms.DesignForm(data=None if request.form else _shown(mission, chosen))
        if form.validate_on_submit() and form.attempt(_mark, form):
            mark = form.result
            _write(mission)
            if form.attempt(_keep, mission, form, mark):
                flash(gettext("Certificates that are printed from now on look so."), "success")
                return redirect(url_for(".design", mission_id=mission.id))
        return page("designs/design.html", form=form, mission=mission, chosen=chosen)


def _mark(form: forms.DesignForm | forms.PartnerForm) -> bytes | None:
    """The picture that was sent, read outside the turn to write."""
    return service.made_fit(form.mark.data.read(service.LARGEST_MARK + 1)) if form.mark.data else None


def _write(mission: Mission) -> None:
    """Begin to write; who changes the same mission waits."""
    start_writing()
    session.refresh(mission, with_for_update=True)


def _shown(mission: Mission, chosen: CertificateDesign) -> dict[str, object]:
    """What the form shows first."""
    known = [each for each in (chosen.languages or mission.languages[:2]) if each in NAMES]
    values: dict[str, object] = {"design": chosen.design, "paper": chosen.paper}
    values |= {f"language_{place}": language for place, language in enumerate(known or ["en"], 1)}
    for place, (name, post) in enumerate(chosen.signatories, 1):
        values |= {f"name_{place}": name, f"post_{place}": post}
    return values


def _keep(mission: Mission, form: forms.DesignForm, mark: bytes | None) -> None:
    service.choose(
        mission,
        design=form.design.data,
        paper=form.paper.data,
        languages=form.languages,
        signatories=form.signatories,
        by=current_user.id,
    )
    if mark or form.without_mark.data:
        service.set_mark(mission, mark)


@bp.get("/missions/<uuid:mission_id>/certificate-design/preview.png")
@requires("designs.choose", of="mission")
def preview_picture(mission: Mission) -> Response:
    """A picture of a certificate as chosen, or with what is tried: design, paper, languages and kind of name."""
    tried: dict[str, object] = {}
    if request.args.get("design") in DESIGNS:
        tried["design"] = request.args["design"]
    if request.args.get("paper") in PAPERS:
        tried["paper"] = request.args["paper"]
    if languages := [each for each in dict.fromkeys(request.args.getlist("language")) if each in NAMES]:
        tried["languages"] = languages
    holder, config = request.args.get("holder", "number"), current_app.config
    if holder not in preview.HOLDERS:
        abort(404)
    face = preview.sample(mission, holder, config["BASE_URL"], config["SITE_NAME"], **tried)
    return Response(preview.picture(face), mimetype="image/png", headers={"Cache-Control": "private, no-store"})


@bp.route("/missions/<uuid:mission_id>/certificate-partners", methods=["GET", "POST"])
@takes_files
@own_transactions
@requires("designs.choose", of="mission")
def design_partners(mission: Mission) -> Response:
    """The partners who stand on certificates, and adding one."""
    form = forms.PartnerForm()
    with transaction(write=False):
        if form.validate_on_submit() and form.attempt(_mark, form):
            mark = form.result
            _write(mission)
            if form.attempt(_add, mission, form, mark):
                flash(gettext("The partner stands on certificates that are printed from now on."), "success")
                return redirect(url_for(".design_partners", mission_id=mission.id))
        return page(
            "designs/partners.html",
            form=form,
            mission=mission,
            partners=service.partners_of(mission),
            name_on=partners.name_on,
            today=clock.today(),
        )


def _add(mission: Mission, form: forms.PartnerForm, mark: bytes | None) -> None:
    service.add_partner(
        mission,
        partner=form.partner.data,
        name=(form.name.data or "").strip(),
        begins=form.begins.data,
        ends=form.ends.data,
        mark=mark,
        by=current_user.id,
    )


@bp.post("/certificate-partners/<uuid:certificate_partner_id>/remove")
@requires("designs.remove_partner", of="certificate_partner")
def remove_partner(certificate_partner: CertificatePartner) -> Response:
    """Take a partner off."""
    mission_id = certificate_partner.mission_id
    service.remove_partner(certificate_partner, by=current_user.id)
    flash(gettext("The partner is removed. Certificates that are printed already stay as they are."), "success")
    return redirect(url_for(".design_partners", mission_id=mission_id))


@bp.get("/certificates/signing-root.pem")
@public
def signing_root() -> Response:
    """The certificate to trust, so that a PDF reader trusts what is signed here."""
    config = current_app.config
    roots = {pair.certificates[-1] for pair in ring(config["DATA_DIR"], config["SITE_NAME"]).pdf.all}
    pem = b"".join(sorted(each.public_bytes(Encoding.PEM) for each in roots))
    answer = Response(pem, mimetype="application/x-pem-file")
    answer.headers["Content-Disposition"] = "attachment; filename=signing-root.pem"
    return answer
