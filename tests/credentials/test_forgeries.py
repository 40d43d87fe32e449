"""Forged, replayed, truncated and key-confused credentials: all refused, each for its reason."""

from datetime import timedelta

import pytest

from lms.credentials import service
from lms.credentials.status import list_document, list_url
from lms.credentials.verdict import WORDS, Reason
from tests.conftest import Clock
from tests.credentials.corpus import URL, Workshop, claims, forgeries, lists


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("shop"))


def test_the_real_one_is_valid(shop: Workshop) -> None:
    assert shop.verdict(shop.text) == Reason.VALID
    assert shop.verdict(shop.text.encode()) == Reason.VALID


def test_every_forgery_is_refused_for_its_reason(shop: Workshop) -> None:
    found, wrong = list(forgeries(shop)), []
    for what, text, reason in found:
        verdict = shop.verdict(text)
        if verdict != reason:
            wrong.append(f"{what}: {verdict}, not {reason}")
    assert not wrong, "\n".join(wrong)
    assert len({what for what, _, _ in found}) == len(found) >= 30


def test_a_reason_is_said_in_words(shop: Workshop) -> None:
    assert set(WORDS) == set(Reason)
    assert service.verify("", shop.issuer, shop.lists.get).words == WORDS[Reason.MALFORMED]


@pytest.mark.parametrize(("purpose", "reason"), [("revocation", Reason.REVOKED), ("suspension", Reason.SUSPENDED)])
def test_a_set_bit_is_said_and_its_neighbours_are_not(shop: Workshop, purpose: str, reason: Reason) -> None:
    assert shop.verdict(shop.text, lists(shop.issuer, **{purpose: (77,)})) == reason
    assert shop.verdict(shop.text, lists(shop.issuer, **{purpose: (76, 78, 0, 131_071)})) == Reason.VALID


def test_a_revoked_one_that_has_expired_is_said_to_be_revoked(shop: Workshop, time: Clock) -> None:
    time.forward(days=731)
    assert shop.verdict(shop.text, lists(shop.issuer)) == Reason.EXPIRED
    assert shop.verdict(shop.text, lists(shop.issuer, revocation=(77,), suspension=(77,))) == Reason.REVOKED


def test_one_that_begins_later_is_not_yet_valid(shop: Workshop, time: Clock) -> None:
    later = service.seal(claims(shop.issuer, issued_at=time.now() + timedelta(days=1)))
    assert shop.verdict(later) == Reason.NOT_YET_VALID
    time.forward(days=2)
    assert shop.verdict(later) == Reason.VALID


class TestStatusList:
    """Lists that cannot be relied on."""

    def told(self, shop: Workshop, **changed: str) -> Reason:
        addresses = {purpose: list_url(URL, 1, purpose) for purpose in ("revocation", "suspension")}
        return shop.verdict(shop.text, {**shop.lists, **{addresses[each]: text for each, text in changed.items()}})

    def test_none_is_no_status(self, shop: Workshop) -> None:
        assert shop.verdict(shop.text, {}) == Reason.NO_STATUS

    def test_one_of_another_purpose_number_or_issuer_is_no_status(self, shop: Workshop, time: Clock) -> None:
        now = time.now()
        for text in (
            shop.lists[list_url(URL, 1, "suspension")],
            list_document(shop.issuer, 2, "revocation", (), now),
            list_document(shop.forger, 1, "revocation", (), now),
            list_document(shop.elsewhere, 1, "revocation", (), now),
            shop.text,
            "{}",
        ):
            assert self.told(shop, revocation=text) == Reason.NO_STATUS

    def test_a_changed_one_is_no_status(self, shop: Workshop, time: Clock) -> None:
        listed = list_document(shop.issuer, 1, "revocation", (77,), time.now())
        clear = shop.lists[list_url(URL, 1, "revocation")]
        bits = [text.split('"encodedList":"')[1].split('"')[0] for text in (listed, clear)]
        assert self.told(shop, revocation=listed) == Reason.REVOKED
        assert self.told(shop, revocation=listed.replace(*bits)) == Reason.NO_STATUS

    def test_one_from_before_the_revocation_is_stale_after_two_weeks_and_one_of_the_future_too(
        self, shop: Workshop, time: Clock
    ) -> None:
        time.forward(days=13)
        assert self.told(shop) == Reason.VALID
        time.forward(days=1)
        assert self.told(shop) == Reason.STALE_STATUS
        future = list_document(shop.issuer, 1, "revocation", (), time.now() + timedelta(hours=1))
        time.forward(days=-3)
        assert self.told(shop, revocation=future) == Reason.STALE_STATUS
