"""Pictures made safe and small: read as what they are, turned upright, written anew with nothing but the picture."""

import io
import warnings
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageOps

from lms.core.errors import DomainError
from lms.core.words import N_

# In pixels: what a lesson shows, and what is still decoded at all (a 40-megapixel camera).
LONGEST_SIDE, MOST_PIXELS = 1600, 40_000_000
QUALITY = 82
READ = ("PNG", "JPEG", "WEBP", "GIF")


def prepared(content: bytes, longest: int = LONGEST_SIDE) -> tuple[bytes, str]:
    """``(bytes, file ending)`` of the picture without metadata, at most ``longest`` pixels long.

    Place, camera, comments and colour profile go; a photo becomes JPEG, what has transparency or few colours PNG.
    Raises ``DomainError`` with the mend for what is no picture, broken or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = _read(content)
    except DomainError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DomainError(
            N_("This picture cannot be read. Open it, save it again as PNG or JPEG, and upload that.")
        ) from None
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    if picture.mode == "RGBA":
        return _written(picture, "PNG"), "png"
    photo = _written(picture, "JPEG", quality=QUALITY, progressive=True)
    # A drawing or a screen of few colours is smaller, and sharper, as PNG.
    if picture.getcolors(256) and len(drawing := _written(picture, "PNG")) < len(photo):
        return drawing, "png"
    return photo, "jpg"


def _written(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, optimize=True, **how)
    return out.getvalue()


def small(content: bytes, width: int) -> bytes:
    """A WebP of the picture at most ``width`` pixels wide."""
    with Image.open(io.BytesIO(content), formats=READ) as opened:
        picture = opened.convert("RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB")
        picture.thumbnail((width, width * 4), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=75, method=4)
        return out.getvalue()


def _read(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=READ) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise DomainError(N_("This picture has more than 40 million pixels. Make it smaller."))
        # The library that prints certificates lets half pictures through, for the whole process.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        clear = "A" in upright.getbands() or "transparency" in upright.info
        picture = _in_srgb(upright).convert("RGBA" if clear else "RGB")
    # A new picture takes over pixels alone: whatever else the file said stays behind.
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture
