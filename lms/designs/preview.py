"""What a certificate would look like: a picture of it, with the names that are hardest to set."""

import threading
from io import BytesIO
from typing import Any

import pypdfium2

from lms.core import clock
from lms.designs import service
from lms.designs.composing import forme_of
from lms.designs.face import Face
from lms.missions.models import Mission

# What a holder may be called: as most are, as few as can be, as long as there are.
HOLDERS = {"number": "PS-7KQ2M", "short": "Al", "long": "Jean-Baptiste Emmanuel Desrosiers-Lafontaine de Saint-Hilaire"}
LONG_ARABIC = "عبد الرحمن محمد عبد العزيز الساروبي الكرفندي"
TITLE = {
    "en": "Crime scene, evidence and the presumption of innocence",
    "fr": "Scène de crime, preuve et présomption d’innocence",
    "ar": "مسرح الجريمة والأدلة وقرينة البراءة",
}
WIDTH = 1100  # in pixels

# PDFium may be used by one thread at a time.
_drawing = threading.Lock()


def sample(mission: Mission, holder: str, base_url: str, issuer: str, **tried: Any) -> Face:
    """A certificate of the mission that nobody holds, as it would be today."""
    code = "7KQ2-M4XT-9PWA"
    face = Face(
        code=code,
        holder=HOLDERS[holder],
        course_code="DP10",
        course_title=TITLE,
        hours=24,
        issued_on=clock.today(),
        expires_on=clock.today().replace(day=1, year=clock.today().year + 3),
        mission=mission.title,
        host_force=mission.host_force,
        issuer=issuer,
        verify_url=f"{base_url}/verify/{code}",
        languages=(),
    )
    dressed = service.dressed(face, mission, **tried)
    if holder == "long" and dressed.languages[0] == "ar":
        return service.dressed(face, mission, **tried, holder=LONG_ARABIC)
    return dressed


def picture(face: Face) -> bytes:
    """A PNG of the page."""
    pdf, _ = forme_of(face, attached=False).copy(face, None, clock.now(), None)
    with _drawing:
        document = pypdfium2.PdfDocument(bytes(pdf))
        try:
            page = document[0]
            image = page.render(scale=WIDTH / page.get_width()).to_pil()
        finally:
            document.close()
    out = BytesIO()
    image.convert("P", palette=1, colors=128).save(out, "PNG", optimize=True)
    return out.getvalue()
