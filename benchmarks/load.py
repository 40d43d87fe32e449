"""A small HTTP client that keeps a fixed number of connections busy and notes how long each answer takes."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

CONNECTIONS = 16


@dataclass(frozen=True)
class Result:
    """Answers per second, and the 50th and 95th percentile of their times in milliseconds."""

    count: int
    per_second: float
    p50: float
    p95: float
    statuses: dict[int, int]
    bytes: int


def get(path: str, cookie: str = "") -> bytes:
    """A GET as it goes over the wire."""
    return _request("GET", path, cookie, "")


def post(path: str, cookie: str, **fields: str) -> bytes:
    """A form's POST as it goes over the wire."""
    return _request("POST", path, cookie, urlencode(fields))


def _request(method: str, path: str, cookie: str, body: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Encoding: br", "Accept-Language: en"]
    if cookie:
        lines.append(f"Cookie: session={cookie}")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def run(port: int, requests: Callable[[int], Iterator[bytes]], seconds: float) -> Result:
    """Let each connection send its own requests, one after another, until the time is over or they run out.

    ``requests`` gives a connection's requests by the connection's number.
    """
    return asyncio.run(_run(port, requests, seconds))


async def _run(port: int, requests: Callable[[int], Iterator[bytes]], seconds: float) -> Result:
    times: list[float] = []
    statuses: dict[int, int] = {}
    sizes: list[int] = []
    begun = time.perf_counter()

    async def connection(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in requests(number):
            if time.perf_counter() - begun > seconds:
                break
            sent = time.perf_counter()
            writer.write(request)
            status, size, close = await _answer(reader)
            times.append(time.perf_counter() - sent)
            statuses[status] = statuses.get(status, 0) + 1
            sizes.append(size)
            if close:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await asyncio.gather(*(connection(number) for number in range(CONNECTIONS)))
    spent = time.perf_counter() - begun
    times.sort()
    return Result(
        count=len(times),
        per_second=len(times) / spent,
        p50=1000 * times[len(times) // 2],
        p95=1000 * times[int(len(times) * 0.95)],
        statuses=statuses,
        bytes=max(sizes),
    )


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    headers = {line.split(b":", 1)[0].lower(): line.split(b":", 1)[1].strip() for line in lines[1:] if b":" in line}
    size = len(head)
    if headers.get(b"transfer-encoding") == b"chunked":
        while True:
            length = int(await reader.readline(), 16)
            size += len(await reader.readexactly(length + 2))
            if length == 0:
                break
    else:
        size += len(await reader.readexactly(int(headers.get(b"content-length", b"0"))))
    return int(lines[0].split()[1]), size, headers.get(b"connection", b"").lower() == b"close"
