"""The badge: a shield with the course's code, which carries the credential."""

import io
from functools import lru_cache
from math import cos, pi, sin

from PIL import Image, ImageDraw, ImageFont

# In pixels; it is drawn four times as large, so that its edges are smooth.
SIDE, FINER = 480, 4

NAVY, BLUE, GOLD, PALE = "#12324a", "#1d4f73", "#d9a441", "#f6f1e4"

# The right half of the shield from the top to the point, on a square of 100.
OUTLINE = (
    (50, 6),
    (60, 11),
    (73, 14.5),
    (88, 15),
    *((50 + 38 * (1 - (n / 32) ** 2.2), 48 + 46 * n / 32) for n in range(33)),
)


@lru_cache(64)
def badge(course_code: str) -> bytes:
    """The PNG for a course, without a credential in it; it says nothing of the holder."""
    scale = SIDE * FINER / 100
    picture = Image.new("RGBA", (SIDE * FINER, SIDE * FINER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for shrink, colour in ((1.0, NAVY), (0.955, GOLD), (0.92, NAVY), (0.9, BLUE)):
        pen.polygon(_shield(scale, shrink), fill=colour)
    _star(pen, 50 * scale, 32 * scale, 11 * scale)
    for side in (-1, 1):
        _star(pen, (50 + side * 20) * scale, 34 * scale, 5 * scale)
    pen.rectangle([(0, 47 * scale), (100 * scale, 68 * scale)], fill=PALE)
    outside = Image.new("L", picture.size, 0)
    ImageDraw.Draw(outside).polygon(_shield(scale, 0.955), fill=255)
    around = Image.new("L", picture.size, 0)
    ImageDraw.Draw(around).polygon(_shield(scale, 1.0), fill=255)
    rim = Image.new("RGBA", picture.size, NAVY)
    picture = Image.composite(picture, rim, outside)
    picture.putalpha(around)
    pen = ImageDraw.Draw(picture)
    size = min(17.0, 88.0 / max(len(course_code), 1)) * scale
    font = ImageFont.load_default(size)
    pen.text((50 * scale, 57.5 * scale), course_code, NAVY, font, "mm", stroke_width=round(size / 40), stroke_fill=NAVY)
    file = io.BytesIO()
    small = picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    small.quantize(64, Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _shield(scale: float, shrink: float) -> list[tuple[float, float]]:
    whole = [*OUTLINE, *((100 - x, y) for x, y in reversed(OUTLINE[1:-1]))]
    return [((50 + (x - 50) * shrink) * scale, (50 + (y - 50) * shrink) * scale) for x, y in whole]


def _star(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    points = [
        (x + length * sin(corner * pi / 5), y - length * cos(corner * pi / 5))
        for corner, length in ((each, radius if each % 2 == 0 else radius * 0.42) for each in range(10))
    ]
    pen.polygon(points, fill=GOLD)
