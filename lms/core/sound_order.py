"""The blocks of a text put in another order, for who reads with difficulty."""

from collections.abc import Sequence

from markdown_it.token import Token


def sounds_before_words(tokens: Sequence[Token], audio: frozenset[str]) -> list[Token]:
    """The blocks in another order: sounds, each with its transcript, then pictures and films, then the rest.

    ``audio`` are the endings of files that are heard. A text without any stays as it is.
    """
    blocks: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        blocks[-1].append(token)
        depth += token.nesting
        if depth == 0:
            blocks.append([])
    sounds: list[Token] = []
    pictures: list[Token] = []
    rest: list[Token] = []
    before: list[Token] | None = None
    for block in filter(None, blocks):
        endings = _figures(block)
        if endings:
            kind = sounds if endings & audio else pictures
        elif before is sounds and block[0].meta.get("kind") == "transcript":
            kind = sounds
        else:
            kind = rest
        kind += block
        before = kind
    return [*sounds, *pictures, *rest] if sounds else list(tokens)


def _figures(block: Sequence[Token]) -> set[str]:
    """The endings of the files in a block that shows nothing else; empty for any other block."""
    if block[0].type != "paragraph_open":
        return set()
    children = [each for each in block[1].children or [] if each.type not in ("softbreak", "hardbreak")]
    if any(each.type != "image" for each in children):
        return set()
    return {str(each.attrGet("src")).rpartition(".")[2].lower() for each in children}
