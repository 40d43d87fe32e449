"""Markdown to safe HTML: what courses are written in, and what people type."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from lms.core.sound_order import sounds_before_words

AUDIO = frozenset({"mp3", "ogg", "opus", "m4a"})
VIDEO = frozenset({"mp4", "webm"})
RASTER = frozenset({"png", "jpg", "jpeg", "webp"})
# As the title of a picture without words: it says nothing that the text does not.
DECORATIVE = "decorative"
CALLOUT = re.compile(r"\[!([A-Z]+)\][ \t]*([^\n]*)\n?")
# Callouts that stay folded until the reader opens them.
FOLDED = frozenset({"reveal", "transcript"})
TASK = re.compile(r"\[([ xX])\] (?=\S)")
SAFE_LINK = re.compile(r"(https?://|mailto:|media/|#)", re.IGNORECASE)

# The second line of defence: whatever the renderer lets through, only this leaves.
TAGS = set(
    "p br hr h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li a table thead tbody tr th td "
    "bdi div figure figcaption picture img audio video source track span details summary".split()
)
ATTRIBUTES = {
    "a": {"href", "rel"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "p": {"class"},
    "span": {"class", "role", "aria-label"},
    "details": {"class"},
    "li": {"class"},
    "img": {"src", "alt", "loading"},
    "source": {"media", "srcset"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "video": {"src", "controls", "preload", "aria-label"},
    "track": {"kind", "src", "label", "default"},
    "ol": {"start"},
    "th": {"class", "scope"},
    "td": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: SAFE_LINK.match(url) is not None  # type: ignore[method-assign]
    parser.core.ruler.push("callouts", _callouts)
    parser.core.ruler.push("headings", _headings)
    parser.core.ruler.push("tasks", _tasks)
    parser.core.ruler.push("captions", _captions)
    for name, rule in (
        ("image", _image),
        ("blockquote_open", _blockquote_open),
        ("blockquote_close", _blockquote_close),
        ("link_open", _link_open),
        ("list_item_open", _list_item_open),
        ("table_open", _table_open),
        ("table_close", _table_close),
        ("th_open", _cell_open),
        ("td_open", _cell_open),
        ("paragraph_open", _paragraph),
        ("paragraph_close", _paragraph),
    ):
        parser.add_render_rule(name, rule)
    return parser


def render(
    markdown: str,
    *,
    media_url: Callable[[str], str | None],
    titles: Mapping[str, str],
    table_label: str,
    media_note: Callable[[str], str] = lambda name: "",
    small_copies: bool = False,
    sounds_first: bool = False,
) -> str:
    """A course text as HTML.

    ``media_url`` gives the address of ``media/…`` by its name below ``media/``, or ``None``; ``titles`` the title
    of each kind of callout that has none of its own, and what ``todo`` and ``done`` mean in a list of tasks;
    ``media_note`` a remark on a sound or film, such as its size. With ``small_copies`` a phone is offered
    ``…-480.webp`` in place of a picture. With ``sounds_first`` a text that has sound begins with it and its transcript,
    then come the pictures and films, then the words.
    """
    around = {
        "media_url": media_url,
        "titles": titles,
        "table_label": table_label,
        "media_note": media_note,
        "small_copies": small_copies,
    }
    parsed = _markdown.parse(markdown, around)
    if sounds_first:
        parsed = sounds_before_words(parsed, AUDIO)
    return _clean(_markdown.renderer.render(parsed, _markdown.options, around))


def inline(markdown: str) -> str:
    """A short text as HTML: paragraphs, emphasis, lists; no pictures."""
    return _clean(
        _markdown.render(
            markdown, {"media_url": lambda name: None, "titles": {}, "table_label": "", "media_note": lambda name: ""}
        )
    )


def tokens(markdown: str) -> Sequence[Token]:
    """The parsed blocks, for those who check a text's structure; pictures are children of their paragraphs."""
    return _markdown.parse(markdown)


def pictures(markdown: str) -> list[tuple[str, str]]:
    """``(address, alternative text)`` of every picture, sound and film in the text."""
    return [
        (str(child.attrGet("src")), child.content)
        for token in _markdown.parse(markdown)
        for child in token.children or []
        if child.type == "image"
    ]


def files(markdown: str) -> list[str]:
    """The address of every picture, sound and film in the text, and of the films' captions."""
    return [
        address
        for token in _markdown.parse(markdown)
        for child in token.children or []
        if child.type == "image"
        for address in (str(child.attrGet("src")), *(source for source, _ in child.meta.get("captions", [])))
    ]


