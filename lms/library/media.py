"""Media beside a course: what kinds there are, told by content, and what is refused."""

import re

TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt",
}
LARGEST_PICTURE, LARGEST_FILM, LARGEST_CAPTIONS = 5_000_000, 100_000_000, 1_000_000

_BEGINNINGS = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "audio/mpeg": re.compile(rb"ID3|\xff[\xe2-\xff]"),
    "audio/ogg": re.compile(rb"OggS"),
    "audio/mp4": re.compile(rb"....ftyp", re.DOTALL),
    "video/mp4": re.compile(rb"....ftyp", re.DOTALL),
    "video/webm": re.compile(rb"\x1a\x45\xdf\xa3"),
}
# A drawing may hold shapes and words; nothing that runs, fetches or pretends to be HTML.
_UNSAFE_DRAWING = re.compile(
    rb"<!|<\?(?!xml)|<\s*(script|foreignObject|iframe|embed|object|image|use|a|style|animate\w*|set)\b"
    rb"|\son\w+\s*=|href\s*=|url\s*\(\s*['\"]?\s*[^#'\"\s]|javascript:|&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)",
    re.IGNORECASE,
)


def ending_of(content: bytes) -> str | None:
    """The file ending that the content itself asks for, whatever it is called; ``None`` for what is not taken.

    A drawing is code as well as a picture, so none is taken from a browser.
    """
    if content.startswith(b"GIF8"):
        return "gif"
    for ending, kind in (("png", "image/png"), ("jpg", "image/jpeg"), ("webp", "image/webp"), ("ogg", "audio/ogg")):
        if _BEGINNINGS[kind].match(content):
            return ending
    if _BEGINNINGS["video/mp4"].match(content):
        return "m4a" if content[8:11] == b"M4A" else "mp4"
    if _BEGINNINGS["video/webm"].match(content):
        return "webm"
    if _BEGINNINGS["audio/mpeg"].match(content):
        return "mp3"
    return "vtt" if _refused_captions(content) is None else None


def type_of(name: str) -> str | None:
    """The media type that a file's name promises."""
    return TYPES.get(name.rpartition(".")[2].lower())


def refusal(name: str, content: bytes) -> str | None:
    """Why a file may not stand beside a course, with the mend; ``None`` when it may."""
    kind = type_of(name)
    if kind is None:
        return f"is of a kind that is not taken: use one of {', '.join(TYPES)}"
    largest = LARGEST_CAPTIONS if kind == "text/vtt" else LARGEST_PICTURE if kind.startswith("image/") else LARGEST_FILM
    if len(content) > largest:
        return f"is larger than {largest // 1_000_000} MB: make it smaller"
    if kind == "image/svg+xml":
        return _refused_drawing(content)
    if kind == "text/vtt":
        return _refused_captions(content)
    if not _BEGINNINGS[kind].match(content):
        return f"is not {kind}, though its name says so: export it again or rename it"
    return None


def _refused_captions(content: bytes) -> str | None:
    text = content.removeprefix(b"\xef\xbb\xbf")
    if not re.match(rb"WEBVTT([ \t][^\r\n]*)?(\r\n|\r|\n|$)", text):
        return "does not begin with WEBVTT: export the captions as WebVTT"
    try:
        words = text.decode()
    except UnicodeDecodeError:
        return "is not UTF-8: save the captions as UTF-8"
    if "\0" in words:
        return "holds NUL characters: export the captions again"
    return None if "-->" in words else "holds no captions: export them again, with times"


def _refused_drawing(content: bytes) -> str | None:
    if not re.match(rb"\s*(<\?xml[^>]*\?>\s*)?<svg\b", content.removeprefix(b"\xef\xbb\xbf")):
        return "does not begin with <svg>: export it as plain SVG"
    found = _UNSAFE_DRAWING.search(content)
    if found:
        return f"holds '{found[0].decode(errors='replace').strip()}': export it as plain SVG, shapes and words only"
    return None
