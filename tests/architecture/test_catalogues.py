"""Every text of the interface stands in every language: a missing entry fails the build."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def extracted() -> set[str | tuple[str, ...]]:
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    return {message for _, _, message, _, _ in found if message}


def catalogue(tag: str) -> Catalog:
    with (ROOT / "lms/translations" / tag / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=tag)


def entries(tag: str) -> Iterator[tuple[Message, list[str]]]:
    for message in catalogue(tag):
        if message.id:
            yield message, [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("tag", ["fr", "ar"])
def test_every_text_is_translated_and_none_is_left_over(tag: str) -> None:
    known = {message.id for message, _ in entries(tag)}
    wanted = extracted()
    assert len(wanted) > 400
    assert not wanted - known, "missing: translate it in lms/translations"
    assert not known - wanted, "no longer used: take it out of lms/translations"


@pytest.mark.parametrize("tag", ["fr", "ar"])
def test_every_entry_is_whole(tag: str) -> None:
    wanted_forms = {"fr": 2, "ar": 6}[tag]
    for message, texts in entries(tag):
        assert not message.fuzzy, message.id
        assert all(text.strip() for text in texts), message.id
        source = message.id if isinstance(message.id, str) else message.id[1]
        if isinstance(message.id, tuple):
            assert len(texts) == wanted_forms, message.id
        for text in texts:
            assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(source)), message.id


def test_arabic_says_that_no_native_speaker_has_read_it() -> None:
    assert "Not yet reviewed by a native speaker" in catalogue("ar").header_comment
