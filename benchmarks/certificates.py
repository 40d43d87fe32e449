"""Certificates: where the time goes, how many signed PDFs a second and core, and what memory a long run takes."""

import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from lms.core import printing
from lms.core.ids import code
from lms.core.keys import ring
from lms.credentials import compact
from lms.credentials.status import Place
from lms.designs import press
from lms.designs.face import Face, html

RUN = 1_000
KEY = ring(Path(tempfile.mkdtemp(prefix="concord-bench-key-"))).credentials.current
DOCUMENT = '{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]}' * 40


def a_face(number: int, **changes: object) -> Face:
    """A certificate that differs from the others in holder, number and address."""
    face = Face(
        code=(own := "-".join(code(4) for _ in range(3))),
        holder=f"PS-{number:05}",
        course_code="DP01",
        course_title={"en": "Democratic policing foundations", "ar": "أسس الشرطة الديمقراطية"},
        hours=16,
        issued_on=date(2026, 11, 1),
        expires_on=date(2028, 11, 1),
        mission="Port-Salin policing assistance",
        host_force="Port-Salin National Police",
        issuer="Concord",
        verify_url=f"https://concord.example/verify/{own}",
        check_url=_check_url(own),
        languages=("en", "ar"),
        partners=("gac", "ps", "rcmp"),
        signatories=(("", "Head of the police component"),),
    )
    return replace(face, **changes)  # type: ignore[arg-type]


def _check_url(number: str) -> str:
    """What the QR code says, of the length that a certificate has; the signature is another."""
    salt, holder = compact.salted(number)
    said = compact.Certificate(
        code=number,
        kind="completion",
        level=0,
        issued=date(2026, 11, 1),
        expires=date(2028, 11, 1),
        hours=16,
        place=Place(1, 77),
        course_code="DP01",
        language="en",
        title="Democratic policing foundations",
        issuer="Concord",
        salt=salt,
        holder=holder,
    )
    return f"https://concord.example/check/#{compact.sign(said, KEY)}"


def show() -> None:
    """Print it."""
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
        shop = press.Shop(Path(folder), "Concord")
        begun = time.perf_counter()
        press.printed(a_face(0), DOCUMENT, shop)
        print(f"certificate pdf: the first of a process takes {(time.perf_counter() - begun) * 1000:.0f} ms")

        def plain(number: int) -> None:
            page, style, files = html(a_face(number))
            printing.pdf(page, style, files | {"qr:": ("image/svg+xml", b"<svg/>")}, variant="pdf/a-3a")

        per_second("WeasyPrint, unsigned", plain, 20)
        per_second("a name, signed", lambda n: press.printed(a_face(n, holder=f"سارة {n}"), DOCUMENT, shop), 20)
        per_second("a number, signed", lambda n: press.printed(a_face(n), DOCUMENT, shop), 300)
        sizes = []
        for number in range(RUN):
            press.keep(press.Order(a_face(number), DOCUMENT, Path(folder) / f"{number}.pdf"), shop)
            if number % (RUN // 4) == 0:
                sizes.append(_resident())
        sizes.append(_resident())
        print(f"{RUN:,} kept, resident MB on the way: {', '.join(map(str, sizes))}; peak {_peak()} MB")
        orders = [press.Order(a_face(n), DOCUMENT, Path(folder) / f"pool-{n}.pdf") for n in range(RUN)]
        list(press.keep_all(orders[:20], shop))
        begun = time.perf_counter()
        list(press.keep_all(orders, shop))
        print(f"{RUN / (time.perf_counter() - begun):.0f} a second kept by warm processes, one for each core")


def per_second(name: str, make: Callable[[int], object], count: int) -> None:
    """Make ``count`` and say how many that is for each second of one core's time."""
    make(0)
    begun = time.process_time()
    for number in range(count):
        make(number)
    each = (time.process_time() - begun) / count
    print(f"{name:<22}{1 / each:>11.1f} a second and core, {each * 1000:.1f} ms each", flush=True)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1_000_000


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // 1_000_000
