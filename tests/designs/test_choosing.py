"""The mission's certificate settings: chosen by managers, shown at once, kept for what is printed next."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from lms.accounts.models import Role, User
from lms.core.audit import AuditEvent
from lms.core.db import is_writing, session
from lms.core.errors import DomainError
from lms.designs import preview, service
from lms.designs.face import DESIGNS
from lms.designs.models import CertificatePartner
from lms.missions.models import Mission
from tests.builders import a_certificate_partner, a_mission, deployed
from tests.pages import Browser

SignIn = Callable[[User], Browser]

CHOICE = {"design": "band", "paper": "letter", "language_1": "ar", "language_2": "fr", "language_3": ""}


@pytest.fixture
def mission(app: Flask) -> Mission:
    return a_mission(languages=["fr", "ar"])


@pytest.fixture
def manager(mission: Mission, sign_in: SignIn) -> Browser:
    return sign_in(deployed(mission, Role.MANAGER))


def address(mission: Mission, rest: str = "") -> str:
    return f"/missions/{mission.id}/certificate-design{rest}"


def a_picture(kind: str = "PNG", size: tuple[int, int] = (900, 300), **how: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind, **how)
    return out.getvalue()


def sample(mission: Mission, **tried: object) -> object:
    return preview.sample(mission, "number", "https://concord.example", "Concord", **tried)


class TestDesign:
    """Design, paper, languages, signatories, mark."""

    def test_what_is_chosen_is_on_certificates_from_then_on(self, manager: Browser, mission: Mission) -> None:
        signs = {"post_1": "Head of the police component", "name_1": "", "post_2": "Director", "name_2": "A. Sow"}
        assert manager.send(address(mission), **CHOICE, **signs).status_code == 302
        face = sample(mission)
        assert (face.design, face.paper, face.languages) == ("band", "letter", ("ar", "fr"))  # type: ignore[attr-defined]
        assert face.signatories == (("", "Head of the police component"), ("A. Sow", "Director"))  # type: ignore[attr-defined]
        page = manager.text(address(mission))
        assert "Certificate design" in page
        html = manager.get(address(mission)).text
        assert 'value="Head of the police component"' in html
        assert '<option selected value="ar">' in html

    def test_where_no_language_is_chosen_the_missions_stands_beside_one_that_others_read(self, app: Flask) -> None:
        face = sample(a_mission(languages=["fr", "ht"]))
        assert face.languages[0] == "fr"  # type: ignore[attr-defined]
        assert len(face.languages) == 2  # type: ignore[attr-defined]

    def test_a_name_without_a_post_is_sent_back_with_everything_kept(self, manager: Browser, mission: Mission) -> None:
        answer = manager.send(address(mission), **CHOICE, name_1="A. Sow", post_1="")
        assert answer.status_code == 422
        assert "Say which post A. Sow signs for." in answer.text
        assert 'value="A. Sow"' in answer.text
        assert service.design_of(mission).design == DESIGNS[0]

    def test_what_is_no_design_is_refused(self, manager: Browser, mission: Mission) -> None:
        assert manager.send(address(mission), **(CHOICE | {"design": "gothic"})).status_code == 422

    def test_pictures_are_read_outside_the_turn_to_write(
        self, manager: Browser, mission: Mission, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        turns = []

        def made_fit(content: bytes) -> bytes:
            turns.append(is_writing())
            return content

        monkeypatch.setattr(service, "made_fit", made_fit)
        manager.send(address(mission), **CHOICE, mark=(io.BytesIO(a_picture()), "mark.png"))
        path = f"/missions/{mission.id}/certificate-partners"
        manager.send(path, partner="", name="Port-Salin Bar", mark=(io.BytesIO(a_picture()), "bar.png"))
        session.rollback()
        assert turns == [False, False]
        assert service.design_of(mission).mark is not None
        assert len(service.partners_of(mission)) == 1

    def test_a_mark_is_written_anew_and_small(self, manager: Browser, mission: Mission) -> None:
        exif = Image.Exif()
        exif[0x010E] = "taken at home"
        photo = a_picture("JPEG", (2000, 1000), exif=exif)
        assert b"taken at home" in photo
        manager.send(address(mission), **CHOICE, mark=(io.BytesIO(photo), "mark.jpg"))
        kept = service.design_of(mission).mark
        assert kept is not None
        assert b"taken at home" not in kept
        assert max(Image.open(io.BytesIO(kept)).size) == service.MARK_PIXELS
        assert sample(mission).marks[0].name == mission.title  # type: ignore[attr-defined]
        manager.send(address(mission), **CHOICE, without_mark="y")
        session.expire_all()
        assert service.design_of(mission).mark is None

    @pytest.mark.parametrize(
        "content",
        [
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            b"%PDF-1.7",
            a_picture()[:500],
            b"\x89PNG",
        ],
    )
    def test_what_is_no_picture_is_refused_at_the_field(
        self, manager: Browser, mission: Mission, content: bytes
    ) -> None:
        answer = manager.send(address(mission), **CHOICE, mark=(io.BytesIO(content), "mark.png"))
        assert answer.status_code == 422
        assert "This picture cannot be read" in answer.text
        assert 'id="mark-error"' in answer.text
        assert service.design_of(mission).design == DESIGNS[0], "nothing of a refused form is kept"


class TestPreview:
    """A picture of what it will look like."""

    def test_it_shows_what_is_tried_before_it_is_kept(self, manager: Browser, mission: Mission) -> None:
        pictures = {
            manager.get(address(mission, f"/preview.png?{query}")).data
            for query in ("", "design=plain", "paper=letter", "language=ar&language=en", "holder=long", "holder=short")
        }
        assert len(pictures) == 6
        assert all(picture.startswith(b"\x89PNG") for picture in pictures)
        assert service.design_of(mission).design == DESIGNS[0]

    def test_what_it_does_not_know_is_left_out_or_missing(self, manager: Browser, mission: Mission) -> None:
        plain = manager.get(address(mission, "/preview.png")).data
        assert manager.get(address(mission, "/preview.png?design=../x&paper=a0&language=xx")).data == plain
        assert manager.get(address(mission, "/preview.png?holder=Amina")).status_code == 404

    def test_the_longest_name_of_an_arabic_certificate_is_arabic(self, app: Flask, mission: Mission) -> None:
        face = preview.sample(mission, "long", "https://concord.example", "Concord", languages=["ar"])
        assert face.holder == preview.LONG_ARABIC


class TestPartners:
    """Who else stands on certificates, and when."""

    def test_they_stand_on_the_certificates_of_their_days(self, manager: Browser, mission: Mission) -> None:
        path = f"/missions/{mission.id}/certificate-partners"
        assert "No partners yet" in manager.text(path)
        fields = {"partner": "", "name": "Port-Salin Bar", "begins": "2020-01-01", "ends": "2020-12-31"}
        assert manager.send(path, **fields, mark=(io.BytesIO(a_picture()), "bar.png")).status_code == 302
        manager.send(path, partner="gac", name="", begins="", ends="")
        assert "Global Affairs Canada" in manager.text(path)
        assert sample(mission).partners == ("gac",)  # type: ignore[attr-defined]
        assert service.dressed(a_face_of(date(2019, 12, 31)), mission).partners == ("gac",)
        face = service.dressed(a_face_of(date(2020, 6, 1)), mission)
        assert face.partners == ("Port-Salin Bar", "gac")
        assert [mark.name for mark in face.marks] == ["Port-Salin Bar"]

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"partner": "", "name": ""}, "Choose a partner or type a name."),
            ({"partner": "rcmp", "begins": "2026-02-01", "ends": "2026-01-01"}, "The last day is before the first."),
        ],
    )
    def test_what_cannot_be_is_sent_back(
        self, manager: Browser, mission: Mission, fields: dict[str, str], says: str
    ) -> None:
        answer = manager.send(f"/missions/{mission.id}/certificate-partners", **fields)
        assert answer.status_code == 422
        assert says in answer.text

    def test_one_is_removed_and_more_than_fit_are_not_taken(self, manager: Browser, mission: Mission) -> None:
        partner = a_certificate_partner(mission)
        assert manager.send(f"/certificate-partners/{partner.id}/remove").status_code == 302
        assert session.scalars(select(CertificatePartner)).all() == []
        assert "designs.partner_removed" in session.scalars(select(AuditEvent.action)).all()
        for _ in range(service.MOST_PARTNERS):
            a_certificate_partner(mission)
        with pytest.raises(DomainError):
            a_certificate_partner(mission)


def a_face_of(day: date):  # type: ignore[no-untyped-def]
    from tests.certificates.test_pdf import a_face

    return a_face(issued_on=day)


def test_the_root_to_trust_is_public_and_no_key(browser: Browser) -> None:
    answer = browser.get("/certificates/signing-root.pem")
    assert answer.text.startswith("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE" not in answer.text
