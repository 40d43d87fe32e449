"""HTML from elsewhere as the Markdown that courses are written in."""

import re
from collections.abc import Callable

import nh3
from markdownify import MarkdownConverter

from lms.core.words import N_

_TAGS = {
    *"p br hr h1 h2 h3 h4 h5 h6 strong b em i s del code pre blockquote ul ol li a".split(),
    *"table thead tbody tfoot tr th td img audio video source".split(),
}
_LOSES = re.compile(r"<(script|iframe|object|embed|form|style)\b", re.IGNORECASE)
LOST = N_("Parts that run or come from elsewhere (scripts, frames, forms) were left out.")
NO_PICTURE = N_("Some pictures or recordings were not in the file and were left out.")

Media = Callable[[str], str | None]


class _Converter(MarkdownConverter):
    def __init__(self, media: Media) -> None:
        super().__init__(heading_style="ATX", bullets="-", strong_em_symbol="*", escape_misc=False)
        self.media, self.missing = media, False

    def convert_img(self, element: object, text: str, *_: object, **__: object) -> str:
        return self._shown(element, "alt")

    convert_audio = convert_video = convert_img

    def _shown(self, element: object, words: str) -> str:
        source = element.get("src") or ""  # type: ignore[attr-defined]
        name = self.media(source)
        if name is None:
            self.missing = True
            return ""
        alt = re.sub(r"[\[\]\n]", " ", element.get(words) or "").strip()  # type: ignore[attr-defined]
        return f"![{alt}](media/{name})"


def markdown_of(html: str, media: Media = lambda source: None) -> tuple[str, list[str]]:
    """``(Markdown, what was left out and why)``; ``media`` gives a file's name below ``media/`` by its address."""
    safe = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "img": {"src", "alt"}, "audio": {"src"}, "video": {"src"}, "source": {"src"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    converter = _Converter(media)
    text = converter.convert(safe)
    # The page has the only heading of the first level.
    if re.search(r"^# ", text, re.MULTILINE):
        text = re.sub(r"^(#{1,5}) ", r"#\1 ", text, flags=re.MULTILINE)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    lost = [LOST] if _LOSES.search(html) else []
    return text, [*lost, *([NO_PICTURE] if converter.missing else [])]
