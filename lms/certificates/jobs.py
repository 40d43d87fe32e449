"""Certificates' background work."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from lms.certificates import archive, bulk, documents, reminding, sealing, unprinted
from lms.certificates.models import Credential, Issuing
from lms.core import clock
from lms.core.db import session, transaction
from lms.core.jobs import job, periodic
from lms.credentials.here import issuer_here
from lms.designs import press

log = logging.getLogger(__name__)

# How many of the older are signed each minute.
SEALED_AT_ONCE = 20
# Signed together, and noted together when printed: what a cut loses is some seconds' work.
PRINTED_AT_ONCE = 100
NOTED_AT_ONCE = 10


class NotAllPrinted(RuntimeError):
    """``failed`` files could not be printed, and the log says why; the other ``printed`` are there and noted."""

    def __init__(self, printed: int, failed: int) -> None:
        super().__init__(f"{failed} certificates could not be printed, {printed} were")
        self.printed, self.failed = printed, failed


@contextmanager
def _trying(ids: Sequence[UUID], most: int = unprinted.MOST_TRIES) -> Iterator[None]:
    """Let a failure to print these out, so that the job is tried again, until they are given up."""
    try:
        yield
    except Exception:
        with transaction(write=False):
            given_up = unprinted.given_up(ids, most)
        if not given_up:
            raise
        log.exception("what cannot be printed is given up for now: 'flask certificates print' tries it again")


@job("certificates.render")
def render(credential_id: str) -> None:
    """Sign the credential and make the PDF before they are asked for; a failure is tried again and the award stays."""
    id = UUID(credential_id)
    with _trying([id]):
        keep_pdf(id)


def keep_pdf(id: UUID) -> Path:
    """The path of the certificate's PDF; one that was not noted is signed, printed and noted before anyone has it.

    Raises ``documents.Damaged`` and ``documents.HolderChanged``.
    """
    with transaction(write=False):
        if path := documents.kept(id, current_app.config["DATA_DIR"]):
            return path
    keep_texts([id])
    try:
        with transaction(write=False):
            order = _order_of(session.get_one(Credential, id))
        _settle({id: order})
        digest = press.keep(order, _shop())
    except Exception as error:
        _note([(id, error)])
        raise
    _note([(id, digest)])
    return order.path


def keep_texts(ids: Sequence[UUID]) -> None:
    """Put the signed texts of these on record; they are made outside the turn to write."""
    with transaction(write=False):
        texts = sealing.texts_of(ids, issuer_here())
    if texts:
        with transaction():
            sealing.keep(texts)


def text_kept(id: UUID) -> str:
    """The certificate's signed text; it is on record before anyone has it, as a mission may change what it says."""
    keep_texts([id])
    with transaction(write=False):
        document = session.scalar(select(Credential.document).where(Credential.id == id))
    assert document is not None
    return document


@job("certificates.print")
def print_many(credential_ids: list[str]) -> None:
    """Make the PDFs of many, in warm processes; cut short anywhere, it goes on with what is missing."""
    ids = [UUID(each) for each in credential_ids]
    with _trying(ids):
        print_missing(ids)


def print_missing(ids: Sequence[UUID]) -> int:
    """Print those of these certificates whose file is not there as it was kept; returns how many.

    Raises ``NotAllPrinted`` when all were tried.
    """
    printed = failed = 0
    for step in (ids[begin : begin + PRINTED_AT_ONCE] for begin in range(0, len(ids), PRINTED_AT_ONCE)):
        keep_texts(step)
        orders: dict[UUID, press.Order] = {}
        refused: list[tuple[UUID, str | BaseException]] = []
        with transaction(write=False):
            for credential in documents.missing(step, current_app.config["DATA_DIR"]):
                try:
                    orders[credential.id] = _order_of(credential)
                except Exception as error:
                    log.exception("certificate %s cannot be printed", credential.id)
                    refused.append((credential.id, error))
        if orders:
            _settle(orders)
        outcomes = chain(refused, _outcomes(orders))
        while few := list(islice(outcomes, NOTED_AT_ONCE)):
            done = _note(few)
            printed, failed = printed + done, failed + len(few) - done
    if failed:
        raise NotAllPrinted(printed, failed)
    return printed


def _note(outcomes: Sequence[tuple[UUID, str | BaseException]]) -> int:
    """Put on record what became of these; returns how many were printed."""
    digests = {id: outcome for id, outcome in outcomes if isinstance(outcome, str)}
    with transaction():
        for id, digest in digests.items():
            documents.note(id, digest)
        unprinted.printed(digests)
        for id, outcome in outcomes:
            if isinstance(outcome, BaseException):
                unprinted.failed(id, outcome)
    return len(digests)


def _outcomes(orders: dict[UUID, press.Order]) -> Iterator[tuple[UUID, str | BaseException]]:
    """``(certificate, SHA-256 of its file or why there is none)`` as they are printed."""
    ids = list(orders)
    for place, outcome in press.keep_all(list(orders.values()), _shop()):
        if isinstance(outcome, BaseException):
            log.error("certificate %s could not be printed", ids[place], exc_info=outcome)
        yield ids[place], outcome


def _order_of(credential: Credential) -> press.Order:
    config = current_app.config
    return documents.order_of(
        credential, data=config["DATA_DIR"], base_url=config["BASE_URL"], issuer=config["SITE_NAME"]
    )


def _settle(orders: Mapping[UUID, press.Order]) -> None:
    with transaction():
        documents.settle(orders, current_app.config["DATA_DIR"])


def _shop() -> press.Shop:
    config = current_app.config
    return press.Shop(config["DATA_DIR"], config["SITE_NAME"], config["TIMESTAMPS"])


@job("certificates.issue")
def issue(issuing_id: str) -> None:
    """Issue step after step; cut short, it goes on with the first that was not issued."""
    more = True
    while more:
        with transaction():
            more = bulk.take_step(session.get_one(Issuing, UUID(issuing_id), with_for_update=True))


@job("certificates.pack")
def pack(issuing_id: str) -> None:
    """Print what is missing, and put all into one file; cut short, it begins anew with what is printed already.

    What cannot be printed is left out, and the page names it.
    """
    id, data = UUID(issuing_id), current_app.config["DATA_DIR"]
    with transaction(write=False):
        entries = archive.contents(id)
    for count in range(0, len(entries), PRINTED_AT_ONCE):
        with transaction():
            session.get_one(Issuing, id).packed = count
        ids = [each for each, _ in entries[count : count + PRINTED_AT_ONCE]]
        with _trying(ids, unprinted.TOLD_AFTER):
            print_missing(ids)
    entries = [(each, name) for each, name in entries if documents.path_of(data, each).is_file()]
    archive.write(archive.path_of(data, id), entries, partial(documents.path_of, data))
    with transaction():
        packed = session.get_one(Issuing, id)
        packed.packed, packed.packing_at = len(entries), None
        packed.archive_until = clock.now() + archive.LIFETIME


@periodic
def forget_old() -> None:
    """Keep archives for their day, and dry runs that came to nothing for a week."""
    with transaction():
        archive.forget_old(current_app.config["DATA_DIR"])
        bulk.forget_unused()


@periodic
def remind() -> None:
    """Tell holders in time that a certificate ends."""
    with transaction():
        reminding.remind()


@periodic
def seal_the_older() -> None:
    """Sign certificates that were issued before there were signatures, some each minute until all are."""
    with transaction(write=False):
        ids = sealing.unsealed(SEALED_AT_ONCE)
    keep_texts(ids)
