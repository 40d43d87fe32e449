"""A certificate as a credential: sealed once, fetched by its holder, suspended, revoked, checked against the record."""

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.accounts.models import Role, User
from lms.certificates import jobs as certificate_jobs
from lms.certificates import sealing, service
from lms.certificates.models import Credential
from lms.cohorts.models import Cohort, Enrolment
from lms.core import clock, jobs
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.core.keys import ring
from lms.credentials import service as credentials
from lms.credentials.badge import identity_hash
from lms.credentials.baking import unbaked
from lms.credentials.here import issuer_here, status_list_here
from lms.credentials.models import StatusEntry
from lms.credentials.proof import checked
from lms.credentials.status import decoded
from lms.credentials.verdict import Reason
from lms.missions.models import Mission
from tests.builders import a_person, an_enrolment, deployed, done, trainee_of
from tests.conftest import Clock
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    return an_enrolment()


@pytest.fixture
def credential(enrolment: Enrolment) -> Credential:
    done(enrolment)
    with transaction():
        return service.issue(enrolment, by=enrolment.user_id)


@pytest.fixture
def trainee(credential: Credential, enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


@pytest.fixture
def mentor(credential: Credential, sign_in: SignIn) -> Browser:
    return sign_in(deployed(session.get_one(Mission, credential.mission_id)))


def text_of(browser: Browser, credential: Credential) -> str:
    answer = browser.get(f"/certificates/{credential.id}.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.text


def shown(browser: Browser, text: str | bytes) -> str:
    """What the page says of a file."""
    content = text.encode() if isinstance(text, str) else text
    fields = {"csrf_token": browser.token(), "file": (io.BytesIO(content), "credential.json")}
    return browser.post("/verify/file", data=fields).text


class TestSealing:
    """One certificate has one text."""

    def test_it_says_what_is_certified_and_names_nobody(
        self, trainee: Browser, credential: Credential, enrolment: Enrolment
    ) -> None:
        text, holder = text_of(trainee, credential), trainee_of(enrolment)
        document = json.loads(text)
        assert document["type"] == ["VerifiableCredential", "AchievementCredential"]
        assert document["id"] == f"http://localhost/verify/{credential.code}"
        assert document["issuer"]["id"] == "did:web:localhost"
        achievement = document["credentialSubject"]["achievement"]
        assert achievement["achievementType"] == "CertificateOfCompletion"
        assert achievement["name"] in credential.course_title.values()
        identity = document["credentialSubject"]["identifier"][0]
        assert holder.number is not None
        assert identity["identityHash"] == identity_hash(holder.number, identity["salt"])
        for hidden in (holder.number, holder.username, str(holder.id), str(credential.mission_id)):
            assert hidden not in text

    def test_asked_for_before_the_job_or_after_it_is_the_same(
        self, app: Flask, trainee: Browser, credential: Credential, time: Clock
    ) -> None:
        before = text_of(trainee, credential)
        assert session.scalar(select(Credential.document)) == before
        time.forward(minutes=5)
        ring(app.config["DATA_DIR"]).rotate("credentials")
        assert jobs.work_one()
        session.rollback()
        assert session.scalar(select(Credential.document)) == before
        assert text_of(trainee, credential) == before

    @pytest.mark.parametrize("form", ["json", "png"])
    def test_what_was_taken_before_the_job_is_on_record_whatever_the_mission_changes_then(
        self, browser: Browser, trainee: Browser, credential: Credential, form: str
    ) -> None:
        taken = trainee.get(f"/certificates/{credential.id}.{form}").data
        with transaction():
            session.get_one(Mission, credential.mission_id).languages = ["fr"]
        assert jobs.work_one()
        assert "This certificate is valid" in shown(browser, taken)

    def test_what_was_issued_before_there_were_signatures_gets_one_in_time_and_once(
        self, credential: Credential
    ) -> None:
        certificate_jobs.seal_the_older()
        session.rollback()
        text = session.scalar(select(Credential.document))
        assert text is not None
        with transaction():
            session.execute(update(Credential).values(document=text + " "))
        certificate_jobs.seal_the_older()
        session.rollback()
        assert session.scalar(select(Credential.document)) == text + " "

    def test_it_is_for_its_holder_and_the_missions_staff(
        self, app: Flask, credential: Credential, mentor: Browser, browser: Browser, sign_in: SignIn
    ) -> None:
        assert text_of(mentor, credential)
        for path in (f"/certificates/{credential.id}.json", f"/certificates/{credential.id}.png"):
            assert browser.get(path).status_code == 302
            assert sign_in(a_person(Role.TRAINEE)).get(path).status_code == 403
            assert "no-store" in mentor.get(path).headers["Cache-Control"]

    def test_the_badge_carries_it(self, trainee: Browser, credential: Credential) -> None:
        png = trainee.get(f"/certificates/{credential.id}.png")
        assert png.mimetype == "image/png"
        assert unbaked(png.data) == text_of(trainee, credential).encode()


class TestStatus:
    """Revoked, suspended, in force again."""

    def test_places_are_by_chance_and_nobodys_twice(self, app: Flask) -> None:
        with transaction():
            places = [credentials.new_place() for _ in range(50)]
        assert len(set(places)) == 50
        assert {place.list for place in places} == {1}
        assert [place.index for place in places] != sorted(place.index for place in places)

    def test_a_taken_place_is_not_given_again(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        chance = iter([7, 7, 7, 8])
        monkeypatch.setattr(credentials.secrets, "randbelow", lambda _: next(chance))
        with transaction():
            assert [credentials.new_place().index for _ in range(2)] == [7, 8]

    def test_a_list_that_is_half_full_is_left_for_the_next(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(credentials, "MOST_IN_LIST", 2)
        with transaction():
            assert [credentials.new_place().list for _ in range(5)] == [1, 1, 2, 2, 3]

    def test_the_lists_are_public_signed_and_say_who_is_revoked(
        self, app: Flask, browser: Browser, credential: Credential, enrolment: Enrolment
    ) -> None:
        def bit(purpose: str) -> bool:
            answer = browser.get(f"/credentials/status/{credential.status_list}/{purpose}")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            document = checked(answer.text, issuer_here())
            index = session.get_one(Credential, credential.id).status_index
            bits = decoded(document["credentialSubject"]["encodedList"])
            assert len(bits) == 16_384
            return bool(bits[index // 8] & 0x80 >> index % 8)

        assert (bit("revocation"), bit("suspension")) == (False, False)
        with transaction():
            service.suspend(session.get_one(Credential, credential.id), "Looked into", by=enrolment.user_id)
        assert (bit("revocation"), bit("suspension")) == (False, True)
        with transaction():
            service.lift(session.get_one(Credential, credential.id), by=enrolment.user_id)
            service.revoke(session.get_one(Credential, credential.id), "Not theirs", by=enrolment.user_id)
        assert (bit("revocation"), bit("suspension")) == (True, False)

    @pytest.mark.parametrize(
        "path",
        [
            "2/revocation",
            "0/revocation",
            "1/refresh",
            "x/revocation",
            f"{'9' * 23}/revocation",
            "2147483648/revocation",
        ],
    )
    def test_a_list_that_is_not_there_is_not_found(self, browser: Browser, credential: Credential, path: str) -> None:
        assert browser.get(f"/credentials/status/{path}").status_code == 404

    def test_a_suspended_one_says_so_to_all_and_why_to_its_holder_until_it_is_lifted(
        self, browser: Browser, trainee: Browser, mentor: Browser, credential: Credential
    ) -> None:
        assert "Say why" in mentor.send(f"/certificates/{credential.id}/suspend", because="").text
        mentor.send(f"/certificates/{credential.id}/suspend", because="The test is looked into")
        assert "This certificate is suspended" in browser.text(f"/verify/{credential.code}")
        assert "The test is looked into" not in browser.text(f"/verify/{credential.code}")
        assert "The test is looked into" in trainee.text("/certificates/")
        assert "suspended already" in mentor.send(f"/certificates/{credential.id}/suspend", because="Again").text
        cohort_id = session.scalars(select(Cohort.id)).one()
        assert "Put in force again" in mentor.text(f"/cohorts/{cohort_id}/certificates")
        mentor.send(f"/certificates/{credential.id}/lift")
        assert "This certificate is valid" in browser.text(f"/verify/{credential.code}")
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.object_id == credential.id)).all()
        assert {"certificates.suspended", "certificates.lifted"} <= set(acts)

    def test_a_suspended_one_can_be_revoked_and_a_revoked_one_is_never_lifted(
        self, browser: Browser, mentor: Browser, credential: Credential
    ) -> None:
        mentor.send(f"/certificates/{credential.id}/suspend", because="Looked into")
        mentor.send(f"/certificates/{credential.id}/revoke", because="Not theirs")
        mentor.send(f"/certificates/{credential.id}/lift")
        assert "This certificate was revoked" in browser.text(f"/verify/{credential.code}")
        assert "revoked already" in mentor.send(f"/certificates/{credential.id}/suspend", because="Again").text
        assert session.scalars(select(StatusEntry.revoked)).one()


class TestShown:
    """The page on which anybody shows a file."""

    def test_a_good_one_is_valid_as_a_file_as_a_badge_and_as_text(
        self, browser: Browser, trainee: Browser, credential: Credential
    ) -> None:
        text = text_of(trainee, credential)
        badge = trainee.get(f"/certificates/{credential.id}.png").data
        spaced = json.dumps(json.loads(text), indent=2)
        for answer in (shown(browser, text), shown(browser, badge), browser.send("/verify/file", text=spaced).text):
            assert "This certificate is valid" in answer
            assert credential.code in answer

    @pytest.mark.parametrize(
        ("because", "says"), [("revoke", "certificate was revoked"), ("suspend", "certificate is suspended")]
    )
    def test_what_is_revoked_or_suspended_says_so_at_once(
        self, browser: Browser, trainee: Browser, mentor: Browser, credential: Credential, because: str, says: str
    ) -> None:
        text = text_of(trainee, credential)
        assert "certificate is valid" in shown(browser, text)
        mentor.send(f"/certificates/{credential.id}/{because}", because="Looked into")
        assert says in shown(browser, text)

    def test_one_whose_text_ends_at_noon_is_valid_through_that_day_as_its_number_is(
        self, browser: Browser, enrolment: Enrolment, credential: Credential, time: Clock
    ) -> None:
        with transaction():
            older = session.merge(credential)
            older.expires_at = (clock.now() + timedelta(days=30)).replace(hour=12, minute=0, second=0, microsecond=0)
        certificate_jobs.keep_texts([credential.id])
        session.refresh(credential, ["document", "expires_at"])
        assert credential.expires_at is not None
        text = str(credential.document)
        time.moment = credential.expires_at + timedelta(hours=6)
        assert "This certificate is valid" in browser.text(f"/verify/{credential.code}")
        assert "This certificate is valid" in shown(browser, text)
        time.forward(hours=6)
        assert "This certificate has expired" in browser.text(f"/verify/{credential.code}")
        assert "This certificate has expired" in shown(browser, text)

    def test_what_was_changed_is_refused_and_nothing_of_it_is_shown(
        self, browser: Browser, trainee: Browser, credential: Credential
    ) -> None:
        text = text_of(trainee, credential)
        for wrong in (text.replace('"value":"', '"value":"9'), text[:-9], "%PDF-1.7", b"\x89PNG\r\n\x1a\n\0\0"):
            answer = shown(browser, wrong)
            assert "Do not rely on this" in answer
            assert credential.code not in answer

    def test_one_that_a_thief_signed_with_our_key_is_not_on_record(
        self, app: Flask, browser: Browser, credential: Credential
    ) -> None:
        with app.test_request_context():
            issuer = issuer_here()
            claims = sealing.claims_of(credential, issuer)
            for stolen in (
                replace(claims, id="http://localhost/verify/2222-2222-2222"),
                replace(claims, hours=160),
                replace(claims, number="PS-22222"),
            ):
                text = credentials.seal(stolen)
                assert credentials.verify(text, issuer, status_list_here).reason == Reason.VALID
                assert "this issuer has no record of it" in shown(browser, text)

    def test_nothing_given_is_said_at_the_field(self, browser: Browser) -> None:
        answer = browser.send("/verify/file", text=" ")
        assert answer.status_code == 422
        assert "Choose a file, or paste its text." in answer.text

    def test_what_was_pasted_comes_with_the_answer_to_no_other_page(self, browser: Browser) -> None:
        assert browser.get("/verify/file?text=x").status_code == 200
        assert "Check a file or a badge" in browser.text("/verify/")


class TestIssuer:
    """``did:web``, its keys, and an address that was left."""

    def test_every_key_that_ever_signed_is_published(self, app: Flask, browser: Browser) -> None:
        keys = ring(app.config["DATA_DIR"])
        keys.rotate("credentials")
        document = browser.get("/.well-known/did.json").json
        assert document["id"] == "did:web:localhost"
        assert document["assertionMethod"] == [f"did:web:localhost#{pair.id}" for pair in keys.credentials.all]
        assert all(method["publicKeyMultibase"].startswith("z6Mk") for method in document["verificationMethod"])

    def test_new_keys_beside_an_old_database_keep_the_service_from_being_ready(
        self, app: Flask, browser: Browser, credential: Credential
    ) -> None:
        assert jobs.work_one()
        assert browser.get("/readyz").status_code == 200
        kept = app.config["DATA_DIR"] / "keys" / "credentials"
        kept.rename(kept.with_name("away"))
        try:
            answer = browser.get("/readyz")
            assert (answer.status_code, "restore keys/ from its backup" in answer.text) == (503, True)
        finally:
            shutil.rmtree(kept)
            kept.with_name("away").rename(kept)
        assert browser.get("/readyz").status_code == 200

    def test_a_server_that_moved_still_answers_for_its_old_address(
        self, app: Flask, browser: Browser, trainee: Browser, credential: Credential, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs.work_one()
        text = text_of(trainee, credential)
        monkeypatch.setitem(app.config, "BASE_URL", "https://new.example")
        assert "It names another issuer" in shown(browser, text)
        monkeypatch.setitem(app.config, "FORMER_BASE_URLS", ("http://localhost",))
        assert "This certificate is valid" in shown(browser, text)
        assert browser.get("/.well-known/did.json").json["id"] == "did:web:localhost"
        new = browser.get("/.well-known/did.json", base_url="https://new.example").json
        assert new["id"] == "did:web:new.example"
        listed = browser.get(f"/credentials/status/{credential.status_list}/revocation")
        assert listed.json["id"].startswith("http://localhost/")
