"""The public page by number: what it tells anyone, whom it confirms, what a holder hides, and what is counted."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms.accounts import service as accounts
from lms.accounts.models import Tries, User
from lms.certificates import service
from lms.certificates.jobs import keep_pdf
from lms.certificates.models import Credential
from lms.certificates.sealing import document_of
from lms.cohorts.models import Cohort, Enrolment
from lms.core.audit import AuditEvent
from lms.core.db import session, transaction
from lms.core.vault import vault_of
from lms.credentials.here import issuer_here
from lms.missions.models import Mission
from lms.verification import holders, lookup
from tests.builders import a_cohort, a_published, an_enrolment, awarded, deployed, trainee_of
from tests.conftest import Clock
from tests.documents import a_document
from tests.pages import Browser

SignIn = Callable[[User], Browser]


@pytest.fixture
def enrolment(app: Flask) -> Enrolment:
    return an_enrolment()


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> Browser:
    return sign_in(trainee_of(enrolment))


class TestCheck:
    """What anyone learns."""

    def test_a_valid_one_is_found_however_its_number_is_typed(self, browser: Browser, enrolment: Enrolment) -> None:
        credential = awarded(enrolment)
        bare = credential.code.replace("-", "")
        for typed in (credential.code, bare, bare.lower(), f"{bare[:5]} {bare[5:]}"):
            page = browser.text(f"/verify/{typed}")
            assert "This certificate is valid" in page
            assert credential.code in page
        assert browser.get(f"/verify/?code={bare}").headers["Location"].endswith(credential.code)
        printed = f"https://somewhere.example/verify/{credential.code}?lang=fr#top"
        asked = browser.get("/verify/", query_string={"code": f" {printed} "})
        assert "This certificate is valid" in browser.text(asked.headers["Location"])
        for useless in ("https://somewhere.example/", "///", "a/../b"):
            asked = browser.get("/verify/", query_string={"code": useless})
            answer = browser.get(asked.headers["Location"])
            assert (answer.status_code, "Check a certificate" in answer.text) == (404, True)

    def test_it_never_shows_the_holder_and_confirms_only_who_names_them(
        self, browser: Browser, enrolment: Enrolment
    ) -> None:
        credential, holder = awarded(enrolment), trainee_of(enrolment)
        address = f"/verify/{credential.code}"
        assert holder.number is not None
        for hidden in (holder.number, holder.username, str(holder.id)):
            assert hidden not in browser.get(address).text
        # As it is compared without a network too: small letters, no accents, single spaces.
        for typed in (holder.number.lower(), f"  {holder.number.replace('P', 'Ṗ')} "):
            assert "This is the holder" in browser.send(address, holder=typed).text
        assert "not what stands on the certificate" in browser.send(address, holder="PS-ZZZZZ").text
        assert browser.send(address, holder="").status_code == 422

    def test_a_revoked_one_says_so_and_keeps_the_reason_for_the_holder(
        self, browser: Browser, trainee: Browser, enrolment: Enrolment
    ) -> None:
        credential = awarded(enrolment)
        with transaction():
            service.revoke(session.get_one(Credential, credential.id), "Taken by someone else", by=enrolment.user_id)
        page = browser.text(f"/verify/{credential.code}")
        assert "This certificate was revoked" in page
        assert "Taken by someone else" not in page
        assert "Taken by someone else" in trainee.text("/certificates/")

    def test_one_that_ends_is_valid_through_the_last_day_that_it_names(
        self, app: Flask, browser: Browser, time: Clock
    ) -> None:
        time.moment = datetime(2026, 5, 5, 9, 30, tzinfo=UTC)
        rule = {"kind": "completion", "valid_months": 24}
        credential = awarded(an_enrolment(a_cohort(version_id=a_published(a_document(certificate=rule)))))
        time.moment = datetime(2028, 5, 5, 23, 59, 58, tzinfo=UTC)
        page = browser.text(f"/verify/{credential.code}")
        assert "This certificate is valid" in page
        assert "May 5, 2028" in page
        time.moment = datetime(2028, 5, 6, tzinfo=UTC)
        assert "This certificate has expired" in browser.text(f"/verify/{credential.code}")

    @pytest.mark.parametrize("code", ["2222-2222-2222", "short", "%27%20OR%201=1", "x" * 200])
    def test_an_unknown_number_is_unknown(self, browser: Browser, code: str) -> None:
        assert "No certificate has this number" in browser.text(f"/verify/{code}", 404)


class TestHiding:
    """A holder hides a certificate from its number."""

    def hide(self, trainee: Browser, credential: Credential, hidden: str = "yes") -> None:
        assert trainee.send(f"/certificates/{credential.id}/sharing", hidden=hidden).status_code == 302

    def test_a_stranger_reads_the_same_as_of_a_number_that_never_was(
        self, browser: Browser, trainee: Browser, enrolment: Enrolment
    ) -> None:
        credential = awarded(enrolment)
        self.hide(trainee, credential)
        hidden = browser.text(f"/verify/{credential.code}", 404)
        assert hidden.replace(credential.code, "N") == browser.text("/verify/2222-2222-2222", 404).replace(
            "2222-2222-2222", "N"
        )
        holder = trainee_of(enrolment).number
        assert browser.send(f"/verify/{credential.code}", holder=holder).status_code == 404

    def test_its_file_is_checked_without_a_way_to_the_page_that_does_not_know_it(
        self, app: Flask, browser: Browser, trainee: Browser, enrolment: Enrolment
    ) -> None:
        credential = awarded(enrolment)
        with app.test_request_context():
            text = document_of(session.get_one(Credential, credential.id), issuer_here())

        def ways() -> list[bool]:
            alone = browser.send("/verify/file", text=text).text
            among = browser.send("/verify/many", files=(io.BytesIO(text.encode()), "a.json")).text
            assert credential.code in alone
            assert credential.code in among
            return [f'href="/verify/{credential.code}"' in each for each in (alone, among)]

        assert ways() == [True, True]
        self.hide(trainee, credential)
        assert ways() == [False, False]

    def test_its_holder_and_their_mentor_still_see_it_and_that_it_is_hidden(
        self, trainee: Browser, enrolment: Enrolment, sign_in: SignIn
    ) -> None:
        credential = awarded(enrolment)
        self.hide(trainee, credential)
        mission = session.get_one(Mission, session.get_one(Cohort, enrolment.cohort_id).mission_id)
        for someone in (trainee, sign_in(deployed(mission))):
            page = someone.text(f"/verify/{credential.code}")
            assert "This certificate is valid" in page
            assert "Others are told that no certificate has this number" in page
        assert sign_in(trainee_of(an_enrolment())).get(f"/verify/{credential.code}").status_code == 404

    def test_it_is_shown_again_and_both_are_on_record_once(
        self, browser: Browser, trainee: Browser, enrolment: Enrolment
    ) -> None:
        credential = awarded(enrolment)
        for answer in ("yes", "yes", "no", "no"):
            self.hide(trainee, credential, answer)
        assert "This certificate is valid" in browser.text(f"/verify/{credential.code}")
        actions = session.scalars(
            select(AuditEvent.action).where(AuditEvent.object_id == credential.id).order_by(AuditEvent.id)
        ).all()
        assert [each for each in actions if each != "certificates.issued"] == [
            "certificates.hidden",
            "certificates.shown",
        ]

    def test_nobody_else_may(self, enrolment: Enrolment, sign_in: SignIn) -> None:
        credential = awarded(enrolment)
        mission = session.get_one(Mission, session.get_one(Cohort, enrolment.cohort_id).mission_id)
        answer = sign_in(deployed(mission)).send(f"/certificates/{credential.id}/sharing", hidden="yes")
        assert answer.status_code == 403

    def test_the_certificate_that_renews_another_is_not_given_away_by_it(
        self, browser: Browser, trainee: Browser, enrolment: Enrolment
    ) -> None:
        old = awarded(enrolment)
        with transaction():
            columns = {each.key: getattr(old, each.key) for each in Credential.__table__.columns}
            newer = Credential(
                **columns | {"id": None, "code": "3333-3333-3333", "status_index": 7, "renews_id": old.id}
            )
            session.add(newer)
        assert newer.code in browser.text(f"/verify/{old.code}")
        self.hide(trainee, newer)
        assert newer.code not in browser.text(f"/verify/{old.code}")


class TestComparing:
    """A leaked number is not tried against a list of names."""

    def tries(self, browser: Browser, credential: Credential, count: int, address: str = "127.0.0.1") -> list[int]:
        browser.environ_base["REMOTE_ADDR"] = address
        return [browser.send(f"/verify/{credential.code}", holder="PS-ZZZZZ").status_code for _ in range(count)]

    def test_after_so_many_tries_an_address_waits_even_with_the_right_name_and_reads_until_when(
        self, browser: Browser, enrolment: Enrolment, time: Clock
    ) -> None:
        credential, right = awarded(enrolment), trainee_of(enrolment).number
        assert self.tries(browser, credential, holders.PER_ADDRESS) == [200] * holders.PER_ADDRESS
        answer = browser.send(f"/verify/{credential.code}", holder=right)
        assert answer.status_code == 429
        assert "Too many tries. You can try again at" in answer.text
        assert "This certificate is valid" in answer.text
        assert "This is the holder" not in answer.text
        assert "This certificate is valid" in browser.text(f"/verify/{credential.code}")
        assert self.tries(browser, awarded(an_enrolment()), 1) == [200]
        assert self.tries(browser, credential, 1, "192.0.2.7") == [200]
        time.forward(minutes=16)
        browser.environ_base["REMOTE_ADDR"] = "127.0.0.1"
        assert "This is the holder" in browser.send(f"/verify/{credential.code}", holder=right).text

    def test_many_addresses_share_what_one_certificate_bears(
        self, browser: Browser, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(holders, "PER_CERTIFICATE", 5)
        credential = awarded(enrolment)
        answers = [self.tries(browser, credential, 1, f"192.0.2.{each}")[0] for each in range(1, 8)]
        assert answers == [200] * 5 + [429] * 2

    def test_a_try_is_counted_before_it_is_answered(
        self, browser: Browser, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        credential = awarded(enrolment)
        monkeypatch.setattr(holders, "is_holder", lambda *_, **__: 1 / 0)
        assert browser.send(f"/verify/{credential.code}", holder="x").status_code == 500
        session.rollback()
        assert session.scalars(select(Tries.count)).all() == [1, 1]

    def test_an_unknown_number_and_an_empty_name_count_nothing(self, browser: Browser, enrolment: Enrolment) -> None:
        browser.send("/verify/2222-2222-2222", holder="x")
        browser.send(f"/verify/{awarded(enrolment).code}", holder="")
        assert session.scalars(select(Tries.count)).all() == []

    def test_the_name_is_compared_where_the_mission_keeps_names(
        self, app: Flask, browser: Browser, enrolment: Enrolment
    ) -> None:
        credential = awarded(enrolment)
        with transaction():
            session.get_one(Mission, credential.mission_id).keeps_names = True
            holder = session.get_one(User, credential.user_id)
            accounts.keep_name(holder, "Amina Sar", vault=vault_of(app.config["DATA_DIR"]), by=holder.id)
        said = browser.send(f"/verify/{credential.code}", holder="amina  sar").text
        assert "This is the holder" in said
        said = browser.send(f"/verify/{credential.code}", holder=trainee_of(enrolment).number).text
        assert "not what stands on the certificate" in said

    def test_what_was_printed_is_confirmed_whatever_becomes_of_the_name(
        self, app: Flask, browser: Browser, enrolment: Enrolment
    ) -> None:
        credential, vault = awarded(enrolment), vault_of(app.config["DATA_DIR"])
        mission, holder = session.get_one(Mission, credential.mission_id), session.get_one(User, credential.user_id)
        with transaction():
            mission.keeps_names = True
            accounts.keep_name(holder, "Amina Sar", vault=vault, by=holder.id)
        keep_pdf(credential.id)

        def confirmed(name: str) -> bool:
            return "This is the holder" in browser.send(f"/verify/{credential.code}", holder=name).text

        with transaction():
            accounts.keep_name(holder, "Samira Sar", vault=vault, by=holder.id)
        assert (confirmed("Amina Sar"), confirmed("Samira Sar")) == (True, False)
        with transaction():
            mission.keeps_names = False
        assert (confirmed("amina sar"), confirmed(str(holder.number))) == (True, False)


class TestCount:
    """A holder reads how often others checked, and nothing about them."""

    def test_each_look_of_a_stranger_counts_one(self, browser: Browser, trainee: Browser, enrolment: Enrolment) -> None:
        credential = awarded(enrolment)
        assert "Not looked up by number or file so far" in trainee.text("/certificates/")
        browser.get(f"/verify/{credential.code}")
        assert "Looked up 1 time by number or file" in trainee.text("/certificates/")
        browser.get(browser.get(f"/verify/?code={credential.code}").headers["Location"])
        assert "Looked up 2 times by number or file" in trainee.text("/certificates/")

    def test_comparing_the_name_is_part_of_the_same_check(
        self, browser: Browser, trainee: Browser, enrolment: Enrolment
    ) -> None:
        credential = awarded(enrolment)
        browser.get(f"/verify/{credential.code}")
        for typed in ("PS-22222", "PS-33333"):
            browser.send(f"/verify/{credential.code}", holder=typed)
        assert "Looked up 1 time by number or file" in trainee.text("/certificates/")

    def test_ones_own_look_and_the_missions_do_not_count(
        self, trainee: Browser, enrolment: Enrolment, sign_in: SignIn
    ) -> None:
        credential = awarded(enrolment)
        mission = session.get_one(Mission, session.get_one(Cohort, enrolment.cohort_id).mission_id)
        for someone in (trainee, sign_in(deployed(mission))):
            someone.get(f"/verify/{credential.code}")
        assert "Not looked up by number or file so far" in trainee.text("/certificates/")

    def test_an_answer_goes_out_where_the_count_cannot_be_written_and_the_log_keeps_the_number(
        self,
        browser: Browser,
        enrolment: Enrolment,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        credential = awarded(enrolment)

        @contextmanager
        def full(*, write: bool = True) -> Iterator[None]:
            raise OperationalError("UPDATE credential", {"id": credential.code}, Exception("the disk is full"))
            yield

        monkeypatch.setattr(lookup, "transaction", full)
        assert "This certificate is valid" in browser.text(f"/verify/{credential.code}")
        answer = browser.send("/verify/many", numbers=credential.code)
        assert (answer.status_code, credential.code in answer.text) == (200, True)
        assert caplog.text.count("the disk is full") == 2
        assert credential.code not in caplog.text