def dead_links(markdown: str) -> list[str]:
    """The address of every link to a heading that the text does not have."""
    found = _markdown.parse(markdown)
    headings = {f"#{token.attrGet('id')}" for token in found if token.type == "heading_open"}
    links = (child for token in found for child in token.children or [] if child.type == "link_open")
    addresses = (str(link.attrGet("href")) for link in links)
    return [each for each in addresses if each.startswith("#") and unquote(each) not in headings]


def undescribed(markdown: str) -> list[str]:
    """The address of every picture, sound and film that has no words and is not marked as decorative."""
    return [
        str(child.attrGet("src"))
        for token in _markdown.parse(markdown)
        for child in token.children or []
        if child.type == "image" and not child.content.strip() and child.attrGet("title") != DECORATIVE
    ]


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


def _callouts(state: StateCore) -> None:
    """A quotation that begins with ``[!KIND]`` is a callout; the rest of that line is its title."""
    for place, token in enumerate(state.tokens):
        if token.type != "blockquote_open" or place + 2 >= len(state.tokens):
            continue
        inner = state.tokens[place + 2]
        found = CALLOUT.match(inner.content) if inner.type == "inline" else None
        if found is None:
            continue
        token.meta = {"kind": found[1].lower(), "title": found[2].strip()}
        rest = inner.content[found.end() :]
        inner.content = rest
        inner.children = state.md.parseInline(rest, state.env)[0].children if rest else []
        inner.meta = {"empty": not rest}
        state.tokens[place + 1].meta = state.tokens[place + 3].meta = {"empty": not rest}
        depth = token.level
        closing = next(each for each in state.tokens[place:] if each.type == "blockquote_close" and each.level == depth)
        closing.meta = token.meta


def _headings(state: StateCore) -> None:
    """The page has the only h1; every heading gets an id of its own."""
    seen: dict[str, int] = {}
    for place, token in enumerate(state.tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        token.tag = "h2" if token.tag == "h1" else token.tag
        if token.type == "heading_open":
            slug = _slug(state.tokens[place + 1].content)
            seen[slug] = seen.get(slug, 0) + 1
            token.attrSet("id", f"s-{slug}" + (f"-{seen[slug]}" if seen[slug] > 1 else ""))


def _tasks(state: StateCore) -> None:
    """An item of a list that begins with ``[ ]`` or ``[x]`` is a task, to do or done."""
    for place, token in enumerate(state.tokens):
        inner = state.tokens[place + 2] if token.type == "list_item_open" and place + 2 < len(state.tokens) else None
        found = TASK.match(inner.content) if inner is not None and inner.type == "inline" else None
        if inner is None or found is None or not inner.children or inner.children[0].type != "text":
            continue
        token.meta = {"task": "todo" if found[1] == " " else "done"}
        inner.content = inner.content[found.end() :]
        inner.children[0].content = inner.children[0].content[found.end() :]


def _captions(state: StateCore) -> None:
    """Links to ``.vtt`` files right after a film are its captions, one for each language."""
    for token in state.tokens:
        children = token.children or []
        kept: list[Token] = []
        for place, child in enumerate(children):
            film = kept[-1] if kept and kept[-1].type == "image" and _is_film(kept[-1]) else None
            link = children[place : place + 3]
            if film and [each.type for each in link] == ["link_open", "text", "link_close"] and _is_vtt(child):
                film.meta.setdefault("captions", []).append((str(child.attrGet("href")), link[1].content))
                child.hidden = link[1].hidden = link[2].hidden = True
            elif film and child.type == "text" and not child.content.strip() and _is_vtt(*children[place + 1 :][:1]):
                child.hidden = True
            if not child.hidden:
                kept.append(child)
        if len(kept) < len(children):
            token.children = kept


def _is_film(token: Token) -> bool:
    return str(token.attrGet("src")).rpartition(".")[2].lower() in VIDEO


def _is_vtt(*tokens: Token) -> bool:
    address = str(tokens[0].attrGet("href")) if tokens and tokens[0].type == "link_open" else ""
    return address.startswith("media/") and address.lower().endswith(".vtt")


def _slug(title: str) -> str:
    kept = (each if unicodedata.category(each)[0] in "LN" else "-" for each in title.casefold())
    return re.sub(r"-+", "-", "".join(kept)).strip("-")[:60] or "section"


Rule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]


