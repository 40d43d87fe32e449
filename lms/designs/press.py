"""Making signed certificates, here or in processes that are started once and stay warm."""

import hashlib
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from lms.core import clock
from lms.core.files import write_once
from lms.core.keys import ring
from lms.designs.composing import forme_of
from lms.designs.face import Face
from lms.designs.signature import Seal

# How often a file is tried whose process died, others' files among those that it took along.
MOST_TRIES = 3
NO_TIMESTAMPS = ("", "")


@dataclass(frozen=True)
class Order:
    """A certificate to be printed: what stands on it, the credential that is attached, and where the file goes."""

    face: Face
    document: str | None
    path: Path


@dataclass(frozen=True)
class Shop:
    """What all files of an installation have in common.

    ``timestamps`` are the address of a service and the file of its root certificates, or empty.
    """

    data: Path
    issuer: str
    timestamps: tuple[str, str] = NO_TIMESTAMPS


def printed(face: Face, document: str | None, shop: Shop) -> bytes:
    """The signed PDF: PDF/A-3a, PDF/UA-1, with the credential inside."""
    forme, seal = forme_of(face, attached=document is not None), _seal(shop)
    if all(shop.timestamps):
        return seal.sign_for_long(bytes(forme.copy(face, document, clock.now(), None)[0]), *shop.timestamps)
    return seal.sign(*forme.copy(face, document, clock.now(), seal.room))


def keep(order: Order, shop: Shop) -> str:
    """Print to the order's path, unless a file is there; returns the SHA-256 of the file that is there then."""
    if not order.path.exists():
        write_once(order.path, printed(order.face, order.document, shop))
    return hashlib.sha256(order.path.read_bytes()).hexdigest()


def keep_all(orders: Sequence[Order], shop: Shop) -> Iterator[tuple[int, str | BaseException]]:
    """Print many at once; yields ``(place in the orders, SHA-256, or why not)`` as they are done.

    What is there already is left alone, so that a run that was cut short can be repeated. A process that dies is
    replaced and its files are tried again, the last time one by one, as one of them may be what killed it.
    """
    waiting = dict(enumerate(orders))
    for _ in range(MOST_TRIES - 1):
        for place, outcome in _print(waiting, shop):
            if not isinstance(outcome, BrokenProcessPool):
                yield place, outcome
                del waiting[place]
    for place, order in waiting.items():
        yield from _print({place: order}, shop)


def _print(orders: Mapping[int, Order], shop: Shop) -> Iterator[tuple[int, str | BaseException]]:
    """Print these in the warm processes, which are given up when one of them dies."""
    futures = {_handed_in(order, shop): place for place, order in orders.items()}
    try:
        for future in as_completed(futures):
            yield futures[future], future.exception() or future.result()
        if any(isinstance(future.exception(), BrokenProcessPool) for future in futures):
            _discard()
    finally:
        for future in futures:
            future.cancel()


def _handed_in(order: Order, shop: Shop) -> Future[str]:
    try:
        return _pool().submit(keep, order, shop)
    except BrokenProcessPool as broken:
        _discard()
        refused: Future[str] = Future()
        refused.set_exception(broken)
        return refused


_seals: dict[str, Seal] = {}


def _seal(shop: Shop) -> Seal:
    """The seal of the key that signs now: one for each key that this process has met."""
    pair = ring(shop.data, shop.issuer).pdf.current
    return _seals.get(pair.id) or _seals.setdefault(pair.id, Seal(pair))


_lock = threading.Lock()
_pools: list[ProcessPoolExecutor] = []


def _pool() -> ProcessPoolExecutor:
    """The warm processes, one for each core, started at the first asking."""
    with _lock:
        if not _pools:
            # Not forked: this process has threads.
            context = multiprocessing.get_context("spawn")
            _pools.append(ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=_warm))
        return _pools[0]


def _discard() -> None:
    with _lock:
        for pool in _pools:
            pool.shutdown(wait=False, cancel_futures=True)
        _pools.clear()


def _warm() -> None:
    """Import what lays pages out, before there is work; end with the process that asks for it, however that ends."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    import weasyprint  # noqa: F401


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