def _escape(text: str) -> str:
    return nh3.clean_text(text)


def _image(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    token = tokens[place]
    source, alt, caption = str(token.attrGet("src")), token.content, str(token.attrGet("title") or "")
    address = env["media_url"](source.removeprefix("media/")) if source.startswith("media/") else None
    if address is None:
        return _escape(alt)
    name = source.removeprefix("media/")
    ending = name.rpartition(".")[2].lower()
    if ending in AUDIO or ending in VIDEO:
        tag = "audio" if ending in AUDIO else "video"
        tracks = "".join(_tracks(token, env))
        shown = f'<{tag} controls preload="none" src="{_escape(address)}" aria-label="{_escape(alt)}">{tracks}</{tag}>'
        # A size is read from left to right in any language.
        size = f"<bdi>{_escape(note)}</bdi>" if (note := env["media_note"](name)) else ""
        said = " · ".join(each for each in (_escape(caption or alt), size) if each)
    else:
        if not alt and caption == DECORATIVE:
            caption = ""
        said = _escape(caption)
        shown = f'<img src="{_escape(address)}" alt="{_escape(alt)}" loading="lazy">'
        if ending in RASTER and env["small_copies"]:
            small = f"{address.rpartition('.')[0]}-480.webp"
            shown = f'<picture><source media="(max-width: 40rem)" srcset="{_escape(small)}">{shown}</picture>'
    return f"<figure>{shown}{f'<figcaption>{said}</figcaption>' if said else ''}</figure>"


def _tracks(film: Token, env: dict[str, Any]) -> Iterator[str]:
    shown = " default"
    for source, label in film.meta.get("captions", []):
        address = env["media_url"](source.removeprefix("media/"))
        if address is not None:
            yield f'<track kind="captions" src="{_escape(address)}" label="{_escape(label)}"{shown}>'
            shown = ""


def _list_item_open(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    task = tokens[place].meta.get("task")
    if task is None:
        return "<li>"
    box = {"todo": "☐", "done": "☑"}[task]
    meaning = _escape(env["titles"].get(task, ""))
    named = f' role="img" aria-label="{meaning}"' if meaning else ""
    return f'<li class="task"><span class="task-box"{named}>{box}</span> '


def _blockquote_open(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    kind = tokens[place].meta.get("kind")
    if kind is None:
        return "<blockquote>"
    title = tokens[place].meta["title"] or env["titles"].get(kind, "")
    if kind in FOLDED:
        return f'<details class="callout callout-{kind}"><summary>{_escape(title or kind.title())}</summary>'
    heading = f'<p class="callout-title">{_escape(title)}</p>' if title else ""
    return f'<div class="callout callout-{_escape(kind)}" role="note">{heading}'


def _blockquote_close(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    kind = tokens[place].meta.get("kind")
    return "</details>" if kind in FOLDED else "</div>" if kind else "</blockquote>"


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    address = str(tokens[place].attrGet("href"))
    if address.startswith("media/"):
        address = env["media_url"](address.removeprefix("media/")) or "#"
    outward = ' rel="noopener noreferrer"' if address.lower().startswith("http") else ""
    return f'<a href="{_escape(address)}"{outward}>'


def _table_open(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    label = _escape(env["table_label"])
    named = f' role="region" aria-label="{label}"' if label else ""
    return f'<div class="table-scroll" tabindex="0"{named}><table>'


def _table_close(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    return "</table></div>"


def _cell_open(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    # Alignment comes as an inline style, which the content policy forbids: logical classes instead.
    token = tokens[place]
    style = str(token.attrGet("style") or "")
    align = {"text-align:center": ' class="align-center"', "text-align:right": ' class="align-end"'}.get(style, "")
    scope = ' scope="col"' if token.tag == "th" else ""
    return f"<{token.tag}{scope}{align}>"


def _paragraph(
    renderer: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    token = tokens[place]
    if token.hidden or token.meta.get("empty"):
        return ""
    inner = tokens[place + 1 if token.type == "paragraph_open" else place - 1]
    children = [each for each in inner.children or [] if each.type not in ("softbreak", "hardbreak")]
    # A figure may not stand inside a paragraph.
    if children and all(each.type == "image" for each in children):
        return ""
    return "<p>" if token.type == "paragraph_open" else "</p>\n"


_markdown = _parser()
